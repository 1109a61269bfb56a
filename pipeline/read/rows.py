"""Rows of tables to nominations and rejections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from pipeline.errors import UnreadableInput
from pipeline.read.columns import Columns, choose_columns
from pipeline.read.headers import exact_value, vocabulary
from pipeline.read.heading import Heading, distinct, find_heading
from pipeline.read.mapping import Mapping, plain
from pipeline.read.source import LARGEST, Notes, place_of
from pipeline.read.table import Filler, Row, Table
from pipeline.records import Nomination, Rejection, Section, Source

Outcome = Nomination | Rejection
"""What becomes of a row. A nomination without an id in the file has an empty one until `read` gives it one."""

_SAMPLE = 300
_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))
_JOINT = "\n\n"
HIDDEN = "flag:hidden"
"""The key in `extra` that says of a nomination that its row or sheet was hidden."""


@dataclass(frozen=True, slots=True)
class _Opened:
    table: Table
    heading: Heading
    columns: Columns | None
    rows: Iterator[Row]
    first: tuple[str, ...] = ()
    """The cells of the first row of data."""


def outcomes(tables: Iterable[Table], file: str, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nominations and rejections of a file's tables, in order.

    Raises UnreadableInput where no table holds a text column, naming the columns seen and the way out.
    """
    wanted = {plain(name) for name in mapping.sheets}
    chosen = [table for table in tables if not wanted or table.sheet is None or plain(table.sheet) in wanted]
    if wanted and not chosen:
        raise UnreadableInput(f"{file} has none of the sheets {', '.join(map(repr, mapping.sheets))} (--map).")
    opened = [found for table in chosen if (found := _open(table, mapping)) is not None]
    if not opened:
        raise UnreadableInput(f"{file} holds no rows.")
    used = [each for each in opened if each.columns is not None]
    if not used:
        raise UnreadableInput(_no_text(file, opened, mapping))
    if any(each.columns is not None and each.columns.by_header for each in used):
        used = [each for each in used if each.columns is not None and each.columns.by_header]
    for each in opened:
        if each not in used:
            notes.warn(f"{place_of(file, each.table.sheet)}: no text column, passed over")
    empty = 0
    for each in used:
        row = None
        for row in _rows(each, file, notes):
            yield row
        if row is None:
            empty += 1
            notes.warn(f"{place_of(file, each.table.sheet)}: a header and no rows under it")
    if empty == len(used):
        raise UnreadableInput(f"{file} has a header and no rows under it.")


def _open(table: Table, mapping: Mapping) -> _Opened | None:
    rows = iter(table.rows)
    sample = list(islice(rows, _SAMPLE))
    if table.names:
        heading: Heading | None = Heading(distinct(table.names), 0)
    else:
        heading = find_heading(sample, table.merges, mapping)
    if heading is None:
        return None
    data = sample[heading.rows :]
    first = next((row.cells for row in data if not row.blank), ())
    return _Opened(table, heading, choose_columns_of(heading, data, mapping), chain(data, rows), first)


def choose_columns_of(heading: Heading, data: Sequence[Row], mapping: Mapping) -> Columns | None:
    """The columns of a table under this heading; None where a mapped header is absent or no column holds text."""
    return None if mapping.absent(heading.names) else choose_columns(heading.names, data, mapping)


def _no_text(file: str, opened: Sequence[_Opened], mapping: Mapping) -> str:
    names = [name for each in opened for name in each.heading.names]
    seen = ", ".join(repr(name) for name in dict.fromkeys(names))
    absent = [header for each in opened for header in mapping.absent(each.heading.names)]
    if absent:
        return f"{file} has no column {absent[0]!r} (--map); its columns are {seen}."
    return f'{file}: no column looks like the text of nominations; its columns are {seen}. Use --map text="HEADER".'


def _rows(opened: _Opened, file: str, notes: Notes) -> Iterator[Outcome]:
    columns, sheet = opened.columns, opened.table.sheet
    if columns is None:
        return
    notes.use(place_of(file, sheet), columns.used())
    notes.show(place_of(file, sheet), columns.names, opened.first)
    filler = Filler(opened.table.merges, frozenset(columns.text))
    size = 0
    for row in opened.rows:
        if row.blank:
            continue
        size += sum(map(len, row.cells))
        if size > LARGEST:
            raise UnreadableInput(
                f"{place_of(file, sheet, row.number)}: the cells hold more than 500 million characters by here; "
                "the rest is refused as unsafe. Split the file."
            )
        outcome = outcome_of(filler.filled(row), columns, Source(file, row.number, (), sheet), notes)
        yield _marked(outcome, "sheet" if opened.table.hidden else "row" if row.hidden else "")


def _marked(outcome: Outcome, hidden: str) -> Outcome:
    """The outcome; a nomination of a hidden row or sheet says so."""
    if not hidden or isinstance(outcome, Rejection):
        return outcome
    return replace(outcome, extra={**outcome.extra, HIDDEN: f"the {hidden} is hidden in the workbook"})


def outcome_of(row: Row, columns: Columns, source: Source, notes: Notes) -> Outcome:
    """What becomes of one row under these columns."""
    answers = [(place, row.cell(place)) for place in columns.text]
    answers = [(place, answer) for place, answer in answers if answer.strip() and answer.strip() not in _ERRORS]
    if not answers or _repeats_header(row, columns):
        reason = _no_answer(row, columns, source.sheet)
        return Rejection(source.file, reason, source.row, source.sheet, _content(row, columns.names))
    if len(row.cells) > len(columns.names):
        notes.warn(f"{place_of(source.file, source.sheet, source.row)}: more cells than the header, kept in extra")
    text, sections = _joined([(columns.names[place], answer) for place, answer in answers])
    source = Source(source.file, source.row, tuple(columns.names[place] for place, _ in answers), source.sheet)
    return _nomination(row, columns, text, sections, source)


def _nomination(row: Row, columns: Columns, text: str, sections: tuple[Section, ...], source: Source) -> Nomination:
    values = {
        field: " ".join(part for place in places if (part := row.cell(place).strip()))
        for field, places in columns.fields.items()
        if field != "text"
    }
    coded = {field: vocabulary().value(field, values.get(field, "")) for field in ("nominator", "setting", "level")}
    spent = set(columns.text)
    for field, places in columns.fields.items():
        if field not in coded or exact_value(values[field]) == coded[field]:
            spent.update(places)
    return Nomination(
        id=values.get("id", ""),
        text=text,
        nominee=values.get("nominee", ""),
        nominator=coded["nominator"],
        setting=coded["setting"],
        level=coded["level"],
        category=values.get("category", ""),
        sections=sections,
        source=source,
        extra={name: value for place, (name, value) in _filled_cells(row, columns.names) if place not in spent},
    )


def _filled_cells(row: Row, names: Sequence[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Each filled cell of a row: its place, the column's name (`column 9` beyond the header) and the cell."""
    for place, cell in enumerate(row.cells):
        if cell and not cell.isspace():
            yield place, (names[place] if place < len(names) else f"column {place + 1}", cell)


def _content(row: Row, names: Sequence[str]) -> dict[str, str]:
    return dict(pair for _, pair in _filled_cells(row, names))


def _joined(answers: Sequence[tuple[str, str]]) -> tuple[str, tuple[Section, ...]]:
    sections: list[Section] = []
    at = 0
    for question, answer in answers:
        sections.append(Section(question, at, at + len(answer)))
        at += len(answer) + len(_JOINT)
    return _JOINT.join(answer for _, answer in answers), tuple(sections)


def _repeats_header(row: Row, columns: Columns) -> bool:
    return all(row.cell(place).strip() == columns.names[place] for place in columns.text)


def _no_answer(row: Row, columns: Columns, sheet: str | None) -> str:
    names = " or ".join(repr(columns.names[place]) for place in columns.text)
    if any(row.cell(place).strip() for place in columns.text) and _repeats_header(row, columns):
        return "repeats the header"
    if row.unsaved & set(columns.text):
        return f"no text in {names}: a formula without a stored result; open the file in Excel, save it, try again"
    if any(row.cell(place).strip() in _ERRORS for place in columns.text):
        return f"no text in {names}: a formula that failed"
    if sheet is None and len(row.cells) <= min(columns.text):
        return f"no text in {names}: {len(row.cells)} of {len(columns.names)} cells (a stray line break above?)"
    return f"no text in {names}"
