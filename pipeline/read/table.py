"""A table as any reader gives it: rows of cells in order, and the merged ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as the spreadsheet shows it, its cells, and the places of formulas without a stored result."""

    number: int
    cells: tuple[str, ...]
    unsaved: frozenset[int] = frozenset()

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


@dataclass(slots=True)
class Filler:
    """Carries the value of a cell merged over several rows to each of them."""

    merges: tuple[Merge, ...]
    skip: frozenset[int] = frozenset()
    """Columns that are left as they are (long answers)."""
    _held: dict[Merge, str] = field(default_factory=dict)

    def filled(self, row: Row) -> Row:
        """The row with the values of vertical merges in it."""
        if not self.merges:
            return row
        cells = list(row.cells)
        for merge in self._covering(row.number):
            if row.number == merge.top:
                self._held[merge] = row.cell(merge.left)
            elif not row.cell(merge.left) and self._held.get(merge):
                cells += [""] * (merge.left + 1 - len(cells))
                cells[merge.left] = self._held[merge]
        return Row(row.number, tuple(cells), row.unsaved)

    def _covering(self, number: int) -> Iterator[Merge]:
        for merge in self.merges:
            if merge.top <= number <= merge.bottom and merge.bottom > merge.top and merge.left not in self.skip:
                yield merge
