"""Named files, folders and standard input to one stream of nominations and rejections."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict
from dataclasses import replace
from pathlib import Path, PurePath

from pipeline.errors import UnreadableInput
from pipeline.read.archive import members
from pipeline.read.checks import fault_of, whole
from pipeline.read.identity import Identities, content_of, source_of
from pipeline.read.mail import is_covering, read_message
from pipeline.read.mapping import Mapping
from pipeline.read.registry import HOLDERS, reader_of, suffix_of
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes, passed_over
from pipeline.records import Nomination, Rejection

_STDIN = "stdin"
_DEEPEST = 3
"""Archives and messages in one another; a deeper one is named as unread."""
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


def _outcomes(source: Input, mapping: Mapping, notes: Notes, depth: int = 0) -> Iterator[Outcome]:
    try:
        if source.path is None and source.content is None:
            data = source.data()
            held = Input(source.name, content=data)
            yield from _of_kind(suffix_of(data), held, mapping, notes, depth)
        else:
            yield from _of_kind(PurePath(source.name).suffix.casefold(), source, mapping, notes, depth)
    except UnreadableInput as error:
        yield Rejection(source.name, str(error))


def _of_kind(suffix: str, source: Input, mapping: Mapping, notes: Notes, depth: int) -> Iterator[Outcome]:
    if suffix not in HOLDERS:
        yield from reader_of(f"x{suffix}" if source.name == _STDIN else source.name)(source, mapping, notes)
        return
    if depth > _DEEPEST:
        raise UnreadableInput(f"{source.name} lies in more than {_DEEPEST} archives or messages; unpack them.")
    if suffix == ".zip":
        for member in members(source):
            yield from [member] if isinstance(member, Rejection) else _outcomes(member, mapping, notes, depth + 1)
        return
    own, attached = read_message(source, mapping, notes)
    inner = [outcome for each in attached for outcome in _outcomes(each, mapping, notes, depth + 1)]
    kept = sum(isinstance(each, Nomination) for each in inner)
    for outcome in own:
        if isinstance(outcome, Nomination) and kept and is_covering(outcome):
            reason = f"a covering note; what is attached is read ({kept} nomination{'s' * (kept > 1)})"
            yield Rejection(source.name, reason, content=content_of(outcome))
        else:
            yield outcome
    yield from inner


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
            if not passed_over(name):
                empty = False
                file = Path(folder, name)
                yield Input(whole(f"{shown}/{file.relative_to(path).as_posix()}"), file)
    if empty:
        yield Rejection(shown, f"{shown} is a folder without any files.")
