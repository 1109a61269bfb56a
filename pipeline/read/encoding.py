"""Bytes of a text file to characters, never changing one on the way."""

from __future__ import annotations

import codecs
import re

from pipeline.errors import UnreadableInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PACKAGES = (
    (b"PK\x03\x04", "a ZIP package (an Excel or Word file?)"),
    (b"\xd0\xcf\x11\xe0", "an Office file of the old kind"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "an RTF document"),
)
_SAMPLE = 65_536
_GARBAGE = 0.02
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


def decode(data: bytes, name: str) -> str:
    """The characters of a text file in UTF-8, UTF-16, UTF-32 or Windows-1252, without its byte order mark.

    Lines of a file that mixes UTF-8 and Windows-1252 are read one by one. Raises UnreadableInput where the bytes are
    no text.
    """
    for magic, kind in _PACKAGES:
        if data.startswith(magic):
            raise UnreadableInput(f"{name} is {kind}, not text; give it its right name ending or save it as text.")
    encoding, skip = _encoding(data)
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise UnreadableInput(f"{name} is damaged {encoding.upper()} text; save it again as UTF-8.") from error
        text = _by_line(data[skip:], name)
    _refuse_garbage(text[:_SAMPLE], name)
    return text


def _encoding(data: bytes) -> tuple[str, int]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    sample = data[:_SAMPLE]
    half = max(1, len(sample) // 2)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.3 and even < 0.05:
        return "utf-16-le", 0
    if even > 0.3 and odd < 0.05:
        return "utf-16-be", 0
    return "utf-8", 0


def _by_line(data: bytes, name: str) -> str:
    return "".join(_line(line, name) for line in _LINE.findall(data))


def _line(line: bytes, name: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            f"{name} is not text in UTF-8, UTF-16 or Windows-1252 (byte {line[error.start]:#04x}); save it as UTF-8."
        ) from error


def _refuse_garbage(sample: str, name: str) -> None:
    garbage = sum(sample.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\v\f\r")
    if garbage > _GARBAGE * len(sample):
        raise UnreadableInput(f"{name} holds binary data, not text; save it as text, CSV, Excel or Word.")
