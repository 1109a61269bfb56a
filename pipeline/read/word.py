"""Word documents (.docx): paragraphs, tables, text boxes, content controls and form fields in order."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.errors import UnreadableInput
from pipeline.read.forms import Block, Grid, lines, outcomes_of_document
from pipeline.read.mapping import Mapping
from pipeline.read.package import attribute, name_of, open_package, tree
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes

_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_PASSED_OVER = frozenset(("del", "moveFrom", "delText", "instrText", "Fallback", "pPr", "rPr", "sdtPr", "tblPr"))
_NO = ("0", "false", "off")


def read_docx(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nomination of a Word document, or those that its table lists.

    Text marked as deleted, headers, footers, comments and the prompts of empty controls are left out. Raises
    UnreadableInput where it is no Word document, locked or damaged.
    """
    with open_package(source, "Word document", ".docx") as package:
        root = tree(package, "word/document.xml")
        if root is None:
            raise UnreadableInput(f"{source.name} is a ZIP file but no Word document; check what it is.")
        yield from outcomes_of_document(list(_content(root)), source.name, mapping, notes)


def _content(element: Element) -> Iterator[Block | Grid]:
    """The paragraphs and tables under an element; text boxes follow the paragraph they hang on."""
    for child in _unwrapped(element):
        name = name_of(child)
        if name == "p":
            boxes: list[Element] = []
            yield Block("".join(_runs(child, boxes)), heading=_stands_out(child))
            for box in boxes:
                yield from _content(box)
        elif name == "tbl":
            rows = [row for row in _unwrapped(child) if name_of(row) == "tr"]
            yield Grid(tuple(tuple(_cells(row)) for row in rows))
        elif name not in _PASSED_OVER:
            yield from _content(child)


def _cells(row: Element) -> Iterator[str]:
    return ("\n".join(lines(_content(cell))) for cell in _unwrapped(row) if name_of(cell) == "tc")


def _unwrapped(element: Element) -> Iterator[Element]:
    """The children of an element, those of content controls and other wrappers in their place."""
    for child in element:
        if name_of(child) == "sdt" and _is_prompt(child):
            continue
        if name_of(child) in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"):
            yield from _unwrapped(child)
        else:
            yield child


def _is_prompt(control: Element) -> bool:
    """Whether a content control shows nothing but its prompt (`Click here to enter text`)."""
    properties = next((each for each in control if name_of(each) == "sdtPr"), None)
    return properties is not None and any(
        name_of(each) == "showingPlcHdr" and attribute(each, "val") not in _NO for each in properties
    )


def _runs(element: Element, boxes: list[Element]) -> Iterator[str]:
    for child in _unwrapped(element):
        name = name_of(child)
        if name == "t":
            yield child.text or ""
        elif name == "br" and attribute(child, "type") == "page":
            continue
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "checkBox":
            yield _box(child)
        elif name == "ddList":
            yield _chosen(child)
        elif name not in _PASSED_OVER:
            yield from _runs(child, boxes)


def _box(element: Element) -> str:
    """A box to tick of an old form field, as newer ones show it."""
    states = {name_of(each): attribute(each, "val") not in _NO for each in element}
    return "☒ " if states.get("checked", states.get("default", False)) else "☐ "


def _chosen(element: Element) -> str:
    """The entry chosen in a drop-down list of an old form field."""
    entries = [attribute(each, "val") for each in element if name_of(each) == "listEntry"]
    place = next((attribute(each, "val") for each in element if name_of(each) == "result"), "0")
    return entries[int(place)] if place.isdigit() and int(place) < len(entries) else ""


def _stands_out(paragraph: Element) -> bool:
    """Whether a paragraph is a heading by its style, or bold from end to end."""
    properties = next((each for each in paragraph if name_of(each) == "pPr"), None)
    style = "" if properties is None else "".join(attribute(e, "val") for e in properties if name_of(e) == "pStyle")
    if style.casefold().startswith(("heading", "title", "subtitle")):
        return True
    runs = [run for run in _unwrapped(paragraph) if name_of(run) == "r" and any(name_of(e) == "t" for e in run)]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Element) -> bool:
    properties = next((each for each in run if name_of(each) == "rPr"), ())
    return any(name_of(each) == "b" and attribute(each, "val") not in _NO for each in properties)
