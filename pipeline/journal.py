"""A file of JSON lines that is written over hours and survives being killed at any moment.

While work goes on, the lines lie in a folder beside the file, `NAME.part`, with a note of what is being done. Each line
belongs to one item of the input, in order; items that failed lie in a second file. Whoever comes back counts the whole
lines, checks that each begins as the line of its item must, cuts what is damaged, and goes on from there.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from pipeline.errors import LeadlightError, WrongUsage
from pipeline.storage import read_lines, renamed_into_place, to_json, unwritable, written_whole

_JOB, _LINES, _ASIDE, _LOCK = "job.json", "lines.jsonl", "aside.jsonl", "lock"


def folder_of(output: Path) -> Path:
    """The folder that holds the unfinished work on a file."""
    target = Path(os.path.realpath(output))
    return target.with_name(f"{target.name}.part")


class Journal:
    """The unfinished lines of one output file; made by `journal`."""

    def __init__(self, output: Path, folder: Path, job: Mapping[str, Any]) -> None:
        self._target = Path(os.path.realpath(output))
        self._folder = folder
        self._digest = hashlib.sha256()
        self._lines: IO[bytes] = io.BytesIO()
        self._aside: IO[bytes] = io.BytesIO()
        self._job = to_json(dict(job))
        self.written = 0
        """How many lines lie there."""
        self.aside: list[dict[str, Any]] = []
        """The items set aside, each as the object that `set_aside` was given."""

    @property
    def sha256(self) -> str:
        """The digest of the lines so far."""
        return self._digest.hexdigest()

    @property
    def done(self) -> int:
        """How many items are done: written or set aside."""
        return self.written + len(self.aside)

    def begun(self) -> bool:
        """Whether work on this file was begun and not finished."""
        return (self._folder / _JOB).is_file()

    def start(self) -> None:
        """Begin anew: whatever was there is thrown away."""
        self.close()
        for name in (_JOB, _LINES, _ASIDE):
            (self._folder / name).unlink(missing_ok=True)
        with written_whole(self._folder / _JOB) as stream:
            stream.write(self._job + "\n")
        self._open()

    def resume(self, beginnings: Iterable[bytes]) -> None:
        """Go on after what is there; `beginnings` gives the bytes with which the line of each item begins, in order.

        Raises WrongUsage where what is there is other work than this.
        """
        if (self._folder / _JOB).read_text(encoding="utf-8").rstrip("\n") != self._job:
            raise WrongUsage(
                f"{self._folder} is of another run: the nominations, the model, the options or Leadlight itself have "
                "changed since. Run without --resume to begin again, or name another output."
            )
        aside = {row["item"]: row for row in _whole_rows(self._folder / _ASIDE)}
        kept: list[dict[str, Any]] = []
        end = 0
        lines = self._folder / _LINES
        lines.touch()
        with lines.open("rb") as stream:
            for item, beginning in enumerate(beginnings):
                if item in aside:
                    kept.append(aside[item])
                    continue
                line = stream.readline()
                if not line.startswith(beginning) or not line.endswith(b"}\n"):
                    break
                self._digest.update(line)
                self.written += 1
                end += len(line)
        os.truncate(lines, end)
        with written_whole(self._folder / _ASIDE) as out:
            out.writelines(to_json(row) + "\n" for row in kept)
        self.aside = [row["row"] for row in kept]
        self._open()

    def write(self, line: str) -> None:
        """Add the line of the next item (without its line end)."""
        content = (line + "\n").encode()
        self._lines.write(content)
        self._digest.update(content)
        self.written += 1

    def set_aside(self, row: Mapping[str, Any]) -> None:
        """Put the next item aside; it is on the disk before anything that comes after."""
        self._aside.write((to_json({"item": self.done, "row": dict(row)}) + "\n").encode())
        self._aside.flush()
        os.fsync(self._aside.fileno())
        self.aside.append(dict(row))

    def flush(self) -> None:
        """Give what was written to the system: from here on a kill does not lose it."""
        if not self._lines.closed:
            self._lines.flush()

    def finish(self, failed: Path) -> None:
        """Put the file in its place, and the items set aside into `failed` (removed where there are none)."""
        self.flush()
        os.fsync(self._lines.fileno())
        self.close()
        if self.aside:
            with written_whole(failed) as stream:
                stream.writelines(to_json(row) + "\n" for row in self.aside)
        else:
            failed.unlink(missing_ok=True)
        (self._folder / _LINES).replace(self._target)
        (self._folder / _JOB).unlink()
        (self._folder / _ASIDE).unlink(missing_ok=True)

    def discard(self) -> None:
        """Throw the unfinished work away."""
        self.close()
        for name in (_JOB, _LINES, _ASIDE):
            (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files; what was written stays."""
        self._lines.close()
        self._aside.close()

    def _open(self) -> None:
        self._lines = (self._folder / _LINES).open("ab")
        self._aside = (self._folder / _ASIDE).open("ab")


@contextmanager
def journal(output: Path, job: Mapping[str, Any]) -> Iterator[Journal]:
    """The journal of an output file, held by this process alone; `job` says what must be the same to go on.

    The folder is gone at the end unless unfinished work lies in it. Raises LeadlightError where the place cannot be
    written to or another process is at work on the same file.
    """
    if output.is_dir():
        raise LeadlightError(f"{output} is a folder; name a file to write to.")
    folder = folder_of(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise LeadlightError(f"Another run is writing {output} now. Wait for it, or name another output.") from error
    except OSError as error:
        raise unwritable(output, error) from error
    opened = Journal(output, folder, job)
    try:
        yield opened
    finally:
        opened.close()
        lock.release()
        if not opened.begun():
            shutil.rmtree(folder, ignore_errors=True)


def _whole_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines up to the first line that is damaged."""
    if not path.is_file():
        return
    try:
        for _, row in read_lines(path):
            yield row
    except LeadlightError:
        return


def place(content: str, path: Path) -> None:
    """Write a text file whole or not at all."""
    with renamed_into_place(path) as part:
        part.write_text(content, encoding="utf-8", newline="\n")


def stored(path: Path) -> dict[str, Any]:
    """The JSON object of a file; empty where there is none or it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
