"""Which columns of a table hold the text and what is known of a nomination."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.read.headers import plain_header, vocabulary
from pipeline.read.mapping import Mapping
from pipeline.read.table import Row

_FREE_TEXT_WORDS = 15
_FURTHER_TEXT_WORDS = 30
_NO_ANSWER_WORDS = 3
_ABOUT_NOMINEE = re.compile(r"\b(nominee|nominees|nominated|nominating|candidate)\b")


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of the columns that give each field; several for `text` and `nominee`."""

    names: tuple[str, ...]
    fields: Dict[str, tuple[int, ...]]
    by_header: bool = True
    """Whether a header named the text; otherwise the length of the answers did."""

    @property
    def text(self) -> tuple[int, ...]:
        """The places of the text columns, in order."""
        return self.fields.get("text", ())

    def used(self) -> dict[str, list[str]]:
        """The headers that give each field."""
        return {field: [self.names[place] for place in places] for field, places in self.fields.items() if places}


def choose_columns(names: tuple[str, ...], sample: Sequence[Row], mapping: Mapping) -> Columns | None:
    """The columns of each field, by the user's mapping, the headers, then the length of the answers; None: no text."""
    fields: dict[str, list[int]] = {}
    for field, place in mapping.columns(names) if not mapping.absent(names) else ():
        fields.setdefault(field, []).append(place)
    taken = {place for places in fields.values() for place in places}
    roles = {place: _role(name) for place, name in enumerate(names) if place not in taken}
    _add_known(fields, roles, names)
    by_header = True
    if "text" not in fields:
        named = [place for place, role in roles.items() if role == "text"]
        fields["text"] = sorted({*_answered(named, sample), *_further(named, roles, sample)})
        if not fields["text"]:
            fields["text"], by_header = _free_text(roles, sample), False
    if not fields["text"]:
        return None
    return Columns(names, {field: tuple(places) for field, places in fields.items()}, by_header)


def _role(name: str) -> str:
    """The role of a name; of a two-row header `group: name`, that of the name alone where the whole says nothing."""
    role = vocabulary().role(name)
    return role or (vocabulary().role(name.partition(": ")[2]) if ": " in name else "")


def _add_known(fields: dict[str, list[int]], roles: Dict[int, str], names: Sequence[str]) -> None:
    for field in ("id", "nominator", "setting", "level", "category"):
        place = next((place for place, role in roles.items() if role == field), None)
        if place is not None:
            fields.setdefault(field, [place])
    if "nominee" in fields:
        return
    whole = [place for place, role in roles.items() if role == "nominee"]
    whole.sort(key=lambda place: not _ABOUT_NOMINEE.search(plain_header(names[place])))
    parts = [
        min(places)
        for part in ("nominee_first", "nominee_last")
        if (places := [place for place, role in roles.items() if role == part])
    ]
    if whole and (len(parts) < 2 or _ABOUT_NOMINEE.search(plain_header(names[whole[0]]))):
        fields["nominee"] = whole[:1]
    elif parts:
        fields["nominee"] = parts


def _answered(named: Sequence[int], sample: Sequence[Row]) -> list[int]:
    """The columns with a question for a header, without those whose answers are a few words at most."""
    full = [place for place in named if _words(place, sample)[1] > _NO_ANSWER_WORDS]
    return full or list(named)


def _further(named: Sequence[int], roles: Dict[int, str], sample: Sequence[Row]) -> list[int]:
    """Columns of long answers whose headers say nothing, beside those whose headers do."""
    if not named:
        return []
    return [place for place, role in roles.items() if not role and _words(place, sample)[0] >= _FURTHER_TEXT_WORDS]


def _free_text(roles: Dict[int, str], sample: Sequence[Row]) -> list[int]:
    """The columns of long answers in a table whose headers name none: the longest, and any that are long as well."""
    medians = {place: _words(place, sample)[0] for place, role in roles.items() if role != "extra"}
    longest = max(medians.values(), default=0)
    if longest < _FREE_TEXT_WORDS:
        return []
    return [place for place, words in medians.items() if words == longest or words >= _FURTHER_TEXT_WORDS]


def _words(place: int, sample: Sequence[Row]) -> tuple[float, int]:
    """Median and most words of a column's answers."""
    counts = [len(cell.split()) for row in sample if (cell := row.cell(place)).strip()]
    return (median(counts), max(counts)) if counts else (0, 0)
