"""What the classifier sees of a sentence: word and character n-grams, pattern signals, and the sentence embedding.

The same functions make features for training and for tagging. N-gram values are tf-idf with sublinear counts, scaled to
length 1 within words and within characters (Salton & Buckley 1988; the settings measured in docs/method.md).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.records import Sentence

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

WORDS = (1, 2)
CHARACTERS = (2, 5)
EMBEDDING_SCALE = 2.0
"""How much the embedding weighs beside the n-grams, which have length 1 in words and in characters."""

_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Feature:
    """One n-gram or cue of a sentence and the indices of the tokens it comes from."""

    name: str
    tokens: tuple[int, ...]


def features(sentence: Sentence) -> Iterator[Feature]:
    """All n-grams and cues of a sentence. Names: `w:…` words, `c:…` characters, `s:…` signals and other cues."""
    words = [_DIGITS.sub("0", token.text.lower()) for token in sentence.tokens]
    for size in range(WORDS[0], WORDS[1] + 1):
        for at in range(len(words) - size + 1):
            yield Feature("w:" + " ".join(words[at : at + size]), tuple(range(at, at + size)))
    for at, word in enumerate(words):
        padded = f" {word} "
        for size in range(CHARACTERS[0], min(CHARACTERS[1], len(padded)) + 1):
            for start in range(len(padded) - size + 1):
                yield Feature("c:" + padded[start : start + size], (at,))
    for cue in _cues(sentence, words):
        yield Feature("s:" + cue, ())


def _cues(sentence: Sentence, words: Sequence[str]) -> Iterator[str]:
    """Cues beyond the words: patterns, quotation, negation, place and length."""
    yield from sentence.signals
    yield from (f"note/{note}" for note in sentence.notes)
    if sentence.quoted:
        yield "quoted"
        yield f"voice/{sentence.voice}"
    if sentence.negated:
        yield "negated"
    if any(word in ("i", "we", "my", "our", "me", "us") for word in words):
        yield "first-person"
    if any(word in ("you", "your") for word in words):
        yield "second-person"
    if any(any(c.isdigit() for c in word) for word in words):
        yield "number"
    if sentence.text[-1:] not in ".!?…\"”’'":
        yield "no-stop"
    if sentence.position == 0:
        yield "first"
    if sentence.position == sentence.count - 1:
        yield "last"
    yield f"length/{min(6, int(math.log2(1 + len(words))))}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that a model knows, their inverse document frequency (float32), in the order of their columns."""

    names: tuple[str, ...]
    idf: Floats
    columns: Mapping[str, int]

    @classmethod
    def of(cls, names: Sequence[str], idf: Floats) -> Vocabulary:
        """The vocabulary of these names and frequencies."""
        return cls(tuple(names), idf, {name: column for column, name in enumerate(names)})

    @classmethod
    def learn(cls, sentences: Iterable[Sentence], least: int = 3) -> Vocabulary:
        """The features that stand in at least `least` sentences, in order of their names."""
        frequency: Counter[str] = Counter()
        total = 0
        for sentence in sentences:
            total += 1
            frequency.update({feature.name for feature in features(sentence)})
        names = sorted(name for name, count in frequency.items() if count >= least)
        counts = np.array([frequency[name] for name in names], dtype=np.float64)
        return cls.of(names, (np.log((1 + total) / (1 + counts)) + 1).astype(np.float32))

    def values(self, sentence: Sentence) -> tuple[Ints, Floats, list[list[tuple[int, ...]]]]:
        """The columns (int32) and values (float32) of a sentence's known features, and the tokens behind each."""
        places: dict[int, list[tuple[int, ...]]] = {}
        for feature in features(sentence):
            column = self.columns.get(feature.name)
            if column is not None:
                places.setdefault(column, []).append(feature.tokens)
        columns = np.fromiter(sorted(places), dtype=np.int32, count=len(places))
        counts = np.array([len(places[int(column)]) for column in columns], dtype=np.float32)
        values = ((1 + np.log(np.maximum(counts, 1))) * self.idf[columns]).astype(np.float32)
        families = [self.names[int(column)][0] for column in columns]
        for family in "wcs":
            mask = np.array([name == family for name in families], dtype=bool)
            length = float(np.sqrt(np.sum(values[mask] ** 2, dtype=np.float64))) if mask.any() else 0.0
            if length:
                values[mask] /= np.float32(length)
        return columns, values, [places[int(column)] for column in columns]

    def matrix(self, sentences: Sequence[Sentence]) -> Any:
        """The known features of many sentences as a scipy CSR matrix (len(sentences), len(names)) float32."""
        from scipy.sparse import csr_matrix

        parts = [self.values(sentence)[:2] for sentence in sentences]
        starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in parts])])
        empty_i, empty_f = np.zeros(0, np.int32), np.zeros(0, np.float32)
        indices = np.concatenate([empty_i, *(columns for columns, _ in parts)])
        data = np.concatenate([empty_f, *(values for _, values in parts)])
        return csr_matrix((data, indices, starts), shape=(len(parts), len(self.names)))
