"""Two models on one test set: whether one is better, or it could be chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from pipeline.quality.answers import Answers
from pipeline.quality.figures import figures_of
from pipeline.quality.resamples import Doubles, Resamples, f1_of, interval, mean_over_labels, ranking
from pipeline.quality.slices import holm

Bools = npt.NDArray[np.bool_]


def comparison(one: Answers, other: Answers) -> dict[str, Any]:
    """Figures of both on the labels that both know, the differences (other less one), and how sure they are.

    One test set, the same resamplings of narratives for both (paired bootstrap, 1,000): each difference of a framework
    or of all tags comes with its 95 % interval and `p`, twice the share of resamplings on the other side of nought.
    Each label's decisions come with McNemar's (1947) exact test: `only_one` and `only_other` are the sentences that one
    alone judged rightly. That test takes sentences as independent, so it is the more generous one; `p_holm` is
    corrected over labels (Holm 1979).
    """
    labels = [name for name in one.labels if name in set(other.labels)]
    first, second = (_restricted(answers, labels) for answers in (one, other))
    resamples = Resamples.of(one.groups)
    kinds = one.frameworks.kind_columns(labels)
    figures = [
        figures_of(one.frameworks, labels, part.scores, part.tagged, part.truth, resamples) for part in (first, second)
    ]
    columns = one.frameworks.levels(labels)
    columns["overall"] = [column for part in columns.values() for column in part]
    pairs = _Pairs(first, second, resamples)
    out: dict[str, Any] = {
        "labels_compared": len(labels),
        "only_in_one": [name for name in one.labels if name not in set(labels)],
        "only_in_other": [name for name in other.labels if name not in set(labels)],
        "one": figures[0],
        "other": figures[1],
        "groups": {name: pairs.group(part) for name, part in columns.items()},
        "labels": {labels[column]: pairs.label(column) for column in columns["overall"]},
    }
    if kinds:
        right = [part.scores[:, kinds].argmax(1) == part.truth[:, kinds].argmax(1) for part in (first, second)]
        share = [resamples.sums(hit) / resamples.sums(np.ones(len(hit))) for hit in right]
        whole = float(right[1].mean() - right[0].mean())
        out["kinds"] = {"accuracy": difference(whole, share[1] - share[0]), **mcnemar(right[0], right[1])}
    rows = list(out["labels"].values())
    for row, p in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row["p_holm"] = p
    return out


def _restricted(answers: Answers, labels: Sequence[str]) -> Answers:
    columns = [answers.labels.index(name) for name in labels]
    return Answers(
        answers.frameworks, tuple(labels), answers.scores[:, columns], answers.tagged[:, columns],
        answers.truth[:, columns], answers.groups, answers.narratives, answers.spans, answers.exact, answers.unlearned,
    )  # fmt: skip


class _Pairs:
    """Differences of two models' figures, in the whole test set and in each resampling."""

    def __init__(self, one: Answers, other: Answers, resamples: Resamples) -> None:
        self.both = (one, other)
        self.truth = one.truth
        self.positives = resamples.sums(one.truth)
        self.hits = [resamples.sums(part.tagged & part.truth) for part in self.both]
        self.found = [resamples.sums(part.tagged) for part in self.both]
        self.areas = [_areas(part, resamples) for part in self.both]

    def group(self, columns: list[int]) -> dict[str, Any]:
        there = self.positives[:, columns]
        macro = [
            mean_over_labels(
                np.where(there > 0, f1_of(self.hits[i][:, columns], there, self.found[i][:, columns]), np.nan)
            )
            for i in (0, 1)
        ]
        micro = [f1_of(self.hits[i][:, columns].sum(1), there.sum(1), self.found[i][:, columns].sum(1)) for i in (0, 1)]
        out = {}
        for name, values, figure in (("f1", macro, _macro_f1), ("micro_f1", micro, _micro_f1)):
            whole = [figure(part.tagged[:, columns], part.truth[:, columns]) for part in self.both]
            out[name] = difference(whole[1] - whole[0], values[1] - values[0])
        for name, place in (("auc", 0), ("average_precision", 1)):
            values = [mean_over_labels(self.areas[i][place][:, columns]) for i in (0, 1)]
            gap = values[1] - values[0]
            out[name] = difference(float(gap[0]), gap[1:])
        return out

    def label(self, column: int) -> dict[str, Any]:
        there = self.positives[:, column]
        f1 = [
            np.where(there > 0, f1_of(self.hits[i][:, column], there, self.found[i][:, column]), np.nan) for i in (0, 1)
        ]
        whole = [_micro_f1(part.tagged[:, [column]], part.truth[:, [column]]) for part in self.both]
        right = [part.tagged[:, column] == part.truth[:, column] for part in self.both]
        return {
            "sentences": int(self.truth[:, column].sum()),
            "f1": [round(value, 4) for value in whole],
            "difference": round(whole[1] - whole[0], 4),
            "interval": interval(f1[1] - f1[0]),
            **mcnemar(right[0], right[1]),
        }


def _areas(answers: Answers, resamples: Resamples) -> tuple[Doubles, Doubles]:
    """AUC and average precision (1 + times, labels): the whole test set first, then each resampling."""
    rows, labels = answers.truth.shape
    shape = (1 + len(resamples.counts), labels)
    auc, average = np.full(shape, np.nan), np.full(shape, np.nan)
    chunks = [(slice(0, 1), np.ones((1, rows), dtype=np.int64))]
    chunks += [(slice(part.start + 1, part.stop + 1), weights) for part, weights in resamples.weights()]
    for part, weights in chunks:
        for column in np.flatnonzero(answers.truth.any(axis=0)):
            areas = ranking(answers.scores[:, column], answers.truth[:, column], weights)
            auc[part, column], average[part, column] = areas
    return auc, average


def _macro_f1(tagged: Bools, truth: Bools) -> float:
    f1, there = f1_of((tagged & truth).sum(0), truth.sum(0), tagged.sum(0)), truth.any(axis=0)
    return float(f1[there].mean()) if there.any() else float("nan")


def _micro_f1(tagged: Bools, truth: Bools) -> float:
    return float(f1_of((tagged & truth).sum(), truth.sum(), tagged.sum()))


def difference(whole: float, resampled: Doubles) -> dict[str, Any]:
    """A difference with its interval and the two-sided p-value of a bootstrap (Efron & Tibshirani 1993, 15.4)."""
    known = resampled[~np.isnan(resampled)]
    tails = [(int((known <= 0).sum()) + 1) / (len(known) + 1), (int((known >= 0).sum()) + 1) / (len(known) + 1)]
    return {
        "difference": None if np.isnan(whole) else round(whole, 4),
        "interval": interval(known),
        "p": round(min(1.0, 2 * min(tails)), 4),
    }


def mcnemar(one_right: Bools, other_right: Bools) -> dict[str, Any]:
    """Exact McNemar test of which of two models was right, (sentences,) each."""
    only_one, only_other = int((one_right & ~other_right).sum()), int((other_right & ~one_right).sum())
    total = only_one + only_other
    p = float(binomtest(only_one, total).pvalue) if total else 1.0
    return {"only_one": only_one, "only_other": only_other, "p": round(p, 4)}
