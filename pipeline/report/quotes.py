"""Quotations: the words of a passage cut for a page, with what carried its tags highlighted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.report.passages import STANDING_ORDER, WORDS, Mark, Passage

LONGEST = 600
"""The most characters of a quotation outside the full text; longer ones are cut round what is highlighted."""

_BULLET = re.compile(r"[-–•*·▪◦]\s+(?=\S)")

Piece = tuple[str, bool]
"""Words and whether they are highlighted."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage quoted for some of its tags: pieces of its words, and whether the short print holds it."""

    passage: Passage
    marks: tuple[Mark, ...]
    pieces: tuple[Piece, ...]
    printed: bool = False

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """What comes first: sure before doubtful, acts and results before praise, clear before likely, then place."""
        strength = min((WORDS.index(mark.strength) for mark in self.marks), default=0)
        sure = any(mark.sure for mark in self.marks)
        return not sure, STANDING_ORDER[self.passage.standing], strength, self.passage.start

    @property
    def length(self) -> int:
        """How many characters are quoted."""
        return sum(len(text) for text, _ in self.pieces)


def quote_of(passage: Passage, marks: tuple[Mark, ...], spans: Iterable[tuple[int, int]] = ()) -> Quote:
    """The passage quoted for these marks; what carried them is highlighted, or the spans (in the text) if given."""
    found = tuple(spans) or tuple(span for mark in marks for span in mark.why)
    inner = sorted((start - passage.start, end - passage.start) for start, end in found)
    pieces = list(_pieces(passage.text, inner, _after_bullet(passage.text)))
    return Quote(passage, marks, tuple(excerpt(pieces, LONGEST)))


def _after_bullet(text: str) -> int:
    """Where the words of a list item begin, after its bullet."""
    match = _BULLET.match(text)
    return match.end() if match else 0


def _pieces(text: str, spans: Iterable[tuple[int, int]], at: int) -> Iterator[Piece]:
    """The words from `at` on, cut at the spans to highlight."""
    for start, end in spans:
        if start < at:
            continue
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def excerpt(pieces: list[Piece], longest: int) -> Iterator[Piece]:
    """At most about so many characters of the pieces: those before the first highlight and after the last go first."""
    if sum(len(text) for text, _ in pieces) <= longest:
        yield from pieces
        return
    room = longest
    first = next((i for i, (_, marked) in enumerate(pieces) if marked), 0)
    for index, (text, marked) in enumerate(pieces):
        if index < first:
            if index == first - 1:
                kept = _last_words(text, longest // 4)
                room -= len(kept)
                yield ("… " if len(kept) < len(text) else "") + kept, False
            continue
        if len(text) <= room:
            room -= len(text)
            yield text, marked
            continue
        yield _first_words(text, max(room, 1)) + " …", marked
        return


def _first_words(text: str, room: int) -> str:
    cut = text[:room]
    return cut[: cut.rfind(" ")] if room < len(text) and " " in cut else cut


def _last_words(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    cut = text[-room:]
    return cut[cut.find(" ") + 1 :] if " " in cut else cut
