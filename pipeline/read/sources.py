"""Files, folders and stdin to nominations: which reader reads what, and what becomes of files that none can read."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.errors import UnreadableInput, WrongUsage
from pipeline.read.document import word_text
from pipeline.read.encodings import decode
from pipeline.read.entries import Identities, from_document, from_lines, from_table
from pipeline.read.headers import Mapping
from pipeline.read.table import csv_rows, table_of
from pipeline.read.workbook import cell_text, workbook_sheets
from pipeline.records import Nomination, Rejection

Found = Iterator[Nomination | Rejection]
Reader = Callable[[bytes, str, Mapping], Found]

_LATER = {
    ".xls": "Open it in Excel and save it as .xlsx.",
    ".ods": "Open it and save it as .xlsx.",
    ".pdf": "Save the text as Word or as a text file.",
    ".doc": "Open it in Word and save it as .docx.",
    ".odt": "Open it and save it as .docx.",
    ".rtf": "Open it in Word and save it as .docx.",
}


def read(sources: Sequence[str], mapping: Mapping) -> Found:
    """Each nomination or rejection of these files, folders and `-` (stdin: JSON lines or CSV), in order, lazily.

    A file that cannot be read is a rejection of its own. Raises WrongUsage where a table's text column is not found.
    """
    identities = Identities()
    for name, content in _contents(sources):
        if isinstance(content, Rejection):
            yield content
            continue
        for found in _read_one(name, content, mapping):
            yield identities.settle(found) if isinstance(found, Nomination) else found


def _contents(sources: Sequence[str]) -> Iterator[tuple[str, bytes | Rejection]]:
    for source in sources:
        if source == "-":
            yield "-", sys.stdin.buffer.read()
            continue
        path = Path(source)
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            if path.is_dir() and (file.name.startswith((".", "~$")) or file.name in ("Thumbs.db", "desktop.ini")):
                continue
            try:
                yield name, file.read_bytes()
            except OSError as error:
                reason = f"cannot be opened: {error.strerror or error}. Check the name."
                yield name, Rejection(str(file), reason)


def _read_one(name: str, content: bytes, mapping: Mapping) -> Found:
    suffix = Path(name).suffix.lower() if name != "-" else ""
    reader = _READERS.get(suffix) if name != "-" else _stdin
    if reader is None:
        advice = _LATER.get(suffix, f"Leadlight reads {', '.join(sorted(_READERS))}.")
        yield Rejection(name, f"files of this kind are not read. {advice}")
        return
    try:
        if not content.strip():
            raise UnreadableInput(f"{name} is empty.")
        yield from reader(content, name, mapping)
    except UnreadableInput as error:
        yield Rejection(name, str(error))


def _delimited(content: bytes, name: str, mapping: Mapping) -> Found:
    yield from _table(list(csv_rows(decode(content, name))), name, None, mapping)


def _table(rows: list[tuple[int, list[str]]], name: str, sheet: str | None, mapping: Mapping) -> Found:
    table = table_of(rows, name, sheet)
    if table is None or not table.rows:
        raise UnreadableInput(f"{name} holds no rows below a header.")
    yield from from_table(table, mapping)


def _workbook(content: bytes, name: str, mapping: Mapping) -> Found:
    """Every sheet with a text column; where no sheet has one, the failure of the first."""
    failure: WrongUsage | None = None
    read_any = False
    for title, rows in workbook_sheets(content, name):
        table = table_of(rows, name, title)
        if table is None or not table.rows:
            continue
        try:
            yield from from_table(table, mapping)
            read_any = True
        except WrongUsage as error:
            failure = failure or error
    if not read_any:
        raise failure or UnreadableInput(f"{name} holds no rows below a header.")


def _parquet(content: bytes, name: str, mapping: Mapping) -> Found:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(io.BytesIO(content))
        body = [[cell_text(value) for value in row.values()] for row in table.to_pylist()]
    except (pyarrow.ArrowException, OSError) as error:
        raise UnreadableInput(f"{name} cannot be read as Parquet ({error}).") from error
    yield from _table([(0, list(table.column_names)), *enumerate(body, 1)], name, None, mapping)


def _json_lines(content: bytes, name: str, mapping: Mapping) -> Found:  # noqa: ARG001 - lines have no columns to map
    yield from from_lines(decode(content, name), name)


def _word(content: bytes, name: str, mapping: Mapping) -> Found:  # noqa: ARG001
    yield from_document(word_text(content, name), name)


def _plain_text(content: bytes, name: str, mapping: Mapping) -> Found:  # noqa: ARG001
    yield from_document(decode(content, name), name)


def _stdin(content: bytes, name: str, mapping: Mapping) -> Found:
    reader = _json_lines if content.lstrip()[:1] == b"{" else _delimited
    yield from reader(content, name, mapping)


_READERS: dict[str, Reader] = {
    ".csv": _delimited, ".tsv": _delimited, ".xlsx": _workbook, ".xlsm": _workbook, ".jsonl": _json_lines,
    ".ndjson": _json_lines, ".parquet": _parquet, ".docx": _word, ".txt": _plain_text,
}  # fmt: skip
