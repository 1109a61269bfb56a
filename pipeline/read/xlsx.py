"""Excel workbooks to rows: every sheet, cell by cell as stored, hidden rows included and marked.

Read here rather than with openpyxl, which drops the escapes that tell a typed `_x000D_` from a line break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

from pipeline.errors import UnreadableInput
from pipeline.read.mapping import Mapping
from pipeline.read.package import attribute, name_of, open_package
from pipeline.read.rows import Outcome, outcomes
from pipeline.read.source import Input, Notes
from pipeline.read.table import WIDEST, Merge, Row, Table
from pipeline.read.workbook import Workbook, read_workbook, string_of, unescaped

_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_LETTERS = re.compile(r"[A-Z]+")
_CHUNK = 1 << 20
_MOST_MERGES = 100_000
_MOST_BETWEEN_ROWS = 40 * WIDEST
"""Elements of one row, or between two rows: more is no sheet that a program wrote."""
_YES = ("1", "true", "on")


def read_xlsx(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nominations and rejections of a workbook; raises UnreadableInput where it is none, locked or damaged."""
    with open_package(source, "Excel workbook", ".xlsx") as package:
        book = read_workbook(package, source.name)
        tables = [
            Table(_rows(package, sheet.member, book), sheet.name, _merges(package, sheet.member), hidden=sheet.hidden)
            for sheet in book.sheets
        ]
        if not tables:
            raise UnreadableInput(f"{source.name} holds no sheets with cells.")
        yield from outcomes(tables, source.name, mapping, notes)


def _rows(package: ZipFile, member: str, book: Workbook) -> Iterator[Row]:
    number = 0
    with package.open(member) as stream:
        data: Element | None = None
        waiting = 0
        for event, element in iterparse(stream, ("start", "end")):  # noqa: S314 - open_package has refused document types
            waiting += 1
            if waiting > _MOST_BETWEEN_ROWS:
                raise ValueError(f"more than {WIDEST:,} columns after row {number}")
            if event == "start":
                data = element if name_of(element) == "sheetData" else data
            elif name_of(element) == "row":
                number = int(attribute(element, "r") or number + 1)
                waiting = 0
                yield _row(element, number, book)
                if data is not None:
                    data.clear()


def _row(element: Element, number: int, book: Workbook) -> Row:
    cells: dict[int, str] = {}
    unsaved: set[int] = set()
    place = -1
    for cell in element:
        reference = _LETTERS.match(attribute(cell, "r"))
        place = column_of(reference[0]) if reference else place + 1
        if place >= WIDEST:
            raise ValueError(f"row {number} has a cell beyond the last column")
        value, formula = _value(cell, book)
        if value:
            cells[place] = value
        elif formula:
            unsaved.add(place)
    width = max(cells, default=-1) + 1
    hidden = attribute(element, "hidden") in _YES
    return Row(number, tuple(cells.get(at, "") for at in range(width)), frozenset(unsaved), hidden)


def _value(cell: Element, book: Workbook) -> tuple[str, bool]:
    """A cell's stored value as text, and whether it is a formula."""
    kind = attribute(cell, "t") or "n"
    parts = {name_of(child): child for child in cell}
    formula = "f" in parts
    if kind == "inlineStr":
        return (string_of(parts["is"]) if "is" in parts else ""), formula
    raw = (parts["v"].text or "") if "v" in parts else ""
    if kind == "s":
        return (book.strings[int(raw)] if raw else ""), formula
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(raw, raw), formula
    if kind == "n" and raw:
        return book.number(raw.strip(), int(attribute(cell, "s") or 0)), formula
    return unescaped(raw), formula


def _merges(package: ZipFile, member: str) -> tuple[Merge, ...]:
    """The merged ranges; they stand after the rows, so they are looked for without parsing the sheet twice."""
    found: list[Merge] = []
    with package.open(member) as stream:
        tail = b""
        while (chunk := stream.read(_CHUNK)) and len(found) < _MOST_MERGES:
            window = tail + chunk
            matches = list(_MERGE.finditer(window))
            for left, top, right, bottom in (match.groups() for match in matches):
                found.append(Merge(int(top), int(bottom), column_of(left.decode()), column_of(right.decode())))
            tail = window[matches[-1].end() if matches else 0 :][-200:]
    return tuple(found)


def column_of(letters: str) -> int:
    """The place of a column by its letters: A is 0, Z 25, AA 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
