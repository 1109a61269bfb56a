"""Excel workbooks: every visible sheet's rows with the row numbers that Excel shows."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from pipeline.errors import UnreadableInput
from pipeline.read.table import Row

LARGEST = 500_000_000
"""Bytes that a packed file (xlsx, docx) may hold when unpacked."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def opened_package(content: bytes, name: str, needs: str, kind: str) -> None:
    """Check that a packed Office file is one: raises UnreadableInput saying what is wrong with it otherwise."""
    if content.startswith(_OLE):
        raise UnreadableInput(f"{name} is an old or password-protected {kind} file. Save it as a plain new one (.xlsx or .docx).")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST:
                raise UnreadableInput(f"{name} would unpack to more than 500 MB; it is not read.")
            if needs not in archive.namelist():
                raise UnreadableInput(f"{name} is not the {kind} file that its name says. Save it again from the program it came from.")
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableInput(f"{name} is damaged or no {kind} file ({error}). Save it again from the program it came from.") from error


def workbook_sheets(content: bytes, name: str) -> Iterator[tuple[str, list[Row]]]:
    """Each worksheet's title and its numbered rows of cell texts, hidden rows included.

    Raises UnreadableInput where the bytes are no workbook.
    """
    opened_package(content, name, "xl/workbook.xml", "Excel")
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for sheet in book.worksheets:
                if hasattr(sheet, "reset_dimensions"):
                    sheet.reset_dimensions()
                rows = [
                    (number, [cell_text(value) for value in values])
                    for number, values in enumerate(sheet.iter_rows(values_only=True), 1)
                ]
                yield sheet.title, rows
            book.close()
    except UnreadableInput:
        raise
    except Exception as error:  # openpyxl raises whatever its XML parser met
        raise UnreadableInput(f"{name} cannot be read as an Excel workbook ({error}). Save it again from Excel.") from error


def cell_text(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, dates as year-month-day, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _unescaped(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _unescaped(text: str) -> str:
    """Excel's `_x000D_` escapes as the characters that they stand for."""
    if "_x" not in text:
        return text
    from openpyxl.utils.escape import unescape

    return str(unescape(text))
