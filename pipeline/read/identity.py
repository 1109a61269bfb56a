"""Ids: kept, made from content, or told apart; and nominations that came twice."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from pipeline.read.source import Notes, place_of
from pipeline.records import Nomination, Rejection, Source

_MADE_LENGTH = 12


class Identities:
    """The ids given in one run, so that no two nominations share one."""

    def __init__(self, notes: Notes) -> None:
        """Warnings about ids that had to be changed go to the notes."""
        self._notes = notes
        self._places: dict[tuple[str, bytes], str] = {}
        self._given: set[str] = set()

    def settle(self, nomination: Nomination) -> Nomination | Rejection:
        """The nomination under an id of its own, or a rejection where the same id, text and category were read before.

        Without an id in the file it gets one made from nominee and text, the same in every run and order of rows.
        """
        source = source_of(nomination)
        key = nomination.id or made_id(nomination)
        digest = hashlib.sha256(f"{nomination.category}\0{nomination.text}".encode()).digest()
        before = self._places.get((key, digest))
        if before is not None:
            what = "same id and text" if nomination.id else "same nominee and text"
            reason = f"{what} as {before}"
            return Rejection(source.file, reason, source.row, source.sheet, content_of(nomination))
        self._places[key, digest] = _place(source)
        return replace(nomination, id=self._free(key, _place(source), warn=bool(nomination.id)))

    def _free(self, key: str, place: str, *, warn: bool) -> str:
        choice, count = key, 1
        while choice in self._given:
            count += 1
            choice = f"{key}-{count}"
        self._given.add(choice)
        if count > 1 and warn:
            self._notes.warn(f"{place}: id {key!r} was used before; this nomination is kept as {choice!r}")
        return choice


def made_id(nomination: Nomination) -> str:
    """The id made from a nomination's nominee and text."""
    content = f"{nomination.nominee}\0{nomination.text}".encode()
    return hashlib.sha256(content).hexdigest()[:_MADE_LENGTH]


def content_of(nomination: Nomination) -> dict[str, str]:
    """What a rejected nomination held."""
    fields = {"id": nomination.id, "nominee": nomination.nominee, "category": nomination.category}
    return {key: value for key, value in fields.items() if value} | {"text": nomination.text} | dict(nomination.extra)


def source_of(nomination: Nomination) -> Source:
    """Where a nomination came from; every reader says it."""
    return nomination.source or Source("")


def _place(source: Source) -> str:
    """`row 7 of awards.xlsx, sheet 'Entries'`, or the file alone for a document."""
    where = place_of(source.file, source.sheet)
    return where if source.row is None else f"row {source.row} of {where}"
