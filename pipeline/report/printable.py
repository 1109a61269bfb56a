"""Text made fit to be shown: characters that no page, cell or document can hold become signs that stand for them."""

from __future__ import annotations

import re

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text with control characters as their pictures (U+2400 …) and what is no character as U+FFFD."""
    return _UNFIT.sub(lambda match: _sign(match[0]), text)


def plain_line(text: str) -> str:
    """A text for titles and file properties, which cannot isolate direction: one line, no direction marks."""
    return " ".join(_TURNING.sub("", printable(text)).split())


def _sign(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
