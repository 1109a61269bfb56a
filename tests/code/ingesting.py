"""What the tests of `leadlight ingest` share: files as people make them, and the command run on them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner
from openpyxl import Workbook

from pipeline.cli import main

LONG = "She rang the surgery every morning until the review was booked, and she stayed with Mum all that night."
OTHER = "He set up the walking group with the council and the library, and eleven people now come every Tuesday."
HEADER = ("Entry ID", "Nominee", "Your relationship to the nominee", "Why should they win?")


@dataclass
class Done:
    """A finished run of the command."""

    code: int
    stdout: str
    stderr: str
    kept: list[dict] = field(default_factory=list)
    rejected: list[dict] = field(default_factory=list)

    @property
    def counts(self):
        """Exit code, kept, rejected."""
        return self.code, len(self.kept), len(self.rejected)

    @property
    def reasons(self):
        return " | ".join(row["reason"] for row in self.rejected)

    @property
    def texts(self):
        return [row["text"] for row in self.kept]


def ingest(folder: Path, *arguments, stdin=None, rejects=None) -> Done:
    """Run `leadlight ingest` with the output in the folder; what is counted must be what is written."""
    output = folder / "out" / "nominations.jsonl"
    named = ["--rejects", str(rejects)] if rejects else []
    result = CliRunner().invoke(main, ["ingest", *map(str, arguments), "-o", str(output), *named], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output + result.stderr
    done = Done(result.exit_code, result.stdout, result.stderr)
    done.kept = _lines(output)
    done.rejected = _lines(rejects or output.with_name("nominations.rejects.jsonl"))
    counts = re.search(r"(\d+) read: (\d+) kept, (\d+) rejected", result.stderr)
    if counts:
        read, kept, rejected = map(int, counts.groups())
        assert read == kept + rejected
        assert (kept, rejected) == (len(done.kept), len(done.rejected))
    else:
        assert done.code == 2
        assert result.stderr.strip()
    for row in done.kept:
        assert row["id"]
        for section in row.get("sections", ()):
            assert row["text"][section["start"] : section["end"]].strip()
    return done


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []


def csv_file(folder: Path, *lines: str, name="entries.csv", encoding="utf-8", header=HEADER) -> Path:
    """A CSV file of these lines, written as they are, under the usual header."""
    path = folder / name
    path.write_bytes("\r\n".join((*([",".join(header)] if header else []), *lines, "")).encode(encoding))
    return path


def xlsx_file(folder: Path, *rows, name="entries.xlsx", merge=(), sheets=None) -> Path:
    """A workbook of one sheet with these rows, or of several sheets, saved by openpyxl."""
    book = Workbook()
    book.remove(book.active)
    for title, content in (sheets or {"Entries": rows}).items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
        for area in merge:
            sheet.merge_cells(area)
    book.save(folder / name)
    return folder / name
