"""What a page shows of a nomination: the glance, the best evidence for each label, the full text in pieces."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.frameworks import Framework, Frameworks, Label
from pipeline.records import UNKNOWN

STANDING_ORDER = {"shown": 0, "claimed": 1, "background": 2}
QUOTES = 3
"""The most quotations that a label shows at first."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence as evidence: its words in pieces (text, highlighted), its kind and standing, voice and anchor."""

    anchor: str
    pieces: tuple[tuple[str, bool], ...]
    kind: str
    standing: str
    voice: str
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A label with its evidence in a nomination; `standing` is the best of its quotes, or `absent`."""

    label: Label
    standing: str
    quotes: tuple[Quote, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A framework as a page shows it: findings of its top labels, each with the findings under it."""

    framework: Framework
    findings: tuple[tuple[Finding, tuple[Finding, ...]], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a nomination's page shows; `title` is the nominee, else the file that the text came from."""

    slug: str
    title: str
    facts: tuple[str, ...]
    row: Mapping[str, Any]
    chapters: tuple[Chapter, ...]
    paragraphs: tuple[tuple[Mapping[str, Any], ...], ...]
    sectors: tuple[tuple[Label, tuple[Quote, ...]], ...]
    notes: tuple[str, ...]
    words: int


def slug_of(identity: str) -> str:
    """A file name for an id: its letters and digits, with a digest that keeps different ids apart."""
    plain = re.sub(r"[^a-z0-9]+", "-", identity.lower()).strip("-")[:40]
    return f"{plain or 'n'}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def page_of(row: Mapping[str, Any], frameworks: Frameworks) -> Page:
    """The page of an evidence object; metadata that it lacks are `unknown` or empty."""
    unknown = dict.fromkeys(("nominator", "setting", "level"), UNKNOWN)
    row = {**row, "meta": {"nominee": "", "category": "", **unknown, **row["meta"]}}
    sentences: Sequence[Mapping[str, Any]] = row["sentences"]
    chapters = tuple(_chapter(framework, sentences, frameworks) for framework in frameworks.tagged)
    return Page(
        slug=slug_of(str(row["id"])),
        title=_title(row["meta"]),
        facts=tuple(_facts(row)),
        row=row,
        chapters=chapters,
        paragraphs=tuple(_paragraphs(row["text"], sentences, frameworks)),
        sectors=tuple(_sectors(sentences, frameworks)),
        notes=tuple(_notes(row, frameworks)),
        words=len(row["text"].split()),
    )


def _title(meta: Mapping[str, Any]) -> str:
    if meta["nominee"]:
        return str(meta["nominee"])
    file = (meta.get("source") or {}).get("file")
    return f"Nominee not named ({file})" if file else "Nominee not named"


def _facts(row: Mapping[str, Any]) -> Iterator[str]:
    """What is known of a nomination beside its text, in a few words each."""
    meta = row["meta"]
    yield str(row["id"])
    yield from (str(value).replace("_", " ") for value in (meta["setting"], meta["level"]) if value != UNKNOWN)
    if meta["nominator"] != UNKNOWN:
        yield f"told by: {str(meta['nominator']).replace('_', ' ')}"
    yield f"{len(row['text'].split()):,} words"


def _chapter(framework: Framework, sentences: Sequence[Mapping[str, Any]], frameworks: Frameworks) -> Chapter:
    top = [label for label in framework if label.parent is None]
    return Chapter(
        framework,
        tuple(
            (
                _finding(label, sentences, frameworks),
                tuple(_finding(child, sentences, frameworks) for child in framework.children(label.id)),
            )
            for label in top
        ),
    )


def _finding(label: Label, sentences: Sequence[Mapping[str, Any]], frameworks: Frameworks) -> Finding:
    quotes = [
        _quote(sentence, tag, frameworks)
        for sentence in sentences
        for tag in sentence["tags"]
        if tag["label"] == label.full
    ]
    quotes.sort(key=lambda quote: (STANDING_ORDER[quote.standing], -quote.score))
    standing = quotes[0].standing if quotes else "absent"
    return Finding(label, standing, tuple(quotes[:QUOTES]), max(0, len(quotes) - QUOTES))


def left_over(parent: Finding, children: Sequence[Finding]) -> tuple[Quote, ...]:
    """The quotes of a parent label that none of its children shows."""
    shown = {quote.anchor for child in children for quote in child.quotes}
    return tuple(quote for quote in parent.quotes if quote.anchor not in shown)


def _quote(sentence: Mapping[str, Any], tag: Mapping[str, Any], frameworks: Frameworks) -> Quote:
    kind = frameworks.kinds.label(sentence["kind"]) if frameworks.kinds else None
    return Quote(
        anchor=f"s{sentence['start']}",
        pieces=tuple(_pieces(sentence, tag.get("why", ()))),
        kind=kind.name if kind else "",
        standing=(kind.standing if kind else None) or "shown",
        voice=sentence["voice"],
        score=float(tag.get("score", 0.0)),
    )


def _pieces(sentence: Mapping[str, Any], spans: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bool]]:
    """The sentence's words cut at the spans to highlight."""
    offset, text = sentence["start"], sentence["text"]
    at = _after_bullet(text)
    for span in sorted(spans, key=lambda item: item["start"]):
        start, end = span["start"] - offset, span["end"] - offset
        if start < at:
            continue
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _after_bullet(text: str) -> int:
    """Where the words of a list item begin, after its bullet."""
    match = re.match(r"[-–•*·▪◦]\s+(?=\S)", text)
    return match.end() if match else 0


def _paragraphs(
    text: str, sentences: Sequence[Mapping[str, Any]], frameworks: Frameworks
) -> Iterator[tuple[Mapping[str, Any], ...]]:
    """The sentences of each paragraph, with the names of their most exact tags."""
    paragraph: list[Mapping[str, Any]] = []
    at = 0
    for sentence in sentences:
        if "\n" in text[at : sentence["start"]] and paragraph:
            yield tuple(paragraph)
            paragraph = []
        found = [label for tag in sentence["tags"] if (label := frameworks.find(tag["label"]))]
        parents = {f"{label.framework}/{label.parent}" for label in found if label.parent}
        paragraph.append(
            {
                "anchor": f"s{sentence['start']}",
                "text": sentence["text"],
                "tags": [label for label in found if label.full not in parents],
            }
        )
        at = sentence["end"]
    if paragraph:
        yield tuple(paragraph)


def _sectors(
    sentences: Sequence[Mapping[str, Any]], frameworks: Frameworks
) -> Iterator[tuple[Label, tuple[Quote, ...]]]:
    for sector in frameworks.sectors or ():
        quotes = tuple(
            _quote(s, {"why": [p for p in s["partners"] if p["sector"] == sector.id]}, frameworks)
            for s in sentences
            if any(p["sector"] == sector.id for p in s["partners"])
        )
        if quotes:
            yield sector, quotes


def _notes(row: Mapping[str, Any], frameworks: Frameworks) -> Iterator[str]:
    """Notes for the reader, each a sentence."""
    words = len(row["text"].split())
    if words < 60:
        yield f"A very short text ({words} words): it may leave out much of what the nominee does."
    kinds = [sentence["kind"] for sentence in row["sentences"]]
    claimed = {label.id for label in frameworks.kinds or () if label.standing == "claimed"}
    if kinds and sum(kind in claimed for kind in kinds) > len(kinds) / 2:
        yield "Mostly praise: few sentences say what was done."
    for note in row.get("summary", {}).get("notes", ()):
        if note["note"] == "plays-down":
            quote = row["text"][note["start"] : note["end"]]
            yield f"Plays leadership down: “{quote[:200]}” The acts may weigh more than the words."
            break
