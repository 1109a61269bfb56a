"""A table as any reader gives it: rows of cells in order, and the merged ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

WIDEST = 16_384
"""The most columns of a table, those of Excel; a wider one is refused as no table that a person made."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as the spreadsheet shows it, its cells, and the places of formulas without a stored result."""

    number: int
    cells: tuple[str, ...]
    unsaved: frozenset[int] = frozenset()
    hidden: bool = False

    @property
    def blank(self) -> bool:
        """Whether the row holds nothing at all."""
        return not self.unsaved and not any(cell and not cell.isspace() for cell in self.cells)

    def cell(self, index: int) -> str:
        """The cell at a place; empty beyond the last."""
        return self.cells[index] if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: row numbers as shown, columns from 0, all inclusive; the first cell holds the value."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to be read once, the sheet they stand on, and what is known of it before reading.

    `names` are given where the format itself names columns (Parquet); then every row is data.
    """

    rows: Iterable[Row]
    sheet: str | None = None
    merges: tuple[Merge, ...] = ()
    names: tuple[str, ...] = ()
    hidden: bool = False
    """Whether the sheet is hidden; it is read all the same."""


class Filler:
    """Carries the value of a cell merged over several rows to each of them; rows are given in order."""

    def __init__(self, merges: Iterable[Merge], skip: frozenset[int] = frozenset()) -> None:
        """Fill these ranges, save in the columns to skip (long answers)."""
        tall = (merge for merge in merges if merge.bottom > merge.top and merge.left not in skip)
        self._waiting = sorted(tall, key=lambda merge: merge.top, reverse=True)
        self._held: dict[Merge, str] = {}

    def filled(self, row: Row) -> Row:
        """The row with the values of vertical merges in it."""
        while self._waiting and self._waiting[-1].top <= row.number:
            merge = self._waiting.pop()
            if merge.top == row.number:
                self._held[merge] = row.cell(merge.left)
        if not self._held:
            return row
        cells = list(row.cells)
        for merge, value in list(self._held.items()):
            if row.number > merge.bottom:
                del self._held[merge]
            elif value and not row.cell(merge.left):
                cells += [""] * (merge.left + 1 - len(cells))
                cells[merge.left] = value
        return replace(row, cells=tuple(cells))
