"""Learning the classifier: one-vs-rest logistic regression, cross-validation by narrative, calibration, thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.features import EMBEDDING_SCALE, Vocabulary
from pipeline.frameworks import Frameworks
from pipeline.model.classifier import FLOORS, Classifier
from pipeline.model.context import by_narrative
from pipeline.model.heads import Heads
from pipeline.model.thresholds import best_thresholds, platt, precision_floors, strength_cuts
from pipeline.records import STRENGTHS, Sentence

Floats = npt.NDArray[np.float32]

HEADS = 0.65
"""The weight of a tuned encoder's heads beside n-grams and cues (1 less this): measured out of fold, docs/method.md."""

CONTEXT_STRENGTH = 0.01
"""scikit-learn's C of the layer of context: measured out of fold, docs/method.md."""


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Sentences and their keys, embeddings (n, dimensions), labels, truth (n, labels) bool, narrative numbers (n,)."""

    sentences: Sequence[Sentence]
    keys: Sequence[str]
    embeddings: Floats
    labels: tuple[str, ...]
    truth: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier, its out-of-fold raw scores (n, labels) float32, the spread of its thresholds (2, labels) float32.

    `with_heads` says whether a tuned encoder's heads are in it.
    """

    classifier: Classifier
    out_of_fold: Floats
    spread: Floats
    with_heads: bool


def fit(
    data: TrainingSet, frameworks: Frameworks, heads: Heads | None, *, folds: int, seed: int, strength: float, jobs: int
) -> Fitted:
    """Cross-validate by narrative, set calibration and thresholds on out-of-fold scores, fit on everything.

    Where the encoder was tuned on this corpus, its heads are averaged with a model of n-grams and cues, each divided by
    the spread of its out-of-fold scores; else one model is learned over n-grams, cues and sentence vectors together.
    A second layer then sees each sentence's scores in the context of its narrative (`pipeline.model.context`).
    `strength` is the inverse regularisation of each logistic regression (scikit-learn's C).
    """
    ready = heads.matched(data.labels, data.keys, data.embeddings, data.groups) if heads else None
    embeddings = data.embeddings if ready is None else data.embeddings[:, :0]
    learned = _cross_validated(data, embeddings, folds=folds, seed=seed, strength=strength, jobs=jobs)
    if ready is not None:
        learned = _averaged(learned, ready)
    learned = _standardised(learned)
    layer = _layer(learned.out_of_fold, data, folds=folds, seed=seed, jobs=jobs, kinds=_kinds(data.labels, frameworks))
    slope, shift = platt(layer.out_of_fold, data.truth)
    loose = Classifier(
        frameworks=frameworks,
        vocabulary=learned.vocabulary,
        labels=data.labels,
        ngram_weights=learned.ngram_weights.astype(np.float16).astype(np.float32),
        embedding_weights=learned.embedding_weights.astype(np.float16).astype(np.float32),
        bias=learned.bias,
        context_weights=layer.weights,
        context_bias=layer.bias,
        slope=slope,
        shift=shift,
        thresholds=np.full(len(data.labels), 0.5, dtype=np.float32),
        strengths=np.full((len(STRENGTHS), len(data.labels)), np.inf, dtype=np.float32),
        floors=np.full((len(FLOORS), len(data.labels)), np.inf, dtype=np.float32),
    )
    probabilities = loose.probabilities(layer.out_of_fold)
    thresholds, spread = best_thresholds(probabilities, data.truth, data.groups)
    settled = replace(
        loose,
        thresholds=thresholds,
        strengths=strength_cuts(probabilities, data.truth),
        floors=precision_floors(probabilities, data.truth),
    )
    return Fitted(settled, layer.out_of_fold, spread, ready is not None)


def _kinds(labels: Sequence[str], frameworks: Frameworks) -> npt.NDArray[np.bool_]:
    prefix = frameworks.kinds.id + "/" if frameworks.kinds else None
    return np.array([bool(prefix and name.startswith(prefix)) for name in labels], dtype=bool)


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights learned on everything, and the scores (n, labels) of each sentence by a model without its narrative."""

    vocabulary: Vocabulary
    ngram_weights: Floats
    embedding_weights: Floats
    bias: Floats
    out_of_fold: Floats


def _cross_validated(
    data: TrainingSet, embeddings: Floats, *, folds: int, seed: int, strength: float, jobs: int
) -> Learned:
    out_of_fold = np.zeros(data.truth.shape, dtype=np.float32)
    splits = GroupKFold(n_splits=folds, shuffle=True, random_state=seed).split(data.truth, groups=data.groups)
    for train, test in splits:
        seen = [data.sentences[i] for i in train]
        vocabulary = Vocabulary.learn(seen)
        matrix = _joined(vocabulary, seen, embeddings[train])
        weights, bias = _weights(matrix, data.truth[train], seed, strength, jobs)
        out_of_fold[test] = _joined(vocabulary, [data.sentences[i] for i in test], embeddings[test]) @ weights + bias
    vocabulary = Vocabulary.learn(data.sentences)
    weights, bias = _weights(_joined(vocabulary, data.sentences, embeddings), data.truth, seed, strength, jobs)
    size = len(vocabulary.names)
    return Learned(vocabulary, weights[:size], weights[size:], bias, out_of_fold)


def _standardised(learned: Learned) -> Learned:
    """The same with out-of-fold scores of mean 0 and standard deviation 1 for each label."""
    scale = 1 / np.maximum(learned.out_of_fold.std(axis=0), np.float32(1e-6))
    shift = learned.out_of_fold.mean(axis=0)
    return Learned(
        vocabulary=learned.vocabulary,
        ngram_weights=learned.ngram_weights * scale,
        embedding_weights=learned.embedding_weights * scale,
        bias=((learned.bias - shift) * scale).astype(np.float32),
        out_of_fold=((learned.out_of_fold - shift) * scale).astype(np.float32),
    )


def _averaged(ngrams: Learned, heads: tuple[Floats, Floats, Floats]) -> Learned:
    """The weighted sum of n-gram scores and head scores, each divided by the deviation of its out-of-fold scores."""
    weights, bias, scores = heads
    one = np.float32(1 - HEADS) / np.maximum(ngrams.out_of_fold.std(axis=0), np.float32(1e-6))
    other = np.float32(HEADS) / np.maximum(scores.std(axis=0), np.float32(1e-6))
    return Learned(
        vocabulary=ngrams.vocabulary,
        ngram_weights=ngrams.ngram_weights * one,
        embedding_weights=(weights * other / EMBEDDING_SCALE).astype(np.float32),
        bias=(ngrams.bias * one + bias * other).astype(np.float32),
        out_of_fold=(ngrams.out_of_fold * one + scores * other).astype(np.float32),
    )


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights and bias of the layer of context, and its out-of-fold scores (n, labels)."""

    weights: Floats
    bias: Floats
    out_of_fold: Floats


def _layer(own: Floats, data: TrainingSet, *, folds: int, seed: int, jobs: int, kinds: npt.NDArray[np.bool_]) -> Layer:
    """The layer of context learned on out-of-fold scores, cross-validated by narrative.

    One logistic regression a label over `context.by_narrative`. A kind is what that says; another label's score is the
    sum of it, brought to deviation 1, and the sentence's own, which alone orders rare labels better.
    """
    seen = by_narrative(own, data.groups)
    out_of_fold = np.zeros(own.shape, dtype=np.float32)
    splits = GroupKFold(n_splits=folds, shuffle=True, random_state=seed ^ 1).split(seen, groups=data.groups)
    for train, test in splits:
        weights, bias = _in_context(seen[train], data.truth[train], seed, jobs)
        out_of_fold[test] = seen[test] @ weights + bias
    weights, bias = _in_context(seen, data.truth, seed, jobs)
    deviation = np.maximum(out_of_fold.std(axis=0), np.float32(1e-6))
    scale = np.where(kinds, 1, 1 / deviation).astype(np.float32)
    weights, bias, out_of_fold = weights * scale, bias * scale, out_of_fold * scale
    weights[np.flatnonzero(~kinds), np.flatnonzero(~kinds)] += 1
    out_of_fold[:, ~kinds] += own[:, ~kinds]
    return Layer(weights, bias, out_of_fold)


def _in_context(seen: Floats, truth: npt.NDArray[np.bool_], seed: int, jobs: int) -> tuple[Floats, Floats]:
    columns = Parallel(n_jobs=jobs)(
        delayed(_one_in_context)(seen, truth[:, label], seed) for label in range(truth.shape[1])
    )
    return np.stack([w for w, _ in columns], axis=1), np.array([b for _, b in columns], dtype=np.float32)


def _one_in_context(seen: Floats, truth: npt.NDArray[np.bool_], seed: int) -> tuple[Floats, float]:
    if truth.all() or not truth.any():
        return np.zeros(seen.shape[1], dtype=np.float32), 4.0 if truth.all() else -4.0
    model = LogisticRegression(C=CONTEXT_STRENGTH, random_state=seed, max_iter=300)
    model.fit(seen.astype(np.float64), truth)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _joined(vocabulary: Vocabulary, sentences: Sequence[Sentence], embeddings: Floats) -> Any:
    """N-grams and scaled embeddings side by side, CSR (n, features + dimensions) float32."""
    return hstack([vocabulary.matrix(sentences), csr_matrix(EMBEDDING_SCALE * embeddings)], format="csr")


def _weights(matrix: Any, truth: npt.NDArray[np.bool_], seed: int, strength: float, jobs: int) -> tuple[Floats, Floats]:
    """The weights (features, labels) and biases (labels,) of one logistic regression a label."""
    columns = Parallel(n_jobs=jobs)(
        delayed(_one_label)(matrix, truth[:, label], seed, strength) for label in range(truth.shape[1])
    )
    return np.stack([w for w, _ in columns], axis=1), np.array([b for _, b in columns], dtype=np.float32)


def _one_label(matrix: Any, truth: npt.NDArray[np.bool_], seed: int, strength: float) -> tuple[Floats, float]:
    if truth.all() or not truth.any():
        return np.zeros(matrix.shape[1], dtype=np.float32), 4.0 if truth.all() else -4.0
    # The dual is the same optimum, in half the time with many more features than sentences.
    model = LogisticRegression(
        C=strength, class_weight="balanced", solver="liblinear", dual=True, random_state=seed, max_iter=1_000
    )
    model.fit(matrix.astype(np.float64), truth)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
