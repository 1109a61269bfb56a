"""What a pack shows of a nomination's sentences: the tags that are sure enough, in words, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.frameworks import Frameworks, Label
from pipeline.records import STRENGTHS, UNSURE

WORDS = tuple(strength.word for strength in STRENGTHS)
SURE = tuple(strength.word for strength in STRENGTHS if strength.precision >= 0.7)
"""The strengths that the glance goes by."""

DOUBTFUL = WORDS[-1]
"""The strength that tags get whose evidence says none (made before tags had one)."""

STANDING_ORDER = {"shown": 0, "claimed": 1, "background": 2}


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag that is shown: its label, how sure it is, and the spans (start, end) in the text that carried it."""

    label: Label
    strength: str
    score: float
    why: tuple[tuple[int, int], ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the glance goes by it."""
        return self.strength in SURE


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence as a pack shows it; `number` counts the tagged ones of a nomination from 1, 0 for the others.

    `marks` holds the most exact tags: a parent only where none of its children is tagged. `every` holds all.
    """

    start: int
    end: int
    text: str
    number: int
    kind: Label | None
    standing: str
    voice: str
    marks: tuple[Mark, ...]
    every: tuple[Mark, ...]
    partners: tuple[tuple[str, int, int], ...]

    @property
    def anchor(self) -> str:
        """The passage's id on the page that holds its text."""
        return f"s{self.start}"

    def marks_of(self, labels: frozenset[str]) -> tuple[Mark, ...]:
        """All marks whose label is one of these (`framework/label`)."""
        return tuple(mark for mark in self.every if mark.label.full in labels)

    def words(self, mark: Mark) -> tuple[str, ...]:
        """The words that carried a mark, in the order of the text."""
        return tuple(self.text[start - self.start : end - self.start] for start, end in mark.why)


def passages_of(row: Mapping[str, Any], frameworks: Frameworks) -> tuple[Passage, ...]:
    """The sentences of an evidence object; tags that are unsure or of no known label are left out."""
    return tuple(_passages(row["sentences"], frameworks))


def without_strength(row: Mapping[str, Any]) -> bool:
    """Whether an evidence object has tags that do not say how sure they are."""
    return any(not tag.get("strength") for sentence in row["sentences"] for tag in sentence["tags"])


def _passages(sentences: Sequence[Mapping[str, Any]], frameworks: Frameworks) -> Iterator[Passage]:
    number = 0
    for sentence in sentences:
        every = tuple(_marks(sentence, frameworks))
        parents = {frameworks.parent_of(mark.label.full) for mark in every}
        marks = tuple(mark for mark in every if mark.label.full not in parents)
        number += bool(marks)
        kind = frameworks.kinds.label(sentence["kind"]) if frameworks.kinds else None
        yield Passage(
            start=sentence["start"],
            end=sentence["end"],
            text=sentence["text"],
            number=number if marks else 0,
            kind=kind,
            standing=(kind.standing if kind else None) or "shown",
            voice=sentence["voice"],
            marks=marks,
            every=every,
            partners=tuple((p["sector"], p["start"], p["end"]) for p in sentence["partners"]),
        )


def _marks(sentence: Mapping[str, Any], frameworks: Frameworks) -> Iterator[Mark]:
    for tag in sentence["tags"]:
        label = frameworks.find(tag["label"])
        strength = tag.get("strength") or DOUBTFUL
        if label is None or strength == UNSURE:
            continue
        yield Mark(
            label,
            strength if strength in WORDS else DOUBTFUL,
            float(tag["score"]),
            tuple(sorted((why["start"], why["end"]) for why in tag["why"])),
        )
