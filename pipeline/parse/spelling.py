"""American spelling to British, for what the classifier sees, and back, for what patterns look for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_ENDS_IZE = re.compile(r"([a-z]{2,})([iy])z(e|es|ed|er|ers|ing|ation|ations|ational)")


_ENDS_ISE = re.compile(r"([a-z]{2,})([iy])s(e|es|ed|er|ers|ing|ation|ations|ational)")


@cache
def _rules() -> tuple[dict[str, str], dict[str, str], frozenset[str], re.Pattern[str]]:
    raw = tomllib.loads(Path(__file__).with_name("spelling.toml").read_text(encoding="utf-8"))
    starts = sorted(raw["starts"], key=len, reverse=True)
    return raw["words"], raw["starts"], frozenset(raw["keeps_z"]), re.compile("|".join(map(re.escape, starts)))


def british(word: str) -> str:
    """The British spelling of a word in lower case; the word itself where the rules of spelling.toml know no other."""
    words, starts, keeps_z, start = _rules()
    if "-" in word:
        return "-".join(map(british, word.split("-")))
    if found := words.get(word):
        return found
    if begins := start.match(word):
        word = starts[begins.group()] + word[begins.end() :]
    if word not in keeps_z and (ends := _ENDS_IZE.fullmatch(word)):
        return f"{ends[1]}{ends[2]}s{ends[3]}"
    return word


def american(phrase: str) -> str:
    """The words of a phrase in lower case in American spelling, where `british` leads back from it."""
    return re.sub(r"[a-z]+", lambda match: _american_word(match.group()), phrase)


@cache
def _american_word(word: str) -> str:
    words, starts, _, _ = _rules()
    found = [us for us, uk in words.items() if uk == word]
    found += [us + word[len(uk) :] for us, uk in starts.items() if word.startswith(uk) and us != uk]
    found += [f"{ends[1]}{ends[2]}z{ends[3]}" for ends in [_ENDS_ISE.fullmatch(word)] if ends]
    return next((other for other in found if british(other) == word), word)
