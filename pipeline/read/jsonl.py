"""JSON lines to nominations: canonical ones, and the lines of a labelled corpus without their labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.nominations import nomination_of
from pipeline.read.encoding import decode
from pipeline.read.headers import vocabulary
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes
from pipeline.records import Rejection, Source

_FIELDS = frozenset(
    ("id", "text", "nominee", "nominator", "setting", "level", "category", "sections", "source", "extra", "sentences")
)
_CODED = ("nominator", "setting", "level")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def read_jsonl(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nominations of JSON lines, and a rejection for each line that is none; empty lines are passed over.

    Raises UnreadableInput where the file is no text.
    """
    notes.use(source.name, {field: list(mapping.headers(field) or (field,)) for field in ("id", "text")})
    for number, line in enumerate(_LINE.findall(decode(source.data(), source.name)), 1):
        if line.strip():
            yield _outcome(line.rstrip("\r\n"), source.name, number, mapping)


def _outcome(line: str, file: str, number: int, mapping: Mapping) -> Outcome:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Rejection(file, f"not a line of JSON ({error})", number, content={"line": line})
    if not isinstance(row, dict):
        return Rejection(file, f"a JSON object was expected, not {_kind(row)}", number, content={"line": line})
    row = _mapped(row, mapping)
    fault = _fault(row)
    if fault:
        return Rejection(file, fault, number, content={"line": line})
    row.setdefault("id", "")
    row["sections"] = _sections(row.get("sections"))
    extra = _scalars(row["extra"]) if isinstance(row.get("extra"), dict) else {}
    extra.update(_scalars({key: value for key, value in row.items() if key not in _FIELDS}))
    for field in _CODED:
        value = row.get(field)
        if isinstance(value, str) and value.strip() and vocabulary().value(field, value) != value:
            row[field] = vocabulary().value(field, value)
            extra.setdefault(field, value)
    if isinstance(origin := row.get("source"), dict):
        extra.setdefault("source", ", ".join(f"{key} {value}" for key, value in _scalars(origin).items()))
    return replace(nomination_of({**row, "source": None, "extra": {}}), source=Source(file, number), extra=extra)


def _mapped(row: dict[str, Any], mapping: Mapping) -> dict[str, Any]:
    """The object with the fields that the mapping takes from other keys; several texts are joined with a blank line."""
    out = dict(row)
    for field in dict.fromkeys(name for name, _ in mapping.pairs):
        values = [row[key] for key in mapping.headers(field) if key in row]
        for key in mapping.headers(field):
            out.pop(key, None)
        strings = [value for value in values if isinstance(value, str) and value.strip()]
        if field == "text" and len(strings) > 1:
            out["text"] = "\n\n".join(strings)
            out["sections"] = _spans([(key, row[key]) for key in mapping.headers(field) if row.get(key) in strings])
        elif values:
            out[field] = " ".join(strings) if len(strings) > 1 else strings[0] if strings else values[0]
    return out


def _spans(answers: list[tuple[str, str]]) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    at = 0
    for key, answer in answers:
        sections.append({"question": key, "start": at, "end": at + len(answer)})
        at += len(answer) + 2
    return sections


def _fault(row: dict[str, Any]) -> str:
    text, identity = row.get("text"), row.get("id", "")
    if text is None:
        return "no text"
    if not isinstance(text, str):
        return f"the text is {_kind(text)}, not a string"
    if not isinstance(identity, str | int) or isinstance(identity, bool):
        return f"the id is {_kind(identity)}, not a string"
    return ""


def _sections(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _scalars(row: dict[str, Any]) -> dict[str, str]:
    scalars = {key: value for key, value in row.items() if isinstance(value, str | int | float)}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in scalars.items()}


def _kind(value: object) -> str:
    names = {
        type(None): "null",
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
    }
    return names.get(type(value), "an object")
