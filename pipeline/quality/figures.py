"""Per-label and per-framework figures with intervals that resample whole narratives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.frameworks import Frameworks
from pipeline.model import Classifier
from pipeline.quality.resamples import Doubles, Resamples, f1_of, interval, mean_over_labels, ranking

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def quality(classifier: Classifier, scores: Floats, truth: Bools, groups: Ints) -> dict[str, Any]:
    """Figures of a classifier's probabilities (n, labels) at its thresholds; see `figures_of`. 200 resamplings."""
    tagged = np.zeros(truth.shape, dtype=bool)
    for row in range(len(scores)):
        tagged[row, classifier.tagged(scores[row])] = True
    return figures_of(classifier.frameworks, classifier.labels, scores, tagged, truth, Resamples.of(groups, 200))


def figures_of(
    frameworks: Frameworks, labels: Sequence[str], scores: Floats, tagged: Bools, truth: Bools, resamples: Resamples
) -> dict[str, Any]:
    """Figures of probabilities and decisions (n, labels) against truth (n, labels), each with its 95 % interval.

    `labels`: sentences, AUC, average precision, precision, recall and F1. `groups`, one a framework (parents apart from
    children), and `overall`, all tags together: macro AUC, average precision and F1 over the labels that are there;
    micro precision, recall and F1 over all decisions. `kinds`: how often the likeliest kind is right, macro F1.
    A figure that has no value is None.
    """
    boot = _Boot(scores, tagged, truth, resamples)
    kinds = frameworks.kind_columns(labels)
    groups = frameworks.levels(labels)
    out: dict[str, Any] = {
        "labels": {name: boot.label(column) for column, name in enumerate(labels) if column not in kinds},
        "groups": {name: boot.group(columns) for name, columns in groups.items()},
        "overall": boot.group([column for columns in groups.values() for column in columns]),
    }
    if kinds:
        out["kinds"] = _kinds([labels[column] for column in kinds], scores[:, kinds], truth[:, kinds], resamples)
    return out


class _Boot:
    """Every figure of every label, once as it is and once in each resampling."""

    def __init__(self, scores: Floats, tagged: Bools, truth: Bools, resamples: Resamples) -> None:
        rows, labels = truth.shape
        times = len(resamples.counts)
        self.hits, self.positives, self.found = ((tagged & truth).sum(0), truth.sum(0), tagged.sum(0))
        self.hits_of = resamples.sums(tagged & truth)
        self.positives_of, self.found_of = resamples.sums(truth), resamples.sums(tagged)
        self.auc_of, self.average_of = np.full((times, labels), np.nan), np.full((times, labels), np.nan)
        whole = np.ones((1, rows), dtype=np.int64)
        self.auc, self.average = np.full((1, labels), np.nan), np.full((1, labels), np.nan)
        ranked = [column for column in range(labels) if self.positives[column] > 0]
        for column in ranked:
            self.auc[:, column], self.average[:, column] = ranking(scores[:, column], truth[:, column], whole)
        for part, weights in resamples.weights():
            for column in ranked:
                areas = ranking(scores[:, column], truth[:, column], weights)
                self.auc_of[part, column], self.average_of[part, column] = areas

    def label(self, column: int) -> dict[str, Any]:
        hits, positives, found = self.hits_of[:, column], self.positives_of[:, column], self.found_of[:, column]
        return {
            "sentences": int(self.positives[column]),
            "tagged": int(self.found[column]),
            "auc": _round(self.auc[0, column]),
            "average_precision": _round(self.average[0, column]),
            "precision": _round(self.hits[column] / max(1, self.found[column])),
            "recall": _round(self.hits[column] / max(1, self.positives[column])),
            "f1": _round(f1_of(self.hits[column], self.positives[column], self.found[column])),
            "auc_interval": interval(self.auc_of[:, column]),
            "average_precision_interval": interval(self.average_of[:, column]),
            "precision_interval": interval(_share(hits, found)),
            "recall_interval": interval(_share(hits, positives)),
            "f1_interval": interval(np.where(positives > 0, f1_of(hits, positives, found), np.nan)),
        }

    def group(self, columns: list[int]) -> dict[str, Any]:
        hits, positives, found = self.hits[columns], self.positives[columns], self.found[columns]
        each = np.where(positives > 0, f1_of(hits, positives, found), np.nan)[None]
        many = (self.hits_of[:, columns], self.positives_of[:, columns], self.found_of[:, columns])
        each_of = np.where(many[1] > 0, f1_of(*many), np.nan)
        total, total_of = (hits.sum(), positives.sum(), found.sum()), tuple(part.sum(axis=1) for part in many)
        return {
            "labels": len(columns),
            "auc": _round(mean_over_labels(self.auc[:, columns])[0]),
            "average_precision": _round(mean_over_labels(self.average[:, columns])[0]),
            "f1": _round(mean_over_labels(each)[0]),
            "micro_precision": _round(total[0] / max(1, total[2])),
            "micro_recall": _round(total[0] / max(1, total[1])),
            "micro_f1": _round(f1_of(*total)),
            "auc_interval": interval(mean_over_labels(self.auc_of[:, columns])),
            "average_precision_interval": interval(mean_over_labels(self.average_of[:, columns])),
            "f1_interval": interval(mean_over_labels(each_of)),
            "micro_f1_interval": interval(f1_of(*total_of)),
        }


def _share(part: Doubles, whole: Doubles) -> Doubles:
    return np.where(whole > 0, part / np.maximum(1, whole), np.nan)


def _kinds(names: Sequence[str], scores: Floats, truth: Bools, resamples: Resamples) -> dict[str, Any]:
    """How often the likeliest kind is right; each kind's figures; rows are true kinds, columns given ones."""
    given, true = scores.argmax(axis=1), truth.argmax(axis=1)
    known = truth.any(axis=1)
    hit = (given == true) & known
    sums = resamples.sums(np.stack([hit, known], axis=1))
    matrix = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(matrix, (true[known], given[known]), 1)
    f1 = f1_of(np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0))
    return {
        "accuracy": _round(hit.sum() / max(1, known.sum())),
        "interval": interval(_share(sums[:, 0], sums[:, 1])),
        "f1": _round(float(f1[matrix.sum(axis=1) > 0].mean()) if known.any() else float("nan")),
        "labels": {name: {"sentences": int(matrix[i].sum()), "f1": _round(f1[i])} for i, name in enumerate(names)},
        "confusion": {"labels": list(names), "counts": matrix.tolist()},
    }


def _round(value: Any) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
