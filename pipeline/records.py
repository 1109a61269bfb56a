"""The values that flow through Leadlight: frozen, typed, and ignorant of files.

All offsets are character offsets into the original text (Python string indices), end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

NOMINATORS = ("manager", "colleague", "family", "service_user", "self", "judges", "organisation", "unknown")
SETTINGS = (
    "care_home", "nursing_home", "home_care", "supported_living", "personal_assistant", "shared_lives",
    "day_service", "community", "hospital", "council", "charity", "other", "unknown",
)  # fmt: skip
LEVELS = ("front_line", "front_line_leader", "operational", "strategic", "team", "unknown")
"""The values that the contract allows for a nomination's `nominator`, `setting` and `level`."""

UNKNOWN = "unknown"

SLICES = ("nominator", "setting", "level")
FORM_FIELDS = (*SLICES, "nominee")
"""The metadata that a narrative names as fields of its own, and those of them by which figures are cut."""


@dataclass(frozen=True, slots=True)
class Section:
    """The span of a nomination's text that answers one question of the form."""

    question: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a nomination came from: the file's name, the row (1 = first of the sheet), the text columns used."""

    file: str
    row: int | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The source as the contract's JSON object; absent parts are left out."""
        out: dict[str, Any] = {"file": self.file}
        if self.sheet is not None:
            out["sheet"] = self.sheet
        if self.row is not None:
            out["row"] = self.row
        if self.columns:
            out["columns"] = list(self.columns)
        return out


@dataclass(frozen=True, slots=True)
class Nomination:
    """One nomination: its untouched text and what is known about it."""

    id: str
    text: str
    nominee: str = ""
    nominator: str = UNKNOWN
    setting: str = UNKNOWN
    level: str = UNKNOWN
    category: str = ""
    sections: tuple[Section, ...] = ()
    source: Source | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The nomination as the contract's JSON object; empty optional fields are left out."""
        out: dict[str, Any] = {"id": self.id, "text": self.text}
        if self.nominee:
            out["nominee"] = self.nominee
        out.update(nominator=self.nominator, setting=self.setting, level=self.level)
        if self.category:
            out["category"] = self.category
        if self.sections:
            out["sections"] = [{"question": s.question, "start": s.start, "end": s.end} for s in self.sections]
        if self.source is not None:
            out["source"] = self.source.to_dict()
        if self.extra:
            out["extra"] = dict(self.extra)
        return out


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was read and not kept, with the reason and the row itself, so that nothing is lost silently."""

    file: str
    reason: str
    row: int | None = None
    sheet: str | None = None
    content: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The rejection as a JSON object: file, sheet and row where known, reason, content."""
        out: dict[str, Any] = {"file": self.file}
        if self.sheet is not None:
            out["sheet"] = self.sheet
        if self.row is not None:
            out["row"] = self.row
        out.update(reason=self.reason, content=dict(self.content))
        return out


@dataclass(frozen=True, slots=True)
class MaskedToken:
    """A token as the classifier sees it, and the characters of the original text that it stands for.

    `telling` is false for names and function words, which are never shown as what carried a tag; `named` is true for
    what stands for a name.
    """

    text: str
    start: int
    end: int
    spaced: bool = True
    telling: bool = True
    named: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """A body of another sector named in a sentence."""

    sector: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as parsed: its place in the original text, what the classifier sees of it, and what patterns found.

    `signals` holds the `framework/label` of every pattern that matched; `notes` the ids of notes for judges
    (words that play leadership down, say); `position` counts from 0 within `count` sentences of the narrative.
    """

    start: int
    end: int
    text: str
    tokens: tuple[MaskedToken, ...]
    partners: tuple[Partner, ...] = ()
    signals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    voice: str = UNKNOWN
    quoted: bool = False
    negated: bool = False
    position: int = 0
    count: int = 1

    @property
    def masked(self) -> str:
        """The text that the classifier sees."""
        return "".join(token.text + " " * token.spaced for token in self.tokens).rstrip()


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of the text that carried a tag, and by how much (log-odds that these characters add)."""

    start: int
    end: int
    text: str
    weight: float


class Strength(NamedTuple):
    """A word for how sure a tag is, and the out-of-fold precision that tags of this strength have at least."""

    word: str
    precision: float


STRENGTHS = (Strength("clear", 0.9), Strength("likely", 0.7), Strength("worth a look", 0.5))
UNSURE = "unsure"
"""The strength of a tag that is none of these: fewer than half of such tags were right, and judges are not shown it."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A label that a sentence gives evidence for, its calibrated probability, and the words that carried it.

    `strength` says in words how often such tags were right out of fold: see `Strength`; empty where it is unknown.
    """

    label: str
    score: float
    strength: str = ""
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with everything that the model found in it; `text` equals its slice of the original."""

    start: int
    end: int
    text: str
    kind: str
    kind_score: float
    voice: str
    tags: tuple[Tag, ...] = ()
    partners: tuple[Partner, ...] = ()
    scores: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence of the corpus: its span, its labels as `framework/label`, and the share of votes that each label got.

    `annotators` is how many voted; 0 where only the decision is known.
    """

    start: int
    end: int
    labels: frozenset[str]
    partners: frozenset[str] = frozenset()
    votes: Mapping[str, float] = field(default_factory=dict)
    annotators: int = 0


@dataclass(frozen=True, slots=True)
class LabelledNarrative:
    """A narrative of the corpus with its metadata and its labelled sentences in order."""

    id: str
    text: str
    sentences: tuple[LabelledSentence, ...]
    nominator: str = UNKNOWN
    setting: str = UNKNOWN
    level: str = UNKNOWN
    nominee: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
