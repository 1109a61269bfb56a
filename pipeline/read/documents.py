"""Single documents, one nomination each: plain text and Word."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.errors import UnreadableInput
from pipeline.read.encoding import decode
from pipeline.read.mapping import Mapping
from pipeline.read.package import attribute, name_of, open_package, tree
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes
from pipeline.records import Nomination, Source

_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_PASSED_OVER = frozenset(("del", "moveFrom", "delText", "instrText", "Fallback", "pPr", "rPr", "sdtPr", "tblPr"))


def read_txt(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:  # noqa: ARG001 - the signature of readers
    """The one nomination of a text file, its text as it stands; raises UnreadableInput where it is no text."""
    yield _nomination(source.name, decode(source.data(), source.name))


def read_docx(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:  # noqa: ARG001 - the signature of readers
    """The one nomination of a Word document: paragraphs, tables and text boxes in order, a line each.

    Text marked as deleted, headers, footers and comments are left out. Raises UnreadableInput where it is no Word
    document, locked or damaged.
    """
    with open_package(source, "Word document", ".docx") as package:
        root = tree(package, "word/document.xml")
        if root is None:
            raise UnreadableInput(f"{source.name} is a ZIP file but no Word document; check what it is.")
        yield _nomination(source.name, "\n".join(_paragraphs(root)))


def _nomination(file: str, text: str) -> Nomination:
    return Nomination("", text, source=Source(file))


def _paragraphs(element: Element) -> Iterator[str]:
    """The text of each paragraph under an element, in document order; text boxes follow the paragraph they hang on."""
    for child in element:
        name = name_of(child)
        if name == "p":
            boxes: list[Element] = []
            yield "".join(_runs(child, boxes))
            for box in boxes:
                yield from _paragraphs(box)
        elif name not in _PASSED_OVER:
            yield from _paragraphs(child)


def _runs(element: Element, boxes: list[Element]) -> Iterator[str]:
    for child in element:
        name = name_of(child)
        if name == "t":
            yield child.text or ""
        elif name == "br" and attribute(child, "type") == "page":
            continue
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name not in _PASSED_OVER:
            yield from _runs(child, boxes)
