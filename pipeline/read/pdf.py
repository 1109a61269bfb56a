"""PDF documents, with PDFium: their text in lines joined to paragraphs, and the fields of forms."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from pipeline.errors import UnreadableInput
from pipeline.read.forms import Block, Grid, outcomes_of_document
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 5_000_000
_BULLET = re.compile(r"\s*([•●▪◦‣∙*–-]|\d{1,2}[.)]|\(?[a-z]\))\s")
_WORDS_OF_A_PAGE = 3
_TEXT_FIELDS = (4, 5, 6)
"""PDFium's kinds of fields with a value: drop-down lists, lists, text."""
_TICKED = (2, 3)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


def read_pdf(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nomination of a PDF; the lines of a paragraph are joined, for a PDF knows none.

    Pages that are pictures are named in a warning. Raises UnreadableInput where it is no PDF, locked or damaged, or
    where no page holds text.
    """
    content: list[Block | Grid] = []
    scanned: list[int] = []
    for number, (lines, fields, pictures) in enumerate(_pages(source.data(), source.name), 1):
        content += [Block(text) for text in paragraphs(lines)]
        content += [Block(value, label=label) for label, value in fields]
        if pictures and not fields and sum(len(line.text.split()) for line in lines) < _WORDS_OF_A_PAGE:
            scanned.append(number)
    if not any(isinstance(each, Block) and each.text.strip() for each in content):
        what = "is scanned: its pages are pictures without text" if scanned else "holds no text"
        raise UnreadableInput(
            f"{source.name} {what}. Read it with a program for text recognition (OCR) and save that as .docx or "
            ".txt, or type it up."
        )
    if scanned:
        pages = ", ".join(map(str, scanned[:10])) + (" …" if len(scanned) > 10 else "")
        notes.warn(f"{source.name}: page {pages} is a picture without text (a scan?), and is not read")
    yield from outcomes_of_document(content, source.name, mapping, notes)


def _pages(data: bytes, name: str) -> Iterator[tuple[list[_Line], list[tuple[str, str]], bool]]:
    """Of each page: its lines, the labels and values of its form fields, whether it holds pictures."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise UnreadableInput(f"{name} is locked with a password; save a copy without one.") from error
        raise UnreadableInput(
            f"{name} is no PDF or is damaged. Open it and save it again, or save it as .docx."
        ) from error
    try:
        if len(document) > _MOST_PAGES:
            raise UnreadableInput(f"{name} has more than {_MOST_PAGES:,} pages; split it.")
        document.init_forms()
        size = 0
        for number in range(len(document)):
            page = document[number]
            lines = _lines(page.get_textpage())
            size += sum(len(line.text) for line in lines)
            if size > _MOST_CHARACTERS:
                raise UnreadableInput(f"{name} holds more than {_MOST_CHARACTERS:,} characters; split it.")
            yield lines, list(_fields(page, document.formenv)), _has_pictures(page)
    except pypdfium2.PdfiumError as error:
        raise UnreadableInput(f"{name} is damaged ({error}). Open it and save it again, or as .docx.") from error
    finally:
        document.close()


def _has_pictures(page: Any) -> bool:
    from pypdfium2 import raw

    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _lines(page: Any) -> list[_Line]:
    """The lines of a page with their places in points; a hyphen at the end of a line is PDFium's mark for one."""
    from pypdfium2 import raw

    count = min(page.count_chars(), _MOST_CHARACTERS)
    letters = [chr(code) if (code := raw.FPDFText_GetUnicode(page, at)) else "" for at in range(count)]
    lines: list[_Line] = []
    start = 0
    for at in range(count + 1):
        if at == count or letters[at] in ("\n", "\r"):
            if at > start:
                lines.append(_line(page, letters, start, at))
            start = at + 1
    return [line for line in lines if line.text.strip()]


def _line(page: Any, letters: Sequence[str], start: int, end: int) -> _Line:
    text = "".join(letters[start:end])
    inked = [at for at in range(start, end) if letters[at].strip()]
    if not inked:
        return _Line("")
    left, bottom, _, top = page.get_charbox(inked[0], loose=True)
    _, low, right, high = page.get_charbox(inked[-1], loose=True)
    return _Line(_whole(text), left, right, max(top, high), min(bottom, low))


def _whole(text: str) -> str:
    """Text with pairs of UTF-16 halves as the characters they stand for."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def paragraphs(lines: Sequence[_Line]) -> Iterator[str]:
    """The lines of a page joined to paragraphs: a gap, a short line, an indent or a bullet begins another."""
    if not lines:
        return
    gaps = [gap for one, two in pairwise(lines) if (gap := one.bottom - two.bottom) > 0]
    usual = median(sorted(gaps)[: max(1, (len(gaps) * 3 + 3) // 4)]) if gaps else 0.0
    edge = max(line.right for line in lines)
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        if _continues(before, line, usual, edge):
            parts.append(line.text)
        else:
            yield _joined(parts)
            parts = [line.text]
    yield _joined(parts)


def _continues(before: _Line, line: _Line, usual: float, edge: float) -> bool:
    gap = before.bottom - line.bottom
    if gap < -1 or (usual and gap > 1.35 * usual) or _BULLET.match(line.text):
        return False
    if abs(gap) < 1:
        return True
    first_word = line.text.split(maxsplit=1)[0]
    size = max(line.top - line.bottom, 1.0)
    if abs((before.top - before.bottom) - size) > 0.25 * size:
        return False
    room = 0.55 * size * (len(first_word) + 1)
    return before.right + room > edge or (line.text[:1].islower() and before.text.rstrip()[-1:] not in ".?!:")


def _joined(parts: Sequence[str]) -> str:
    """The lines of a paragraph in one; a word cut by a hyphen that PDFium marks is whole again."""
    text = ""
    for part in parts:
        part = part.strip()
        cut = text.endswith(("\ufffe", "\x02", "\u00ad"))
        text = text[:-1] + part if cut else f"{text} {part}" if text else part
    return re.sub("[\ufffe\x02]", "-", text)


def _fields(page: Any, form: Any) -> Iterator[tuple[str, str]]:
    """The label and value of each filled field of a page's form."""
    from pypdfium2 import raw

    if form is None:
        return
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), 5_000)):
        mark = raw.FPDFPage_GetAnnot(page, place)
        if not mark:
            continue
        kind = raw.FPDFAnnot_GetFormFieldType(form, mark)
        if kind in _TEXT_FIELDS:
            value = _string(raw.FPDFAnnot_GetFormFieldValue, form, mark).replace("\r\n", "\n").replace("\r", "\n")
        elif kind in _TICKED and raw.FPDFAnnot_IsChecked(form, mark):
            value = _string(raw.FPDFAnnot_GetFormFieldExportValue, form, mark)
        else:
            value = ""
        label = _string(raw.FPDFAnnot_GetFormFieldAlternateName, form, mark)
        label = label or _string(raw.FPDFAnnot_GetFormFieldName, form, mark)
        raw.FPDFPage_CloseAnnot(mark)
        if value.strip():
            yield label or f"field {place + 1}", value


def _string(call: Any, form: Any, mark: Any) -> str:
    """A text that PDFium gives in UTF-16: its length in bytes is asked for first."""
    size = call(form, mark, None, 0)
    if not 2 < size < 2 * _MOST_CHARACTERS:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(form, mark, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")
