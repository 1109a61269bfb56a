"""Which reader reads which kind of file, by the ending of its name. A new kind is one line here and one reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import PurePath

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
    ".jsonl": "jsonl:read_jsonl",
    ".ndjson": "jsonl:read_jsonl",
    ".parquet": "parquet:read_parquet",
    ".txt": "documents:read_txt",
    ".text": "documents:read_txt",
    ".docx": "documents:read_docx",
    ".docm": "documents:read_docx",
}
_INSTEAD = {
    ".pdf": "PDF is not read yet; save it as Word (.docx) or text (.txt)",
    ".xls": "old Excel files are not read; save it as .xlsx",
    ".xlsb": "binary workbooks are not read; save it as .xlsx",
    ".ods": "OpenDocument is not read yet; save it as .xlsx",
    ".doc": "old Word files are not read; save it as .docx",
    ".odt": "OpenDocument is not read yet; save it as .docx",
    ".rtf": "RTF is not read yet; save it as .docx",
    ".eml": "mail is not read yet; save it as text (.txt)",
    ".msg": "mail is not read yet; save it as text (.txt)",
    ".zip": "archives are not read; unpack it and name the folder",
}


def reader_of(name: str) -> Reader:
    """The reader for a file of this name; raises UnreadableInput, saying what to save it as, where there is none."""
    suffix = PurePath(name).suffix.casefold()
    if suffix not in _READERS:
        kinds = " ".join(_READERS)
        advice = _INSTEAD.get(suffix) or f"unknown kind of file ({suffix or 'no ending'}); the kinds read are {kinds}"
        raise UnreadableInput(f"{name}: {advice}.")
    module, _, function = _READERS[suffix].partition(":")
    reader: Reader = getattr(import_module(f"pipeline.read.{module}"), function)
    return reader
