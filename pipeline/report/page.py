"""A nomination as its page shows it, and as the index lists it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.frameworks import Frameworks, Label
from pipeline.records import UNKNOWN
from pipeline.report.findings import SHOWN, Chapter, chapters_of, findings_of
from pipeline.report.notes import Link, Note, notes_of
from pipeline.report.passages import Passage, passages_of
from pipeline.report.quotes import Quote
from pipeline.report.story import Paragraph, paragraphs_of, parts_of
from pipeline.report.voices import MOST_RESULTS, Stop, Voice, results_of, stops_of, voices_of
from pipeline.report.words import Words

DETAILS = ("setting", "level", "nominator")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a nomination without its text: who, where, and how its top labels stand.

    `details` holds `setting`, `level` and `nominator`, empty where unknown. `standing` and `told` are by
    `framework/label`: how each top label stands, and how many sentences show it.
    """

    slug: str
    id: str
    title: str
    named: bool
    category: str
    details: Mapping[str, str]
    length: int
    standing: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The page's address from the top of the pack."""
        return f"nominations/{self.slug}.html"

    def with_standing(self, standing: str) -> frozenset[str]:
        """The top labels (`framework/label`) that stand like this."""
        return frozenset(label for label, found in self.standing.items() if found == standing)

    @property
    def name_key(self) -> str:
        """The nominee's name as two nominations of one person might share it; empty where nobody is named."""
        words = sorted(re.findall(r"[^\W\d_]+", self.title.casefold())) if self.named else []
        return " ".join(words) if len(words) > 1 else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a nomination's page shows; `parts` holds the story, the first part on the page itself.

    `labels` are those whose definitions stand on the page, `keyed` those whose codes stand in the story.
    """

    entry: Entry
    notes: tuple[Note, ...]
    chapters: tuple[Chapter, ...]
    stops: tuple[Stop, ...]
    results: tuple[Quote, ...]
    voices: tuple[Voice, ...]
    parts: tuple[tuple[Paragraph, ...], ...]
    labels: tuple[Label, ...]
    keyed: frozenset[str]
    before: Link | None = None
    after: Link | None = None
    _places: Mapping[int, int] = field(default_factory=dict)

    def file(self, part: int) -> str:
        """The file name of a part of the story."""
        return f"{self.entry.slug}.html" if part == 0 else f"{self.entry.slug}-{part + 1}.html"

    def place(self, start: int, here: int = 0) -> str:
        """The address of the sentence that starts there, from the page of part `here`."""
        part = self._places.get(start, 0)
        return ("" if part == here else self.file(part)) + f"#s{start}"


def slug_of(identity: str) -> str:
    """A file name for an id: its letters and digits, with a digest that keeps different ids apart."""
    plain = re.sub(r"[^a-z0-9]+", "-", identity.lower()).strip("-")[:40]
    return f"{plain or 'n'}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def entry_of(row: Mapping[str, Any], frameworks: Frameworks) -> Entry:
    """The entry of an evidence object."""
    meta = row["meta"]
    passages = passages_of(row, frameworks)
    findings = [finding for framework in frameworks.tagged for finding in findings_of(passages, framework)]
    return Entry(
        slug=slug_of(row["id"]),
        id=row["id"],
        title=_title(meta),
        named=bool(meta.get("nominee")),
        category=" ".join(meta.get("category", "").split()),
        details={name: "" if meta.get(name) == UNKNOWN else meta.get(name, "") for name in DETAILS},
        length=len(row["text"].split()),
        standing={finding.label.full: finding.standing for finding in findings},
        told={finding.label.full: finding.told for finding in findings if finding.standing == SHOWN},
    )


def page_of(
    row: Mapping[str, Any],
    entry: Entry,
    frameworks: Frameworks,
    words: Words,
    *,
    others: Sequence[Link] = (),
    before: Link | None = None,
    after: Link | None = None,
) -> Page:
    """The page of an evidence object; `before` and `after` are its neighbours in its category."""
    passages = passages_of(row, frameworks)
    sections = row["meta"].get("sections", ())
    parts = parts_of(paragraphs_of(row["text"], passages, sections))
    return Page(
        entry=entry,
        notes=tuple(notes_of(row, passages, words, others)),
        chapters=chapters_of(passages, frameworks),
        stops=tuple(stops_of(passages, frameworks)),
        results=results_of(passages, words.results)[:MOST_RESULTS],
        voices=tuple(voices_of(passages)),
        parts=tuple(tuple(part) for part in parts),
        labels=tuple(_labels(passages, frameworks)),
        keyed=frozenset(mark.label.full for passage in passages for mark in passage.marks),
        before=before,
        after=after,
        _places={
            piece.passage.start: place
            for place, part in enumerate(parts)
            for paragraph in part
            for piece in paragraph.pieces
            if piece.first
        },
    )


def _title(meta: Mapping[str, Any]) -> str:
    if nominee := " ".join(meta.get("nominee", "").split()):
        return nominee
    file = (meta.get("source") or {}).get("file")
    return f"Nominee not named ({file})" if file else "Nominee not named"


def _labels(passages: Sequence[Passage], frameworks: Frameworks) -> Iterator[Label]:
    """The labels that a page names as tags, in the order of the frameworks: their definitions stand on it."""
    tagged = {mark.label for passage in passages for mark in passage.every}
    for framework in frameworks.tagged:
        yield from (label for label in framework if label in tagged or label.parent is None)
