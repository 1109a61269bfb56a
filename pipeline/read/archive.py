"""ZIP archives of files, each read as if it lay in a folder; bombs are refused before anything is unpacked."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipeline.errors import UnreadableInput
from pipeline.read.source import Input, passed_over
from pipeline.records import Rejection

LARGEST_MEMBER = 200_000_000
_LARGEST = 4_000_000_000
_BOMB = 1_000_000_000
_RATIO = 100
_MOST_MEMBERS = 50_000


def members(source: Input) -> Iterator[Input | Rejection]:
    """Each file of an archive, named from it on, in order of names; what cannot be unpacked is a rejection.

    Raises UnreadableInput where it is no archive, is damaged, holds no files, or unpacks to more than is safe.
    """
    data = source.data()
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            wanted = sorted((each for each in archive.infolist() if _is_wanted(each)), key=lambda each: each.filename)
            _refuse_bomb(wanted, len(data), source.name)
            for each in wanted:
                yield _unpacked(archive, each, f"{source.name}/{each.filename}")
    except (BadZipFile, zlib.error, EOFError, ValueError, LookupError, NotImplementedError, OverflowError) as error:
        raise UnreadableInput(
            f"{source.name} is no ZIP archive or is damaged ({str(error) or type(error).__name__}). Make it "
            "again, or unpack it and name the folder."
        ) from error


def _is_wanted(member: ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    return not member.is_dir() and "__MACOSX" not in path.parts and not any(map(passed_over, path.parts))


def _refuse_bomb(wanted: list[ZipInfo], size: int, name: str) -> None:
    total = sum(member.file_size for member in wanted)
    if not wanted:
        raise UnreadableInput(f"{name} is an archive without any files.")
    if len(wanted) > _MOST_MEMBERS or total > _LARGEST or (total > _BOMB and total > _RATIO * size):
        raise UnreadableInput(
            f"{name} unpacks to {len(wanted):,} files of {total // 1_000_000:,} MB; it is refused as a possible ZIP "
            "bomb. If it is none, unpack it and name the folder."
        )


def _unpacked(archive: ZipFile, member: ZipInfo, shown: str) -> Input | Rejection:
    if member.flag_bits & 1:
        return Rejection(shown, f"{shown} is locked with a password; unpack the archive and name the folder.")
    if member.file_size > LARGEST_MEMBER:
        return Rejection(shown, f"{shown} unpacks to more than 200 MB; unpack the archive and name the folder.")
    try:
        return Input(shown, content=archive.read(member))
    except (BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, LookupError) as error:
        return Rejection(shown, f"{shown} is damaged in its archive ({str(error) or type(error).__name__}).")
