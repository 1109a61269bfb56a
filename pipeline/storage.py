"""Files as Leadlight reads and writes them: JSON lines, and results that are written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import LeadlightError, UnreadableInput, WrongUsage

MARKER = ".leadlight"
"""The file that says of a folder that Leadlight wrote it."""

_MANIFEST = "manifest.json"


def streams(path: Path | None) -> bool:
    """Whether what is written to `path` flows on as it is written: stdout, a pipe, a device."""
    return path is None or str(path) == "-" or (path.exists() and not path.is_file() and not path.is_dir())


@contextmanager
def written_whole(path: Path | None) -> Iterator[TextIO]:
    """A text stream (UTF-8) that becomes `path` only when the block ends without an error; None or `-` is stdout."""
    if path is None or str(path) == "-":
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        yield sys.stdout
        sys.stdout.flush()
        return
    with renamed_into_place(path) as part, part.open("w", encoding="utf-8", newline="\n") as stream:
        yield stream


@contextmanager
def renamed_into_place(path: Path) -> Iterator[Path]:
    """A temporary file path beside `path`; renamed to `path` when the block ends well, removed when it does not.

    A link is followed. What is there and no regular file (a device, a pipe) is given itself, to be written straight to.
    """
    if path.is_dir():
        raise LeadlightError(f"{path} is a folder; name a file to write to.")
    if path.exists() and not path.is_file():
        yield path
        return
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> LeadlightError:
    """The failure of a place that cannot be written to."""
    return LeadlightError(f"{path} cannot be written: {error.strerror or error}. Choose another place.")


def replaceable(path: Path) -> Path:
    """The folder that `path` stands for, links followed, if it may be made or replaced whole.

    Raises WrongUsage where it is the working folder or holds files that Leadlight did not write.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_dir():
        raise LeadlightError(f"{path} is a file; name a folder to write to.")
    if Path.cwd().is_relative_to(target):
        raise WrongUsage(f"{path} holds the folder that you are in, and would be replaced whole; name another folder.")
    try:
        if target.exists() and any(target.iterdir()) and not _written_by_leadlight(target):
            raise WrongUsage(f"{path} holds files that Leadlight did not write; it replaces none. Name a new folder.")
    except OSError as error:
        raise unwritable(path, error) from error
    return target


def _written_by_leadlight(folder: Path) -> bool:
    """Whether a folder holds the marker, or the manifest of a model."""
    if (folder / MARKER).is_file():
        return True
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and "format" in manifest


@contextmanager
def folder_renamed_into_place(path: Path) -> Iterator[Path]:
    """A temporary folder beside `path` that replaces it when the block ends well and is removed when it does not.

    It gets a marker file, unless it is a model, so that it may be replaced again; see `replaceable` for what it raises.
    """
    target = replaceable(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent))
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        yield part
        if not (part / _MANIFEST).exists():
            (part / MARKER).write_text("Leadlight wrote this folder and replaces it whole.\n", encoding="utf-8")
        part.chmod(0o755)
        _swap(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _swap(part: Path, target: Path) -> None:
    """Put a folder in another's place; the old one comes back if that fails."""
    if not target.exists():
        part.replace(target)
        return
    old = part.with_suffix(".old")
    target.replace(old)
    try:
        part.replace(target)
    except OSError:
        old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def to_json(value: Any) -> str:
    """One line of JSON: keys in the order given, characters as themselves, no spaces to spare."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_lines(rows: Iterable[dict[str, Any]], path: Path | None) -> int:
    """Write a JSON object a line to `path` (None: stdout) and return how many."""
    count = 0
    with written_whole(path) as stream:
        for row in rows:
            stream.write(to_json(row) + "\n")
            count += 1
    return count


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each JSON object of a JSON-lines file with its line number (from 1); empty lines are passed over.

    Raises UnreadableInput with the file and line where the file is missing, is no UTF-8, or a line is no JSON object.
    """
    try:
        stream = sys.stdin if str(path) == "-" else Path(path).open(encoding="utf-8-sig")  # noqa: SIM115
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    try:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise UnreadableInput(
                    f"{path}, line {number}: not a line of JSON ({error}). Make the file again."
                ) from error
            if not isinstance(row, dict):
                raise UnreadableInput(f"{path}, line {number}: a JSON object was expected, found {type(row).__name__}.")
            yield number, row
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{path} is not UTF-8 text, so it is no file of JSON lines made by leadlight.") from error
    finally:
        if stream is not sys.stdin:
            stream.close()
