"""The workbook of rejections, for people: where each row stood, why it was rejected, and the row itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.records import Rejection
from pipeline.storage import renamed_into_place

_HEADS = ("File", "Sheet", "Row", "Why it was rejected")
_LONGEST_CELL = 32_000
_MOST_COLUMNS = 500
_MOST_ROWS = 1_000_000
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CUT = " … (cut; the whole is in the .jsonl file)"


def workbook_beside(rejects: Path) -> Path:
    """The workbook that goes with a rejects file."""
    return rejects.with_name(f"{rejects.name.removesuffix('.jsonl')}.xlsx")


def write_workbook(rejections: Sequence[Rejection], path: Path) -> None:
    """Write a row a rejection; every cell is text, so that none is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rejected")
    names = list(dict.fromkeys(name for each in rejections for name in each.content))[:_MOST_COLUMNS]
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCD", (30, 16, 8, 60), strict=True):
        sheet.column_dimensions[letter].width = width

    def cell(value: str) -> Any:
        found = WriteOnlyCell(sheet, "")
        found.value = _writable(value)
        found.data_type = "s"
        return found

    sheet.append([cell(name) for name in (*_HEADS, *names)])
    for each in rejections[:_MOST_ROWS]:
        sheet.append(
            [cell(each.file), cell(each.sheet or ""), each.row, cell(each.reason)]
            + [cell(each.content.get(name, "")) for name in names]
        )
    with renamed_into_place(path) as part:
        book.save(part)


def _writable(text: str) -> str:
    text = _UNWRITABLE.sub("\ufffd", text)
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL] + _CUT
