"""Do probabilities mean what they say? Measured on narratives that the calibration was not set on, and drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from pipeline.model import Classifier
from pipeline.model.thresholds import calibration_error, platt

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

BINS = 10


def calibration(classifier: Classifier, raw: Floats, truth: Bools, groups: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Per group of labels and for kinds, the expected calibration error and the bins of a reliability diagram.

    `raw` is (n, labels) out-of-fold scores, `truth` (n, labels), `groups` (n,) narrative numbers. Each fifth of the
    narratives is calibrated on the other four. A bin is [mean probability, share that was right, count].
    """
    probabilities = np.zeros(raw.shape, dtype=np.float32)
    folds = min(5, len(np.unique(groups)))
    for rest, part in GroupKFold(n_splits=folds, shuffle=True, random_state=0).split(truth, groups=groups):
        slope, shift = platt(raw[rest], truth[rest])
        probabilities[part] = replace(classifier, slope=slope, shift=shift).probabilities(raw[part])
    columns = classifier.frameworks.levels(classifier.labels)
    if classifier.kind_columns:
        columns["kinds"] = classifier.kind_columns
    return {
        name: {
            "error": round(calibration_error(probabilities[:, chosen], truth[:, chosen]), 4),
            "bins": _bins(probabilities[:, chosen].ravel(), truth[:, chosen].ravel()),
        }
        for name, chosen in columns.items()
    }


def _bins(scores: Floats, truth: Bools) -> list[list[float]]:
    bin_of = np.minimum((scores * BINS).astype(int), BINS - 1)
    out = []
    for index in range(BINS):
        there = bin_of == index
        if there.any():
            mean, right = float(scores[there].mean()), float(truth[there].mean())
            out.append([round(mean, 3), round(right, 3), int(there.sum())])
    return out


def calibration_svg(figures: dict[str, Any]) -> str:
    """The reliability diagrams as an SVG file: share that was right against mean probability, a panel a group."""
    size, gap = 150, 46
    panels = []
    for number, (name, figure) in enumerate(figures.items()):
        left = gap + number * (size + gap)
        points = [(left + size * mean, 20 + size * (1 - right)) for mean, right, _ in figure["bins"]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1b5e74"/>' for x, y in points)
        panels.append(
            f'<rect x="{left}" y="20" width="{size}" height="{size}" fill="none" stroke="#777"/>'
            f'<line x1="{left}" y1="{20 + size}" x2="{left + size}" y2="20" stroke="#999" stroke-dasharray="4 4"/>'
            f'<polyline points="{path}" fill="none" stroke="#1b5e74" stroke-width="2"/>{dots}'
            f'<text x="{left}" y="13">{name}, error {figure["error"]}</text>'
            f'<text x="{left}" y="{34 + size}">0</text><text x="{left + size}" y="{34 + size}" '
            f'text-anchor="end">1 probability</text>'
            f'<text x="{left - 6}" y="26" text-anchor="end">1</text>'
        )
    width = gap + len(figures) * (size + gap)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{size + 44}" font-family="sans-serif" '
        f'font-size="11" role="img" aria-label="Share of right tags against probability">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(panels)}</svg>\n'
    )
