"""Which column is what: by header, by the user's mapping, and, for the text, by what the cells hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from pipeline.errors import WrongUsage

FIELDS = ("id", "nominee", "nominator", "setting", "level", "category", "text")
"""The fields that a column can be mapped to."""

LONG_TEXT = 12
"""A column whose answers have this many words in the middle is free text, whatever its header."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The user's own mapping of fields to headers (`--map field=Header`); `text` may name several, in order."""

    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def parse(cls, options: Sequence[str]) -> Mapping:
        """The mapping of `field=Header` options; raises WrongUsage for an unknown field or a missing header."""
        headers: dict[str, tuple[str, ...]] = {}
        for option in options:
            name, equals, header = option.partition("=")
            name, header = name.strip(), " ".join(header.split())
            if not equals or not header or name not in FIELDS:
                raise WrongUsage(f"--map {option!r}: write field=Header, the field one of {', '.join(FIELDS)}.")
            if name in headers and name != "text":
                raise WrongUsage(f"--map: two headers for {name}; only text may have several.")
            headers[name] = (*headers.get(name, ()), header)
        return cls(headers)


@dataclass(frozen=True, slots=True)
class Columns:
    """The column numbers of each field; `nominee` may be two (first name and surname), `text` several."""

    numbers: dict[str, tuple[int, ...]]

    def used(self) -> frozenset[int]:
        """The columns that fill a field other than setting, level and nominator, whose own words are kept as extra."""
        return frozenset(n for name, ns in self.numbers.items() if name not in ("setting", "level", "nominator") for n in ns)


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("headers.toml").read_text(encoding="utf-8"))


def _plain(header: str) -> str:
    return re.sub(r"\s+", " ", header.lower().replace("’", "'")).strip(" :*?").strip()


def field_of(header: str) -> str | None:
    """The field that a header names, `first_name` and `last_name` included, or None."""
    plain = _plain(header)
    for name, words in _vocabulary()["fields"].items():
        if plain in (_plain(word) for word in words["exact"]):
            return str(name)
    for name, words in _vocabulary()["fields"].items():
        if any(word in plain + " " for word in words["holds"]):
            return str(name)
    return None


def known_header(cell: str) -> bool:
    """Whether a cell reads like the header of a form."""
    return field_of(cell) is not None


def find_columns(header: Sequence[str], rows: Sequence[Sequence[str]], mapping: Mapping, where: str) -> Columns:
    """The columns of a table.

    Raises WrongUsage where a mapped header is missing or no column can be the text, naming the headers there are.
    """
    seen = ", ".join(repr(name) for name in header[:40])
    numbers: dict[str, tuple[int, ...]] = {}
    for name, wanted in mapping.headers.items():
        plain = [_plain(column) for column in header]
        for title in wanted:
            if _plain(title) not in plain:
                raise WrongUsage(f"{where}: there is no column {title!r}. The columns are: {seen}.")
            numbers[name] = (*numbers.get(name, ()), plain.index(_plain(title)))
    taken = {number for found in numbers.values() for number in found}
    by_field: dict[str, list[int]] = {}
    for number, title in enumerate(header):
        name = field_of(title)
        if name and number not in taken:
            by_field.setdefault(name, []).append(number)
    names = (*by_field.pop("first_name", [])[:1], *by_field.pop("last_name", [])[:1])
    if names and "nominee" not in numbers:
        numbers["nominee"] = names
    for name, found in by_field.items():
        numbers.setdefault(name, tuple(found) if name == "text" else tuple(found[:1]))
    if "text" not in mapping.headers:
        numbers["text"] = _text_columns(numbers, rows, len(header))
    if not numbers["text"]:
        raise WrongUsage(f'{where}: no column looks like a nomination\'s text. Name it: --map text="…". The columns are: {seen}.')
    return Columns(numbers)


def _text_columns(numbers: dict[str, tuple[int, ...]], rows: Sequence[Sequence[str]], width: int) -> tuple[int, ...]:
    """The columns headed like a question, and those with long answers, in the order of the sheet."""
    others = {number for name, found in numbers.items() if name != "text" for number in found}
    long = set()
    for number in range(width):
        lengths = [len(row[number].split()) for row in rows if number < len(row) and row[number].strip()]
        if lengths and median(lengths) >= LONG_TEXT:
            long.add(number)
    return tuple(sorted((set(numbers.get("text", ())) | long) - others))


def value_of(name: str, cell: str) -> str:
    """The contract's value of `nominator`, `setting` or `level` for what a cell says; `unknown` where it does not say."""
    plain = f" {_plain(cell).replace('_', ' ')} "
    table: dict[str, list[str]] = _vocabulary()["values"][name]
    for value in table:
        if plain.strip() == value.replace("_", " "):
            return value
    for value, words in table.items():
        if any(re.search(rf"(?<!\w){re.escape(word.strip())}", plain) for word in words):
            return value
    return "unknown"
