"""The contract's labelled-corpus lines with every labelling: who said what, beside what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.labels.exchange.corpus import VOTE_KEYS, VOTES, labellings_row, read_rows
from pipeline.labels.exchange.decide import narrative_of
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import LabelledText
from pipeline.labels.exchange.tool import Context
from pipeline.labels.jsonl import to_row
from pipeline.storage import write_lines


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write a line a text: `sentences` are the decisions, `labellings` everything; returns how many."""
    return write_lines((_row(text, context.names) for text in texts), path)


def _row(text: LabelledText, names: Names) -> dict[str, Any]:
    row = to_row(narrative_of(text, names), names.frameworks)
    votes = {(item["start"], item["end"]): item for item in text.kept.get(VOTES, ())}
    if not votes:
        return row | labellings_row(text)
    for sentence in row["sentences"]:
        item = votes.get((sentence["start"], sentence["end"]), {})
        sentence |= {key: item[key] for key in VOTE_KEYS if key in item}
    return row


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of labelled-corpus lines, or of nominations, which have no labels."""
    return read_rows(path, context.names)
