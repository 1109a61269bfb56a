"""What the classifier sees in place of names, gender and typography, token by token; the text itself is never changed.

A masked token keeps the place of the characters it stands for, so that whatever the classifier finds in it can be
shown in the original words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacy.tokens import Doc, Span, Token

from pipeline.parse.spelling import british
from pipeline.records import MaskedToken

_FOLDER = Path(__file__).parent
_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\xa0": " "}
)
_CONTRACTIONS = frozenset(["ll", "d", "s", "ve", "re"])
"""What the tokenizer leaves on a word in capitals (SHE'LL); in lower case it is a token of its own."""

_SHOUTED = 0.6
"""A sentence with more of its words in capitals than this is written in capitals, and a capital says nothing."""

_NAME_SHAPE = re.compile(r"[^\W\d_][^\W\d_'’-]*\Z")


@dataclass(frozen=True, slots=True)
class Masks:
    """The word lists of masks.toml and words.txt, all in lower case."""

    name: str
    neutral: dict[str, str]
    titles: frozenset[str]
    ambiguous: frozenset[str]
    homes: frozenset[str]
    keep: frozenset[str]
    ordinary: frozenset[str]


@cache
def masks() -> Masks:
    """The masks that come with Leadlight; `ordinary` are the words that its corpus writes in lower case."""
    raw = tomllib.loads((_FOLDER / "masks.toml").read_text(encoding="utf-8"))
    words = (_FOLDER / "words.txt").read_text(encoding="utf-8").split()
    lists = {key: frozenset(raw["names"][key]) for key in ("titles", "ambiguous", "homes", "keep")}
    return Masks(name=raw["name"], neutral=raw["neutral"], ordinary=frozenset(words), **lists)


def name_parts(names: Iterable[str]) -> frozenset[str]:
    """The words of people's names, in lower case, that are safe to look for: letters only, two or more, no title."""
    parts = {part.lower() for name in names for part in re.findall(r"[^\W\d_]{2,}", name)}
    return frozenset(parts - masks().titles - {"and", "the", "of", "team", "staff", "care", "home", "all", "at"})


def mask(sentence: Span, known_names: frozenset[str]) -> tuple[MaskedToken, ...]:
    """The tokens of a sentence as the classifier sees them, in order; a name of several words becomes one token."""
    tokens = [token for token in sentence if not token.is_space]
    named = _names(tokens, sentence.doc, known_names)
    out: list[MaskedToken] = []
    for index, token in enumerate(tokens):
        start, end = token.idx, token.idx + len(token)
        if named[index]:
            if index and named[index - 1] and out:
                out[-1] = MaskedToken(
                    masks().name, out[-1].start, end, bool(token.whitespace_), telling=False, named=True
                )
            else:
                out.append(MaskedToken(masks().name, start, end, bool(token.whitespace_), telling=False, named=True))
            continue
        telling = not token.is_stop and any(character.isalnum() for character in token.text)
        out.append(MaskedToken(_neutral(token.text), start, end, bool(token.whitespace_), telling))
    return tuple(out)


def _neutral(word: str) -> str:
    plain = word.translate(_TYPOGRAPHY)
    head, apostrophe, rest = plain.partition("'")
    if apostrophe and rest.lower() in _CONTRACTIONS and head.lower() in masks().neutral:
        return f"{_neutral(head)}'{rest.lower()}"
    if neutral := masks().neutral.get(plain.lower()):
        return neutral.capitalize() if plain[0].isupper() else neutral
    if len(plain) > 4 and plain.isupper():
        plain = plain.lower()
    spelled = british(plain.lower())
    if spelled == plain.lower():
        return plain
    return spelled.capitalize() if plain[0].isupper() else spelled


def _names(tokens: Sequence[Token], doc: Doc, known: frozenset[str]) -> list[bool]:
    """For each token, whether it is part of a name of a person, a service or a place."""
    lists = masks()
    words = [token.text for token in tokens if len(token.text) > 1 and token.text.isalpha()]
    shouted = len(words) > 2 and sum(word.isupper() for word in words) > _SHOUTED * len(words)
    named = [_is_name(token, index, tokens, known, lists, shouted) for index, token in enumerate(tokens)]
    for index in range(len(tokens) - 2, -1, -1):
        token, after = tokens[index], tokens[index + 1]
        lower = token.text.lower()
        before_service = after.text.lower() in lists.homes and _capital(after) and index > 0 and not shouted
        ordinary = lower in lists.ordinary and lower not in lists.keep
        if not named[index] and _capital(token) and before_service and ordinary and lower not in lists.homes:
            named[index] = not _starts(token, doc)
        if not named[index] and named[index + 1] and _joins(token, index, named):
            named[index] = True
        if not named[index] and named[index + 1] and lower in lists.titles:
            named[index] = True
    return named


def _joins(token: Token, index: int, named: Sequence[bool]) -> bool:
    return token.text in "-'’" and index > 0 and named[index - 1] and not token.whitespace_


def _capital(token: Token) -> bool:
    return token.text[0].isupper()


def _starts(token: Token, doc: Doc) -> bool:
    """Whether a token stands where any word takes a capital: first in its sentence, after a quote, colon or bullet."""
    if token.is_sent_start or token.i == 0:
        return True
    before = doc[token.i - 1]
    return before.is_space or before.text in "“‘\"'(:•-–*/"


def _acronym(word: str) -> bool:
    return word.isupper() and len(word) <= 4


def _spoken(word: str) -> bool:
    """Whether letters can be a word (ann, jude), not only initials (nhs, cqc)."""
    return len(word) > 2 and any(vowel in word for vowel in "aeiouy")


def _is_name(
    token: Token, index: int, tokens: Sequence[Token], known: frozenset[str], lists: Masks, shouted: bool
) -> bool:
    word = token.text
    lower = word.lower()
    if not _NAME_SHAPE.match(word) or len(word) < 2:
        return False
    if lower in known and (_capital(token) or lower not in lists.ordinary):
        return True
    if not _capital(token) or lower in lists.keep or (_acronym(word) and not (shouted and _spoken(lower))):
        return False
    if lower in lists.ambiguous:
        if shouted:
            return False
        beside = tokens[index + 1] if index + 1 < len(tokens) else None
        return not _starts(token, token.doc) or (
            beside is not None and beside.text[0].isupper() and beside.text.lower() not in lists.ordinary
        )
    return lower not in lists.ordinary and british(lower) not in lists.ordinary
