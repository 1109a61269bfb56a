"""Zip archives and folders that exchange writes: whole or not at all, the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pipeline.storage import renamed_into_place


class Archive:
    """A zip to which members are written with one date, so that the same content gives the same file."""

    def __init__(self, package: ZipFile) -> None:
        self._package = package

    def writestr(self, name: str, content: str) -> None:
        """Add a member (UTF-8)."""
        member = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        member.compress_type = ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        self._package.writestr(member, content.encode())


@contextmanager
def written_zip(path: Path) -> Iterator[Archive]:
    """A zip that becomes `path` when the block ends without an error."""
    with renamed_into_place(path) as part, ZipFile(part, "w") as package:
        yield Archive(package)
