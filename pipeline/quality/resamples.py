"""Resampling whole narratives: sentences of one narrative are alike, so an interval over sentences would be too short.

Percentile bootstrap over clusters (Efron & Tibshirani 1993, chapters 8 and 13), seed 0: the same corpus gives the same
intervals, and two models measured on it are resampled alike, so that their difference is a paired one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TIMES = 1_000
"""Resamplings of `evaluate` and `compare`; training takes 200."""

_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Resamples:
    """How often each narrative is drawn: `counts` is (times, narratives); `member` (n,) each sentence's narrative."""

    counts: Ints
    member: Ints

    @classmethod
    def of(cls, groups: Ints, times: int = TIMES) -> Resamples:
        """The resamplings of sentences whose narratives are numbered in groups (n,)."""
        _, member = np.unique(groups, return_inverse=True)
        size = int(member.max()) + 1
        generator = np.random.default_rng(0)
        draws = [np.bincount(generator.integers(0, size, size), minlength=size) for _ in range(times)]
        return cls(np.array(draws, dtype=np.int64), member.astype(np.int64))

    def sums(self, values: npt.ArrayLike) -> Doubles:
        """The sums (times, …) of values (n, …) of sentences, in each resampling."""
        rows = np.asarray(values, dtype=np.float64)
        by_narrative = np.zeros((self.counts.shape[1], *rows.shape[1:]))
        np.add.at(by_narrative, self.member, rows)
        return np.asarray(np.tensordot(self.counts, by_narrative, axes=1), dtype=np.float64)

    def weights(self) -> Iterator[tuple[slice, Ints]]:
        """How often each sentence is drawn, (up to 50, n) at a time, with the resamplings that these are."""
        for start in range(0, len(self.counts), _CHUNK):
            part = slice(start, min(start + _CHUNK, len(self.counts)))
            yield part, self.counts[part][:, self.member]


def f1_of(hits: npt.ArrayLike, positives: npt.ArrayLike, found: npt.ArrayLike) -> Doubles:
    """2·hits / (positives + found); 0 where nothing was there and nothing found."""
    total = np.asarray(positives, dtype=np.float64) + np.asarray(found, dtype=np.float64)
    return np.asarray(2 * np.asarray(hits, dtype=np.float64) / np.maximum(1, total), dtype=np.float64)


def ranking(scores: npt.NDArray[np.float32], truth: Bools, weights: Ints) -> tuple[Doubles, Doubles]:
    """The areas under the ROC curve and the average precisions (times,) of weighted sentences; NaN where undefined.

    Scores and truth are (n,), weights (times, n). Ties are kept together: the ROC area gives them half (Fawcett 2006),
    the average precision takes them at once, as scikit-learn does.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, right, drawn = scores[order], truth[order], weights[:, order]
    ends = np.append(ranked[1:] != ranked[:-1], True)
    hits = np.cumsum(drawn * right, axis=1)[:, ends].astype(np.float64)
    false = np.cumsum(drawn * ~right, axis=1)[:, ends].astype(np.float64)
    gained, wrong = np.diff(hits, axis=1, prepend=0), np.diff(false, axis=1, prepend=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        auc = (wrong * (hits - gained / 2)).sum(axis=1) / (hits[:, -1] * false[:, -1])
        precision = hits / np.maximum(1, hits + false)
        average = (gained * precision).sum(axis=1) / hits[:, -1]
    return auc, average


def interval(values: Doubles) -> list[float | None]:
    """The 95 % interval of a figure over its resamplings (times,), rounded; [None, None] where it has no value."""
    known = values[~np.isnan(values)]
    if not len(known):
        return [None, None]
    low, high = np.percentile(known, [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def mean_over_labels(values: Doubles) -> Doubles:
    """The means (times,) of figures (times, labels) over the labels that have one; NaN where none has."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0).sum(axis=1)
    return np.asarray(np.where(known.any(axis=1), total / np.maximum(1, known.sum(axis=1)), np.nan), dtype=np.float64)
