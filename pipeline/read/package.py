"""Office packages (ZIP files of XML), opened with care: size, passwords, and no document type declarations."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.etree.ElementTree import Element, ParseError, parse
from zipfile import BadZipFile, ZipFile

from pipeline.errors import UnreadableInput
from pipeline.read.source import LARGEST, Input

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_HEAVIEST = 6_000_000
"""Tags and attributes of a member that is held in memory whole: about 1 GB at the worst."""


@contextmanager
def open_package(source: Input, kind: str, newer: str) -> Iterator[ZipFile]:
    """The package of a file; `kind` is its name in messages, `newer` the name ending to save as.

    Raises UnreadableInput for one that is encrypted, of the old kind, no package, too large once unpacked, or that
    declares a document type (the way to entity expansion); and for damage found while the block reads from it.
    """
    data = source.data()
    if data.startswith(OLD_OFFICE):
        if _ENCRYPTED in data:
            raise UnreadableInput(f"{source.name} is locked with a password; save a copy without one.")
        raise UnreadableInput(f"{source.name} is in Microsoft's old format (before 2007); save it as {newer}.")
    try:
        with ZipFile(io.BytesIO(data)) as package:
            _refuse_dangers(package, source.name)
            yield package
    except (
        BadZipFile,
        zlib.error,
        ParseError,
        struct.error,
        EOFError,
        LookupError,
        ValueError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise UnreadableInput(
            f"{source.name} is no {kind} or is damaged ({str(error) or type(error).__name__}). Open it in its own "
            f"program and save it again as {newer}."
        ) from error


def tree(package: ZipFile, member: str) -> Element | None:
    """The XML of a member; None where the package has none of that name."""
    if member not in package.namelist():
        return None
    with package.open(member) as stream:
        weight = sum(chunk.count(b"<") + chunk.count(b"=") for chunk in iter(lambda: stream.read(_CHUNK), b""))
    if weight > _HEAVIEST:
        raise ValueError(f"{member} holds millions of elements")
    with package.open(member) as stream:
        return parse(stream).getroot()  # noqa: S314 - open_package has refused document types, so entities cannot be declared


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without namespace; empty if absent."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _refuse_dangers(package: ZipFile, name: str) -> None:
    members = package.infolist()
    if sum(member.file_size for member in members) > LARGEST:
        raise UnreadableInput(f"{name} unpacks to more than 500 MB; it is refused as a possible ZIP bomb.")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableInput(f"{name} is locked with a password; save a copy without one.")
    for member in members:
        if member.filename.casefold().endswith((".xml", ".rels", ".vml")):
            with package.open(member) as stream:
                _refuse_document_type(stream, name)


def _refuse_document_type(stream: IO[bytes], name: str) -> None:
    tail = b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk.replace(b"\0", b"")
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
            raise UnreadableInput(
                f"{name} declares a document type, which no Office file does; it is refused as unsafe."
            )
        tail = window[-16:]
