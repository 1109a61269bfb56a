"""Ingesting: sources to a file of canonical nominations and a file of rejections; what was read is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import UnreadableInput
from pipeline.read import Mapping, read
from pipeline.records import Nomination, Rejection
from pipeline.storage import write_lines


def ingest(sources: Sequence[str], mapping: Mapping, output: Path, rejects: Path | None) -> dict[str, Any]:
    """Write nominations and rejections; return {read, kept, rejected, rejects, reasons}: read = kept + rejected.

    Raises UnreadableInput, and writes nothing, where no nomination could be read.
    """
    rejected: list[Rejection] = []
    found = _kept(read(sources, mapping), rejected)
    first = next(found, None)
    if first is None:
        why = "; ".join(dict.fromkeys(_line(rejection) for rejection in rejected[:3])) or "the sources hold no files"
        raise UnreadableInput(f"No nomination could be read: {why}")
    kept = write_lines((nomination.to_dict() for nomination in _with(first, found)), output)
    if rejects is not None:
        rejects.unlink(missing_ok=True)
        if rejected:
            write_lines((rejection.to_dict() for rejection in rejected), rejects)
    return {
        "read": kept + len(rejected),
        "kept": kept,
        "rejected": len(rejected),
        "rejects": str(rejects) if rejects is not None and rejected else None,
        "reasons": [_line(rejection) for rejection in rejected],
    }


def _with(first: Nomination, rest: Iterator[Nomination]) -> Iterator[Nomination]:
    yield first
    yield from rest


def _kept(found: Iterator[Nomination | Rejection], rejected: list[Rejection]) -> Iterator[Nomination]:
    for item in found:
        if isinstance(item, Rejection):
            rejected.append(item)
        else:
            yield item


def _line(rejection: Rejection) -> str:
    sheet = f", sheet {rejection.sheet!r}" if rejection.sheet else ""
    row = f", row {rejection.row}" if rejection.row else ""
    return f"{rejection.file}{sheet}{row}: {rejection.reason}"
