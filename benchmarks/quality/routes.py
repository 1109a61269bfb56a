"""What a route is: it learns from a pool, gives raw scores for sentences, and knows how large it is."""

from __future__ import annotations

import io
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.quality.pool import FOLDS, Bools, Floats, Pool, Vectors
from pipeline.records import Sentence

SEED = 20261125


class Trained(ABC):
    """What a route has learned."""

    @abstractmethod
    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Raw scores (n, labels) float32 of sentences: higher is likelier; calibration comes later, for all alike."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Bytes that tagging needs on disk, encoder included."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A route trained on everything, its out-of-fold scores (n, labels) float32 and what both took together.

    `seconds` are seconds of processor time for the three folds and the whole, or wall seconds on two cores where
    `wall` is true.
    """

    trained: Trained
    out_of_fold: Floats
    seconds: float
    wall: bool = False


class Route(ABC):
    """A way from labelled sentences to scores.

    `encoder` is what it encodes the corpus with, if it does; `settings` is what else its scores depend on.
    """

    name: str
    words: str
    settings: str = ""
    encoder: Vectors | None = None

    def fit(self, pool: Pool) -> Trained:
        """What is learned from this pool; a route has this of its own, or `learn` whole."""
        return self.learn(pool).trained

    def learn(self, pool: Pool) -> Learned:
        """Train on the folds for out-of-fold scores, then on everything."""
        seconds = self.encoder.seconds(pool.texts) if self.encoder else 0.0
        begun = time.process_time()
        out_of_fold = np.zeros(pool.truth.shape, dtype=np.float32)
        for fold in range(FOLDS):
            held = np.flatnonzero(pool.folds == fold)
            trained = self.fit(pool.rows(np.flatnonzero(pool.folds != fold)))
            out_of_fold[held] = trained.scores([pool.sentences[i] for i in held])
        trained = self.fit(pool)
        return Learned(trained, out_of_fold, seconds + time.process_time() - begun)


def one_vs_rest(make: Callable[[], Any], matrix: Any, truth: Bools) -> tuple[Floats, Floats]:
    """Weights (features, labels) and bias (labels,) of one linear model of scikit-learn a label.

    A label that no sentence has, or every sentence, gets a constant score.
    """
    weights = np.zeros((matrix.shape[1], truth.shape[1]), dtype=np.float32)
    bias = np.where(truth.all(axis=0), 4.0, -4.0).astype(np.float32)
    for label in range(truth.shape[1]):
        if truth[:, label].any() and not truth[:, label].all():
            model = make().fit(matrix, truth[:, label])
            weights[:, label], bias[label] = model.coef_[0], model.intercept_[0]
    return weights, bias


def packed(arrays: Sequence[Floats], names: Sequence[str] = ()) -> int:
    """Bytes of arrays as the product keeps them (float16, npz, deflated) and of the feature names beside them."""
    out = io.BytesIO()
    np.savez_compressed(out, *[array.astype(np.float16) for array in arrays])
    return len(out.getvalue()) + len("\n".join(names).encode())
