"""Labels as tools name them, read as `framework/label`; and offsets as tools count them, checked against the quote."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.errors import InvalidCorpus, WrongUsage
from pipeline.frameworks import Frameworks


class Names:
    """The labels of frameworks by every name that says which one is meant.

    A label is found by its full name (`framework/label`, aliases too); by the same with `_` or `.` for the stroke, for
    tools that allow no stroke; by its own id or its written name where only one framework has it; and by `renames`.
    """

    def __init__(self, frameworks: Frameworks, renames: Mapping[str, str] | None = None) -> None:
        self.frameworks = frameworks
        labels = [(framework, label) for framework in frameworks for label in framework]
        self._order = {label.full: place for place, (_, label) in enumerate(labels)}
        self._full = {f"{f.id}/{name}": label.full for f, label in labels for name in (label.id, *label.aliases)}
        loose: dict[str, set[str]] = defaultdict(set)
        for name, full in self._full.items():
            for other in (name.replace("/", "_"), name.replace("/", "."), name.partition("/")[2]):
                loose[other.casefold()].add(full)
        for _, label in labels:
            loose[label.name.casefold()].add(label.full)
        self._loose = {name: found.pop() for name, found in loose.items() if len(found) == 1}
        self._renames: dict[str, str | None] = {}
        for old, new in (renames or {}).items():
            self._renames[old] = self.find(new) if new else None
            if new and self._renames[old] is None:
                raise WrongUsage(f"--rename {old}={new}: no framework in use has the label {new!r}.")

    def find(self, name: str) -> str | None:
        """The full name of the label meant, or None."""
        return self._full.get(name) or self._loose.get(name.strip().casefold())

    def read(self, name: object, where: str) -> str | None:
        """The full name of the label meant; None for one renamed to nothing. Raises InvalidCorpus if none is meant."""
        if isinstance(name, str) and name in self._renames:
            return self._renames[name]
        found = self.find(name) if isinstance(name, str) else None
        if found is None:
            raise InvalidCorpus(
                f"{where}: no framework in use has the label {name!r}. Say which is meant (--rename "
                f"'{name}=framework/label', or '{name}=' to leave it out), or name its framework file (--framework)."
            )
        return found

    def least(self, labels: Iterable[str]) -> tuple[str, ...]:
        """The labels in the frameworks' order, without those that others imply as parents."""
        found = set(labels)
        implied = {self.frameworks.parent_of(name) for name in found}
        return tuple(sorted(found - {name for name in implied if name}, key=lambda name: self._order[name]))

    @property
    def all(self) -> tuple[str, ...]:
        """Every label, in the frameworks' order."""
        return tuple(self._order)


def placed(text: str, start: object, end: object, quote: object, where: str) -> tuple[int, int]:
    """Offsets in characters, checked against the words that the tool quotes (None: it quotes none).

    Offsets in UTF-16 code units, which some tools count, are told by the quotation and converted. Raises InvalidCorpus.
    """
    if isinstance(start, bool) or isinstance(end, bool) or not isinstance(start, int) or not isinstance(end, int):
        raise InvalidCorpus(f"{where}: a labelled span has no start and end as whole numbers.")
    if not isinstance(quote, str) and 0 <= start < end <= len(text):
        return start, end
    if isinstance(quote, str):
        if _stands(text, start, end, quote):
            return start, end
        start_, end_ = _from_utf16(text, start), _from_utf16(text, end)
        if _stands(text, start_, end_, quote):
            return start_, end_
    said = f", and {quote[:60]!r} does not stand there" if isinstance(quote, str) else ""
    raise InvalidCorpus(f"{where}: the offsets {start} to {end} do not fit the text{said}.")


def _stands(text: str, start: int, end: int, quote: str) -> bool:
    """Whether the words quoted stand at these offsets, white space aside."""
    if not 0 <= start < end <= len(text):
        return False
    return text[start:end] == quote or _bare(text[start:end]) == _bare(quote)


def _bare(quote: str) -> str:
    """A quotation without white space, which tools write in their own ways: some as a stroke and a letter."""
    return re.sub(r"\\[nrt]|\s", "", quote)


def _from_utf16(text: str, offset: int) -> int:
    """An offset in UTF-16 code units as one in characters; -1 where it falls into a character or beyond the text."""
    units = 0
    for place, character in enumerate(text):
        if units >= offset:
            return place if units == offset else -1
        units += 2 if ord(character) > 0xFFFF else 1
    return len(text) if units == offset else -1


def trimmed(text: str) -> tuple[int, int]:
    """The span of the text without white space at its ends: what a label of the whole document stands on."""
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))
