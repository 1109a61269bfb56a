"""What an organiser should look at twice: each flag is a key `flag:NAME` in a nomination's `extra`, with the reason.

Nothing is dropped for a flag unless asked. The patterns are data (`flags.toml`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.read.headers import plain_header
from pipeline.records import Nomination, Section

PREFIX = "flag:"
FLAGS = (
    "incomplete", "test", "empty", "non_english", "over_limit", "hidden", "duplicate", "near_duplicate",
)  # fmt: skip
"""The flags; the last two are given when all nominations are known."""

_LIMIT = re.compile(r"(?:\b(\d{1,4}) (?:to|and|or) )?(?<!\d)(\d{1,2}[,.]\d{3}|\d{2,4})\s*-?\s*words?\b")
_NO_LIMIT = re.compile(
    r"\b(min|minimum|min of|minimum of|at least|about|around|approx|approximately|roughly|over|circa)\W*$"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENOUGH_WORDS = 8
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Signs:
    """The patterns of `flags.toml`, compiled."""

    status: re.Pattern[str]
    unfinished: re.Pattern[str]
    test_names: re.Pattern[str]
    test_texts: re.Pattern[str]
    empty: re.Pattern[str]
    english: frozenset[str]
    english_share: float
    languages: Mapping[str, str]


@cache
def _signs() -> _Signs:
    data = tomllib.loads((Path(__file__).parent / "flags.toml").read_text(encoding="utf-8"))
    patterns = {
        name: re.compile("|".join(f"(?:{pattern})" for pattern in data[name]))
        for name in ("status", "unfinished", "test_names", "test_texts", "empty")
    }
    english, share, languages = frozenset(data["english"]), float(data["english_share"]), data["languages"]
    return _Signs(**patterns, english=english, english_share=share, languages=languages)


def flagged(nomination: Nomination, word_limit: int | None = None) -> Nomination:
    """The nomination with its flags in `extra`; those of an earlier run are kept, save of duplicates."""
    kept = {key: value for key, value in nomination.extra.items() if key not in ("duplicate_group", *_OF_ALL)}
    found = {PREFIX + name: reason for name, reason in _found(nomination, word_limit)}
    if not found and len(kept) == len(nomination.extra):
        return nomination
    return replace(nomination, extra={**kept, **found})


_OF_ALL = tuple(PREFIX + name for name in FLAGS[-2:])


def flags_of(extra: Mapping[str, str]) -> dict[str, str]:
    """The flags in a nomination's `extra`: each name with its reason."""
    return {key.removeprefix(PREFIX): value for key, value in extra.items() if key.startswith(PREFIX)}


def _found(nomination: Nomination, word_limit: int | None) -> Iterator[tuple[str, str]]:
    status = next(filter(None, (_unfinished(*item) for item in nomination.extra.items())), "")
    if status:
        yield "incomplete", status
    text = plain_header(nomination.text) if len(nomination.text) < 300 else ""
    test = _test(nomination, text)
    if test:
        yield "test", test
    if not _WORD.search(nomination.text) or (text and _signs().empty.search(text)):
        yield "empty", f"the text says nothing: {nomination.text.strip()[:_SHOWN]!r}"
    language = _foreign(nomination.text)
    if language:
        yield "non_english", f"the text, or a third of it, looks like {language}"
    over = "; ".join(_over(nomination, word_limit))
    if over:
        yield "over_limit", over


def _unfinished(header: str, answer: str) -> str:
    if header.startswith(PREFIX) or len(answer) > _SHOWN or not _signs().status.search(plain_header(header)):
        return ""
    share = re.fullmatch(r"\s*(\d{1,3})(?:\.\d+)?\s*%\s*", answer)
    part = share is not None and int(share[1]) < 100
    return f"{header} is {answer.strip()!r}" if part or _signs().unfinished.search(plain_header(answer)) else ""


def _test(nomination: Nomination, text: str) -> str:
    for name, value in (("nominee", nomination.nominee), ("category", nomination.category), ("id", nomination.id)):
        if value and _signs().test_names.search(plain_header(value)):
            return f"the {name} is {value[:_SHOWN]!r}"
    if (text and _signs().test_texts.search(text)) or "lorem ipsum" in nomination.text[:2_000].casefold():
        return f"the text begins {nomination.text.strip()[:_SHOWN]!r}"
    return ""


def _foreign(text: str) -> str:
    """The language of a text of which a third or more is not English; empty where it is, or is too short to tell."""
    paragraphs = [(part, _WORD.findall(part.casefold())) for part in re.split(r"\n+", text) if part.strip()]
    total = sum(len(words) for _, words in paragraphs)
    strange = [(part, len(words)) for part, words in paragraphs if len(words) >= _ENOUGH_WORDS and _unusual(words)]
    if not total or sum(count for _, count in strange) * 3 < total:
        return ""
    from py3langid import classify

    code = str(classify(" ".join(part for part, _ in strange)[:20_000])[0])
    return "" if code == "en" else _signs().languages.get(code, f"another language ({code})")


def _unusual(words: list[str]) -> bool:
    return sum(word in _signs().english for word in words) < _signs().english_share * len(words)


def _over(nomination: Nomination, word_limit: int | None) -> Iterator[str]:
    for section in nomination.sections:
        limit = limit_of(section.question)
        words = _words(nomination.text, section)
        if limit and words > limit:
            yield f"{words} words of {limit} for {section.question[:_SHOWN]!r}"
    total = len(nomination.text.split())
    if word_limit and total > word_limit:
        yield f"{total} words of {word_limit}"


def _words(text: str, section: Section) -> int:
    return len(text[section.start : section.end].split())


def limit_of(question: str) -> int:
    """The most words that a question asks for; 0 where it names none, or only a least or rough number."""
    plain = re.sub(r"[-–—]", " to ", question[:1_000].casefold())
    for match in _LIMIT.finditer(plain):
        if not _NO_LIMIT.search(plain[: match.start()]):
            return int(re.sub(r"[,.]", "", match[2]))
    return 0
