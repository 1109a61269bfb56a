"""Canonical nominations, one JSON object a line, as `ingest` writes them and later stages read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import UnreadableInput
from pipeline.records import LEVELS, NOMINATORS, SETTINGS, UNKNOWN, Nomination, Section, Source
from pipeline.shapes import has_halves, misfit, whole
from pipeline.storage import read_lines


def read_nominations(path: Path) -> Iterator[Nomination]:
    """The nominations of a canonical file, in order.

    Raises UnreadableInput with file and line where id or text is missing or no text, or the text holds halves of
    characters; other fields that do not fit become `unknown` or are left out.
    """
    for number, row in read_lines(path):
        identity, text = row.get("id"), row.get("text")
        if not isinstance(identity, str | int) or isinstance(identity, bool) or not isinstance(text, str):
            raise UnreadableInput(
                f"{path}, line {number}: a nomination needs an id and a text. Make the file with `leadlight ingest`."
            )
        if has_halves(text):
            raise UnreadableInput(
                f"{path}, line {number}: half a character (lone surrogate) in the text; the file is damaged here. "
                "Make it again with `leadlight ingest`."
            )
        yield nomination_of(row)


def nomination_of(row: dict[str, Any]) -> Nomination:
    """The nomination of a JSON object that has `id` and `text`."""
    extra = row.get("extra")
    return Nomination(
        id=whole(str(row["id"])),
        text=row["text"],
        nominee=_text(row.get("nominee")),
        nominator=_one_of(row.get("nominator"), NOMINATORS),
        setting=_one_of(row.get("setting"), SETTINGS),
        level=_one_of(row.get("level"), LEVELS),
        category=_text(row.get("category")),
        sections=tuple(_sections(row.get("sections"), len(row["text"]))),
        source=_source(row.get("source")),
        extra={whole(k): whole(str(v)) for k, v in extra.items()} if isinstance(extra, dict) else {},
    )


def _text(value: object) -> str:
    return whole(value) if isinstance(value, str) else ""


def _one_of(value: object, allowed: tuple[str, ...]) -> str:
    return value if isinstance(value, str) and value in allowed else UNKNOWN


def _sections(value: object, length: int) -> Iterator[Section]:
    for item in value if isinstance(value, list) else ():
        if misfit(item, {"start": int, "end": int}):
            continue
        start, end = item["start"], item["end"]
        if 0 <= start <= end <= length:
            yield Section(_text(item.get("question")), start, end)


def _source(value: object) -> Source | None:
    if not isinstance(value, dict) or not isinstance(value.get("file"), str):
        return None
    row, columns = value.get("row"), value.get("columns")
    return Source(
        file=whole(value["file"]),
        row=row if isinstance(row, int) and not isinstance(row, bool) else None,
        columns=tuple(whole(str(name)) for name in columns) if isinstance(columns, list) else (),
        sheet=_text(value.get("sheet")) or None,
    )
