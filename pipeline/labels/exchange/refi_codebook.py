"""REFI-QDA codebooks: frameworks as codes within codes, in a `.qdc` file and inside projects; a `.qdc` as frameworks.

A framework is a code on top that cannot be given; its labels stand under it by their written names, children under
their parents. Exchange standard: REFI-QDA 1.5, urn:QDA-XML:codebook:1.0 and urn:QDA-XML:project:1.0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, indent, tostring

from pipeline import __version__
from pipeline.errors import UnreadableInput
from pipeline.frameworks import Frameworks
from pipeline.frameworks.framework import Label
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import LabelledText
from pipeline.labels.exchange.tool import Context
from pipeline.read.package import name_of
from pipeline.storage import written_whole

ORIGIN = f"Leadlight {__version__}"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_SPACE = UUID("6f8f1f5c-3a0e-4c53-9a55-4d1c3e0b7a10")


def guid(*parts: str) -> str:
    """An id that is the same for the same thing in every file."""
    return str(uuid5(_SPACE, "\0".join(parts)))


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:  # noqa: ARG001 - it is about labels only
    """Write the frameworks as a codebook (.qdc); returns how many labels."""
    root = Element("CodeBook", xmlns=_CODEBOOK, origin=ORIGIN)
    add_codes(root, context.names.frameworks)
    SubElement(root, "Sets")
    with written_whole(path) as stream:
        stream.write(xml_text(root))
    return len(context.names.all)


def xml_text(root: Element) -> str:
    """An XML document, indented."""
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def add_codes(codebook: Element, frameworks: Frameworks) -> None:
    """Add the codes of frameworks to a codebook."""
    codes = SubElement(codebook, "Codes")
    for framework in frameworks:
        top = SubElement(codes, "Code", guid=guid("framework", framework.id), name=framework.name, isCodable="false")
        SubElement(top, "Description").text = f"{framework.edition}. {framework.source}."
        for label in framework:
            if label.parent is None:
                outer = _add_code(top, label)
                for child in framework.children(label.id):
                    _add_code(outer, child)


def _add_code(above: Element, label: Label) -> Element:
    code = SubElement(above, "Code", guid=guid("label", label.full), name=label.name, isCodable="true")
    parts = (
        label.definition,
        f"Tag when: {label.when}" * bool(label.when),
        f"Not: {label.not_when}" * bool(label.not_when),
    )
    SubElement(code, "Description").text = " ".join(filter(None, parts))
    return code


def labels_of_codes(codebook: Element, names: Names) -> dict[str, str | None]:
    """Label by the code's id: codes of ours by id, others by their name within a framework's code, or by name alone.

    None stands for a code that means no label; its name is what an error says.
    """
    ours = {guid("label", full).casefold(): full for full in names.all}
    found: dict[str, str | None] = {}
    for code, above in _walk(codebook, ()):
        key = code_guid(code)
        name = code.get("name", "")
        framework = next((f for f in names.frameworks if {f.name, f.short_name, f.id} & set(above)), None)
        within = next((label.full for label in framework or () if name in (label.name, label.id, label.full)), None)
        found[key] = ours.get(key) or within or names.find(name)
    return found


def code_guid(element: Element, name: str = "guid") -> str:
    """An id in an attribute, without the braces and capitals that some programs write."""
    return element.get(name, "").strip("{}").casefold()


def _walk(element: Element, above: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Each code under an element with the names of the codes above it."""
    for child in element:
        if name_of(child) == "Code":
            yield child, above
            yield from _walk(child, (*above, child.get("name", "")))
        elif name_of(child) == "Codes":
            yield from _walk(child, above)


def codes_by_id(codebook: Element) -> dict[str, str]:
    """The name of each code by its id."""
    return {code_guid(code): code.get("name", "") for code, _ in _walk(codebook, ())}


def parsed(content: bytes, name: str) -> Element:
    """The root of an XML document; raises UnreadableInput for what is none, or declares a document type."""
    bare = content.replace(b"\0", b"")
    if b"<!DOCTYPE" in bare or b"<!ENTITY" in bare:
        raise UnreadableInput(f"{name} declares a document type, which no REFI-QDA file does; it is refused as unsafe.")
    try:
        return fromstring(content)  # noqa: S314 - document types are refused above, so entities cannot be declared
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableInput(f"{name} is no XML that can be read ({error}). Export it again.") from error


def frameworks_of(path: Path) -> dict[str, str]:
    """The frameworks in a `.qdc` as TOML by id: one for each code on top that cannot be given, else one for all.

    Codes deeper than two levels stand under the first. Raises UnreadableInput.
    """
    try:
        root = parsed(path.read_bytes(), str(path))
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    tops = [code for code, above in _walk(root, ()) if not above]
    if name_of(root) != "CodeBook" or not tops:
        raise UnreadableInput(f"{path} is no codebook with codes (.qdc).")
    if all(code.get("isCodable") == "false" and code.findall("./{*}Code") for code in tops):
        return {_id(code.get("name", ""), i): _toml(code, _id(code.get("name", ""), i)) for i, code in enumerate(tops)}
    own = Element("Code", name=path.stem)
    own.extend(tops)
    return {_id(path.stem, 0): _toml(own, _id(path.stem, 0))}


def _id(name: str, number: int) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", name.casefold()).strip("-_")[:40] or f"codes-{number + 1}"


def _toml(top: Element, identity: str) -> str:
    head = {
        "id": identity, "name": top.get("name") or identity, "short_name": top.get("name") or identity,
        "edition": "imported", "source": _description(top) or "a REFI-QDA codebook", "licence": "unstated",
        "role": "signals", "assigned_by": "classifier", "unit": "sentence", "choice": "many",
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    used: set[str] = set()
    ids: dict[str, str] = {}
    for number, (code, above) in enumerate(_walk(top, ())):
        name = code.get("name") or f"code {number + 1}"
        label = _id(name, number)
        while label in used:
            label = f"{label}-{number + 1}"
        used.add(label)
        ids.setdefault(name, label)
        entry = {"id": label, "name": name, "definition": _description(code) or name}
        if above:
            entry["parent"] = ids[above[0]]
        lines += [
            "",
            "[[labels]]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()),
        ]
    return "\n".join(lines) + "\n"


def _description(element: Element) -> str:
    text = next((child.text for child in element if name_of(child) == "Description"), None)
    return " ".join((text or "").split())
