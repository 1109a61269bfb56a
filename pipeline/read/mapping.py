"""The user's own choice of columns: `--map text="Why they should win"`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import WrongUsage

FIELDS = ("id", "text", "nominee", "nominator", "setting", "level", "category")
"""The fields that a column can be mapped to; `text` and `nominee` take several columns, joined in the order given."""

_SEVERAL = ("text", "nominee")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Headers chosen by the user, as (field, header) in the order given; empty: headers are recognised."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, choices: Iterable[str]) -> Mapping:
        """The mapping of `FIELD=HEADER` choices.

        Raises WrongUsage for a choice without `=`, an unknown field, or a second header for a field that takes one.
        """
        pairs: list[tuple[str, str]] = []
        for choice in choices:
            field, sign, header = choice.partition("=")
            field = field.strip()
            if not sign or not header.strip():
                raise WrongUsage(f'--map {choice!r} is not FIELD=HEADER, such as --map text="Why they should win".')
            if field not in FIELDS:
                raise WrongUsage(f"--map {choice!r}: there is no field {field!r}; the fields are {', '.join(FIELDS)}.")
            if field not in _SEVERAL and any(name == field for name, _ in pairs):
                raise WrongUsage(f"--map: {field} takes one column; only {' and '.join(_SEVERAL)} take several.")
            pairs.append((field, header))
        return cls(tuple(pairs))

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


def plain(header: str) -> str:
    """A header as it is compared with a mapped one: case and runs of white space do not count."""
    return " ".join(header.split()).casefold()
