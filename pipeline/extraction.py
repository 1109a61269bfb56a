"""Extracting: one row a sentence with what the classifier sees of it, as Parquet, for researchers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.records import Sentence
from pipeline.storage import renamed_into_place


def write_rows(sentences: Iterable[tuple[str, Sentence]], output: Path) -> int:
    """Write a row for each (nomination id, sentence) and return how many.

    Columns: id, start, end, text, masked, tokens, signals, partners, voice, quoted, negated, number, words, position.
    """
    import pandas as pd

    rows = [_row(identity, sentence) for identity, sentence in sentences]
    with renamed_into_place(output) as part:
        pd.DataFrame(rows).to_parquet(part, index=False)
    return len(rows)


def _row(identity: str, sentence: Sentence) -> dict[str, Any]:
    return {
        "id": identity,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "masked": sentence.masked,
        "tokens": [token.text for token in sentence.tokens],
        "signals": list(sentence.signals),
        "partners": [partner.sector for partner in sentence.partners],
        "voice": sentence.voice,
        "quoted": sentence.quoted,
        "negated": sentence.negated,
        "number": any(character.isdigit() for character in sentence.text),
        "words": len(sentence.text.split()),
        "position": sentence.position,
    }
