"""Excel workbooks of before 2007 (.xls) to rows, with xlrd; and the other things that go under that name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pipeline.errors import UnreadableInput
from pipeline.read.delimited import read_delimited
from pipeline.read.mapping import Mapping
from pipeline.read.package import OLD_OFFICE
from pipeline.read.rows import Outcome, outcomes
from pipeline.read.source import Input, Notes
from pipeline.read.table import WIDEST, Merge, Row, Table
from pipeline.read.workbook import Workbook
from pipeline.read.xlsx import read_xlsx

_START = 4096


def read_xls(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nominations and rejections of an old workbook, or of a new one or a text that bears its name ending.

    Raises UnreadableInput where it is none, locked or damaged, or a web page under an Excel name.
    """
    data = source.data()
    start = data[:_START].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    held = Input(source.name, content=data)
    if start.startswith(b"pk\x03\x04"):
        yield from read_xlsx(held, mapping, notes)
    elif start.startswith((b"<", b"mime-version:")):
        raise UnreadableInput(
            f"{source.name} is a web page or XML under an Excel name; open it in Excel and save it as .xlsx."
        )
    elif not data.startswith(OLD_OFFICE):
        yield from read_delimited(held, mapping, notes)
    else:
        yield from outcomes(list(_tables(data, source.name)), source.name, mapping, notes)


def _tables(data: bytes, name: str) -> Iterator[Table]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        codes = tuple(_code(book, style.format_key) for style in book.xf_list)
        own = Workbook((), (), codes, bool(book.datemode))
        for sheet in book.sheets():
            yield Table(tuple(_rows(sheet, own)), sheet.name, tuple(_merges(sheet)), hidden=bool(sheet.visibility))
    except Exception as error:  # xlrd meets damage with whatever error it runs into
        raise UnreadableInput(_refusal(name, error)) from error


def _refusal(name: str, error: Exception) -> str:
    reason = str(error) or type(error).__name__
    if "encrypted" in reason.casefold():
        return f"{name} is locked with a password; save a copy without one."
    return f"{name} is no old Excel workbook or is damaged ({reason}). Open it in Excel and save it as .xlsx."


def _code(book: Any, key: int) -> str:
    found = book.format_map.get(key)
    return str(found.format_str) if found is not None else "General"


def _rows(sheet: Any, book: Workbook) -> Iterator[Row]:
    for place in range(sheet.nrows):
        cells = tuple(_text(cell, book) for cell in sheet.row(place)[:WIDEST])
        info = sheet.rowinfo_map.get(place)
        yield Row(place + 1, cells, hidden=bool(info is not None and info.hidden))


def _text(cell: Any, book: Workbook) -> str:
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return book.number(repr(cell.value), cell.xf_index or 0)
        case xlrd.XL_CELL_BOOLEAN:
            return str(bool(cell.value)).upper()
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""


def _merges(sheet: Any) -> Iterator[Merge]:
    for top, bottom, left, right in sheet.merged_cells:
        yield Merge(top + 1, bottom, left, right - 1)
