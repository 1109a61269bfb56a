"""`ingest --guess`: the mapping that would be used, as a TOML file to edit and keep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dict

from pipeline.errors import UnreadableInput
from pipeline.read.mapping import FIELDS, Mapping
from pipeline.read.source import Notes
from pipeline.read.sources import read
from pipeline.records import Rejection

_SHOWN = 60
_MOST_OTHERS = 20


def guessed(sources: Sequence[str], mapping: Mapping) -> str:
    """The mapping of the table with most columns, with a sample of each; raises UnreadableInput where none is found."""
    notes = Notes()
    reasons = [each.reason for each in read(list(sources), mapping, notes) if isinstance(each, Rejection)]
    if not notes.samples:
        raise UnreadableInput(reasons[0] if reasons else "There is no table or form here; letters need no mapping.")
    place = max(notes.samples, key=lambda name: len(notes.samples[name]))
    others = [name for name in notes.samples if notes.columns.get(name) != notes.columns.get(place)]
    return "\n".join(_lines(place, notes.samples[place], notes.columns[place], others)) + "\n"


def _lines(place: str, sample: Dict[str, str], used: Dict[str, list[str]], others: Sequence[str]) -> Iterator[str]:
    yield f"# The columns that Leadlight takes from {_one_line(place)}; a cell of its first row stands after each."
    yield "# Edit, keep as mapping.toml, then: leadlight ingest SOURCE --map mapping.toml -o nominations.jsonl"
    for other in others[:_MOST_OTHERS]:
        yield f"# Other columns, so a run and a mapping of its own: {_one_line(other)}"
    yield ""
    yield "# word_limit = 500        # flag texts of more words"
    yield '# sheets = ["Entries"]    # read no other sheets'
    yield ""
    yield "[columns]"
    for field in FIELDS:
        headers = used.get(field, [])
        if len(headers) == 1:
            yield f"{field} = {_quoted(headers[0])}{_sample(sample.get(headers[0], ''))}"
        elif headers:
            yield f"{field} = ["
            yield from (f"  {_quoted(header)},{_sample(sample.get(header, ''))}" for header in headers)
            yield "]"
        else:
            yield f'# {field} = "…"'
    spent = {header for headers in used.values() for header in headers}
    if rest := [name for name in sample if name not in spent]:
        yield ""
        yield "# Kept in `extra`:"
        yield from (f"#   {_quoted(name)}{_sample(sample[name])}" for name in rest)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _sample(cell: str) -> str:
    text = _one_line(cell[:500])
    return f"   # {text[:_SHOWN]}{'…' * (len(text) > _SHOWN)}" if text else ""
