"""What a text must be to be kept."""

from __future__ import annotations

import re

from pipeline.shapes import has_halves, whole

__all__ = ["fault_of", "whole"]

LONGEST_TEXT = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_GARBAGE = 0.01


def fault_of(text: str) -> str:
    """Why a text cannot be kept; empty when it can."""
    if not text.strip():
        return "no text"
    if len(text) > LONGEST_TEXT:
        return f"text of {len(text):,} characters; the limit is {LONGEST_TEXT:,}"
    if "\0" in text:
        return "NUL characters in the text; the file is damaged here"
    if has_halves(text):
        return "half a character (lone surrogate) in the text; the file is damaged here"
    if len(_CONTROL.findall(text)) > _GARBAGE * len(text):
        return "control characters in the text; the cell holds binary data"
    return ""
