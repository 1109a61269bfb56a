"""OpenDocument files: spreadsheets (.ods) to rows, texts (.odt) to a nomination.

Read here, for the readers at hand join the words on both sides of a line break or tab in a cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

from pipeline.errors import UnreadableInput
from pipeline.read.forms import Block, Grid, lines, outcomes_of_document
from pipeline.read.mapping import Mapping
from pipeline.read.package import attribute, name_of, open_package, tree
from pipeline.read.rows import Outcome, outcomes
from pipeline.read.source import Input, Notes
from pipeline.read.table import WIDEST, Merge, Row, Table

_CONTENT = "content.xml"
_PASSED_OVER = frozenset(
    ("annotation", "annotation-end", "tracked-changes", "note", "placeholder", "label", "ruby-text", "forms", "shapes")
)
_BREAKS = {"tab": "\t", "line-break": "\n"}
_MOST_SPACES = 1_000
_MOST_REPEATED = 1_000
_MOST_ELEMENTS = 40 * WIDEST


def read_ods(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nominations and rejections of a spreadsheet; raises UnreadableInput where it is none, locked or damaged."""
    with open_package(source, "OpenDocument spreadsheet", ".ods") as package:
        _refuse_others(package, source.name)
        tables = list(_sheets(package))
        if not tables:
            raise UnreadableInput(f"{source.name} holds no sheets; check what it is, or save it as .xlsx.")
        yield from outcomes(tables, source.name, mapping, notes)


def read_odt(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nomination of a text document, or those that its table lists.

    Comments, notes and text marked as deleted are left out. Raises UnreadableInput where it is none, locked or damaged.
    """
    with open_package(source, "OpenDocument text", ".odt") as package:
        _refuse_others(package, source.name)
        root = tree(package, _CONTENT)
        texts = [] if root is None else [each for each in root.iter() if name_of(each) == "text" and len(each)]
        if root is None or not texts:
            raise UnreadableInput(f"{source.name} holds no text; check what it is, or save it as .docx.")
        fields = {key: value for each in root.iter() for key, value in _field(each)}
        yield from outcomes_of_document(list(_content(texts[0], fields)), source.name, mapping, notes)


def _refuse_others(package: ZipFile, name: str) -> None:
    if _CONTENT not in package.namelist():
        raise UnreadableInput(f"{name} is a ZIP file but no OpenDocument file; check what it is.")
    manifest = "META-INF/manifest.xml"
    if manifest in package.namelist() and b"encryption-data" in package.read(manifest):
        raise UnreadableInput(f"{name} is locked with a password; save a copy without one.")


# Spreadsheets


def _sheets(package: ZipFile) -> Iterator[Table]:
    """Each sheet; its rows are held, for a stream can be read once only."""
    name, rows, merges, number = "", list[Row](), list[Merge](), 0
    with package.open(_CONTENT) as stream:
        waiting = 0
        table: Element | None = None
        for event, element in iterparse(stream, ("start", "end")):  # noqa: S314 - open_package has refused document types
            kind = name_of(element)
            waiting += 1
            if waiting > _MOST_ELEMENTS:
                raise ValueError(f"more than {WIDEST:,} columns after row {number}")
            if event == "start" and kind == "table" and table is None:
                name, rows, merges, number, table = attribute(element, "name"), [], [], 0, element
            elif event == "end" and kind == "table" and element is table:
                yield Table(tuple(rows), name, tuple(merges))
                table = None
            elif event == "end" and kind == "table-row" and table is not None:
                waiting = 0
                number = _add_rows(element, number, rows, merges)
                table.clear()


def _add_rows(element: Element, number: int, rows: list[Row], merges: list[Merge]) -> int:
    """Add a row, as often as it is repeated; returns the number of the last."""
    repeated = _count(element, "number-rows-repeated")
    cells: list[str] = []
    for cell in element:
        if name_of(cell) not in ("table-cell", "covered-table-cell"):
            continue
        value, times = _value(cell), _count(cell, "number-columns-repeated")
        if value and len(cells) + times > WIDEST:
            raise ValueError(f"row {number + 1} has more than {WIDEST:,} columns")
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if (down > 1 or across > 1) and len(merges) < WIDEST:
            merges.append(Merge(number + 1, number + down, len(cells), len(cells) + across - 1))
        cells += [value] * min(times, WIDEST - len(cells))
    while cells and not cells[-1]:
        cells.pop()
    if cells and repeated > _MOST_REPEATED:
        raise ValueError(f"row {number + 1} is repeated {repeated:,} times")
    if cells:
        hidden = attribute(element, "visibility") in ("collapse", "filter")
        rows += [Row(number + turn, tuple(cells), hidden=hidden) for turn in range(1, repeated + 1)]
    return number + repeated


def _count(element: Element, name: str) -> int:
    return max(1, int(attribute(element, name) or 1))


def _value(cell: Element) -> str:
    """A cell as text: dates as ISO 8601, whole numbers and others as they are shown."""
    kind = attribute(cell, "value-type")
    if kind == "date":
        return attribute(cell, "date-value").replace("T00:00:00", "").replace("T", " ")
    if kind == "boolean":
        return attribute(cell, "boolean-value").upper()
    return "\n".join("".join(_runs(each, [], {})) for each in cell if name_of(each) in ("p", "h"))


# Texts


def _content(element: Element, fields: dict[str, str]) -> Iterator[Block | Grid]:
    """The paragraphs and tables under an element; text boxes follow the paragraph they hang on."""
    for child in element:
        name = name_of(child)
        if name in ("p", "h"):
            boxes: list[Element] = []
            yield Block("".join(_runs(child, boxes, fields)), heading=name == "h")
            for box in boxes:
                yield from _content(box, fields)
        elif name == "table":
            yield Grid(tuple(_row(row, fields) for row in child.iter() if name_of(row) == "table-row"))
        elif name not in _PASSED_OVER:
            yield from _content(child, fields)


def _row(row: Element, fields: dict[str, str]) -> tuple[str, ...]:
    return tuple("\n".join(lines(_content(cell, fields))) for cell in row if name_of(cell) == "table-cell")


def _runs(element: Element, boxes: list[Element], fields: dict[str, str]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = name_of(child)
        if name == "s":
            yield " " * min(_count(child, "c"), _MOST_SPACES)
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "text-box":
            boxes.append(child)
        elif name == "control":
            yield fields.get(attribute(child, "control"), "")
        elif name not in _PASSED_OVER:
            yield from _runs(child, boxes, fields)
        yield child.tail or ""


def _field(element: Element) -> Iterator[tuple[str, str]]:
    """The id and the value of a form's field."""
    name = name_of(element)
    if name in ("text", "textarea", "formatted-text", "combobox", "checkbox", "radio") and attribute(element, "id"):
        if name in ("checkbox", "radio"):
            on = attribute(element, "current-state") == "checked" or attribute(element, "current-selected") == "true"
            value = f"{'☒' if on else '☐'} {attribute(element, 'label')}"
        else:
            value = attribute(element, "current-value") or attribute(element, "value")
            value = value or "\n".join("".join(_runs(each, [], {})) for each in element if name_of(each) == "p")
        yield attribute(element, "id"), value
