"""The full text of a nomination in paragraphs, cut into parts that make pages of a bearable size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from pipeline.report.passages import Passage

PART = 450_000
"""The most bytes of a part, about; a page also holds the style, the script and the evidence."""

_OVERHEAD = 700
"""Bytes of markup of a tagged sentence, about."""

_FRAGMENT = 20_000
"""A sentence of more characters is shown in fragments of so many."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence in the story, or a fragment of a very long one, with the space after it; tags stand at its `last`."""

    passage: Passage
    text: str
    space: str
    first: bool = True
    last: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The sentences of a paragraph, and the question of the form that it begins to answer, if it does."""

    pieces: tuple[Piece, ...]
    question: str = ""

    @property
    def tagged(self) -> tuple[Passage, ...]:
        """The passages that carry tags, in order."""
        return tuple(piece.passage for piece in self.pieces if piece.last and piece.passage.marks)


def paragraphs_of(
    text: str, passages: Sequence[Passage], sections: Sequence[Mapping[str, Any]] = ()
) -> Iterator[Paragraph]:
    """The paragraphs of a text: a line break between two sentences begins another."""
    starts = {section["start"]: section["question"] for section in sections if section["question"]}
    pieces: list[Piece] = []
    question = ""
    for index, passage in enumerate(passages):
        before = passages[index - 1].end if index else 0
        asked = [starts[at] for at in sorted(starts) if before <= at <= passage.start]
        for at in [at for at in starts if at <= passage.start]:
            del starts[at]
        if pieces and ("\n" in text[before : passage.start] or asked):
            yield Paragraph(tuple(pieces), question)
            pieces, question = [], ""
        question = asked[-1] if asked else question
        after = passages[index + 1].start if index + 1 < len(passages) else passage.end
        pieces += _fragments(passage, " " if after > passage.end else "")
    if pieces:
        yield Paragraph(tuple(pieces), question)


def _fragments(passage: Passage, space: str) -> Iterator[Piece]:
    cuts = range(0, len(passage.text), _FRAGMENT)
    for at in cuts:
        last = at == cuts[-1]
        yield Piece(passage, passage.text[at : at + _FRAGMENT], space if last else "", at == 0, last)


def parts_of(paragraphs: Iterator[Paragraph], most: int = PART) -> list[list[Paragraph]]:
    """The paragraphs in parts of at most about so many bytes as HTML; a long paragraph is cut between sentences."""
    parts: list[list[Paragraph]] = [[]]
    room = most
    for paragraph in paragraphs:
        waiting: list[Piece] = []
        for piece in paragraph.pieces:
            size = len(escape(piece.text).encode()) + (_OVERHEAD if piece.passage.marks else 80)
            if size > room and (waiting or parts[-1]):
                if waiting:
                    parts[-1].append(replace(paragraph, pieces=tuple(waiting)))
                    paragraph, waiting = replace(paragraph, question=""), []
                parts.append([])
                room = most
            waiting.append(piece)
            room -= size
        if waiting:
            parts[-1].append(replace(paragraph, pieces=tuple(waiting)))
    return parts
