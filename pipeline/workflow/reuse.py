"""Evidence of an earlier run that still holds: same text and nominee, same model, same options."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.evidence import SCHEMA, evidence_meta
from pipeline.journal import stored
from pipeline.records import Nomination
from pipeline.storage import to_json


class Known:
    """Where the evidence of each text lies in a file; lines are read again when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[bytes, int] = {}
        self.used = 0
        """How many lines were taken over."""
        at = 0
        with path.open("rb") as stream:
            for line in stream:
                row = json.loads(line)
                self._places[_key(row["text"], row["meta"].get("nominee", ""))] = at
                at += len(line)

    @classmethod
    def of(cls, path: Path, job: dict[str, Any]) -> Known | None:
        """What can be taken over from a file of evidence; None where another model or other options made it."""
        record = stored(path.with_name(path.stem + ".run.json"))
        theirs = record.get("job")
        if not isinstance(theirs, dict) or not path.is_file():
            return None
        if {**theirs, "nominations": None} != {**job, "nominations": None}:
            return None
        with path.open("rb") as stream:
            whole = hashlib.file_digest(stream, "sha256").hexdigest() == record.get("output", {}).get("sha256")
        return cls(path) if whole else None

    def __contains__(self, nomination: Nomination) -> bool:
        return _key(nomination.text, nomination.nominee) in self._places

    def line(self, nomination: Nomination) -> str:
        """The line of evidence of a nomination that is known: its own id and details, the sentences found before."""
        with self._path.open("rb") as stream:
            stream.seek(self._places[_key(nomination.text, nomination.nominee)])
            row = json.loads(stream.readline())
        self.used += 1
        return to_json({**row, "schema": SCHEMA, "id": nomination.id, "meta": evidence_meta(nomination)})


def _key(text: str, nominee: str) -> bytes:
    return hashlib.sha256(f"{nominee}\0{text}".encode()).digest()
