"""Which field a column header stands for, and what an answer means: both by the vocabulary in `headers.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.records import LEVELS, NOMINATORS, SETTINGS, UNKNOWN

_ALLOWED = {"nominator": NOMINATORS, "setting": SETTINGS, "level": LEVELS}
_LONGEST_HEADER = 300
_APOSTROPHES = re.compile(r"['’`]")
_NO_WORD = re.compile(r"[^\w/#]+|_+")
_NUMBERING = re.compile(r"^(q|question)? ?\d{1,2} (?!words)")
_LEAD = re.compile(r"^(please|the|and) ")
_FILLERS = re.compile(r"\b(the|please|a|an) ")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The patterns of `headers.toml`, compiled."""

    roles: tuple[tuple[str, re.Pattern[str]], ...]
    groups: re.Pattern[str]
    values: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]

    def role(self, header: str) -> str:
        """The role of a column with this header: a field, `nominee_first`, `nominee_last`, `extra`; empty if none."""
        if not header or len(header) > _LONGEST_HEADER:
            return ""
        text = plain_header(header)
        return next((name for name, pattern in self.roles if pattern.search(text)), "")

    def heads_a_group(self, header: str) -> bool:
        """Whether a cell heads a group of columns in the upper of two header rows."""
        return bool(self.groups.search(plain_header(header)))

    def value(self, field: str, answer: str) -> str:
        """What an answer means for `nominator`, `setting` or `level`; `unknown` where it says nothing known."""
        exact = exact_value(answer)
        if exact in _ALLOWED[field]:
            return exact
        text = plain_header(answer)
        return next((name for name, pattern in self.values[field] if pattern.search(text)), UNKNOWN)


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    data = tomllib.loads((Path(__file__).parent / "headers.toml").read_text(encoding="utf-8"))
    return Vocabulary(
        roles=tuple((role["name"], _any(role["patterns"])) for role in data["role"]),
        groups=_any(data["groups"]),
        values={
            field: tuple((name, _any(patterns)) for name, patterns in answers.items())
            for field, answers in data["values"].items()
        },
    )


def exact_value(answer: str) -> str:
    """An answer in the form of the contract's values: `Care home` is `care_home`."""
    return answer.strip().casefold().replace(" ", "_")


def plain_header(header: str) -> str:
    """A header or answer as the vocabulary's patterns see it."""
    text = _APOSTROPHES.sub("", header.casefold()).replace("/", " ").replace("#", " number ")
    text = " ".join(_NO_WORD.sub(" ", text).split())
    text = _NUMBERING.sub("", text)
    while _LEAD.search(text):
        text = _LEAD.sub("", text)
    return _FILLERS.sub("", text)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
