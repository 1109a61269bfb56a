"""The JSON objects of the contract, typed for those who use Leadlight from Python."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class WordsObject(TypedDict):
    """Words that carried a tag: their place in the nomination's text, and how much they added (log-odds)."""

    start: int
    end: int
    text: str
    weight: float


class TagObject(TypedDict):
    """A label, `framework/label`, with its calibrated probability, strength in words, and the words that carried it."""

    label: str
    score: float
    strength: str
    why: list[WordsObject]


class PartnerObject(TypedDict):
    """A body of another sector named in a sentence."""

    sector: str
    start: int
    end: int
    text: str


class SentenceObject(TypedDict):
    """A sentence of the text, `text[start:end]`, with its kind, voice, tags and partners."""

    start: int
    end: int
    text: str
    kind: str
    kind_score: float
    voice: str
    tags: list[TagObject]
    partners: list[PartnerObject]
    scores: NotRequired[dict[str, float]]


class EvidenceObject(TypedDict):
    """The evidence of a nomination, a line of what `leadlight tag` writes."""

    schema: int
    id: str
    text: str
    meta: dict[str, Any]
    model: dict[str, Any]
    sentences: list[SentenceObject]
    summary: dict[str, Any]
