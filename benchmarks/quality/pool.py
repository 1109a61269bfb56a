"""Labelled narratives as every route sees them: sentences, truth, narratives, folds; and vectors that are kept."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.encoder import Encoder
from pipeline.frameworks import Frameworks
from pipeline.model.heads import fold_of, key_of
from pipeline.parse import Parser
from pipeline.records import LabelledNarrative, Nomination, Sentence

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FOLDS = 3
"""The folds of `fold_of`: the tuned encoder's out-of-fold scores exist for these."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Sentences with their keys, truth (n, labels) bool, narrative numbers (n,) and folds (n,)."""

    sentences: Sequence[Sentence]
    keys: Sequence[str]
    labels: tuple[str, ...]
    truth: Bools
    narratives: Ints
    folds: Ints

    @property
    def texts(self) -> list[str]:
        """What the classifier sees of each sentence."""
        return [sentence.masked for sentence in self.sentences]

    def rows(self, chosen: Ints) -> Pool:
        """The pool of these rows alone."""
        return Pool(
            sentences=[self.sentences[i] for i in chosen],
            keys=[self.keys[i] for i in chosen],
            labels=self.labels,
            truth=self.truth[chosen],
            narratives=self.narratives[chosen],
            folds=self.folds[chosen],
        )

    def only(self, labels: Sequence[str]) -> Pool:
        """The pool with these labels alone."""
        columns = [self.labels.index(name) for name in labels]
        return Pool(self.sentences, self.keys, tuple(labels), self.truth[:, columns], self.narratives, self.folds)


def pool_of(narratives: Iterable[LabelledNarrative], frameworks: Frameworks) -> Pool:
    """The labelled sentences of narratives; a span takes the parsed sentence that overlaps it most."""
    parser = Parser(frameworks)
    names = tuple(label.full for label in frameworks.learned)
    found, keys, truth, numbers, folds = [], [], [], [], []
    for number, narrative in enumerate(narratives):
        parsed = parser.sentences(Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee))
        for labelled in narrative.sentences:
            start, end = labelled.start, labelled.end
            nearest = max(parsed, key=lambda s, a=start, b=end: min(s.end, b) - max(s.start, a))
            found.append(nearest)
            keys.append(key_of(narrative.id, nearest))
            truth.append([name in labelled.labels for name in names])
            numbers.append(number)
            folds.append(fold_of(narrative.id, FOLDS))
    return Pool(found, keys, names, np.array(truth, dtype=bool), np.array(numbers), np.array(folds))


class Vectors:
    """Sentence vectors of one encoder, one sentence a call as in the product, kept until `forget`."""

    def __init__(self, encoder: Encoder, size: int) -> None:
        self.encoder = encoder
        self.size = size
        self._kept: dict[str, Floats] = {}

    def of(self, texts: Sequence[str]) -> Floats:
        """The vectors (len(texts), dimensions) float32; every text that is not kept is encoded."""
        found = [self._kept[text] if text in self._kept else self.encoder.encode(text).vector for text in texts]
        self._kept.update(zip(texts, found, strict=True))
        return np.stack(found) if found else np.zeros((0, self.encoder.dimensions), np.float32)

    def seconds(self, texts: Sequence[str]) -> float:
        """Processor seconds that encoding these takes; they are kept afterwards."""
        begun = time.process_time()
        self.of(texts)
        return time.process_time() - begun

    def forget(self) -> None:
        """Keep nothing."""
        self._kept.clear()
