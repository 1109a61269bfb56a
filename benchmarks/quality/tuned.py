"""The encoder tuned on the corpus, alone and averaged with n-grams: the product's route."""

from __future__ import annotations

import re
import time

import numpy as np

from benchmarks.quality.linear import OverVectors, Product, fitted
from benchmarks.quality.pool import Pool, Vectors
from benchmarks.quality.routes import Learned, Route
from pipeline.frameworks import Frameworks
from pipeline.model.heads import Heads


def tuning_seconds(vectors: Vectors) -> float:
    """Wall seconds that tuning the encoder took, folds and whole, by the log in its manifest."""
    log = vectors.encoder.manifest.get("tuned", {}).get("log", [])
    times = [float(match.group(1)) for line in log if (match := re.search(r"([\d.]+) s\Z", line))]
    ends = [a for a, b in zip(times, [*times[1:], 0.0], strict=True) if b <= a]
    return sum(ends)


class FineTuned(Route):
    """The tuned encoder and its heads; the scores of each fold come from an encoder tuned without it."""

    name = "fine-tuned"
    words = "fine-tuned encoder"

    def __init__(self, vectors: Vectors, heads: Heads) -> None:
        self.encoder = vectors
        self.heads = heads

    def learn(self, pool: Pool) -> Learned:
        """The heads and their stored out-of-fold scores."""
        assert self.encoder
        found = self.heads.matched(pool.labels, pool.keys, self.encoder.of(pool.texts), pool.narratives)
        if found is None:
            raise SystemExit("The encoder was not tuned on this corpus: tune it with models/encoder/tune.py.")
        weights, bias, scores = found
        trained = OverVectors(self.encoder, weights, bias)
        return Learned(trained, scores, tuning_seconds(self.encoder), wall=True)


class Averaged(Route):
    """The product: `pipeline.model.fit.fit` with the tuned encoder's heads."""

    name = "product"
    words = "product: n-grams and fine-tuned encoder, averaged"

    def __init__(self, frameworks: Frameworks, vectors: Vectors, heads: Heads) -> None:
        self.frameworks = frameworks
        self.encoder = vectors
        self.heads = heads

    def learn(self, pool: Pool) -> Learned:
        """The product's own cross-validation and fit; tuning the encoder is counted in."""
        assert self.encoder
        self.encoder.of(pool.texts)
        begun = time.perf_counter()
        found = fitted(pool, self.encoder, self.frameworks, self.heads)
        if not found.with_heads:
            raise SystemExit("The encoder was not tuned on this corpus: tune it with models/encoder/tune.py.")
        seconds = tuning_seconds(self.encoder) + time.perf_counter() - begun
        return Learned(Product(found.classifier, self.encoder), np.asarray(found.out_of_fold), seconds, wall=True)
