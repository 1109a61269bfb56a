"""Where a table's header is: below title rows, in one row or two, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.read.headers import vocabulary
from pipeline.read.mapping import Mapping
from pipeline.read.table import Merge, Row

_DEEPEST = 40
_LONG_WORDS = 50
_LONG_LABEL = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """The distinct column names and how many of the sampled rows come before the first row of data."""

    names: tuple[str, ...]
    rows: int
    row: int | None = None
    """The row number of the lowest header row; None where the table has no header."""


def find_heading(sample: Sequence[Row], merges: Sequence[Merge], mapping: Mapping) -> Heading | None:
    """The heading of a table by its first rows; None where there is nothing but blank rows."""
    filled = [(index, row) for index, row in enumerate(sample) if not row.blank]
    if not filled:
        return None
    width = max(len(row.cells) for _, row in filled)
    best, best_score = -1, 0
    for index, row in filled[:_DEEPEST]:
        score = _score(row, mapping, width)
        if score > best_score:
            best, best_score = index, score
        if best_score and _has_long_answer(row) and index != best:
            break
    if best < 0:
        best = _first_label_row(filled, width)
    if best < 0:
        first = filled[0][0]
        return Heading(tuple(f"column {number}" for number in range(1, width + 1)), first)
    return _with_neighbour(sample, best, merges)


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names with empty ones numbered by their column and repeated ones told apart as `name (2)`."""
    seen: set[str] = set()
    out = []
    for number, name in enumerate(names, 1):
        base = name.strip() or f"column {number}"
        choice, count = base, 1
        while choice in seen:
            count += 1
            choice = f"{base} ({count})"
        seen.add(choice)
        out.append(choice)
    return tuple(out)


def _score(row: Row, mapping: Mapping, width: int) -> int:
    cells = [cell for cell in row.cells if cell.strip()]
    wanted = len(mapping.pairs) - len(mapping.absent(cells))
    if len(cells) == 1 and width > 1 and not wanted:
        return 0
    return 100 * wanted + sum(bool(vocabulary().role(cell)) for cell in cells)


def _has_long_answer(row: Row) -> bool:
    return any(len(cell.split()) > _LONG_WORDS for cell in row.cells if not vocabulary().role(cell))


def _first_label_row(filled: Sequence[tuple[int, Row]], width: int) -> int:
    """The first row of short cells in a table where no header is known; -1 where long answers come first."""
    for index, row in filled[:_DEEPEST]:
        if _has_long_answer(row):
            return -1
        if width == 1 or sum(bool(cell.strip()) for cell in row.cells) > 1:
            return index
    return -1


def _with_neighbour(sample: Sequence[Row], best: int, merges: Sequence[Merge]) -> Heading:
    row = sample[best]
    below = sample[best + 1] if best + 1 < len(sample) else None
    above = sample[best - 1] if best else None
    if below is not None and _completes(row, below):
        return Heading(distinct(_combined(row, below, merges)), best + 2, below.number)
    if above is not None and _heads(above, row, merges):
        return Heading(distinct(_combined(above, row, merges)), best + 1, row.number)
    return Heading(distinct(_across(row, merges)), best + 1, row.number)


def _completes(upper: Row, lower: Row) -> bool:
    """Whether the lower row holds the finer headers of groups in the upper one."""
    cells = {index: cell for index, cell in enumerate(lower.cells) if cell.strip()}
    if not cells or any(len(cell) > _LONG_LABEL for cell in cells.values()):
        return False
    known = sum(bool(vocabulary().role(cell)) for cell in cells.values())
    return 2 * known >= len(cells) and any(not upper.cell(index).strip() for index in cells)


def _heads(upper: Row, lower: Row, merges: Sequence[Merge]) -> bool:
    """Whether the upper row names groups of the columns that the lower one names."""
    cells = [cell for cell in upper.cells if cell.strip()]
    spans = [merge.left for merge in merges if merge.top == upper.number and merge.right > merge.left]
    known = any(vocabulary().heads_a_group(cell) for cell in cells)
    gaps = any(cell.strip() and not upper.cell(index).strip() for index, cell in enumerate(lower.cells))
    short = all(len(cell) <= _LONG_LABEL for cell in cells)
    several = len(cells) > 1 or min(spans, default=0) > 0
    return short and gaps and several and (known or len(spans) > 1)


def _combined(upper: Row, lower: Row, merges: Sequence[Merge]) -> list[str]:
    names: list[str] = []
    groups = _across(upper, merges)
    group, width = "", max(len(groups), len(lower.cells))
    for index in range(width):
        own = groups[index].strip() if index < len(groups) else ""
        sub = lower.cell(index).strip()
        if own or not sub or _after_span(index, merges, upper.number):
            group = own
        names.append(f"{group}: {sub}" if group and sub and group != sub else sub or group)
    return names


def _after_span(index: int, merges: Sequence[Merge], number: int) -> bool:
    """Whether a merged group has ended before this column, so that the group does not reach it."""
    return any(merge.top == number and merge.right == index - 1 for merge in merges)


def _across(row: Row, merges: Sequence[Merge]) -> list[str]:
    """The cells of a header row with horizontally merged ones repeated over their columns."""
    cells = list(row.cells)
    for merge in merges:
        if merge.top <= row.number <= merge.bottom and merge.right > merge.left and merge.right < 1000:
            cells += [""] * (merge.right + 1 - len(cells))
            cells[merge.left : merge.right + 1] = [row.cell(merge.left)] * (merge.right - merge.left + 1)
    return cells
