"""Named files, folders and standard input to one stream of nominations and rejections."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict
from dataclasses import replace
from pathlib import Path

from pipeline.errors import UnreadableInput
from pipeline.read.checks import fault_of, whole
from pipeline.read.delimited import read_delimited
from pipeline.read.identity import Identities, content_of, source_of
from pipeline.read.jsonl import read_jsonl
from pipeline.read.mapping import Mapping
from pipeline.read.registry import reader_of
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes
from pipeline.records import Nomination, Rejection

_STDIN = "stdin"
_LITTER = frozenset(("thumbs.db", "desktop.ini"))
"""Files that systems leave in folders; hidden files and Office's lock files are passed over as well."""
_NO_MAPPING = Mapping()


def read(
    sources: Iterable[str | Path], mapping: Mapping = _NO_MAPPING, notes: Notes | None = None
) -> Iterator[Outcome]:
    """Every row of the sources as a nomination or a rejection, lazily and in order; `-` is standard input.

    A file that cannot be read becomes one rejection without a row number. Notes take the columns used and warnings.
    """
    notes = Notes() if notes is None else notes
    identities = Identities(notes)
    for found in _inputs(list(sources)):
        if isinstance(found, Rejection):
            yield found
            continue
        for outcome in _outcomes(found, mapping, notes):
            yield _settled(outcome, identities)


def _outcomes(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    try:
        if source.path is None:
            yield from _from_stdin(source, mapping, notes)
        else:
            yield from reader_of(source.name)(source, mapping, notes)
    except UnreadableInput as error:
        yield Rejection(source.name, str(error))


def _from_stdin(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    data = source.data()
    held = Input(source.name, content=data)
    reader = read_jsonl if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else read_delimited
    yield from reader(held, mapping, notes)


def _settled(outcome: Outcome, identities: Identities) -> Outcome:
    """The outcome fit to be written: checked, with an id of its own, without halves of characters."""
    if isinstance(outcome, Rejection):
        return replace(outcome, reason=whole(outcome.reason), content=_whole(outcome.content))
    fault = fault_of(outcome.text)
    if not fault:
        return identities.settle(_writable(outcome))
    source = source_of(outcome)
    return Rejection(source.file, fault, source.row, source.sheet, _whole(content_of(outcome)))


def _writable(found: Nomination) -> Nomination:
    source = source_of(found)
    return replace(
        found,
        id=whole(found.id),
        nominee=whole(found.nominee),
        category=whole(found.category),
        sections=tuple(replace(section, question=whole(section.question)) for section in found.sections),
        source=replace(source, columns=tuple(whole(name) for name in source.columns)),
        extra=_whole(found.extra),
    )


def _whole(content: Dict[str, str]) -> dict[str, str]:
    return {whole(key): whole(value) for key, value in content.items()}


def _inputs(sources: list[str | Path]) -> Iterator[Input | Rejection]:
    """Each file of the sources; files of a folder are named from it on, files of the same name by their whole path."""
    names = Counter(Path(source).name for source in sources)
    for source in sources:
        path = Path(source)
        shown = path.name if path.name and names[path.name] == 1 else path.as_posix()
        if str(source) == "-":
            yield Input(_STDIN)
        elif path.is_dir():
            yield from _folder(path, shown)
        elif not path.exists():
            yield Rejection(shown, f"{source} does not exist; check the name.")
        else:
            yield Input(whole(shown), path)


def _folder(path: Path, shown: str) -> Iterator[Input | Rejection]:
    empty = True
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith((".", "~$")) and name.casefold() not in _LITTER:
                empty = False
                file = Path(folder, name)
                yield Input(whole(f"{shown}/{file.relative_to(path).as_posix()}"), file)
    if empty:
        yield Rejection(shown, f"{shown} is a folder without any files.")
