"""Delimited text (CSV, TSV and their kin) to rows: quoting, line breaks in cells, stray quotation marks, no limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from pipeline.errors import UnreadableInput
from pipeline.read.encoding import decode
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome, outcomes
from pipeline.read.source import Input, Notes
from pipeline.read.table import WIDEST, Row, Table

DELIMITERS = (",", ";", "\t", "|")
_NONE = "\0none"
_SAMPLE_RECORDS = 200
_LINE_END = re.compile(r"\r|\n")
_PATIENCE = 25
"""Quotation marks against the rules in one cell before another reading is tried: it keeps hopeless files fast."""


@dataclass(frozen=True, slots=True)
class _Record:
    cells: tuple[str, ...]
    end: int
    loose: int | None = None
    """The cell whose quotation marks do not follow the rules, if any."""
    fault: str = ""
    """Of the last such cell: `bare` quotes inside it, `open` at the end of the text, `lost` when given up before."""


def read_delimited(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nominations and rejections of a CSV or TSV file; raises UnreadableInput where it is no table of text."""
    text = decode(source.data(), source.name)
    yield from outcomes([Table(_named(parse(text), source.name))], source.name, mapping, notes)


def _named(rows: Iterator[Row], name: str) -> Iterator[Row]:
    try:
        yield from rows
    except UnreadableInput as error:
        raise UnreadableInput(f"{name} has {error}.") from error


def parse(text: str) -> Iterator[Row]:
    """Each row with the number of the line it starts on; the delimiter is the one that gives the steadiest rows."""
    start, line = 0, 1
    delimiter = ""
    if text[:4].casefold() == "sep=":
        delimiter = text[4:5]
        start, line = _line_end(text, 0), 2
    if not delimiter:
        delimiter, width = sniff(text)
    else:
        width = _usual_width(text[start:], delimiter)[0]
    while start < len(text):
        record = _settled(text, start, delimiter, width)
        yield Row(line, record.cells)
        line += _line_breaks(text[start : record.end])
        start = record.end


def sniff(text: str) -> tuple[str, int]:
    """The delimiter and the usual number of cells a row; a text without any delimiter is one column."""
    best, best_share, best_width = _NONE, 0.0, 1
    for delimiter in DELIMITERS:
        width, share = _usual_width(text, delimiter)
        if width > 1 and share > 0.4 and (share, width) > (best_share, best_width):
            best, best_share, best_width = delimiter, share, width
    if best == _NONE:
        head = _record(text, 0, ",").cells
        best, best_width = (",", len(head)) if len(head) > 1 or text[:1] == '"' else (_NONE, 1)
    return best, best_width


def _usual_width(text: str, delimiter: str) -> tuple[int, float]:
    widths = [len(cells) for cells in islice(_records(text, delimiter), _SAMPLE_RECORDS) if any(cells)]
    if not widths:
        return 1, 0.0
    width, count = max(Counter(widths).items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    return width, count / len(widths)


def _records(text: str, delimiter: str) -> Iterator[tuple[str, ...]]:
    start = 0
    while start < len(text):
        record = _record(text, start, delimiter)
        yield record.cells
        start = record.end


def _settled(text: str, start: int, delimiter: str, width: int) -> _Record:
    """The record at `start`; a stray quotation mark that would swallow the rows below is taken as a character."""
    literal: frozenset[int] = frozenset()
    patience = _PATIENCE
    while True:
        record = _record(text, start, delimiter, literal, patience)
        if record.loose is None:
            return record
        several_lines = _line_breaks(text[start : record.end].rstrip("\r\n")) > 0
        if not several_lines and record.fault == "bare":
            return record
        other = _record(text, start, delimiter, literal | {record.loose}, patience)
        if not several_lines and record.fault == "open":
            return other
        if other.end < record.end and _fits_better(text, other, record, delimiter, width):
            literal |= {record.loose}
        elif record.fault == "lost":
            patience = len(text)
        else:
            return record


def _fits_better(text: str, other: _Record, record: _Record, delimiter: str, width: int) -> bool:
    """Whether the reading that ends earlier has the usual number of cells, and so have the rows it gives back."""
    if len(other.cells) != width:
        return False
    if record.fault != "lost" and len(record.cells) != width:
        return True
    return len(_record(text, other.end, delimiter).cells) == width


def _record(
    text: str, start: int, delimiter: str, literal: frozenset[int] = frozenset(), patience: int = _PATIENCE
) -> _Record:
    cells: list[str] = []
    loose: int | None = None
    fault = ""
    at = start
    while True:
        if text[at : at + 1] == '"' and len(cells) not in literal:
            cell, at, found = _quoted(text, at + 1, delimiter, patience)
            loose, fault = (len(cells), found) if found else (loose, fault)
        else:
            end = _cell_end(text, at, delimiter)
            cell, at = text[at:end], end
        cells.append(cell)
        if len(cells) > WIDEST:
            raise UnreadableInput(f"a row of more than {WIDEST:,} cells, which no form has; check what it is")
        if fault == "lost" or text[at : at + 1] != delimiter:
            return _Record(tuple(cells), at + (2 if text[at : at + 2] == "\r\n" else at < len(text)), loose, fault)
        at += 1


def _quoted(text: str, at: int, delimiter: str, patience: int) -> tuple[str, int, str]:
    """The quoted cell with content from `at`, where it ends, and its fault: as in a record."""
    parts: list[str] = []
    bare = 0
    while True:
        quote = text.find('"', at)
        if quote < 0:
            parts.append(text[at:])
            return "".join(parts), len(text), "open"
        after = text[quote + 1 : quote + 2]
        if after == '"':
            parts.append(text[at : quote + 1])
            at = quote + 2
        elif after in ("", delimiter, "\r", "\n"):
            parts.append(text[at:quote])
            return "".join(parts), quote + 1, "bare" if bare else ""
        else:
            parts.append(text[at : quote + 1])
            at, bare = quote + 1, bare + 1
            if bare > patience:
                return "".join(parts), at, "lost"


@cache
def _ends(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(delimiter)}|\r|\n")


def _cell_end(text: str, at: int, delimiter: str) -> int:
    match = _ends(delimiter).search(text, at)
    return match.start() if match else len(text)


def _line_stop(text: str, at: int) -> int:
    match = _LINE_END.search(text, at)
    return match.start() if match else len(text)


def _line_end(text: str, at: int) -> int:
    stop = _line_stop(text, at)
    return stop + (2 if text[stop : stop + 2] == "\r\n" else 1)


def _line_breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")
