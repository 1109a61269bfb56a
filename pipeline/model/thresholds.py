"""From out-of-fold scores to probabilities and decisions: calibration, thresholds, strengths, floors on precision."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from pipeline.model.classifier import FLOORS
from pipeline.records import STRENGTHS

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

PRECISION = 0.25
"""No threshold is set where, out of fold, fewer tags than this share would be right: judges feel precision first."""

RESAMPLES = 100

FEWEST = 5
"""A strength or a floor rests on at least so many sentences; with fewer no tag of the label has it."""


def platt(scores: Floats, truth: Bools) -> tuple[Floats, Floats]:
    """Slope and shift (labels,) of the logistic calibration of scores (n, labels) (Platt 1999)."""
    slope, shift = np.ones(scores.shape[1], np.float32), np.zeros(scores.shape[1], np.float32)
    for label in range(scores.shape[1]):
        if 0 < truth[:, label].sum() < len(truth):
            model = LogisticRegression(C=1e3, max_iter=300).fit(scores[:, [label]].astype(np.float64), truth[:, label])
            slope[label], shift[label] = max(float(model.coef_[0, 0]), 1e-3), float(model.intercept_[0])
    return slope, shift


def best_thresholds(scores: Floats, truth: Bools, groups: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """For each label the probability (labels,) float32 from which tagging has the best F1, with its spread (2, labels).

    The best cut of one sample is a noisy thing, more so for rare labels: this is the median of the best cuts of
    RESAMPLES resamplings of whole narratives (`groups`, (n,)), the spread their 16th and 84th percentiles. Only cuts
    with a precision of at least PRECISION count; a label that mostly reaches it nowhere is never tagged (infinity).
    """
    generator = np.random.default_rng(0)
    _, narrative = np.unique(groups, return_inverse=True)
    count = int(narrative.max()) + 1
    drawn = generator.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)[:, narrative].astype(np.float32)
    out = np.full((3, scores.shape[1]), np.inf, dtype=np.float32)
    for label in range(scores.shape[1]):
        order = np.argsort(-scores[:, label], kind="stable")
        ranked, weights = scores[order, label], drawn[:, order]
        hits = np.cumsum(weights * truth[order, label], axis=1)
        tagged = np.cumsum(weights, axis=1)
        f1 = 2 * hits / np.maximum(tagged + hits[:, -1:], 1)
        f1 = np.where((hits >= PRECISION * tagged) & (np.append(ranked[1:] != ranked[:-1], True)), f1, 0)
        best = f1.argmax(axis=1)
        cuts = np.where(f1.max(axis=1) > 0, ranked[best], np.float32(np.inf))
        out[:, label] = np.quantile(cuts, [0.5, 0.16, 0.84], method="lower")
    return out[0], out[1:]


def strength_cuts(scores: Floats, truth: Bools) -> Floats:
    """For each strength and label the probability (len(STRENGTHS), labels) float32 from which tags have it.

    The tags between a strength's cut and the next stronger one's were right, taken together, as often as the strength
    says: the cut is the lowest for which that holds; infinity (or the stronger one's cut) where it holds for none.
    """
    out = np.full((len(STRENGTHS), scores.shape[1]), np.inf, dtype=np.float32)
    for label in range(scores.shape[1]):
        ranked, hits, ends = _ranked(scores[:, label], truth[:, label])
        begin = 0
        for row, (_, wanted) in enumerate(STRENGTHS):
            there = ends[ends >= begin + FEWEST]
            enough = (hits[there] - hits[begin]) / (there - begin) >= wanted
            if enough.any():
                begin = int(there[np.flatnonzero(enough)[-1]])
            if begin:
                out[row, label] = ranked[begin - 1]
    return out


def precision_floors(scores: Floats, truth: Bools) -> Floats:
    """For each of FLOORS and label the lowest probability (len(FLOORS), labels) float32 that keeps to the floor.

    From there on all tags together were right at least that often; infinity where none was.
    """
    out = np.full((len(FLOORS), scores.shape[1]), np.inf, dtype=np.float32)
    for label in range(scores.shape[1]):
        ranked, hits, ends = _ranked(scores[:, label], truth[:, label])
        there = ends[ends >= FEWEST]
        for row, wanted in enumerate(FLOORS):
            enough = np.flatnonzero(hits[there] / there >= wanted)
            if len(enough):
                out[row, label] = ranked[there[enough[-1]] - 1]
    return out


def _ranked(scores: Floats, truth: Bools) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Scores from high to low, how many of the first k are right (n + 1,), and the k that part no equal scores."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    hits = np.append(0, np.cumsum(truth[order]))
    return ranked, hits, np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) + 1


def calibration_error(scores: Floats, truth: Bools, bins: int = 15) -> float:
    """The expected calibration error of probabilities, any shape: bins of equal width (Guo et al. 2017)."""
    scores, truth = scores.ravel(), truth.ravel()
    bin_of = np.minimum((scores * bins).astype(int), bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    gap = np.abs(np.bincount(bin_of, scores, bins) - np.bincount(bin_of, truth, bins))
    return float(gap[counts > 0].sum() / len(scores))
