"""The parts of an Excel workbook beside its sheets: their names and places, shared strings, number formats."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

from pipeline.errors import UnreadableInput
from pipeline.read.package import attribute, name_of, tree

_ESCAPE = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_ZEROS = re.compile(r"0{2,}")


_MOST_STRINGS = 5_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name, the package member that holds it, and whether it is hidden."""

    name: str
    member: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """What is needed to read the cells of a workbook."""

    sheets: tuple[Sheet, ...]
    strings: tuple[str, ...]
    formats: tuple[str, ...]
    """The number format of each cell style."""
    from_1904: bool = False

    def number(self, raw: str, style: int) -> str:
        """A number as text: dates and times as ISO 8601, whole numbers without a point, leading zeros by format."""
        from openpyxl.styles.numbers import is_date_format

        code = self.formats[style] if style < len(self.formats) else "General"
        try:
            value = float(raw)
        except ValueError:
            return raw
        if is_date_format(code):
            return self._moment(value, raw)
        digits = raw if re.fullmatch(r"-?\d+", raw) else str(int(value)) if value.is_integer() else repr(value)
        return digits.zfill(len(code)) if _ZEROS.fullmatch(code) else digits

    def _moment(self, value: float, raw: str) -> str:
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        try:
            moment = from_excel(value, MAC_EPOCH if self.from_1904 else WINDOWS_EPOCH)
        except (OverflowError, ValueError):
            return raw
        if isinstance(moment, datetime):
            return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "seconds")
        if isinstance(moment, time):
            return moment.isoformat("seconds")
        return str(moment) if isinstance(moment, timedelta) else raw


def read_workbook(package: ZipFile, file: str) -> Workbook:
    """The workbook of a package; raises UnreadableInput where the package holds none."""
    main = _target(package, "_rels/.rels", "officeDocument") or "xl/workbook.xml"
    if main.endswith(".bin"):
        raise UnreadableInput(f"{file} is a binary workbook (.xlsb); save it as .xlsx.")
    root = tree(package, main)
    if root is None or name_of(root) != "workbook":
        raise UnreadableInput(f"{file} is a ZIP file but no Excel workbook; check what it is, or save it as .xlsx.")
    folder, base = posixpath.split(main)
    links = f"{folder}/_rels/{base}.rels"
    properties = next((each for each in root.iter() if name_of(each) == "workbookPr"), None)
    return Workbook(
        sheets=tuple(_sheets(root, package, links)),
        strings=tuple(_strings(package, _target(package, links, "sharedStrings"))),
        formats=tuple(_formats(package, _target(package, links, "styles"))),
        from_1904=properties is not None and attribute(properties, "date1904") in ("1", "true", "on"),
    )


def string_of(element: Element) -> str:
    """The text of a string item: its own and its runs', without phonetic guides, escapes decoded as Excel does."""
    parts: list[str] = []
    for child in element:
        if name_of(child) == "t":
            parts.append(child.text or "")
        elif name_of(child) == "r":
            parts += [each.text or "" for each in child if name_of(each) == "t"]
    return unescaped("".join(parts))


def unescaped(text: str) -> str:
    """Text with Excel's `_x000D_` escapes as the characters they stand for; `_x005F_` protects a real one."""
    return _ESCAPE.sub(_decoded, text) if "_x" in text else text


def _decoded(match: re.Match[str]) -> str:
    units = bytes.fromhex("".join(match[0][at + 2 : at + 6] for at in range(0, len(match[0]), 7)))
    return units.decode("utf-16-be", "surrogatepass")


def _sheets(root: Element, package: ZipFile, links: str) -> Iterator[Sheet]:
    targets = {key: path for key, kind, path in _links(package, links) if kind == "worksheet"}
    for sheet in (each for each in root.iter() if name_of(each) == "sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        if key in targets:
            yield Sheet(attribute(sheet, "name"), targets[key], attribute(sheet, "state") in ("hidden", "veryHidden"))


def _strings(package: ZipFile, member: str) -> Iterator[str]:
    if not member:
        return
    with package.open(member) as stream:
        root: Element | None = None
        count = 0
        for event, element in iterparse(stream, ("start", "end")):  # noqa: S314 - open_package has refused document types
            root = element if root is None else root
            if event == "end" and name_of(element) == "si":
                yield string_of(element)
                root.clear()
                count += 1
                if count > _MOST_STRINGS:
                    raise ValueError("more than five million strings")


def _formats(package: ZipFile, member: str) -> Iterator[str]:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    root = tree(package, member) if member else None
    if root is None:
        return
    own = {
        attribute(each, "numFmtId"): attribute(each, "formatCode") for each in root.iter() if name_of(each) == "numFmt"
    }
    for block in root:
        if name_of(block) == "cellXfs":
            for style in block:
                key = attribute(style, "numFmtId")
                yield own.get(key) or BUILTIN_FORMATS.get(int(key or 0), "General")


def _target(package: ZipFile, links: str, kind: str) -> str:
    return next((path for _, found, path in _links(package, links) if found == kind), "")


def _links(package: ZipFile, member: str) -> Iterator[tuple[str, str, str]]:
    """Each relationship of a .rels member: its id, kind, and the member it points to."""
    root = tree(package, member)
    base = posixpath.dirname(posixpath.dirname(member))
    for each in root if root is not None else ():
        path = posixpath.normpath(posixpath.join("/", base, attribute(each, "Target"))).lstrip("/")
        if path in package.namelist():
            yield attribute(each, "Id"), attribute(each, "Type").rpartition("/")[2], path
