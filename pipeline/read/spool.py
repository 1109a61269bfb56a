"""Nominations held in a temporary file until all are known, so that duplicates can be told; memory does not grow."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from pipeline.nominations import nomination_of
from pipeline.read.duplicates import Group, groups_of
from pipeline.read.flags import PREFIX, flags_of
from pipeline.read.identity import content_of, source_of
from pipeline.read.source import place_of
from pipeline.records import Nomination, Rejection
from pipeline.storage import to_json

GROUP = "duplicate_group"
"""The key in `extra` of the group of nominations that tell the same story."""


class Spool:
    """The nominations of a run, in order."""

    def __init__(self) -> None:
        self.count = 0
        self.groups: list[list[str]] = []
        """The ids of each group of duplicates, once `grouped` has begun."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed on exit

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, nomination: Nomination) -> None:
        """Hold one more."""
        self._file.write(to_json(nomination.to_dict()) + "\n")
        self.count += 1

    def grouped(self) -> Iterator[Nomination]:
        """Each nomination, with its group and the flag of a duplicate where it has one."""
        marks = self._marks(groups_of(found.text for found in self._all())) if self.count > 1 else {}
        for place, found in enumerate(self._all()):
            yield replace(found, extra={**found.extra, **marks[place]}) if place in marks else found

    def _all(self) -> Iterator[Nomination]:
        self._file.seek(0)
        for line in self._file:
            yield nomination_of(json.loads(line))

    def _marks(self, groups: list[Group]) -> dict[int, dict[str, str]]:
        wanted = {place for group in groups for place in group.places}
        known = {
            place: (found.id, place_of(s.file, s.sheet, s.row))
            for place, found in enumerate(self._all())
            for s in [source_of(found)]
            if place in wanted
        }
        marks: dict[int, dict[str, str]] = {}
        for number, group in enumerate(groups, 1):
            first, where = known[group.places[0]]
            self.groups.append([known[place][0] for place in group.places])
            for place, share in zip(group.places, group.likeness, strict=True):
                marks[place] = {GROUP: f"D{number}"}
                if place != group.places[0] and share == 1.0:
                    marks[place][f"{PREFIX}duplicate"] = f"the same words as {first} ({where})"
                elif place != group.places[0]:
                    marks[place][f"{PREFIX}near_duplicate"] = f"{share:.0%} of the words run as in {first} ({where})"
        return marks


def unless_dropped(nomination: Nomination, dropped: frozenset[str]) -> Nomination | Rejection:
    """The nomination, or a rejection where it has a flag that the user asked to drop."""
    flag = next((item for item in flags_of(nomination.extra).items() if item[0] in dropped), None)
    if flag is None:
        return nomination
    source = source_of(nomination)
    return Rejection(source.file, f"{flag[0]}: {flag[1]} (--drop)", source.row, source.sheet, content_of(nomination))
