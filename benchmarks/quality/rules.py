"""Routes that learn nothing but thresholds: a keyword dictionary, and likeness to the labels' definitions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import snowballstemmer
from spacy.lang.en.stop_words import STOP_WORDS

from benchmarks.quality.pool import Floats, Pool, Vectors
from benchmarks.quality.routes import Route, Trained
from pipeline.frameworks import Frameworks, Label
from pipeline.records import Sentence

_PARTS = re.compile(r"[,;:.]| and | or ")
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass
class Dictionary(Trained):
    """Pattern files, and the phrases of each label's own account of when it applies; a score counts those found."""

    frameworks: Frameworks
    labels: tuple[str, ...]
    _stems: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stemmer = snowballstemmer.stemmer("english")
        known = {label.full: label for label in self.frameworks.learned}
        self.phrases = [self._phrases(known[name]) for name in self.labels]
        self.children = [
            [c for c, child in enumerate(self.labels) if self.frameworks.parent_of(child) == name]
            for name in self.labels
        ]

    def _phrases(self, label: Label) -> list[frozenset[str]]:
        found = {frozenset(self._content(part)) for part in _PARTS.split(label.when or label.definition)}
        return sorted(found - {frozenset()}, key=sorted)

    def _content(self, text: str) -> set[str]:
        """The stems of the words of a text that carry meaning."""
        words = {word for word in _WORDS.findall(text.lower()) if word not in STOP_WORDS}
        for word in words - self._stems.keys():
            self._stems[word] = self._stemmer.stemWord(word)
        return {self._stems[word] for word in words}

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """For each label how many of its phrases, patterns and children are in the sentence."""
        out = np.zeros((len(sentences), len(self.labels)), dtype=np.float32)
        for row, sentence in enumerate(sentences):
            words, hits = self._content(sentence.masked), set(sentence.signals)
            for column, name in enumerate(self.labels):
                out[row, column] = (name in hits) + sum(phrase <= words for phrase in self.phrases[column])
        for column, children in enumerate(self.children):
            if children:
                out[:, column] += out[:, children].sum(axis=1)
        return out

    @property
    def size(self) -> int:
        """Bytes of the framework files."""
        return sum(len(f.content.encode()) + len(repr(f.patterns)) for f in self.frameworks)


class Keywords(Route):
    """The dictionary; nothing is learned but thresholds."""

    name = "keywords"
    words = "keyword dictionary"

    def __init__(self, frameworks: Frameworks) -> None:
        self.frameworks = frameworks

    def fit(self, pool: Pool) -> Trained:
        """The dictionary of these labels."""
        return Dictionary(self.frameworks, pool.labels)


@dataclass
class Likeness(Trained):
    """Cosine between the vector of a sentence and that of each label's name, definition and when it applies."""

    definitions: Floats
    vectors: Vectors

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Cosines (n, labels)."""
        return self.vectors.of([sentence.masked for sentence in sentences]) @ self.definitions.T

    @property
    def size(self) -> int:
        """Bytes of the encoder and the definitions' vectors."""
        return self.vectors.size + self.definitions.nbytes


class ZeroShot(Route):
    """Likeness to the definitions; nothing is learned but thresholds."""

    name = "zero-shot"
    words = "zero-shot: likeness to the definitions"

    def __init__(self, frameworks: Frameworks, vectors: Vectors) -> None:
        self.frameworks = frameworks
        self.encoder = vectors

    def fit(self, pool: Pool) -> Trained:
        """The vectors of these labels' definitions."""
        assert self.encoder
        known = {label.full: label for label in self.frameworks.learned}
        texts = [f"{known[n].name}. {known[n].definition} {known[n].when}".strip() for n in pool.labels]
        return Likeness(self.encoder.of(texts), self.encoder)
