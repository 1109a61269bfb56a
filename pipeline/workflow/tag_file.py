"""A file of nominations to a file of evidence: goes on after a kill, sets failures aside, and says what it did."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.errors import WrongUsage
from pipeline.evidence import SCHEMA
from pipeline.journal import Journal, journal, place, stored
from pipeline.model import load_model
from pipeline.nominations import read_nominations
from pipeline.records import Nomination
from pipeline.runs import libraries
from pipeline.storage import to_json
from pipeline.workflow.batch import BATCH, Outcome, outcomes, processes
from pipeline.workflow.reuse import Known
from pipeline.workflow.tagging import TagOptions, model_digest

Watch = Callable[[Iterator[Outcome], "int | None"], Iterable[Outcome]]
"""What is told of the work: gets the outcomes and how many are to come, and gives the outcomes on."""


def beside(output: Path, ending: str) -> Path:
    """The path of a file that goes with an output file: `evidence.jsonl` and `.run.json` give `evidence.run.json`."""
    return output.with_name(output.stem + ending)


def tag_file(
    nominations: Path,
    folder: Path,
    output: Path,
    options: TagOptions,
    *,
    jobs: int | None = None,
    resume: bool = False,
    reuse: Path | None = None,
    watch: Watch = lambda found, _: found,
) -> dict[str, Any]:
    """Tag a file of nominations with the model of a folder, write the evidence, and return the record of the run.

    The record lies beside the output (`.run.json`), and the nominations set aside, if any (`.failed.jsonl`). With
    `resume` it goes on where an earlier run was stopped, or does nothing where that run is complete. Evidence in
    `reuse` that the same model made of the same text is taken over. Raises WrongUsage where there is nothing that
    could be resumed: other work lies there, or the nominations come from standard input.
    """
    piped = str(nominations) == "-"
    if resume and piped:
        raise WrongUsage("--resume: nominations from standard input cannot be read again; name a file.")
    begun, clock = datetime.now(UTC), time.monotonic()
    count, digest = (None, None) if piped else _survey(nominations)
    manifest = load_model(folder).manifest
    job = _job(manifest, options, digest)
    if resume and (record := _complete(output, job)):
        return record | {"already complete": True}
    used = processes(jobs, count)
    with journal(output, job) as lines:
        before = _start(lines, nominations, resume and lines.begun())
        known = Known.of(reuse, job) if reuse else None
        rest = islice(read_nominations(nominations), before, None)
        found = _found(nominations, before, rest, known, folder, options, used)
        _write(lines, watch(found, None if count is None else count - before), keep=not piped)
        record = {
            "command": "tag",
            "job": job,
            "system": platform.platform(),
            "libraries": libraries(),
            "processes": used,
            "nominations": {"file": str(nominations), "sha256": digest},
            "model": {"folder": str(folder), "name": manifest.get("name"), "sha256": job["model"]},
            "output": {"file": str(output), "sha256": lines.sha256},
            "counts": {
                "read": lines.done,
                "tagged": lines.written,
                "set aside": len(lines.aside),
                "done by an earlier run": before,
                "taken over": known.used if known else 0,
            },
            "set aside": str(beside(output, ".failed.jsonl")) if lines.aside else None,
            "failures": [
                {"id": row["id"], "line": row["failed"]["line"], "reason": row["failed"]["reason"]}
                for row in lines.aside
            ],
            "started": begun.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - clock, 2),
        }
        place(json.dumps(record, indent=1, ensure_ascii=False) + "\n", beside(output, ".run.json"))
        lines.finish(beside(output, ".failed.jsonl"))
    return record


def _job(manifest: Any, options: TagOptions, digest: str | None) -> dict[str, Any]:
    """What must be the same for two runs to give the same bytes."""
    return {
        "leadlight": __version__,
        "nominations": digest,
        "model": model_digest(manifest),
        "scores": options.with_scores,
        "precision": options.precision,
    }


def _survey(nominations: Path) -> tuple[int, str]:
    """How many nominations a file holds, and its SHA-256; a line that is none is found before hours of work."""
    count = sum(1 for _ in read_nominations(nominations))
    with nominations.open("rb") as stream:
        return count, hashlib.file_digest(stream, "sha256").hexdigest()


def _complete(output: Path, job: dict[str, Any]) -> dict[str, Any]:
    """The record of the run that made this output by the same job; empty where there is none, or it was changed."""
    record = stored(beside(output, ".run.json"))
    if record.get("job") != job or not output.is_file():
        return {}
    with output.open("rb") as stream:
        same = hashlib.file_digest(stream, "sha256").hexdigest() == record.get("output", {}).get("sha256")
    return record if same else {}


def _start(lines: Journal, nominations: Path, resume: bool) -> int:
    """Make a journal ready; how many nominations are done already."""
    if resume:
        lines.resume(_beginning(nomination) for nomination in read_nominations(nominations))
    else:
        lines.start()
    return lines.done


def _beginning(nomination: Nomination) -> bytes:
    """The bytes with which a nomination's line of evidence begins."""
    return to_json({"schema": SCHEMA, "id": nomination.id})[:-1].encode() + b","


def _found(
    nominations: Path,
    before: int,
    rest: Iterator[Nomination],
    known: Known | None,
    folder: Path,
    options: TagOptions,
    jobs: int,
) -> Iterator[Outcome]:
    """The outcomes of the nominations that are left, those taken over among the new ones, in order."""
    if known is None:
        yield from outcomes(rest, folder, options, jobs=jobs)
        return
    fresh = outcomes((each for each in rest if each not in known), folder, options, jobs=jobs)
    for nomination in islice(read_nominations(nominations), before, None):
        yield Outcome(nomination, known.line(nomination)) if nomination in known else next(fresh)


def _write(lines: Journal, found: Iterable[Outcome], *, keep: bool) -> None:
    """Write outcomes to the journal; what is stopped midway is kept for --resume, if it can be resumed."""
    try:
        for number, outcome in enumerate(found, lines.done + 1):
            if outcome.line:
                lines.write(outcome.line)
            else:
                failed = {"line": number, "reason": outcome.reason}
                lines.flush()
                lines.set_aside(outcome.nomination.to_dict() | {"failed": failed})
            if number % BATCH == 0:
                lines.flush()
    except BaseException:
        lines.flush()
        if not keep:
            lines.discard()
        raise
