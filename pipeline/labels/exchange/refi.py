"""REFI-QDA projects (`.qdpx`), which NVivo, MAXQDA, ATLAS.ti and QualCoder open: texts, codes, users, codings.

A coded place is a PlainTextSelection with a Coding a label, both by the user who labelled; positions count characters
(code points). Metadata are variables of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement
from zipfile import BadZipFile, ZipFile

from pipeline.errors import InvalidCorpus, UnreadableInput
from pipeline.labels.exchange.archive import written_zip
from pipeline.labels.exchange.names import Names, placed
from pipeline.labels.exchange.records import LabelledText, Labelling, Span, spans_of
from pipeline.labels.exchange.refi_codebook import (
    ORIGIN,
    add_codes,
    code_guid,
    codes_by_id,
    guid,
    labels_of_codes,
    parsed,
    xml_text,
)
from pipeline.labels.exchange.tool import Context, name_of_role, role_of_name
from pipeline.read.package import name_of
from pipeline.read.source import LARGEST

_PROJECT = "urn:QDA-XML:project:1.0"
_INTERNAL = "internal://"
_NAMELESS = "annotator"


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write the project; returns how many texts."""
    texts = list(texts)
    root = Element("Project", xmlns=_PROJECT, name=path.stem, origin=ORIGIN)
    users = SubElement(root, "Users")
    for name in dict.fromkeys(_user(labelling) for text in texts for labelling in text.labellings):
        SubElement(users, "User", guid=guid("user", name), name=name)
    add_codes(SubElement(root, "CodeBook"), context.names.frameworks)
    variables = SubElement(root, "Variables")
    for key in dict.fromkeys(key for text in texts for key in text.meta):
        SubElement(variables, "Variable", guid=guid("variable", key), name=key, typeOfVariable="Text")
    sources = SubElement(root, "Sources")
    for text in texts:
        _add_source(sources, text)
    with written_zip(path) as package:
        package.writestr("project.qde", xml_text(root))
        for text in texts:
            package.writestr(f"sources/{guid('text', text.id)}.txt", text.text)
    return len(texts)


def _user(labelling: Labelling) -> str:
    return name_of_role(labelling.role, labelling.by) or _NAMELESS


def _add_source(sources: Element, text: LabelledText) -> None:
    own = guid("text", text.id)
    source = SubElement(sources, "TextSource", guid=own, name=text.id, plainTextPath=f"{_INTERNAL}{own}.txt")
    for number, labelling in enumerate(text.labellings):
        by = {"creatingUser": guid("user", _user(labelling))}
        by |= {"creationDateTime": labelling.at} if _is_time(labelling.at) else {}
        for span in labelling.spans:
            if not span.labels:
                continue
            place = {"startPosition": str(span.start), "endPosition": str(span.end)}
            said = " ".join(text.text[span.start : span.end].split())[:60]
            key = (text.id, str(number), *place.values())
            selection = SubElement(
                source, "PlainTextSelection", {"guid": guid("span", *key), "name": said, **place, **by}
            )
            for label in span.labels:
                coding = SubElement(selection, "Coding", {"guid": guid("coding", *key, label), **by})
                SubElement(coding, "CodeRef", targetGUID=guid("label", label))
    for name, value in text.meta.items():
        variable = SubElement(source, "VariableValue")
        SubElement(variable, "VariableRef", targetGUID=guid("variable", name))
        SubElement(variable, "TextValue").text = value


def _is_time(at: str) -> bool:
    """Whether a time is one that XML knows: a date and a time of day."""
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return False
    return "T" in at


@dataclass(frozen=True, slots=True)
class _Project:
    """What the sources of a project refer to: users, labels and names of codes and variables by id, and the files."""

    path: Path
    package: ZipFile
    context: Context
    atlas: bool
    users: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str | None] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of a project; sources without plain text (pictures, sound) are passed over.

    Raises UnreadableInput for what is no project, InvalidCorpus for codes that are no labels and places not in a text.
    """
    try:
        with ZipFile(path) as package:
            if sum(member.file_size for member in package.infolist()) > LARGEST:
                raise UnreadableInput(f"{path} unpacks to more than 500 MB; it is refused as a possible ZIP bomb.")
            name = next((n for n in package.namelist() if n.lower().endswith(".qde")), None)
            if name is None:
                raise UnreadableInput(f"{path} holds no project.qde, so it is no REFI-QDA project (.qdpx).")
            root = parsed(package.read(name), f"{path}, {name}")
            yield from _texts(root, _Project(path, package, context, "ATLAS" in (root.get("origin") or "").upper()))
    except (OSError, BadZipFile, RuntimeError) as error:
        raise UnreadableInput(f"{path} is no REFI-QDA project that can be read ({error}).") from error


def _texts(root: Element, project: _Project) -> Iterator[LabelledText]:
    codebook = next((child for child in root if name_of(child) == "CodeBook"), Element("CodeBook"))
    project = replace(
        project,
        users={code_guid(user): user.get("name", "") for user in root.iter() if name_of(user) == "User"},
        variables={code_guid(item): item.get("name", "") for item in root.iter() if name_of(item) == "Variable"},
        labels=labels_of_codes(codebook, project.context.names),
        codes=codes_by_id(codebook),
    )
    for source in root.iter():
        if name_of(source) == "TextSource" and (text := _plain_text(source, project)) is not None:
            yield _text(source, text, project)


def _plain_text(source: Element, project: _Project) -> str | None:
    inline = next((child.text for child in source if name_of(child) == "PlainTextContent"), None)
    if inline is not None:
        return inline
    wanted = (source.get("plainTextPath") or "").removeprefix(_INTERNAL).casefold()
    members = project.package.namelist()
    member = next((m for m in members if wanted and m.casefold().endswith(f"sources/{wanted}")), None)
    if member is None:
        return None
    try:
        text = project.package.read(member).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{project.path}, {member} is not text in UTF-8.") from error
    return text.replace("\r\n", "\n") if project.atlas else text  # ATLAS.ti counts a line end as one character


def _text(source: Element, text: str, project: _Project) -> LabelledText:
    identity = source.get("name") or code_guid(source)
    meta: dict[str, str] = {}
    said: dict[str, list[tuple[tuple[int, int], str, str]]] = {}
    for child in source:
        if name_of(child) == "VariableValue":
            key, value = _variable(child, project)
            meta |= {key: value} if key else {}
        elif name_of(child) == "PlainTextSelection":
            where = f"{project.path}, {identity}"
            for who, place, label, at in _codings(child, text, project, where):
                said.setdefault(who, []).append((place, label, at))
    labellings = [_labelling(who, marks, project.context) for who, marks in said.items()]
    return LabelledText(identity, text, meta, tuple(labellings))


def _variable(element: Element, project: _Project) -> tuple[str, str]:
    key, value = "", ""
    for child in element:
        if name_of(child) == "VariableRef":
            key = project.variables.get(code_guid(child, "targetGUID"), "")
        elif name_of(child).endswith("Value"):
            value = child.text or ""
    return key, value


def _codings(
    selection: Element, text: str, project: _Project, where: str
) -> Iterator[tuple[str, tuple[int, int], str, str]]:
    """Who, where, label and when of each coding of a selection."""
    try:
        start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
    except ValueError as error:
        raise InvalidCorpus(f"{where}: a PlainTextSelection has no start and end as whole numbers.") from error
    for coding in selection:
        if name_of(coding) != "Coding":
            continue
        code = next((code_guid(child, "targetGUID") for child in coding if name_of(child) == "CodeRef"), "")
        name = project.codes.get(code, "")
        label = project.labels.get(code) or project.context.names.read(name or code, where)
        if label is None:
            continue
        who = coding.get("creatingUser") or selection.get("creatingUser") or ""
        at = coding.get("creationDateTime") or selection.get("creationDateTime") or ""
        place = placed(text, start, end, None, where)
        yield project.users.get(who.strip("{}").casefold(), ""), place, label, at


def _labelling(who: str, marks: Sequence[tuple[tuple[int, int], str, str]], context: Context) -> Labelling:
    role, by = role_of_name(context.by if who in ("", _NAMELESS) else who, context)
    found: dict[tuple[int, int], dict[str, float | None]] = {}
    for place, label, _ in marks:
        found.setdefault(place, {})[label] = None
    names: Names = context.names
    spans: list[Span] = [replace(span, labels=names.least(span.labels)) for span in spans_of(found, {})]
    return Labelling(role, tuple(spans), by, max(at for _, _, at in marks))
