"""Composes adjudication: a worksheet of the places where annotators differ, and its decisions taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import InvalidCorpus, UnreadableInput
from pipeline.frameworks import Frameworks
from pipeline.labels.exchange.cells import plain, safe
from pipeline.labels.exchange.corpus import read_texts
from pipeline.labels.exchange.decide import decisions
from pipeline.labels.exchange.lines import write
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import ANNOTATOR, DECISION, MODEL, LabelledText, Labelling, Span
from pipeline.labels.exchange.tool import Context
from pipeline.storage import renamed_into_place, written_whole
from pipeline.workflow.agree import Unit, units_of

_AROUND = 200
_FIXED = ("id", "start", "end", "before", "sentence", "after")
_DECISION, _NONE = "decision", "-"


def worksheet(corpus: Sequence[Path], frameworks: Frameworks, output: Path, *, again: bool) -> int:
    """Write the worksheet (.xlsx or .csv): a row a place on which annotators differ; returns how many.

    Places that are decided are left out, or with `again` shown with their decision. The column `decision` takes labels
    parted by spaces, or `-` for none; what stays empty stays open.
    """
    names = Names(frameworks)
    texts = list(read_texts(corpus, names))
    units = [unit for unit in units_of(texts, names) if len(set(unit.said.values())) > 1]
    decided = {text.id: {s.place: s.labels for one in text.of(DECISION) for s in one.spans} for text in texts}
    who = sorted({by for unit in units for by in unit.said})
    rows = [[*_FIXED, *(f"by {name}" for name in who), _DECISION, "note"]]
    for unit in units:
        said = decided[unit.text.id].get((unit.start, unit.end))
        if said is None or again:
            rows.append(_row(unit, who, said, names))
    if output.suffix.lower() == ".xlsx":
        _write_workbook(rows, output)
    else:
        with written_whole(output) as stream:
            csv.writer(stream, lineterminator="\n").writerows([[safe(cell) for cell in row] for row in rows])
    return len(rows) - 1


def _row(unit: Unit, who: Sequence[str], decided: Sequence[str] | None, names: Names) -> list[str]:
    text = unit.text.text
    around = text[max(0, unit.start - _AROUND) : unit.start], text[unit.end : unit.end + _AROUND]
    said = [_cell(names.least(unit.said[by])) if by in unit.said else "" for by in who]
    place = [unit.text.id, str(unit.start), str(unit.end), around[0], text[unit.start : unit.end], around[1]]
    return [*place, *said, "" if decided is None else _cell(decided), ""]


def _cell(labels: Sequence[str]) -> str:
    return " ".join(labels) or _NONE


def _write_workbook(rows: Sequence[Sequence[str]], output: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = "Adjudication"
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(row=number, column=column, value=safe(value))
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for column, heading in enumerate(rows[0]):
        width = 60 if heading == "sentence" else 30 if heading not in ("id", "start", "end") else 10
        sheet.column_dimensions[sheet.cell(row=1, column=column + 1).column_letter].width = width
    sheet.freeze_panes = "A2"
    with renamed_into_place(output) as part:
        book.save(part)


def take_back(corpus: Sequence[Path], frameworks: Frameworks, sheet: Path, output: Path, *, by: str) -> tuple[int, int]:
    """Write the corpus with the worksheet's decisions; returns how many were taken and how many places stay open.

    Raises InvalidCorpus with the row for labels of no framework in use and places not in the corpus.
    """
    names = Names(frameworks)
    texts = {text.id: text for text in read_texts(corpus, names)}
    taken: dict[str, dict[tuple[int, int], Span]] = {}
    count = 0
    for number, row in _read(sheet):
        where = f"{sheet}, row {number}"
        said = row.get(_DECISION, "").strip()
        if not said:
            continue
        text = texts.get(row.get("id", ""))
        place = (_number(row.get("start")), _number(row.get("end")))
        if text is None or text.text[max(0, place[0]) : max(0, place[1])] != row.get("sentence") or place[0] < 0:
            raise InvalidCorpus(f"{where}: this sentence is not in the corpus; use the worksheet that was made of it.")
        labels = names.least(full for name in said.split() if name != _NONE and (full := names.read(name, where)))
        kinds = sum(label.full in labels for label in frameworks.kinds or ())
        if frameworks.kinds and kinds != 1:
            raise InvalidCorpus(f"{where}: {kinds} kinds in {said!r}; a sentence has one.")
        taken.setdefault(text.id, {})[place] = Span(*place, labels)
        count += 1
    done = [_decided(text, taken.get(text.id, {}), names, by) for text in texts.values()]
    write(done, output, Context(names))
    return count, sum(decisions(text, names)[1] for text in done)


def _number(cell: str | None) -> int:
    return int(cell) if cell and cell.isdecimal() else -1


def _decided(text: LabelledText, taken: dict[tuple[int, int], Span], names: Names, by: str) -> LabelledText:
    """The text with one decision that holds what was decided before, what annotators agree on, and what is new."""
    if not taken:
        return text
    before = {place: Span(*place, labels) for place, labels in decisions(text, names)[0].items()}
    spans = tuple(span for _, span in sorted((before | taken).items()))
    return replace(text, labellings=(*text.of(ANNOTATOR), Labelling(DECISION, spans, by), *text.of(MODEL)))


def _read(sheet: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a worksheet by heading, with their numbers; raises UnreadableInput."""
    try:
        if sheet.suffix.lower() == ".xlsx":
            from openpyxl import load_workbook

            cells = [["" if v is None else str(v) for v in row] for row in load_workbook(sheet).active.values]
        else:
            cells = list(csv.reader(io.StringIO(sheet.read_bytes().decode("utf-8-sig"), newline="")))
    except Exception as error:  # openpyxl documents none of what it raises for a damaged file
        raise UnreadableInput(f"{sheet} cannot be read ({error}). Save it as .xlsx or .csv (UTF-8) again.") from error
    if not cells or not {"id", "start", "end", "sentence", _DECISION} <= set(cells[0]):
        raise UnreadableInput(f"{sheet} is no worksheet of `leadlight labels adjudicate`: columns are missing.")
    return [
        (number, {key: plain(value) for key, value in zip(cells[0], row, strict=False)})
        for number, row in enumerate(cells[1:], 2)
    ]
