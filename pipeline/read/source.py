"""A file (or standard input) to read, and the notes that reading takes for the summary."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import UnreadableInput

LARGEST = 500_000_000
"""Bytes: a larger file, or a larger package once unpacked, is refused."""


_LITTER = frozenset(("thumbs.db", "desktop.ini"))


def passed_over(name: str) -> bool:
    """Whether a file or folder of this name is nobody's nomination: hidden, Office's locks, what systems leave."""
    return name.startswith((".", "~$")) or name.casefold() in _LITTER


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read: the name that is shown, and its path (None: standard input) or content."""

    name: str
    path: Path | None = None
    content: bytes | None = None

    def data(self) -> bytes:
        """The whole content; raises UnreadableInput where it cannot be opened, is empty or is too large."""
        if self.content is not None:
            if not self.content:
                raise UnreadableInput(f"{self.name} is empty (0 bytes); export or copy it again.")
            return self.content
        try:
            if self.path is not None and self.path.stat().st_size > LARGEST:
                raise UnreadableInput(f"{self.name} is larger than 500 MB; split it into smaller files.")
            data = sys.stdin.buffer.read(LARGEST + 1) if self.path is None else self.path.read_bytes()
        except OSError as error:
            raise UnreadableInput(
                f"{self.name} cannot be opened: {error.strerror or error}. Check the name and whether it is in use."
            ) from error
        if not data:
            raise UnreadableInput(f"{self.name} is empty (0 bytes); export or copy it again.")
        return data


@dataclass(slots=True)
class Notes:
    """What a run of `read` learns besides rows: the columns used in each file or sheet, and warnings in plain words."""

    columns: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    samples: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each file or sheet, every header with the cell of the first row."""

    def use(self, place: str, columns: dict[str, list[str]]) -> None:
        """Remember which headers of a file or sheet gave which field."""
        self.columns[place] = columns

    def show(self, place: str, names: Sequence[str], cells: Sequence[str]) -> None:
        """Remember the headers of a file or sheet and a row under them."""
        self.samples[place] = {name: cells[at] if at < len(cells) else "" for at, name in enumerate(names)}

    def warn(self, text: str) -> None:
        """Remember a warning."""
        self.warnings.append(text)


def place_of(file: str, sheet: str | None = None, row: int | None = None) -> str:
    """A place in words: `awards.xlsx, sheet 'Entries', row 7`."""
    words = [file]
    if sheet is not None:
        words.append(f"sheet {sheet!r}")
    if row is not None:
        words.append(f"row {row}")
    return ", ".join(words)
