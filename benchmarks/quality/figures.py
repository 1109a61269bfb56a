"""From raw scores to tags as the product decides them, to figures, and to differences between routes with intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from benchmarks.quality.pool import FOLDS, Bools, Floats, Ints, Pool
from pipeline.features import Vocabulary
from pipeline.frameworks import Frameworks
from pipeline.model import Classifier
from pipeline.model.classifier import FLOORS
from pipeline.model.context import rows
from pipeline.model.thresholds import best_thresholds, platt
from pipeline.records import STRENGTHS

RESAMPLINGS = 2_000
FEWEST = 5
"""Means run over labels with at least so many sentences in what is measured."""

GROUPS = ("dimensions", "elements", "signals", "principles")


@dataclass(frozen=True, slots=True)
class Decided:
    """Probabilities (n, labels), tags (n, labels) and kinds (n,) of sentences."""

    probabilities: Floats
    tagged: Bools
    loosely: Bools


def classifier_of(frameworks: Frameworks, labels: tuple[str, ...]) -> Classifier:
    """A classifier that knows labels, hierarchy and kinds and has no weights: scores come from elsewhere."""
    count = len(labels)
    empty = np.zeros((0, count), dtype=np.float32)
    return Classifier(
        frameworks=frameworks,
        vocabulary=Vocabulary.of([], np.zeros(0, dtype=np.float32)),
        labels=labels,
        ngram_weights=empty,
        embedding_weights=empty,
        bias=np.zeros(count, np.float32),
        context_weights=np.zeros((rows(count), count), np.float32),
        context_bias=np.zeros(count, np.float32),
        slope=np.ones(count, np.float32),
        shift=np.zeros(count, np.float32),
        thresholds=np.full(count, 0.5, np.float32),
        strengths=np.full((len(STRENGTHS), count), np.inf, np.float32),
        floors=np.full((len(FLOORS), count), np.inf, np.float32),
    )


def decided(model: Classifier, known: Floats, truth: Bools, narratives: Ints, scores: Floats) -> Decided:
    """Calibration and thresholds set on `known` scores with their truth, applied to other scores.

    `tagged` by the product's thresholds; `loosely` by those of best F1 without the product's floor on precision.
    """
    slope, shift = platt(known, truth)
    model = replace(model, slope=slope, shift=shift)
    learned, found = model.probabilities(known), model.probabilities(scores)
    return Decided(
        found,
        tags(replace(model, thresholds=best_thresholds(learned, truth, narratives)[0]), found),
        tags(replace(model, thresholds=loose_thresholds(learned, truth)), found),
    )


def tags(model: Classifier, probabilities: Floats) -> Bools:
    """Which labels each sentence gets, parents included; kinds: the likeliest alone."""
    out = np.zeros(probabilities.shape, dtype=bool)
    for row in range(len(out)):
        out[row, model.tagged(probabilities[row])] = True
    if kinds := model.kind_columns:
        out[np.arange(len(out)), np.array(kinds)[probabilities[:, kinds].argmax(axis=1)]] = True
    return out


def loose_thresholds(scores: Floats, truth: Bools) -> Floats:
    """The probability of best F1 for each label, whatever the precision."""
    out = np.full(scores.shape[1], np.inf, dtype=np.float32)
    for label in np.flatnonzero(truth.any(axis=0)):
        precision, recall, cuts = precision_recall_curve(truth[:, label], scores[:, label])
        out[label] = cuts[int(np.argmax((2 * precision * recall / np.maximum(precision + recall, 1e-9))[:-1]))]
    return out


def cross_decided(model: Classifier, pool: Pool, out_of_fold: Floats) -> Decided:
    """Each fold's out-of-fold scores decided by calibration and thresholds of the other folds."""
    shape = pool.truth.shape
    out = Decided(np.zeros(shape, np.float32), np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool))
    for fold in range(FOLDS):
        held, rest = np.flatnonzero(pool.folds == fold), np.flatnonzero(pool.folds != fold)
        part = decided(model, out_of_fold[rest], pool.truth[rest], pool.narratives[rest], out_of_fold[held])
        out.probabilities[held], out.tagged[held], out.loosely[held] = part.probabilities, part.tagged, part.loosely
    return out


def columns_of(model: Classifier, truth: Bools) -> dict[str, list[int]]:
    """The columns of each group that have sentences enough in what is measured."""
    named = {"lqf parents": "dimensions", "lqf": "elements", "systems": "signals", "code": "principles"}
    return {
        named[name]: [column for column in columns if truth[:, column].sum() >= FEWEST]
        for name, columns in model.frameworks.levels(model.labels).items()
    }


def figures(model: Classifier, found: Decided, truth: Bools, narratives: Ints) -> dict[str, Any]:
    """Per group macro and micro F1, AUC, average precision; kinds; the mean of macro F1; F1 with 95 % intervals."""
    out: dict[str, Any] = {}
    resampled = f1_resampled(model, found.tagged, truth, narratives)
    for group, columns in columns_of(model, truth).items():
        y, s, t = truth[:, columns], found.probabilities[:, columns], found.tagged[:, columns]
        out[group] = {
            "labels": len(columns),
            "macro_f1": round(macro(t, y), 4),
            "macro_f1_interval": _interval(resampled[group]),
            "micro_f1": round(float(2 * (t & y).sum() / max(1, t.sum() + y.sum())), 4),
            "macro_f1_without_floor": round(macro(found.loosely[:, columns], y), 4),
            "auc": round(float(np.mean([roc_auc_score(y[:, c], s[:, c]) for c in range(len(columns))])), 4),
            "average_precision": round(
                float(np.mean([average_precision_score(y[:, c], s[:, c]) for c in range(len(columns))])), 4
            ),
        }
    kinds = model.kind_columns
    hit = truth[:, kinds].argmax(axis=1) == found.tagged[:, kinds].argmax(axis=1)
    out["kinds"] = {"accuracy": round(float(hit.mean()), 4)}
    out["mean_macro_f1"] = round(float(np.mean([out[group]["macro_f1"] for group in GROUPS])), 4)
    out["mean_macro_f1_interval"] = _interval(resampled["mean"])
    out["mean_macro_f1_without_floor"] = round(
        float(np.mean([out[group]["macro_f1_without_floor"] for group in GROUPS])), 4
    )
    return out


def macro(tagged: Bools, truth: Bools) -> float:
    """The mean over labels of 2·hits / (positives + tagged)."""
    return float(np.mean(2 * (tagged & truth).sum(axis=0) / np.maximum(1, truth.sum(axis=0) + tagged.sum(axis=0))))


def f1_resampled(model: Classifier, tagged: Bools, truth: Bools, narratives: Ints) -> dict[str, Floats]:
    """Macro F1 of each group, and their mean, in RESAMPLINGS of whole narratives: (RESAMPLINGS,) each.

    The same resamplings for every route, so that differences are paired. A label that a resampling has no sentence of
    is left out of its mean.
    """
    numbers, rows = np.unique(narratives, return_inverse=True)
    drawn = np.random.default_rng(0).integers(0, len(numbers), (RESAMPLINGS, len(numbers)))
    times = np.stack([np.bincount(row, minlength=len(numbers)) for row in drawn]).astype(np.float64)

    def counted(what: Bools) -> Any:
        counts = np.zeros((len(numbers), truth.shape[1]))
        np.add.at(counts, rows, what)
        return times @ counts

    hits, positives, found = counted(tagged & truth), counted(truth), counted(tagged)
    f1 = np.where(positives > 0, 2 * hits / np.maximum(1, positives + found), np.nan)
    out = {group: np.nanmean(f1[:, columns], axis=1) for group, columns in columns_of(model, truth).items()}
    out["mean"] = np.mean([out[group] for group in GROUPS], axis=0)
    return out


def _interval(values: Floats) -> list[float]:
    return [round(float(value), 4) for value in np.percentile(values, [2.5, 97.5])]


def compared(model: Classifier, best: Decided, other: Decided, truth: Bools, narratives: Ints) -> dict[str, Any]:
    """How far the one is ahead of the other in macro F1: difference, 95 % interval, share of resamplings not ahead."""
    one = f1_resampled(model, best.tagged, truth, narratives)
    two = f1_resampled(model, other.tagged, truth, narratives)
    points = {
        group: macro(best.tagged[:, columns], truth[:, columns]) - macro(other.tagged[:, columns], truth[:, columns])
        for group, columns in columns_of(model, truth).items()
    }
    points["mean"] = float(np.mean([points[group] for group in GROUPS]))
    return {
        group: {
            "difference": round(points[group], 4),
            "interval": _interval(one[group] - two[group]),
            "not_ahead": round(float(np.mean(one[group] <= two[group])), 4),
        }
        for group in ("mean", *GROUPS)
    }
