"""Bytes to text: UTF-8 with and without mark, UTF-16 with and without mark, else Windows-1252."""

from __future__ import annotations

import codecs

from pipeline.errors import UnreadableInput


def decode(content: bytes, name: str) -> str:
    """The text of a file's bytes, exactly as written but for a byte-order mark.

    Raises UnreadableInput where the bytes are no text (NUL bytes outside UTF-16, undefined characters).
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(content, "utf-16", name)
    if content.startswith(codecs.BOM_UTF8):
        return _strict(content, "utf-8-sig", name)
    if wide := _utf16_without_mark(content):
        return _strict(content, wide, name)
    if b"\0" in content:
        raise UnreadableInput(f"{name} holds NUL bytes, so it is no text file. Save it again as CSV UTF-8, Word or Excel.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(content, "cp1252", name)


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{name} cannot be read as text (byte {error.start}). Save it again as CSV UTF-8.") from error
    if "\0" in text:
        raise UnreadableInput(f"{name} holds NUL characters, so it is no text file. Save it again as CSV UTF-8.")
    return text


def _utf16_without_mark(content: bytes) -> str | None:
    """The byte order of UTF-16 text without a mark, told by where its NUL bytes stand; None where it is none."""
    sample = content[:4_000]
    if len(sample) < 4 or len(content) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None
