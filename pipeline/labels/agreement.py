"""How far annotators agree: Krippendorff's alpha, Cohen's and Fleiss' kappa, F1, with bootstrap intervals over texts.

Everything is counted label by label on a table of n units and their votes: `count[i, c]` says how many annotators put
unit i in category c. Sources: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; Cohen 1960, "A
coefficient of agreement for nominal scales"; Fleiss 1971, "Measuring nominal scale agreement among many raters".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
Votes = NDArray[np.float64]
"""(annotators, units): the category of each vote as a number, NaN where the annotator gave none."""


def counts_of(votes: Votes) -> Counts:
    """How many annotators put each unit in each category, (units, categories)."""
    categories = np.unique(votes[~np.isnan(votes)])
    counts: Counts = (votes[:, :, None] == categories).sum(axis=0).astype(np.float64)
    return counts


def alpha(votes: Votes) -> float:
    """Krippendorff's nominal alpha; NaN without two votes on a unit, 1 where there is one category only."""
    counts = counts_of(votes)
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts):
        return float("nan")
    per_unit = counts.sum(axis=1)
    total = per_unit.sum()
    by_category = counts.sum(axis=0)
    observed = ((per_unit**2 - (counts**2).sum(axis=1)) / (per_unit - 1)).sum() / total
    expected = (total**2 - (by_category**2).sum()) / (total * (total - 1))
    return float(1 - observed / expected) if expected else 1.0


def cohen(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Cohen's kappa of two annotators over the units that both labelled; NaN without any, or with one category."""
    both = ~(np.isnan(one) | np.isnan(other))
    one, other = one[both], other[both]
    if not len(one):
        return float("nan")
    categories = np.union1d(one, other)
    expected = sum(float((one == c).mean() * (other == c).mean()) for c in categories)
    observed = float((one == other).mean())
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def fleiss(votes: Votes) -> float:
    """Fleiss' kappa over the units that all annotators labelled; NaN without any, or with one category."""
    whole = votes[:, ~np.isnan(votes).any(axis=0)]
    if not whole.size or len(whole) < 2:
        return float("nan")
    counts, raters = counts_of(whole), len(whole)
    shares = counts.sum(axis=0) / counts.sum()
    observed = (((counts**2).sum(axis=1) - raters) / (raters * (raters - 1))).mean()
    expected = float((shares**2).sum())
    return float((observed - expected) / (1 - expected)) if expected < 1 else float("nan")


def f1(votes: Votes) -> float:
    """Mean F1 of the positive category (1) over pairs of annotators, each pair on the units that both labelled."""
    scores = []
    for i, j in combinations(range(len(votes)), 2):
        both = ~(np.isnan(votes[i]) | np.isnan(votes[j]))
        one, other = votes[i][both] == 1, votes[j][both] == 1
        if one.sum() + other.sum():
            scores.append(2 * float((one & other).sum()) / float(one.sum() + other.sum()))
    return float(np.mean(scores)) if scores else float("nan")


def mean_cohen(votes: Votes) -> float:
    """Mean of Cohen's kappa over pairs of annotators."""
    found = [cohen(votes[i], votes[j]) for i, j in combinations(range(len(votes)), 2)]
    found = [kappa for kappa in found if not np.isnan(kappa)]
    return float(np.mean(found)) if found else float("nan")


def interval(
    votes: Votes, groups: Sequence[int], figure: Callable[[Votes], float], *, draws: int, seed: int
) -> tuple[float, float]:
    """The 95 % percentile interval of a figure over texts drawn with replacement; NaN where it has no value."""
    places = [np.flatnonzero(np.asarray(groups) == group) for group in dict.fromkeys(groups)]
    random = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        drawn = np.concatenate([places[k] for k in random.integers(len(places), size=len(places))])
        found.append(figure(votes[:, drawn]))
    values = np.array([value for value in found if not np.isnan(value)])
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
