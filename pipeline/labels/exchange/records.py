"""What travels between tools: a text, and each labelling of it by a person, by a decision, or by a model.

Labels of people and predictions of models are labellings of different roles and are never joined. Offsets are
characters of the original text (Python), end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ANNOTATOR, DECISION, MODEL = "annotator", "decision", "model"
ROLES = (ANNOTATOR, DECISION, MODEL)
"""Who a labelling is by: one annotator, those who decided between annotators, or a model (a prediction)."""

ACCEPT, REJECT, IGNORE = "accept", "reject", "ignore"
ANSWERS = (ACCEPT, REJECT, IGNORE)
"""What the annotator said of the whole text: labelled it, turned the labels offered down, or passed it over."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with its labels (`framework/label`, partner sectors included, implied parents left out).

    `scores` are a model's probabilities by label; `id` is what a tool calls the span, if it came from one.
    """

    start: int
    end: int
    labels: tuple[str, ...]
    scores: Mapping[str, float] = field(default_factory=dict)
    id: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Where the span stands."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Labelling:
    """What one annotator, decision or model said of one text, and when.

    `by` is the annotator's or model's name, `version` and `sha256` the model's; `at` is a time in ISO 8601; `kept` is
    what a tool said beside, by the tool's name, so that it can be given back.
    """

    role: str
    spans: tuple[Span, ...]
    by: str = ""
    at: str = ""
    answer: str = ACCEPT
    version: str = ""
    sha256: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with its metadata (the form's fields and any others, as texts) and its labellings in order."""

    id: str
    text: str
    meta: Mapping[str, str] = field(default_factory=dict)
    labellings: tuple[Labelling, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)

    def of(self, *roles: str) -> tuple[Labelling, ...]:
        """The labellings of these roles, in order."""
        return tuple(labelling for labelling in self.labellings if labelling.role in roles)

    def only(self, *roles: str) -> LabelledText:
        """The text with the labellings of these roles alone."""
        return replace(self, labellings=self.of(*roles))


def spans_of(marks: Mapping[tuple[int, int], Mapping[str, float | None]], ids: Mapping[Any, str]) -> tuple[Span, ...]:
    """Spans in order of the text, from label -> score (None: no score) by place; `ids` by place where known."""
    return tuple(
        Span(
            start=place[0],
            end=place[1],
            labels=tuple(found),
            scores={label: score for label, score in found.items() if score is not None},
            id=ids.get(place, ""),
        )
        for place, found in sorted(marks.items())
    )
