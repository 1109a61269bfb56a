"""Where sentences begin and end in text as people write it: line breaks, bullets, quotes, abbreviations, run-ons.

The rules read characters, so a span is exact in the original text; the spaCy component `leadlight_sentences` puts the
spans on a Doc as `doc.spans["sentences"]` and marks the tokens that start one.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

SENTENCES = "sentences"
"""The key of the sentence spans in `doc.spans`."""

LONGEST = 1_000
"""A sentence of more characters than this is cut at a comma or a space: nobody can read it as evidence."""

_CLOSERS = "\"'”’»)]*_"
_OPENERS = "\"'“‘«([*_"
_BULLET = re.compile(r"[•‣◦▪●·∙■◆➢➤✓✔]|[-–—*o](?=[ \t])")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)](?=[ \t])")
_INLINE_BULLET = re.compile(r"[ \t]+(?=[•‣◦▪●■◆➢➤✓✔][ \t])")
_STOP = re.compile(r"[.!?…。！？]+")
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_WORD_BEFORE = re.compile(r"[^\W_](?:[^\W_]|[.'’](?=[^\W_]))*$")


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str]]:
    raw = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
    return frozenset(raw["titles"]), frozenset(raw["inside"])


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) characters in order, without white space at the ends.

    Every character that is not white space lies in exactly one span.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for cut in [*_cuts(text, line.start(), line.end()), line.end()]:
            spans.extend(_readable(text, *_trimmed(text, start, cut)))
            start = cut
    return spans


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _readable(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span, or, where it is longer than LONGEST, its parts."""
    parts = []
    while end - start > LONGEST:
        room = text[start : start + LONGEST]
        cut = max(room.rfind("; "), room.rfind(", "), room.rfind(" – "), room.rfind(" - ")) + 1
        if cut < LONGEST // 3:
            cut = room.rfind(" ")
        cut = cut if cut > 0 else LONGEST
        parts.append(_trimmed(text, start, start + cut))
        start, end = _trimmed(text, start + cut, end)
    if end > start:
        parts.append((start, end))
    return [(a, b) for a, b in parts if b > a]


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Positions inside a line where a new sentence begins."""
    cuts = [match.end() for match in _INLINE_BULLET.finditer(text, start, end) if text[start : match.start()].strip()]
    body = _after_marker(text, start, end)
    for stop in _STOP.finditer(text, body, end):
        cut = _cut_after(text, body, stop.start(), stop.end(), end)
        if cut is not None and text[cut:end].strip():
            cuts.append(cut)
    return sorted(set(cuts))


def _after_marker(text: str, start: int, end: int) -> int:
    """Where a line's words begin, after a bullet or a list number, whose full stop ends nothing."""
    while start < end and text[start].isspace():
        start += 1
    for marker in (_BULLET, _NUMBER):
        if match := marker.match(text, start, end):
            return match.end()
    return start


def _cut_after(text: str, start: int, stop: int, after: int, end: int) -> int | None:
    """The position where the sentence that the stop at `stop:after` ends gives way to the next, or None."""
    close = after
    while close < end and text[close] in _CLOSERS:
        close += 1
    if close == end:
        return None
    if not text[close].isspace():
        return _cut_in_run_on(text, start, stop, after, close, end)
    gap = close
    while gap < end and text[gap].isspace():
        gap += 1
    if gap < end and _stranded_closer(text, gap, end):
        gap = close = gap + 1
        while gap < end and text[gap].isspace():
            gap += 1
    if gap >= end or not _begins(text, gap, end, stop, after, closed=close > after):
        return None
    if text[stop:after] == "." and _is_abbreviation(text, start, stop, text[gap]):
        return None
    return gap


def _stranded_closer(text: str, at: int, end: int) -> bool:
    """Whether a closing quote stands alone after a space, as in `the trend! ” she said`."""
    return text[at] in "”’»" and (at + 1 == end or text[at + 1].isspace() or text[at + 1] in ".,")


def _begins(text: str, at: int, end: int, stop: int, after: int, *, closed: bool) -> bool:
    """Whether what stands at `at` can begin a sentence after this stop."""
    first = at
    while first < end and text[first] in _OPENERS:
        first += 1
    if first >= end:
        return False
    character = text[first]
    if character.islower():
        dots = text[stop:after]
        ellipsis = "…" in dots or (len(dots) > 1 and set(dots) == {"."})
        if closed or ellipsis or (text[first : first + 3] in ("and", "but") and dots != "."):
            return False
        before = _WORD_BEFORE.search(text, max(0, stop - 20), stop)
        return before is not None and len(before.group()) > 2 and text[stop - 1].islower()
    if character in ",;:)]”’":
        return False
    return character.isalnum() or not character.isascii() or character in "#£$&@+-•*<="


def _is_abbreviation(text: str, start: int, stop: int, follower: str) -> bool:
    match = _WORD_BEFORE.search(text, max(start, stop - 20), stop)
    if match is None:
        return False
    word = match.group()
    titles, inside = _abbreviations()
    if len(word) == 1 and word.isalpha() and word not in "Ia":
        return True
    if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word):
        return follower.isupper() and not _ends_like_a_country(word)
    lowered = word.lower()
    if lowered == "no":
        return follower.isdigit()
    if lowered in titles:
        return True
    return lowered in inside and (follower.islower() or follower.isdigit())


def _ends_like_a_country(word: str) -> bool:
    return word.replace(".", "") in ("UK", "US", "USA", "EU", "NI")


def _cut_in_run_on(text: str, start: int, stop: int, after: int, close: int, end: int) -> int | None:
    """The cut in `lovely.She` and `lovely!”She`: words on both sides, so no address, figure or initials."""
    before = _WORD_BEFORE.search(text, max(start, stop - 20), stop)
    first = close
    while first < end and text[first] in _OPENERS:
        first += 1
    following = re.match(r"[A-Z][a-z]+|I\b(?!\.)", text[first : first + 12])
    if before is None or following is None or "." in before.group():
        return None
    word = before.group()
    if len(word) < 2 or not word[-1].islower() or not word.isalpha():
        return None
    tail = text[first : first + 30].split()[0]
    if text[stop:after] == "." and re.search(r"\w\.\w", tail):
        return None
    return close


@Language.factory("leadlight_sentences", default_config={"unit": "sentence"})
class SentenceComponent:
    """Puts the sentences of the untouched text on a Doc, or the whole text as one span where `unit` is `document`."""

    def __init__(self, nlp: Language, name: str, unit: str) -> None:  # noqa: ARG002 - spaCy's signature
        self.unit = unit

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with `doc.spans["sentences"]` and sentence starts set; tokens that cross a boundary are split."""
        text = doc.text
        if self.unit == "document":
            start, end = _trimmed(text, 0, len(text))
            bounds = [(start, end)] if end > start else []
        else:
            bounds = sentence_spans(text)
        _split_tokens(doc, {edge for span in bounds for edge in span})
        spans = [doc.char_span(start, end, label="sentence") for start, end in bounds]
        found = [span for span in spans if isinstance(span, Span)]
        if len(found) != len(bounds):
            raise AssertionError("a sentence boundary fell inside a token")
        marks = np.full(len(doc), -1, dtype=np.int64)
        if len(doc):
            marks[[0, *(span.start for span in found)]] = 1
        doc.from_array(["SENT_START"], marks.astype(np.uint64))  # type: ignore[arg-type]  # typed for matrices only
        doc.spans[SENTENCES] = SpanGroup(doc, name=SENTENCES, spans=found)
        return doc


def _split_tokens(doc: Doc, edges: set[int]) -> None:
    """Split every token that has a sentence boundary inside it."""
    crossing = [
        (token.i, sorted(edge - token.idx for edge in edges if token.idx < edge < token.idx + len(token)))
        for token in doc
        if len(token) > 1 and any(edge in edges for edge in range(token.idx + 1, token.idx + len(token)))
    ]
    if not crossing:
        return
    with doc.retokenize() as retokenizer:
        for index, cuts in crossing:
            token = doc[index]
            pieces = [token.text[a:b] for a, b in zip([0, *cuts], [*cuts, len(token)], strict=True)]
            retokenizer.split(token, pieces, heads=[(token, 0)] * len(pieces))
