"""Beside the labels: the partners named, what changed for people, and who says what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.frameworks import Frameworks, Label
from pipeline.records import UNKNOWN
from pipeline.report.passages import Mark, Passage
from pipeline.report.quotes import Quote, quote_of

NARRATOR = "nominator"
"""The voice of what nobody is quoted for."""

MOST_RESULTS = 6
MOST_OF_A_SECTOR = 3
MOST_OF_A_VOICE = 2


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of the systems map: a partner sector, what is told to have been done with it, and its tags."""

    sector: Label
    quotes: tuple[Quote, ...]
    labels: tuple[Label, ...]
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Voice:
    """One who speaks in the text: how many sentences are theirs, how many of these are tagged, and some of them."""

    voice: str
    sentences: int
    tagged: int
    quotes: tuple[Quote, ...] = ()


def stops_of(passages: Sequence[Passage], frameworks: Frameworks) -> Iterator[Stop]:
    """The partner sectors of passages whose tags ask for partners, in the order of their framework."""
    for sector in frameworks.sectors or ():
        quotes, labels = [], []
        for passage in passages:
            marks = tuple(mark for mark in passage.every if mark.label.partners)
            spans = [(start, end) for name, start, end in passage.partners if name == sector.id]
            if marks and spans:
                quotes.append(quote_of(passage, _exact(passage, marks), spans))
                labels += [mark.label for mark in marks]
        if quotes:
            kept = tuple(quotes[:MOST_OF_A_SECTOR])
            yield Stop(sector, kept, tuple(dict.fromkeys(labels)), len(quotes) - len(kept))


def _exact(passage: Passage, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark in passage.marks) or marks


def results_of(passages: Sequence[Passage], kinds: frozenset[str]) -> tuple[Quote, ...]:
    """What changed for people, as told: those who are quoted before the narrator, then in the order of the text."""
    told = [passage for passage in passages if passage.kind and passage.kind.full in kinds]
    told.sort(key=lambda passage: (passage.voice in (NARRATOR, UNKNOWN), passage.start))
    return tuple(quote_of(passage, passage.marks) for passage in told)


def voices_of(passages: Sequence[Passage]) -> Iterator[Voice]:
    """Each voice of the text with its sentences, the narrator first; the others with a few of their words."""
    for voice in sorted({passage.voice for passage in passages}, key=lambda name: (name != NARRATOR, name == UNKNOWN)):
        own = [passage for passage in passages if passage.voice == voice]
        tagged = [passage for passage in own if passage.marks]
        kept = () if voice == NARRATOR else (tagged or own)[:MOST_OF_A_VOICE]
        yield Voice(voice, len(own), len(tagged), tuple(quote_of(passage, passage.marks) for passage in kept))
