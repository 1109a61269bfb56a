"""Composes agreement: labelled texts to a table of votes, figures by label, and the sentences to talk about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import InvalidCorpus
from pipeline.frameworks import Frameworks
from pipeline.labels.agreement import Votes, alpha, f1, fleiss, interval, mean_cohen
from pipeline.labels.exchange.corpus import read_texts
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import ACCEPT, ANNOTATOR, LabelledText
from pipeline.shapes import finite


@dataclass(frozen=True, slots=True)
class Unit:
    """A place that was labelled, and the labels of each annotator who labelled its text, parents included."""

    text: LabelledText
    start: int
    end: int
    said: dict[str, frozenset[str]]


def units_of(texts: Sequence[LabelledText], names: Names) -> list[Unit]:
    """Every place that an annotator labelled, in order; one who left it blank gave it no labels."""
    units = []
    for text in texts:
        annotators = [one for one in text.of(ANNOTATOR) if one.answer == ACCEPT]
        given = {one.by: {span.place: span.labels for span in one.spans} for one in annotators}
        for start, end in sorted({place for marks in given.values() for place in marks}):
            said = {
                by: names.frameworks.with_parents(frozenset(marks.get((start, end), ()))) for by, marks in given.items()
            }
            units.append(Unit(text, start, end, said))
    return units


def agree(corpus: Sequence[Path], frameworks: Frameworks, *, draws: int, seed: int) -> dict[str, Any]:
    """Agreement of the annotators of a corpus by label, and of kinds as one choice.

    Each label has its prevalence (share of votes), table (annotators for and against by number of units), alpha with a
    95 % interval over texts, kappas and F1. Raises InvalidCorpus where no text has two annotators.
    """
    names = Names(frameworks)
    units = [unit for unit in units_of(list(read_texts(corpus, names)), names) if len(unit.said) > 1]
    if not units:
        raise InvalidCorpus("No text here was labelled by two annotators; agreement needs two.")
    who = sorted({by for unit in units for by in unit.said})
    numbers = {identity: number for number, identity in enumerate(dict.fromkeys(unit.text.id for unit in units))}
    groups = [numbers[unit.text.id] for unit in units]
    labels = {}
    for name in names.all:
        votes = _votes(units, who, lambda labels, name=name: float(name in labels))
        if (votes == 1).any():
            share = float((votes[~np.isnan(votes)] == 1).mean())
            figures = _figures(votes, groups, draws, seed)
            labels[name] = {"prevalence": share, **figures, "f1": f1(votes), "table": _table(votes)}
    out: dict[str, Any] = {"texts": len(numbers), "units": len(units), "annotators": who, "labels": labels}
    if frameworks.kinds:
        order = [label.full for label in frameworks.kinds]
        votes = _votes(units, who, lambda said: float(next((i for i, n in enumerate(order) if n in said), len(order))))
        out["kinds"] = _figures(votes, groups, draws, seed)
    out["mean alpha"] = float(np.nanmean([row["alpha"] for row in labels.values()])) if labels else None
    return finite(out)  # type: ignore[no-any-return]


def _votes(units: Sequence[Unit], who: Sequence[str], vote: Any) -> Votes:
    return np.array([[vote(unit.said[by]) if by in unit.said else np.nan for unit in units] for by in who])


def _figures(votes: Votes, groups: Sequence[int], draws: int, seed: int) -> dict[str, Any]:
    return {
        "alpha": alpha(votes),
        "alpha_interval": list(interval(votes, groups, alpha, draws=draws, seed=seed)) if draws else None,
        "cohen": mean_cohen(votes),
        "fleiss": fleiss(votes),
    }


def _table(votes: Votes) -> dict[str, int]:
    """Units by how many of their annotators gave the label: `1 of 2` -> 37."""
    given, positive = (~np.isnan(votes)).sum(axis=0), (votes == 1).sum(axis=0)
    pairs = zip(positive.tolist(), given.tolist(), strict=True)
    found: dict[str, int] = {}
    for yes, all_ in sorted(pairs):
        key = f"{yes} of {all_}"
        found[key] = found.get(key, 0) + 1
    return found


def to_talk_about(corpus: Sequence[Path], frameworks: Frameworks) -> list[dict[str, Any]]:
    """The places on which annotators differ, those with the most labels in dispute first."""
    names = Names(frameworks)
    rows = []
    for unit in units_of(list(read_texts(corpus, names)), names):
        all_, common = frozenset().union(*unit.said.values()), frozenset.intersection(*unit.said.values())
        if disputed := names.least(all_ - common):
            said = {by: list(names.least(labels)) for by, labels in unit.said.items()}
            rows.append({
                "id": unit.text.id, "start": unit.start, "end": unit.end,
                "text": unit.text.text[unit.start : unit.end], "disputed": list(disputed), "said": said,
            })  # fmt: skip
    return sorted(rows, key=lambda row: -len(row["disputed"]))
