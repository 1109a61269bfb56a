"""Which reader reads which kind of file, by the ending of its name. A new kind is one line here and one reader."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from pipeline.errors import UnreadableInput
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes

Reader = Callable[[Input, Mapping, Notes], Iterator[Outcome]]

_READERS = {
    ".csv": "delimited:read_delimited",
    ".tsv": "delimited:read_delimited",
    ".tab": "delimited:read_delimited",
    ".xlsx": "xlsx:read_xlsx",
    ".xlsm": "xlsx:read_xlsx",
    ".xls": "old_excel:read_xls",
    ".ods": "opendocument:read_ods",
    ".jsonl": "jsonl:read_jsonl",
    ".ndjson": "jsonl:read_jsonl",
    ".parquet": "parquet:read_parquet",
    ".txt": "documents:read_txt",
    ".text": "documents:read_txt",
    ".docx": "word:read_docx",
    ".docm": "word:read_docx",
    ".odt": "opendocument:read_odt",
    ".rtf": "documents:read_rtf",
    ".pdf": "pdf:read_pdf",
}
_MAGIC = {
    b"{\\rtf": ".rtf",
    b"{": ".jsonl",
    b"%PDF": ".pdf",
    b"PAR1": ".parquet",
    b"\xd0\xcf\x11\xe0": ".xls",
}
_MAIL = re.compile(
    rb"(from|received|return-path|delivered-to|message-id|mime-version|subject|date|to|x-[a-z-]+): ?\S", re.IGNORECASE
)
HOLDERS = (".eml", ".zip")
"""Kinds of files that hold files; `sources` opens them."""

_INSTEAD = {
    ".xlsb": "binary workbooks are not read; save it as .xlsx",
    ".numbers": "Numbers files are not read; export it as .xlsx or .csv",
    ".pages": "Pages files are not read; export it as .docx",
    ".doc": "old Word files are not read; save it as .docx",
    ".msg": "Outlook's own files are not read; save the message as .eml or text (.txt)",
    ".html": "web pages are not read; save it as .docx or text (.txt)",
    ".htm": "web pages are not read; save it as .docx or text (.txt)",
    ".json": "JSON is read a line a nomination; save it as .jsonl",
    ".rar": "this kind of archive is not read; unpack it and name the folder",
    ".7z": "this kind of archive is not read; unpack it and name the folder",
    ".gz": "this kind of archive is not read; unpack it first",
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".gif", ".heic", ".tif", ".tiff"),
        "pictures are not read; if it shows a nomination, type it up or read it by text recognition (OCR)",
    ),
}


def suffix_of(data: bytes) -> str:
    """The name ending that content without a name (standard input) should have, by its first bytes and members."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, suffix in _MAGIC.items():
        if start.startswith(magic):
            return suffix
    if data.startswith(b"PK\x03\x04"):
        return _package_suffix(data)
    return ".eml" if _MAIL.match(start) else ".csv"


def _package_suffix(data: bytes) -> str:
    try:
        with ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            kind = package.read("mimetype")[:100] if "mimetype" in names else b""
    except (BadZipFile, zlib.error, EOFError, ValueError, LookupError, RuntimeError, NotImplementedError, OSError):
        return ".zip"
    if b"opendocument" in kind:
        return ".odt" if b"text" in kind else ".ods"
    starts = {name.partition("/")[0] for name in names}
    return ".docx" if "word" in starts else ".xlsx" if "xl" in starts else ".zip"


def reader_of(name: str) -> Reader:
    """The reader for a file of this name; raises UnreadableInput, saying what to save it as, where there is none."""
    suffix = PurePath(name).suffix.casefold()
    if suffix not in _READERS:
        kinds = " ".join((*_READERS, *HOLDERS))
        advice = _INSTEAD.get(suffix) or f"unknown kind of file ({suffix or 'no ending'}); the kinds read are {kinds}"
        raise UnreadableInput(f"{name}: {advice}.")
    module, _, function = _READERS[suffix].partition(":")
    reader: Reader = getattr(import_module(f"pipeline.read.{module}"), function)
    return reader
