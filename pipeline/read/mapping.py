"""The user's own choice of columns: `--map text="Why they should win"`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.errors import WrongUsage
from pipeline.shapes import misfit

FIELDS = ("id", "text", "nominee", "nominator", "setting", "level", "category")
"""The fields that a column can be mapped to; `text` and `nominee` take several columns, joined in the order given."""

_SEVERAL = ("text", "nominee")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Headers chosen by the user, as (field, header) in the order given; empty: headers are recognised."""

    pairs: tuple[tuple[str, str], ...] = ()
    sheets: tuple[str, ...] = ()
    """The only sheets to read; all where none is named."""
    word_limit: int | None = None
    """The most words of a whole text; over it, a nomination is flagged."""

    @classmethod
    def parse(cls, choices: Iterable[str]) -> Mapping:
        """The mapping of `FIELD=HEADER` choices and mapping files.

        Raises WrongUsage for a choice without `=`, an unknown field, a second header for a field that takes one, or a
        file that is no mapping.
        """
        pairs: list[tuple[str, str]] = []
        sheets: tuple[str, ...] = ()
        word_limit: int | None = None
        for choice in _expanded(choices):
            if isinstance(choice, Mapping):
                sheets, word_limit = choice.sheets or sheets, choice.word_limit or word_limit
                continue
            field, sign, header = choice.partition("=")
            field = field.strip()
            if not sign or not header.strip():
                raise WrongUsage(f'--map {choice!r} is not FIELD=HEADER, such as --map text="Why they should win".')
            if field not in FIELDS:
                raise WrongUsage(f"--map {choice!r}: there is no field {field!r}; the fields are {', '.join(FIELDS)}.")
            if field not in _SEVERAL and any(name == field for name, _ in pairs):
                raise WrongUsage(f"--map: {field} takes one column; only {' and '.join(_SEVERAL)} take several.")
            pairs.append((field, header))
        return cls(tuple(pairs), sheets, word_limit)

    def headers(self, field: str) -> tuple[str, ...]:
        """The headers chosen for a field."""
        return tuple(header for name, header in self.pairs if name == field)

    def among(self, names: Iterable[str]) -> Mapping:
        """The mapping without the headers that are not among these names."""
        present = {plain(name) for name in names}
        return replace(self, pairs=tuple(pair for pair in self.pairs if plain(pair[1]) in present))

    def absent(self, names: Iterable[str]) -> tuple[str, ...]:
        """The chosen headers that are not among these column names."""
        present = {plain(name) for name in names}
        return tuple(header for _, header in self.pairs if plain(header) not in present)

    def columns(self, names: Sequence[str]) -> Iterator[tuple[str, int]]:
        """Each chosen field with the place of its column among these names."""
        place = {plain(name): index for index, name in reversed(list(enumerate(names)))}
        return ((field, place[plain(header)]) for field, header in self.pairs)


def _expanded(choices: Iterable[str]) -> Iterator[str | Mapping]:
    """The choices, those of a mapping file in its place with what else it says."""
    for choice in choices:
        if "=" in choice or not choice.casefold().endswith(".toml"):
            yield choice
            continue
        table = _file(Path(choice))
        for field, headers in table.get("columns", {}).items():
            for header in headers if isinstance(headers, list) else [headers]:
                yield f"{field}={header}"
        yield Mapping((), tuple(table.get("sheets", ())), table.get("word_limit"))


def _file(path: Path) -> dict[str, Any]:
    """The table of a mapping file; raises WrongUsage where it is none."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongUsage(f"--map {path}: {error.strerror or error}. Check the name.") from error
    except (ValueError, RecursionError) as error:
        raise WrongUsage(f"--map {path} is no TOML ({error}). `leadlight ingest SOURCE --guess` writes one.") from error
    shape = {"columns?": {str: object}, "sheets?": [str], "word_limit?": int}
    wrong = sorted(set(table) - {"columns", "sheets", "word_limit"})
    if fault := (f"{wrong[0]!r} is not known" if wrong else misfit(table, shape)):
        raise WrongUsage(f"--map {path}: {fault}; a mapping holds columns, sheets and word_limit.")
    for field, headers in table.get("columns", {}).items():
        if not isinstance(headers, str) and misfit(headers, [str]):
            raise WrongUsage(f"--map {path}: the columns of {field} are no header or list of headers.")
    return table


def plain(header: str) -> str:
    """A header as it is compared with a mapped one: case and runs of white space do not count."""
    return " ".join(header.split()).casefold()
