"""Precision against recall, and probabilities against what came true."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_curve

from pipeline.model.thresholds import calibration_error
from pipeline.quality.answers import Answers

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

POINTS = 60
"""The most points that a curve keeps."""

BINS = 10
"""Bins of a calibration curve, of equal numbers of decisions; fewer where probabilities are the same."""


def curves(answers: Answers) -> dict[str, Any]:
    """`precision_recall` of each label and, pooled, of each framework; `calibration` of each framework and of kinds."""
    groups = answers.frameworks.levels(answers.labels)
    with_kinds = {**groups, "kinds": answers.kinds} if answers.kinds else groups
    singles = {answers.labels[c]: [c] for c in answers.tags if answers.truth[:, c].any()}
    return {
        "precision_recall": {
            "groups": {name: _precision_recall(answers, columns) for name, columns in groups.items()},
            "labels": {name: _precision_recall(answers, columns) for name, columns in singles.items()},
        },
        "calibration": {
            name: calibration(answers.scores[:, columns].ravel(), answers.truth[:, columns].ravel())
            for name, columns in with_kinds.items()
        },
    }


def _precision_recall(answers: Answers, columns: list[int]) -> dict[str, Any]:
    """Points from high recall to high precision, the last of each recall, and the point at the model's thresholds."""
    truth, tagged = answers.truth[:, columns].ravel(), answers.tagged[:, columns].ravel()
    if not truth.any():
        return {"recall": [], "precision": [], "at": None}
    precision, recall, _ = precision_recall_curve(truth, answers.scores[:, columns].ravel())
    kept = np.unique(np.searchsorted(-recall, -np.linspace(1, 0, POINTS), side="right") - 1)  # the best cut for each
    hits = int((truth & tagged).sum())
    return {
        "recall": np.round(recall[kept], 4).tolist(),
        "precision": np.round(precision[kept], 4).tolist(),
        "at": [round(hits / int(truth.sum()), 4), round(hits / int(tagged.sum()), 4)] if tagged.any() else None,
    }


def calibration(scores: Floats, truth: Bools) -> dict[str, Any]:
    """How often what got a probability came true: bins with mean probability, share true and number of decisions.

    `error` is the expected calibration error (see `calibration_error`, which the model's card uses too), `brier` the
    mean squared difference (Brier 1950). The bins hold equal numbers of decisions.
    """
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, BINS + 1)))
    place = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, max(0, len(edges) - 2))
    bins = []
    for number in np.unique(place):
        inside = place == number
        bins.append((float(scores[inside].mean()), float(truth[inside].mean()), int(inside.sum())))
    return {
        "probability": [round(said, 4) for said, _, _ in bins],
        "true": [round(came, 4) for _, came, _ in bins],
        "decisions": [count for _, _, count in bins],
        "error": round(calibration_error(scores, truth), 4),
        "brier": round(float(np.mean((scores - truth) ** 2)), 4),
    }
