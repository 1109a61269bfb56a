"""Who says a sentence: the nominator, or somebody quoted, found from quotation marks and attributions.

Pure functions over the text and the sentence spans; what cannot be told is `unknown`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.records import UNKNOWN

NOMINATOR, NOMINEE = "nominator", "nominee"
QUOTED = 0.3
"""A sentence with this share of its tokens in quotation marks is somebody's words."""

_QUOTE = re.compile(r"[“”\"]|(?<!\w)‘(?=\w)|(?<=[.,!?…])’")
_WORD = re.compile(r"[\w&'’-]+")


@cache
def _cues() -> tuple[frozenset[str], tuple[tuple[str, frozenset[str]], ...]]:
    raw = tomllib.loads(Path(__file__).with_name("voices.toml").read_text(encoding="utf-8"))
    return frozenset(raw["says"]), tuple((role, frozenset(words)) for role, words in raw["roles"].items())


def quoted_ranges(text: str) -> list[tuple[int, int]]:
    """The character ranges inside quotation marks, in order.

    A quotation that is opened anew in the next paragraph without having been closed, as newspapers do, ends where its
    paragraph ends.
    """
    ranges: list[tuple[int, int]] = []
    for paragraph in re.finditer(r"[^\n]+", text):
        opened: int | None = None
        for mark in _QUOTE.finditer(text, paragraph.start(), paragraph.end()):
            opens = mark.group() in "“‘" or (mark.group() == '"' and opened is None)
            if opens and opened is None:
                opened = mark.end()
            elif not opens and opened is not None:
                ranges.append((opened, mark.start()))
                opened = None
        if opened is not None:
            ranges.append((opened, paragraph.end()))
    return ranges


def quoted_share(starts: Sequence[int], ranges: Sequence[tuple[int, int]]) -> float:
    """The share of a sentence's tokens, given by their first characters, that stand in quotation marks: 0 to 1."""
    ends = [end for _, end in ranges]
    inside = 0
    for start in starts:
        at = bisect_right(ends, start)
        inside += at < len(ranges) and ranges[at][0] <= start
    return inside / max(1, len(starts))


def voices(
    text: str, spans: Sequence[tuple[int, int]], tokens: Sequence[Sequence[int]], names: frozenset[str]
) -> list[tuple[str, bool]]:
    """For each sentence who says it and whether it is mostly quotation.

    `tokens` gives the first character of each token of each sentence; `names` are the nominee's name parts.
    """
    ranges = quoted_ranges(text)
    shares = [quoted_share(starts, ranges) for starts in tokens]
    said_by = [_attributed(_outside(text, span, ranges), names) for span in spans]
    out: list[tuple[str, bool]] = []
    speaker = UNKNOWN
    for index, share in enumerate(shares):
        if share < QUOTED:
            out.append((NOMINATOR, False))
            speaker = said_by[index] or UNKNOWN
            continue
        begins = index == 0 or shares[index - 1] < QUOTED
        after = said_by[index + 1] if begins and index + 1 < len(shares) and shares[index + 1] < 0.5 else None
        speaker = said_by[index] or (speaker if speaker != UNKNOWN else after or UNKNOWN)
        out.append((speaker, True))
    return out


def _outside(text: str, span: tuple[int, int], ranges: Sequence[tuple[int, int]]) -> str:
    """The words of a sentence that stand outside quotation marks."""
    pieces, at = [], span[0]
    for start, end in ranges:
        if end <= span[0] or start >= span[1]:
            continue
        pieces.append(text[at : max(at, start)])
        at = min(span[1], end)
    return " ".join([*pieces, text[at : span[1]]])


def _attributed(words: str, names: frozenset[str]) -> str | None:
    """The role that an attribution names (`her daughter said`), or None where nobody is said to speak."""
    says, roles = _cues()
    tokens = [re.sub(r"['’]s$", "", word.lower()) for word in _WORD.findall(words)]
    at = next((i for i, token in enumerate(tokens) if token in says), None)
    if at is None:
        return None
    near = set(tokens[max(0, at - 12) : at + 10])
    if near & names:
        others = next((role for role, cues in roles if role == "family" and near & cues), None)
        return others if others and not near & {"mother-of-two", "mother-of-three"} and at < 6 else NOMINEE
    role = next((role for role, cues in roles if near & cues), None)
    if role is None and near & {"he", "she", "they"}:
        return NOMINEE
    return role
