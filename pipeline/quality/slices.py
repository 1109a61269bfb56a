"""Is a model as good on every kind of narrative: figures by slice, each tested against the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.quality.answers import Answers
from pipeline.quality.resamples import TIMES, Doubles, Resamples, f1_of, interval
from pipeline.records import UNKNOWN, LabelledNarrative

SLICES = ("nominator", "setting", "level", "category", "length")
PERMUTATIONS = 5_000
FEWEST = 5
"""A slice of fewer narratives, or one that leaves fewer for the rest, is counted and not tested."""

_LENGTHS = ((100, "under 100 words"), (300, "100 to 299 words"), (600, "300 to 599 words"))


def slice_of(narrative: LabelledNarrative, key: str) -> str:
    """The value of a narrative in a slice: a field, an entry of `extra`, or for `length` its words in classes."""
    if key == "length":
        words = len(narrative.text.split())
        return next((name for most, name in _LENGTHS if words < most), "600 words and more")
    if key in ("nominator", "setting", "level"):
        return str(getattr(narrative, key))
    return narrative.extra.get(key) or UNKNOWN


def slices(answers: Answers, keys: Sequence[str] = SLICES) -> dict[str, list[dict[str, Any]]]:
    """Rows by slice: narratives, sentences, tags, micro precision, recall and F1 over all tags, and a test.

    `difference` is the slice's micro F1 less that of all other narratives; `p` how often shuffling whole narratives
    among slice and rest gives one as large (two-sided permutation test, 5,000 shuffles, seed 0, Phipson & Smyth 2010);
    `p_holm` the same after Holm's (1979) correction over all slices tested. Keys that no narrative has are left out.
    """
    counts = _counts(answers)
    out: dict[str, list[dict[str, Any]]] = {}
    tested: list[dict[str, Any]] = []
    for key in dict.fromkeys(keys):
        values = np.array([slice_of(narrative, key) for narrative in answers.narratives])
        names = sorted(set(values.tolist()))
        if names == [UNKNOWN]:
            continue
        out[key] = [_row(name, values == name, counts) for name in names]
        tested += [row for row in out[key] if row["p"] is not None]
    for row, p in zip(tested, holm([row["p"] for row in tested]), strict=True):
        row["p_holm"] = p
    return out


def _counts(answers: Answers) -> Doubles:
    """For each narrative: sentences, hits, labels there, labels given."""
    truth, tagged = answers.truth[:, answers.tags], answers.tagged[:, answers.tags]
    each = np.stack([np.ones(len(truth)), (truth & tagged).sum(1), truth.sum(1), tagged.sum(1)], axis=1)
    counts = np.zeros((len(answers.narratives), 4))
    np.add.at(counts, answers.groups, each)
    return counts


def _row(name: str, inside: npt.NDArray[np.bool_], counts: Doubles) -> dict[str, Any]:
    sentences, hits, positives, found = counts[inside].sum(axis=0)
    drawn = Resamples.of(np.arange(int(inside.sum())), TIMES).sums(counts[inside][:, 1:])
    row: dict[str, Any] = {
        "value": name,
        "narratives": int(inside.sum()),
        "sentences": int(sentences),
        "tags": int(positives),
        "precision": round(hits / max(1, found), 4),
        "recall": round(hits / max(1, positives), 4),
        "f1": round(float(f1_of(hits, positives, found)), 4),
        "f1_interval": interval(f1_of(drawn[:, 0], drawn[:, 1], drawn[:, 2])),
        "difference": None,
        "p": None,
        "p_holm": None,
    }
    if min(inside.sum(), (~inside).sum()) >= FEWEST:
        difference, row["p"] = _permutation(inside, counts[:, 1:])
        row["difference"] = round(difference, 4)
    return row


def _permutation(inside: npt.NDArray[np.bool_], counts: Doubles) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    members = np.concatenate([inside[None], generator.permuted(np.tile(inside, (PERMUTATIONS, 1)), axis=1)])
    within = members @ counts
    beside = counts.sum(axis=0) - within
    differences = f1_of(*within.T) - f1_of(*beside.T)
    larger = int((np.abs(differences[1:]) >= abs(differences[0]) - 1e-12).sum())
    return float(differences[0]), round((larger + 1) / (PERMUTATIONS + 1), 4)


def holm(values: Sequence[float]) -> list[float]:
    """Holm's step-down corrected p-values, in the order given."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    out, least = [0.0] * len(values), 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, (len(values) - rank) * values[index]))
        out[index] = round(least, 4)
    return out
