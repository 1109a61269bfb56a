"""Evidence as `leadlight tag` wrote it, read back: each line is checked once, so that what shows it can trust it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import UnreadableInput, WrongUsage
from pipeline.shapes import NUMBER, misfit
from pipeline.storage import read_lines

_SPAN = {"start": int, "end": int}
_WORDS = {**_SPAN, "text": str}
_META = {
    **dict.fromkeys(("nominee?", "nominator?", "setting?", "level?", "category?"), str),
    "flags?": {str: str},
    "duplicate_group?": str,
    "sections?": [{**_SPAN, "question": str}],
    "source?": {"file": str},
}
_SENTENCE = {
    **_WORDS,
    "kind": str,
    "kind_score": NUMBER,
    "voice": str,
    "tags": [{"label": str, "score": NUMBER, "strength?": str, "why": [{**_WORDS, "weight": NUMBER}]}],
    "partners": [{**_WORDS, "sector": str}],
    "scores?": {str: NUMBER},
}
_EVIDENCE = {
    "schema": int,
    "id": str,
    "text": str,
    "meta": _META,
    "model": {"name": str | None, "sha256": str},
    "sentences": [_SENTENCE],
    "summary?": {"notes?": [{**_SPAN, "note": str}]},
}


def read_evidence(path: Path, model_sha256: str | None = None) -> Iterator[dict[str, Any]]:
    """The evidence of each nomination in a file, in order; with a digest, all of it by the model of that digest.

    Raises UnreadableInput with file and line for what is no evidence, WrongUsage for evidence of another model.
    """
    for number, row in read_lines(path):
        if fault := _fault(row):
            raise UnreadableInput(
                f"{path}, line {number}: this is no evidence: make it with `leadlight tag` ({fault})."
            )
        if model_sha256 not in (None, row["model"]["sha256"]):
            raise WrongUsage(
                f"{path}, line {number}: the evidence was tagged with the model {row['model']['name']}; "
                "name that model with -m, or tag the nominations again."
            )
        yield row


def _fault(row: Mapping[str, Any]) -> str:
    fault = misfit(row, _EVIDENCE)
    if fault:
        return fault
    if row["schema"] != 1:
        return f"schema {row['schema']}; this Leadlight reads 1"
    for number, sentence in enumerate(row["sentences"]):
        inner = [*sentence["partners"], *(words for tag in sentence["tags"] for words in tag["why"])]
        whole = {"start": 0, "end": len(row["text"])}
        if not _lies_in(sentence, whole, row["text"]) or not all(_lies_in(s, sentence, row["text"]) for s in inner):
            return f"sentences[{number}] or words in it do not stand in the text where they are said to"
    return ""


def _lies_in(words: Mapping[str, Any], outer: Mapping[str, Any], text: str) -> bool:
    start, end = words["start"], words["end"]
    return outer["start"] <= start < end <= outer["end"] and bool(text[start:end] == words["text"])
