"""Notes at the top of a nomination's page: what a reader should know before weighing the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.report.passages import Passage
from pipeline.report.words import Words

FEW_WORDS = 60
LONGEST = 200
"""The most characters that a note quotes."""

Link = tuple[str, str]
"""The address of another page of the pack, and its title."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the reader, the passage (start) that it is about, and pages that it leads to."""

    sentence: str
    start: int | None = None
    links: tuple[Link, ...] = ()


def notes_of(
    row: Mapping[str, Any], passages: Sequence[Passage], words: Words, others: Sequence[Link] = ()
) -> Iterator[Note]:
    """The notes of an evidence object; `others` are the pages of nominations that name somebody of the same name."""
    count = len(row["text"].split())
    if count < FEW_WORDS:
        yield Note(words.note("very-short", words=count))
    yield from _notes_of_ingest(row, words)
    if others:
        yield Note(words.note("same-name", count=len(others)), links=tuple(others))
    claimed = sum(passage.standing == "claimed" for passage in passages)
    if claimed > len(passages) / 2:
        yield Note(words.note("mostly-praise", count=claimed, words=len(passages)))
    yield from _notes_of_passages(row, words)
    tagged = [passage for passage in passages if passage.marks]
    doubtful = sum(not any(mark.sure for mark in passage.marks) for passage in tagged)
    if not tagged:
        yield Note(words.note("none"))
    elif doubtful > len(tagged) / 2:
        yield Note(words.note("uncertain", count=doubtful, words=len(tagged)))


def _notes_of_ingest(row: Mapping[str, Any], words: Words) -> Iterator[Note]:
    for name, value in row["meta"].get("flags", {}).items():
        if sentence := words.flag(name, value):
            yield Note(sentence)


def _notes_of_passages(row: Mapping[str, Any], words: Words) -> Iterator[Note]:
    """The first passage of each note that parsing took."""
    seen: set[str] = set()
    for note in row.get("summary", {}).get("notes", ()):
        if note["note"] in seen:
            continue
        seen.add(note["note"])
        quote = " ".join(row["text"][note["start"] : note["end"]].split())
        cut = quote if len(quote) <= LONGEST else quote[:LONGEST].rsplit(" ", 1)[0] + " …"
        yield Note(words.note(note["note"], quote=cut), note["start"])
