"""One run of `ingest`: everything read, written whole, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import UnreadableInput, WrongUsage
from pipeline.read.flags import flagged, flags_of
from pipeline.read.mapping import Mapping
from pipeline.read.rejects import workbook_beside, write_workbook
from pipeline.read.source import Notes, place_of
from pipeline.read.sources import read
from pipeline.read.spool import Spool, unless_dropped
from pipeline.records import Nomination, Rejection
from pipeline.storage import to_json, write_lines, written_whole

_STDOUT = "-"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to: kept and rejected add up to read."""

    read: int
    kept: int
    rejected: int
    rejects: str | None
    """The file of rejections; None where there is none."""
    sources: list[str]
    columns: dict[str, dict[str, list[str]]]
    """For each file or sheet, the headers that gave each field."""
    warnings: list[str]
    unread: list[str]
    """Files that could not be read at all, with the reason; each counts as one rejection."""
    reasons: list[str]
    """Where and why, for each rejection that no rejects file holds."""
    rejects_workbook: str | None = None
    flags: dict[str, int] = field(default_factory=dict)
    """How many nominations carry each flag."""
    duplicates: list[list[str]] = field(default_factory=list)
    """The ids of each group of nominations that tell the same story."""

    def line(self) -> str:
        """The summary in one line."""
        see = f" (see {self.rejects})" if self.rejects else ""
        count = len(self.warnings)
        warned = f"; {count} warning{'s' * (count > 1)}" if count else ""
        return f"{self.read} read: {self.kept} kept, {self.rejected} rejected{see}{warned}"

    def seconds(self) -> str:
        """What deserves a second look, in one line; empty where nothing does."""
        parts = [f"{count} {name}" for name, count in self.flags.items()]
        copies = sum(map(len, self.duplicates))
        if self.duplicates:
            count = len(self.duplicates)
            parts.append(f"{count} group{'s' * (count > 1)} of duplicates ({copies} nominations)")
        return f"flagged: {', '.join(parts)}" if parts else ""

    def to_dict(self) -> dict[str, Any]:
        """The summary as a JSON object."""
        return asdict(self)


def rejects_beside(output: Path) -> Path | None:
    """The rejects file that goes with an output file; None for standard output."""
    return None if str(output) == _STDOUT else output.with_name(f"{output.stem}.rejects.jsonl")


def ingest_files(
    sources: Sequence[str],
    mapping: Mapping,
    output: Path,
    rejects: Path | None = None,
    progress: Callable[[int], None] = lambda _: None,
    drop: Iterable[str] = (),
) -> Summary:
    """Write the nominations of the sources to `output`, and the rejections, if any, to `rejects` (default: beside it).

    Both are written whole or not at all; `progress` hears how many rows were read; nominations with a flag to `drop`
    are rejected. A workbook of the rejections stands beside their file. Raises UnreadableInput where nothing could be
    kept, WrongUsage where files would overwrite each other.
    """
    rejects = rejects or rejects_beside(output)
    _refuse_overwriting(sources, output, rejects)
    notes = Notes()
    rejections: list[Rejection] = []
    kept = 0
    dropped = frozenset(drop)
    flags: Counter[str] = Counter()
    with written_whole(output) as stream, Spool() as spool:
        for outcome in read(sources, mapping, notes):
            if isinstance(outcome, Nomination):
                outcome = unless_dropped(flagged(outcome, mapping.word_limit), dropped)
            if isinstance(outcome, Nomination):
                spool.add(outcome)
            else:
                rejections.append(outcome)
            progress(spool.count + len(rejections))
        for found in spool.grouped():
            outcome = unless_dropped(found, dropped)
            if isinstance(outcome, Nomination):
                stream.write(to_json(outcome.to_dict()) + "\n")
                flags.update(list(flags_of(outcome.extra)))
                kept += 1
            else:
                rejections.append(outcome)
        if not kept and all(each.row is None for each in rejections):
            raise UnreadableInput(_reasons(rejections))
        _write_rejections(rejections, rejects)
        if not kept:
            raise UnreadableInput(_nothing_kept(rejections, rejects))
    shown = str(rejects) if rejects is not None and rejections else None
    return Summary(
        read=kept + len(rejections),
        kept=kept,
        rejected=len(rejections),
        rejects=shown,
        sources=list(sources),
        columns=notes.columns,
        warnings=notes.warnings,
        unread=[each.reason for each in rejections if each.row is None],
        reasons=[] if shown else [_placed(each) for each in rejections if each.row is not None],
        rejects_workbook=str(workbook_beside(rejects)) if shown and rejects is not None else None,
        flags=dict(sorted(flags.items())),
        duplicates=spool.groups,
    )


def _write_rejections(rejections: Sequence[Rejection], path: Path | None) -> None:
    if path is None:
        return
    if rejections:
        write_lines((each.to_dict() for each in rejections), path)
        write_workbook(rejections, workbook_beside(path))
    else:
        path.unlink(missing_ok=True)
        workbook_beside(path).unlink(missing_ok=True)


def _refuse_overwriting(sources: Sequence[str], output: Path, rejects: Path | None) -> None:
    if rejects is not None and rejects == output:
        raise WrongUsage(f"{output} cannot take both the nominations and the rejections; name two files.")
    beside = workbook_beside(rejects) if rejects is not None else None
    targets = [path for path in (output, rejects, beside) if path is not None and str(path) != _STDOUT]
    for source in sources:
        for target in targets:
            if source != _STDOUT and target.is_file() and Path(source).is_file() and target.samefile(source):
                raise WrongUsage(f"{target} is read and would be overwritten; choose another file to write to.")


def _reasons(rejections: Sequence[Rejection]) -> str:
    reasons = [each.reason for each in rejections[:_SHOWN]]
    if len(rejections) > _SHOWN:
        reasons.append(f"and {len(rejections) - _SHOWN} more files.")
    return " ".join(reasons)


def _placed(rejection: Rejection) -> str:
    return f"{place_of(rejection.file, rejection.sheet, rejection.row)}: {rejection.reason}"


def _nothing_kept(rejections: Sequence[Rejection], path: Path | None) -> str:
    see = f" (see {path})" if path is not None else ""
    return f"{len(rejections)} read, none kept{see}; the first, {_placed(rejections[0])}."
