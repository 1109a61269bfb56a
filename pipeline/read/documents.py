"""Plain text and RTF documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.errors import UnreadableInput
from pipeline.read.encoding import decode
from pipeline.read.forms import Block, Grid, blocks, outcomes_of_document
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes

_LONGEST_RTF = 50_000_000
_CELL_ROW = re.compile(r".*\|\s*\|?")
_PICTURES = re.compile(rb"[0-9a-fA-F\r\n]{4096,}")


def read_txt(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nomination of a text file, its text as it stands unless it is a filled form.

    Raises UnreadableInput where it is no text.
    """
    text = decode(source.data(), source.name)
    yield from outcomes_of_document(blocks(text), source.name, mapping, notes, plain=text)


def read_rtf(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nomination of an RTF document; raises UnreadableInput where it is none or is damaged."""
    from striprtf.striprtf import rtf_to_text

    data = source.data()
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableInput(f"{source.name} is no RTF document; check what it is, or save it as Word (.docx).")
    data = _PICTURES.sub(b"", data)
    if len(data) > _LONGEST_RTF:
        raise UnreadableInput(f"{source.name} is too large for an RTF document; save it as Word (.docx).")
    try:
        source_text = data.decode("cp1252", errors="replace")
        text = str(rtf_to_text(source_text, errors="replace"))  # type: ignore[no-untyped-call]
    except Exception as error:  # striprtf meets damage with whatever error it runs into
        raise UnreadableInput(
            f"{source.name} is damaged ({str(error) or type(error).__name__}). Open it in Word and save it as .docx."
        ) from error
    content = list(_content(text))
    plain = "\n".join(_uncelled(line) for line in text.split("\n")).strip("\n")
    yield from outcomes_of_document(content, source.name, mapping, notes, plain=plain)


def _content(text: str) -> Iterator[Block | Grid]:
    """The lines of a text of striprtf; rows of tables, whose cells end in bars, as tables."""
    rows: list[tuple[str, ...]] = []
    for line in text.strip("\n").split("\n"):
        if line.count("|") > 1 and _CELL_ROW.fullmatch(line):
            rows.append(tuple(cell.strip() for cell in line.rstrip().rstrip("|").split("|")))
            continue
        if rows:
            yield Grid(tuple(rows))
            rows = []
        yield Block(line)
    if rows:
        yield Grid(tuple(rows))


def _uncelled(line: str) -> str:
    return line.rstrip().rstrip("|").replace("|", "\t") if line.count("|") > 1 and _CELL_ROW.fullmatch(line) else line
