"""The words of the pack that stand for values of the data: read from a file that an organiser can override."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.errors import WrongUsage

_TABLES = ("standing", "strength", "voice", "nominator", "setting", "level", "notes", "flags")


@dataclass(frozen=True, slots=True)
class Words:
    """Tables of words by value, and the kinds of evidence (`framework/label`) that tell results."""

    standing: Mapping[str, str]
    strength: Mapping[str, str]
    voice: Mapping[str, str]
    nominator: Mapping[str, str]
    setting: Mapping[str, str]
    level: Mapping[str, str]
    notes: Mapping[str, str]
    flags: Mapping[str, str]
    results: frozenset[str] = field(default_factory=frozenset)

    def of(self, table: str, value: str) -> str:
        """The words for a value of a table; the value itself, in plain letters, where the table has none."""
        words: Mapping[str, str] = getattr(self, table)
        return words.get(value) or value.replace("_", " ")

    def note(self, name: str, **values: object) -> str:
        """The sentence of a note with its values filled in; a note without a sentence quotes its passage."""
        return _filled(self.notes.get(name) or self.notes["passage"], name, values)

    def flag(self, name: str, value: object) -> str:
        """The sentence for a flag of `leadlight ingest`, empty where there is none."""
        return _filled(self.flags[name], name, {"value": value}) if name in self.flags else ""


def _filled(sentence: str, name: str, values: Mapping[str, object]) -> str:
    try:
        return sentence.format_map(values)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise WrongUsage(
            f"words.toml: the note {name!r} asks for {error}, which it does not get. It gets {', '.join(values)}."
        ) from error


def parse_words(content: str) -> Words:
    """The words in a TOML text; raises WrongUsage naming what is wrong with it."""
    try:
        raw = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"words.toml is no TOML file ({error}).") from error
    for name in _TABLES:
        table = raw.get(name)
        if not isinstance(table, dict) or not all(isinstance(words, str) for words in table.values()):
            raise WrongUsage(f"words.toml: the table [{name}] must be there and hold texts. Copy the shipped file.")
    if "passage" not in raw["notes"]:
        raise WrongUsage("words.toml: [notes] needs `passage`, the sentence for notes that have none of their own.")
    kinds = raw.get("results", {}).get("kinds", [])
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise WrongUsage("words.toml: kinds under [results] must be a list of labels such as kind/outcome.")
    return Words(**{name: raw[name] for name in _TABLES}, results=frozenset(kinds))
