"""A table as read from any file: numbered rows of cells, its header found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.read.headers import known_header

Row = tuple[int, list[str]]

HEADER_WITHIN = 15
"""The header is looked for in this many first rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's header (distinct names, in order) and the numbered rows below it; blank rows are left out."""

    file: str
    sheet: str | None
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def csv_rows(text: str) -> Iterator[Row]:
    """The rows of delimited text, each numbered by the line on which it starts; the delimiter is found from the text."""
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _delimiter(text: str) -> str:
    """The character of `,` `;` tab `|` that cuts the first rows into the most, and the same number of, cells."""
    best, best_score = ",", 0.0
    sample = text[:200_000]
    for candidate in ",;\t|":
        widths = []
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=candidate):
                widths.append(len(cells))
                if len(widths) >= 30:
                    break
        except csv.Error:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = (common - 1) * widths.count(common) / max(1, len(widths))
        if score > best_score:
            best, best_score = candidate, score
    return best


def table_of(rows: Sequence[Row], file: str, sheet: str | None) -> Table | None:
    """The table in these rows, or None where there is no row with words.

    The header is the row among the first ones that names the most fields that forms have; where none does, the first
    row with as many cells as the widest. A second header row (group titles above it) is passed over with the rest.
    """
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        return None
    at = _header_at(filled)
    width = max(len(cells) for _, cells in filled)
    header = _distinct([*filled[at][1], *[""] * (width - len(filled[at][1]))])
    return Table(file, sheet, header, tuple(filled[at + 1 :]))


def _header_at(rows: Sequence[Row]) -> int:
    scores = []
    for _, cells in rows[:HEADER_WITHIN]:
        words = [cell.strip() for cell in cells if cell.strip()]
        known = sum(known_header(word) for word in words)
        short = sum(len(word) < 200 for word in words) == len(words)
        scores.append((known if short else 0, len(set(words)) if short else 0))
    most = max(known for known, _ in scores)
    if most:
        return next(i for i, (known, _) in enumerate(scores) if known == most)
    widest = max(len([c for c in cells if c.strip()]) for _, cells in rows[:HEADER_WITHIN])
    return next((i for i, (_, cells) in enumerate(rows[:HEADER_WITHIN]) if len([c for c in cells if c.strip()]) == widest), 0)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Header names made distinct: empty ones `column N`, repeated ones with ` (2)`."""
    out: list[str] = []
    for number, raw in enumerate(names, 1):
        name = " ".join(raw.split()) or f"column {number}"
        copy, count = name, 1
        while copy in out:
            count += 1
            copy = f"{name} ({count})"
        out.append(copy)
    return tuple(out)
