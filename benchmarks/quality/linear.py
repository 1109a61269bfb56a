"""Linear routes: tf-idf with a support-vector machine, frozen embeddings, and the product's n-grams with embeddings."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from benchmarks.quality.pool import FOLDS, Floats, Pool, Vectors
from benchmarks.quality.routes import SEED, Learned, Route, Trained, one_vs_rest, packed
from pipeline.features import EMBEDDING_SCALE
from pipeline.frameworks import Frameworks
from pipeline.model import Classifier
from pipeline.model.context import by_narrative
from pipeline.model.fit import Fitted, TrainingSet, fit
from pipeline.model.heads import Heads
from pipeline.records import Sentence

STRENGTH = 0.3
"""What `leadlight train` regularises with unless told otherwise."""


@dataclass
class Words(Trained):
    """A vectorizer and linear weights (features, labels)."""

    vectorizer: Any
    weights: Floats
    bias: Floats

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Distances from the separating planes."""
        matrix = self.vectorizer.transform([sentence.masked for sentence in sentences])
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float32)

    @property
    def size(self) -> int:
        """Bytes of weights, frequencies and names."""
        names = list(self.vectorizer.get_feature_names_out())
        return packed([self.weights, self.bias, self.vectorizer.idf_], names)


class SupportVectors(Route):
    """Word 1- and 2-grams, tf-idf, one linear support-vector machine a label."""

    name = "tfidf-svm"
    words = "tf-idf + linear SVM"

    def fit(self, pool: Pool) -> Trained:
        """The machines of this pool."""
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float64)
        matrix = vectorizer.fit_transform(pool.texts)
        make = lambda: LinearSVC(C=0.1, class_weight="balanced", random_state=SEED)  # noqa: E731
        return Words(vectorizer, *one_vs_rest(make, matrix, pool.truth))


@dataclass
class OverVectors(Trained):
    """Linear weights (dimensions, labels) over sentence vectors."""

    vectors: Vectors
    weights: Floats
    bias: Floats

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Log-odds of the regressions."""
        return self.vectors.of([sentence.masked for sentence in sentences]) @ self.weights + self.bias

    @property
    def size(self) -> int:
        """Bytes of the encoder and the weights."""
        return self.vectors.size + packed([self.weights, self.bias])


def regressions(vectors: Floats, pool: Pool) -> tuple[Floats, Floats]:
    """Weights and bias of one balanced logistic regression a label over vectors of length 1."""
    make = lambda: LogisticRegression(C=10, class_weight="balanced", solver="newton-cholesky")  # noqa: E731
    return one_vs_rest(make, vectors.astype(np.float64), pool.truth)


class Frozen(Route):
    """The untuned encoder's vectors, one balanced logistic regression a label."""

    name = "frozen"
    words = "frozen embeddings + logistic regression"

    def __init__(self, vectors: Vectors) -> None:
        self.encoder = vectors

    def fit(self, pool: Pool) -> Trained:
        """The regressions of this pool."""
        assert self.encoder
        return OverVectors(self.encoder, *regressions(self.encoder.of(pool.texts), pool))


@dataclass
class Product(Trained):
    """A classifier of the product, scored sentence by sentence as `leadlight tag` does."""

    classifier: Classifier
    vectors: Vectors

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Raw scores before calibration, each sentence in its narrative (they come narrative by narrative)."""
        model = self.classifier
        out = np.zeros((len(sentences), len(model.labels)), dtype=np.float32)
        for row, sentence in enumerate(sentences):
            columns, values, _ = model.vocabulary.values(sentence)
            vector = self.vectors.of([sentence.masked])[0]
            out[row] = values @ model.ngram_weights[columns] + EMBEDDING_SCALE * (vector @ model.embedding_weights)
        begins = [not row or s.position <= sentences[row - 1].position for row, s in enumerate(sentences)]
        return by_narrative(out + model.bias, np.cumsum(begins)) @ model.context_weights + model.context_bias

    @property
    def size(self) -> int:
        """Bytes of the encoder, the weights and the feature names."""
        model = self.classifier
        arrays = [model.ngram_weights, model.embedding_weights, model.bias, model.vocabulary.idf]
        return self.vectors.size + packed(arrays, model.vocabulary.names)


def fitted(pool: Pool, vectors: Vectors, frameworks: Frameworks, heads: Heads | None) -> Fitted:
    """`pipeline.model.fit.fit` on a pool, cross-validated by narrative."""
    data = TrainingSet(
        sentences=pool.sentences,
        keys=pool.keys,
        embeddings=vectors.of(pool.texts),
        labels=pool.labels,
        truth=pool.truth,
        groups=pool.narratives,
    )
    return fit(data, frameworks, heads, folds=FOLDS, seed=SEED, strength=STRENGTH, jobs=1)


class Joined(Route):
    """The product's classifier over n-grams, cues and the untuned encoder's vectors, learned together."""

    name = "ngrams-embeddings"
    words = "n-grams + embeddings"

    def __init__(self, frameworks: Frameworks, vectors: Vectors) -> None:
        self.frameworks = frameworks
        self.encoder = vectors

    def learn(self, pool: Pool) -> Learned:
        """The product's own cross-validation and fit."""
        assert self.encoder
        encoding = self.encoder.seconds(pool.texts)
        begun = time.process_time()
        found = fitted(pool, self.encoder, self.frameworks, None)
        seconds = encoding + time.process_time() - begun
        return Learned(Product(found.classifier, self.encoder), found.out_of_fold, seconds)
