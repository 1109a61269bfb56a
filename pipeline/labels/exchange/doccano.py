"""doccano: JSON lines of one annotator (or `#`-joined CSV of whole texts), or a zip with such a file an annotator.

doccano has no place for predictions, times, scores or roles: the file's name says who labelled, `decision` what was
decided, and the other fields of a line come back as they went in.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from pipeline.errors import InvalidCorpus, UnreadableInput, WrongUsage
from pipeline.labels.exchange.archive import written_zip
from pipeline.labels.exchange.decide import merged
from pipeline.labels.exchange.names import Names, placed, trimmed
from pipeline.labels.exchange.records import LabelledText, Labelling, Span, spans_of
from pipeline.labels.exchange.tool import Context, identity_of, meta_of, name_of_role, one_labelling, role_of_name
from pipeline.read.source import LARGEST
from pipeline.shapes import misfit
from pipeline.storage import to_json, written_whole

IDENTITY = "nomination_id"
_TEXTS, _LABELS = ("text", "data"), ("label", "labels")
_BESIDE = ("entities", "relations", "cats", "Comments", "comments", "meta", "metadata", "id", IDENTITY)
_NOBODY = ("unknown", "all", "annotator")
"""File names of doccano's zip that name no annotator: nobody labelled, or all in a shared project."""

_ONE = "Name a .zip, which holds a file an annotator, or choose one with --only."


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write a .jsonl, .csv or .zip to import into doccano, by the name's ending; returns how many texts."""
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return _write_zip(list(texts), path, context)
    if suffix == ".csv":
        return _write_csv(texts, path, context)
    count = 0
    with written_whole(path) as stream:
        for count, text in enumerate(texts, 1):  # noqa: B007 - the last is the count
            stream.write(to_json(_row(text, one_labelling(text, path, _ONE), context.names)) + "\n")
    return count


def _row(text: LabelledText, labelling: Labelling | None, names: Names) -> dict[str, Any]:
    labels: list[Any] = []
    for span in labelling.spans if labelling else ():
        whole = names.frameworks.unit == "document" and span.place == trimmed(text.text)
        labels += span.labels if whole else [[span.start, span.end, label] for label in span.labels]
    blank = [list(span.place) for span in labelling.spans if not span.labels] if labelling else []
    row = {"text": text.text, "label": labels, IDENTITY: text.id, **text.meta}
    return row | ({"blank": blank} if blank else {})


def _write_zip(texts: Sequence[LabelledText], path: Path, context: Context) -> int:
    rows: dict[str, list[dict[str, Any]]] = {}
    for text in texts:
        for labelling in text.labellings:
            name = name_of_role(labelling.role, labelling.by) or "annotator"
            rows.setdefault(name, []).append(_row(text, labelling, context.names))
        if not text.labellings:
            rows.setdefault("unknown", []).append(_row(text, None, context.names))
    with written_zip(path) as package:
        for name, found in rows.items():
            package.writestr(f"{_file_name(name)}.jsonl", "".join(to_json(row) + "\n" for row in found))
    return len(texts)


def _file_name(name: str) -> str:
    if any(character in '/\\:*?"<>|' for character in name):
        raise WrongUsage(f"The annotator {name!r} cannot be the name of a file; give another name on import (--by).")
    return name


def _write_csv(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    count = 0
    with written_whole(path) as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["text", "label", IDENTITY])
        for count, text in enumerate(texts, 1):  # noqa: B007 - the last is the count
            labelling = one_labelling(text, path, _ONE)
            if context.names.frameworks.unit != "document" and labelling and labelling.spans:
                raise WrongUsage("doccano's CSV holds labels of whole texts, not of sentences; name a .jsonl or .zip.")
            labels = [label for span in (labelling.spans if labelling else ()) for label in span.labels]
            table.writerow([text.text, "#".join(labels), text.id])
    return count


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of doccano's export (.jsonl, .csv, .zip); raises InvalidCorpus with file and line for what is wrong."""
    if path.suffix.lower() == ".zip":
        yield from merged(_read_zip(path, context))
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    yield from merged(_read_file(content, str(path), path.suffix.lower(), context, context.by))


def _read_zip(path: Path, context: Context) -> Iterator[LabelledText]:
    try:
        with ZipFile(path) as package:
            members = [m for m in package.infolist() if m.filename.lower().endswith((".jsonl", ".json", ".csv"))]
            if sum(member.file_size for member in members) > LARGEST:
                raise UnreadableInput(f"{path} unpacks to more than 500 MB; it is refused as a possible ZIP bomb.")
            for member in members:
                name = PurePosixPath(member.filename)
                by = context.by if name.stem in _NOBODY else name.stem
                content = package.read(member)
                yield from _read_file(content, f"{path}, {name}", name.suffix.lower(), context, by)
            if not members:
                raise UnreadableInput(f"{path} holds no .jsonl or .csv; export from doccano again.")
    except (OSError, BadZipFile, RuntimeError) as error:
        raise UnreadableInput(f"{path} is no zip that can be read ({error}).") from error


def _read_file(content: bytes, name: str, suffix: str, context: Context, by: str) -> Iterator[LabelledText]:
    for number, row in rows_of(content, name, suffix):
        yield _text(row, context, by, f"{name}, line {number}")


def rows_of(content: bytes, name: str, suffix: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV, the objects of JSON lines or of a JSON list, with their numbers; raises UnreadableInput."""
    try:
        text = content.decode("utf-8-sig")
        if suffix == ".csv":
            csv.field_size_limit(LARGEST)
            yield from enumerate(csv.DictReader(io.StringIO(text, newline="")), 2)
            return
        rows = (
            json.loads(text) if text.lstrip().startswith("[") else map(json.loads, filter(str.strip, text.split("\n")))
        )
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise UnreadableInput(f"{name}, line {number}: an object was expected.")
            yield number, row
    except (ValueError, RecursionError, csv.Error) as error:
        raise UnreadableInput(f"{name} cannot be read as {suffix or 'JSON lines'} in UTF-8 ({error}).") from error


def _text(row: Mapping[str, Any], context: Context, by: str, where: str) -> LabelledText:
    text = next((row[key] for key in _TEXTS if isinstance(row.get(key), str)), None)
    if text is None:
        raise InvalidCorpus(f"{where}: no text (a field `text`, or `data`).")
    spans = _spans(row, text, context.names, where)
    fields = {**row, **(row.get("meta") or {}), **(row.get("metadata") or {})}
    meta, _ = meta_of({k: v for k, v in fields.items() if k and v is not None}, (*_TEXTS, *_LABELS, *_BESIDE, "blank"))
    identity = str(fields.get(IDENTITY) or row.get("id") or identity_of(text))
    role, who = role_of_name(by, context)
    nobody = not spans and where.rpartition(", line")[0].endswith("unknown.jsonl")
    return LabelledText(identity, text, meta, () if nobody else (Labelling(role, spans, who),))


def _spans(row: Mapping[str, Any], text: str, names: Names, where: str) -> tuple[Span, ...]:
    """The spans of a row: triples, objects of relations and intents, labels of the whole text, `#`-joined labels."""
    said: Any = next((row[key] for key in _LABELS if row.get(key) is not None), [])
    said = [name for name in said.split("#") if name] if isinstance(said, str) else said
    if fault := misfit([said, row.get("entities") or [], row.get("cats") or []], [[object]], "label"):
        raise InvalidCorpus(f"{where}: {fault}.")
    marks: dict[tuple[int, int], dict[str, float | None]] = {}
    for item in (*said, *(row.get("entities") or ()), *(row.get("cats") or ())):
        if isinstance(item, dict):
            item = [item.get("start_offset"), item.get("end_offset"), item.get("label")]
        place, name = trimmed(text), item
        if isinstance(item, list):
            if len(item) != 3:
                raise InvalidCorpus(f"{where}: {item!r} is no label: start, end and label were expected.")
            place, name = placed(text, item[0], item[1], None, where), item[2]
        found = marks.setdefault(place, {})
        if full := names.read(name, where):
            found[full] = None
    for start, end in row.get("blank") or ():
        marks.setdefault(placed(text, start, end, None, where), {})
    return tuple(replace(span, labels=names.least(span.labels)) for span in spans_of(marks, {}))
