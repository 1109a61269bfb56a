"""Rows of a table, lines of JSON and whole documents to nominations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.nominations import nomination_of
from pipeline.read.headers import Columns, Mapping, find_columns, value_of
from pipeline.read.table import Table
from pipeline.records import Nomination, Rejection, Section, Source

LONGEST = 1_000_000
"""Characters that a nomination's text may have."""

BETWEEN = "\n\n"
"""What stands between the answers to several questions."""


def from_table(table: Table, mapping: Mapping) -> Iterator[Nomination | Rejection]:
    """A nomination or a rejection for each row of a table; raises WrongUsage where no column is the text."""
    where = f"{table.file}, sheet {table.sheet!r}" if table.sheet else table.file
    columns = find_columns(table.header, [cells for _, cells in table.rows], mapping, where)
    for number, cells in table.rows:
        yield _from_row(table, columns, number, [*cells, *[""] * (len(table.header) - len(cells))])


def _from_row(table: Table, columns: Columns, number: int, cells: Sequence[str]) -> Nomination | Rejection:
    def cell(field: str) -> str:
        return " ".join(cells[n].strip() for n in columns.numbers.get(field, ()) if cells[n].strip())

    text, sections = "", []
    for column in columns.numbers["text"]:
        if cells[column].strip():
            start = len(text) + len(BETWEEN) * bool(text)
            text += BETWEEN * bool(text) + cells[column]
            sections.append(Section(table.header[column], start, len(text)))
    content = {name: value for name, value in zip(table.header, cells, strict=False) if value.strip()}
    if reason := unfit(text):
        return Rejection(table.file, reason, number, table.sheet, {name: value[:2_000] for name, value in content.items()})
    used = columns.used()
    return Nomination(
        id=cell("id"),
        text=text,
        nominee=cell("nominee"),
        nominator=value_of("nominator", cell("nominator")) if cell("nominator") else "unknown",
        setting=value_of("setting", cell("setting")) if cell("setting") else "unknown",
        level=value_of("level", cell("level")) if cell("level") else "unknown",
        category=cell("category"),
        sections=tuple(sections),
        source=Source(table.file, number, tuple(table.header[n] for n in columns.numbers["text"]), table.sheet),
        extra={name: cells[n] for n, name in enumerate(table.header) if n not in used and cells[n].strip()},
    )


def unfit(text: str) -> str | None:
    """Why a text cannot be a nomination's, as a sentence, or None."""
    if not text.strip():
        return "no text: every text column of this row is empty"
    if len(text) > LONGEST:
        return f"the text has {len(text):,} characters; more than {LONGEST:,} are not read"
    if "\0" in text:
        return "the text holds NUL characters: the file is damaged"
    return None


def from_lines(text: str, file: str) -> Iterator[Nomination | Rejection]:
    """A nomination or a rejection for each line of JSON: canonical nominations, or labelled narratives."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Rejection(file, f"not a line of JSON: {error}", number, content={"line": line[:2_000]})
            continue
        yield _from_object(row, file, number, line)


def _from_object(row: Any, file: str, number: int, line: str) -> Nomination | Rejection:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        reason = "a JSON object with a text is needed" if isinstance(row, dict) else "no JSON object"
        return Rejection(file, reason, number, content={"line": line[:2_000]})
    if reason := unfit(row["text"]):
        return Rejection(file, reason, number, content={"id": str(row.get("id", ""))})
    known = {"id", "text", "nominee", "nominator", "setting", "level", "category", "sections", "source", "extra", "sentences"}
    extra = {key: str(value) for key, value in row.items() if key not in known and isinstance(value, str | int | float)}
    kept = {**row, "id": row.get("id") if isinstance(row.get("id"), str | int) else ""}
    if not isinstance(row.get("source"), dict):
        kept["source"] = {"file": file, "row": number}
    kept["extra"] = {**extra, **(row["extra"] if isinstance(row.get("extra"), dict) else {})}
    return nomination_of(kept)


def from_document(text: str, file: str) -> Nomination | Rejection:
    """The nomination of a whole document."""
    if reason := unfit(text):
        return Rejection(file, reason)
    return Nomination(id="", text=text, source=Source(file))


class Identities:
    """Gives every nomination an id of its own and rejects a second copy of one already kept."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, str]] = {}
        self.renamed = 0

    def settle(self, nomination: Nomination) -> Nomination | Rejection:
        """The nomination under an id that no other has, or a rejection where id and text were kept before.

        An id is made from nominee, category and text where there is none. The same id with another text becomes `ID-2`.
        """
        from dataclasses import replace

        identity = nomination.id or _made(nomination)
        digest = hashlib.sha256(nomination.text.encode("utf-8", "surrogatepass")).hexdigest()
        name, count = identity, 1
        while name in self._texts:
            held, place = self._texts[name]
            if held == digest:
                return _repeat(nomination, name, place)
            count += 1
            name = f"{identity}-{count}"
        self.renamed += name != identity
        source = nomination.source
        self._texts[name] = (digest, f"{source.file} row {source.row}" if source and source.row else source.file if source else "")
        return replace(nomination, id=name)


def _made(nomination: Nomination) -> str:
    whole = "\0".join((nomination.nominee, nomination.category, nomination.text))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _repeat(nomination: Nomination, identity: str, place: str) -> Rejection:
    source = nomination.source or Source("")
    reason = f"the same id and text as {place}, which was kept"
    return Rejection(source.file, reason, source.row, source.sheet, {"id": identity, "text": nomination.text[:2_000]})
