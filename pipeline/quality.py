"""How good a model is: per-label and per-framework figures with intervals that resample whole narratives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from pipeline.model import Classifier

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


def quality(classifier: Classifier, scores: Floats, truth: Bools, groups: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Figures of probabilities (n, labels) against truth (n, labels), narratives numbered in groups (n,).

    Per label: sentences, AUC, average precision, precision, recall and F1 at the threshold. Per framework (parents
    apart from children): their means, the F1 with a 95 % interval from 200 resamplings of narratives (seed 0). Kinds:
    accuracy of the likeliest kind.
    """
    tagged = np.zeros(truth.shape, dtype=bool)
    for row in range(len(scores)):
        tagged[row, classifier.tagged(scores[row])] = True
    labels = {
        name: _label(scores[:, column], tagged[:, column], truth[:, column])
        for column, name in enumerate(classifier.labels)
        if column not in classifier.kind_columns
    }
    out: dict[str, Any] = {"labels": labels, "groups": {}}
    for group, columns in classifier.groups().items():
        out["groups"][group] = _group(scores, tagged, truth, groups, columns)
    kinds = classifier.kind_columns
    if kinds:
        hit = scores[:, kinds].argmax(axis=1) == truth[:, kinds].argmax(axis=1)
        low, high = _interval(lambda rows: float(hit[rows].mean()), groups)
        out["kinds"] = {"accuracy": round(float(hit.mean()), 4), "interval": [round(low, 4), round(high, 4)]}
    return out


def _label(scores: Floats, tagged: Bools, truth: Bools) -> dict[str, Any]:
    hits = int((tagged & truth).sum())
    positives, found = int(truth.sum()), int(tagged.sum())
    return {
        "sentences": positives,
        "auc": round(float(roc_auc_score(truth, scores)), 4) if 0 < positives < len(truth) else None,
        "average_precision": round(float(average_precision_score(truth, scores)), 4) if positives else None,
        "precision": round(hits / max(1, found), 4),
        "recall": round(hits / max(1, positives), 4),
        "f1": round(2 * hits / max(1, positives + found), 4),
    }


def _group(
    scores: Floats, tagged: Bools, truth: Bools, groups: npt.NDArray[np.int64], columns: list[int]
) -> dict[str, Any]:
    low, high = _interval(lambda rows: _macro_f1(tagged[rows][:, columns], truth[rows][:, columns]), groups)
    aucs = [roc_auc_score(truth[:, c], scores[:, c]) for c in columns if 0 < truth[:, c].sum() < len(truth)]
    return {
        "labels": len(columns),
        "auc": round(float(np.mean(aucs)), 4) if aucs else None,
        "f1": round(_macro_f1(tagged[:, columns], truth[:, columns]), 4),
        "f1_interval": [round(float(low), 4), round(float(high), 4)],
    }


def _macro_f1(tagged: Bools, truth: Bools) -> float:
    """The mean over labels present of 2·hits / (positives + tagged)."""
    positives = truth.sum(axis=0)
    hits = (tagged & truth).sum(axis=0)
    f1 = 2 * hits / np.maximum(1, positives + tagged.sum(axis=0))
    return float(f1[positives > 0].mean()) if (positives > 0).any() else float("nan")


def _interval(figure: Callable[[npt.NDArray[np.int64]], float], groups: npt.NDArray[np.int64]) -> tuple[float, float]:
    """The 95 % interval of a figure of rows over 200 resamplings of whole narratives (percentile bootstrap, seed 0)."""
    rows_of = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    generator = np.random.default_rng(0)
    values = [
        figure(np.concatenate([rows_of[i] for i in generator.integers(0, len(rows_of), len(rows_of))]))
        for _ in range(200)
    ]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
