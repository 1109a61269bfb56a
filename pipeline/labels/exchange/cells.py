"""Cells of tables that people open in spreadsheets: none can be a formula, and nothing of the text is lost by that."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def safe(value: str) -> str:
    """The value with an apostrophe before what a spreadsheet would take for a formula; `plain` takes it off again."""
    return f"'{value}" if _FORMULA.match(value) else value


def plain(cell: str) -> str:
    """The value that `safe` made the cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
