"""Reading framework files: TOML, checked key by key, with every fault listed at once."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidFramework, WrongUsage
from pipeline.frameworks.framework import ROLES, STANDINGS, Framework, Frameworks, Label
from pipeline.shapes import has_halves

_FOLDER = Path(__file__).parent / "data"
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TEXTS = ("id", "name", "short_name", "edition", "source", "licence", "role", "assigned_by", "unit", "choice")
_RESERVED = ("start", "end", "votes", "annotators", "note")
"""What a sentence of a labelled corpus holds beside its labels, and the prefix of notes: no ids of frameworks."""
_CHOICES = {
    "role": ROLES,
    "assigned_by": ("classifier", "patterns"),
    "unit": ("sentence", "document"),
    "choice": ("many", "one"),
}
_LABEL_KEYS: dict[str, type] = {
    "id": str, "name": str, "definition": str, "parent": str, "when": str, "not_when": str, "standing": str,
    "examples": list, "aliases": list, "partners": bool,
}  # fmt: skip


def shipped_frameworks() -> Frameworks:
    """The frameworks that come with Leadlight: lqf, systems, code, kind, partners."""
    order = ("lqf", "systems", "code", "kind", "partners")
    return Frameworks(tuple(read_framework(_FOLDER / f"{name}.toml") for name in order))


def load_frameworks(choices: Iterable[str]) -> Frameworks:
    """The frameworks of these files (paths to TOML) or shipped ids; none named: all shipped ones.

    Raises InvalidFramework for a faulty file, WrongUsage for ones that cannot be used together.
    """
    names = list(choices)
    if not names:
        return shipped_frameworks()
    frameworks = Frameworks(tuple(_choose(name) for name in names))
    for what, values in (
        ("id", [f.id for f in frameworks]),
        ("role", [f.role for f in frameworks if f.role in ("kinds", "sectors")]),
    ):
        for value, count in Counter(values).items():
            if count > 1:
                raise WrongUsage(f"{count} frameworks have the {what} {value!r}; use one of them.")
    if len({f.unit for f in frameworks.tagged}) > 1:
        raise WrongUsage("Frameworks for sentences and for whole documents cannot be used together; train two models.")
    return frameworks


def _choose(name: str) -> Framework:
    if name.endswith(".toml"):
        return read_framework(Path(name))
    if not (_FOLDER / f"{name}.toml").is_file():
        known = ", ".join(sorted(path.stem for path in _FOLDER.glob("*.toml")))
        raise WrongUsage(f"There is no framework {name!r}. Shipped: {known}. A file of your own must end in .toml.")
    return read_framework(_FOLDER / f"{name}.toml")


def read_framework(path: Path) -> Framework:
    """The framework in a TOML file, with the patterns in `<same name>.patterns.json` beside it, if any.

    Raises InvalidFramework listing every fault.
    """
    try:
        content = path.read_text(encoding="utf-8")
        raw = tomllib.loads(content)
    except OSError as error:
        raise InvalidFramework(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidFramework(f"{path} is not a TOML file ({error}).") from error
    faults = [*_faults(raw), *(fault for i, label in enumerate(_labels(raw), 1) for fault in _label_faults(i, label))]
    if not faults:
        faults = _faults_between(raw)
    beside = path.with_name(f"{path.stem}.patterns.json")
    patterns = _read_patterns(beside, faults, raw) if beside.is_file() and not faults else ()
    if faults:
        raise InvalidFramework(f"{path}:\n" + "\n".join(f"  - {fault}" for fault in faults))
    labels = tuple(_label(raw["id"], label) for label in raw["labels"])
    head = {key: raw[key] for key in (*_TEXTS, "default") if key in raw}
    return Framework(**head, labels=labels, patterns=patterns, content=content)


def _label(framework: str, raw: Mapping[str, Any]) -> Label:
    fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in raw.items()}
    return Label(framework=framework, **fields)


def _labels(raw: Mapping[str, Any]) -> list[Any]:
    labels = raw.get("labels")
    return labels if isinstance(labels, list) else []


def _faults(raw: Mapping[str, Any]) -> list[str]:
    faults = [f"unknown key {key!r}" for key in raw if key not in (*_TEXTS, "default", "labels")]
    for key in _TEXTS:
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            faults.append(f"{key}: a text is needed")
        elif key in _CHOICES and raw[key] not in _CHOICES[key]:
            faults.append(f"{key}: {raw[key]!r} is none of {', '.join(_CHOICES[key])}")
    if isinstance(raw.get("id"), str) and not _ID.fullmatch(raw["id"]):
        faults.append(f"id: {raw['id']!r} must be lower-case letters, digits, - and _")
    if raw.get("id") in _RESERVED or (raw.get("id") == "kind" and raw.get("role") != "kinds"):
        faults.append(f"id: {raw['id']!r} has another meaning beside labels; choose another id")
    if not isinstance(raw.get("default", ""), str):
        faults.append("default: a text is needed")
    if not _labels(raw):
        faults.append("labels: at least one [[labels]] is needed")
    return faults


def _label_faults(number: int, label: object) -> list[str]:
    if not isinstance(label, dict):
        return [f"label {number}: a table is needed"]
    where = f"label {number} ({label.get('id', 'without id')})"
    faults = []
    for key, value in label.items():
        if key not in _LABEL_KEYS:
            faults.append(f"{where}: unknown key {key!r}")
        elif not isinstance(value, _LABEL_KEYS[key]):
            faults.append(f"{where}: {key} must be a {_LABEL_KEYS[key].__name__}")
        elif isinstance(value, list) and not all(isinstance(item, str) for item in value):
            faults.append(f"{where}: {key} must hold texts")
    faults += [f"{where}: {key} is missing" for key in ("id", "name", "definition") if not label.get(key)]
    if isinstance(label.get("id"), str) and not _ID.fullmatch(label["id"]):
        faults.append(f"{where}: the id must be lower-case letters, digits, - and _")
    if label.get("standing", STANDINGS[0]) not in STANDINGS:
        faults.append(f"{where}: standing must be one of {', '.join(STANDINGS)}")
    return faults


def _faults_between(raw: Mapping[str, Any]) -> list[str]:
    labels: list[dict[str, Any]] = raw["labels"]
    names = Counter(name for label in labels for name in (label["id"], *label.get("aliases", ())))
    faults = [f"the id or alias {name!r} is used {n} times" for name, n in names.items() if n > 1]
    parent_of = {label["id"]: label.get("parent") for label in labels}
    for label in labels:
        parent = label.get("parent")
        if parent is None:
            continue
        if parent not in parent_of:
            faults.append(f"{label['id']}: its parent {parent!r} is no label of this file")
        elif parent_of[parent] is not None:
            faults.append(f"{label['id']}: its parent {parent!r} has a parent itself; two levels are the most")
    if raw["role"] == "kinds":
        faults += [f"{label['id']}: a kind needs its standing" for label in labels if "standing" not in label]
        if raw["choice"] != "one" or raw.get("default") not in parent_of:
            faults.append('a framework of kinds needs choice = "one" and a default that is one of its labels')
    if raw["role"] == "sectors" and raw["assigned_by"] != "patterns":
        faults.append('a framework of sectors needs assigned_by = "patterns"')
    return faults


def _read_patterns(path: Path, faults: list[str], raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """SpanRuler patterns from `{"label id": [phrase or token pattern, …]}`; faults are appended to the list."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        faults.append(f"{path.name}: not a JSON file ({error})")
        return ()
    if not isinstance(table, dict):
        faults.append(f"{path.name}: an object of label ids is needed")
        return ()
    known = {label["id"] for label in raw["labels"]}
    patterns: list[Mapping[str, Any]] = []
    for label_id, entries in table.items():
        if label_id not in known:
            faults.append(f"{path.name}: {label_id!r} is no label of {raw['id']}")
            continue
        if not isinstance(entries, list):
            faults.append(f"{path.name}: {label_id}: a list of patterns is needed, found {entries!r}")
            continue
        for entry in entries:
            if fault := _pattern_fault(entry):
                faults.append(f"{path.name}: {label_id}: {entry!r}: {fault}")
            patterns.append({"label": f"{raw['id']}/{label_id}", "pattern": entry})
    return tuple(patterns)


def _pattern_fault(entry: object) -> str:
    """Why spaCy cannot match a pattern in a text that is parsed by rules alone; empty when it can."""
    if isinstance(entry, str):
        return "a phrase needs words of whole characters" if not entry.strip() or has_halves(entry) else ""
    if not isinstance(entry, list) or not entry:
        return "a phrase or a list of token patterns is needed"
    from spacy.matcher import Matcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    vocab = Vocab()
    matcher = Matcher(vocab, validate=True)
    try:
        matcher.add("pattern", [entry])
        matcher(Doc(vocab, words=["word"]))  # regular expressions and missing annotation show only here
    except Exception as error:  # spaCy documents none of what it raises for a pattern
        return " ".join(str(error).split())
    return ""
