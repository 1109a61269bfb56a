"""What a text must be to be kept."""

from __future__ import annotations

import re

LONGEST_TEXT = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_GARBAGE = 0.01


def fault_of(text: str) -> str:
    """Why a text cannot be kept; empty when it can."""
    if not text.strip():
        return "no text"
    if len(text) > LONGEST_TEXT:
        return f"text of {len(text):,} characters; the limit is {LONGEST_TEXT:,}"
    if "\0" in text:
        return "NUL characters in the text; the file is damaged here"
    if _SURROGATE.search(text):
        return "half a character (lone surrogate) in the text; the file is damaged here"
    if len(_CONTROL.findall(text)) > _GARBAGE * len(text):
        return "control characters in the text; the cell holds binary data"
    return ""


def whole(value: str) -> str:
    """A value of metadata that can be written as UTF-8: halves of characters become the replacement character."""
    return _SURROGATE.sub("\ufffd", value) if _SURROGATE.search(value) else value
