"""Prodigy's JSON lines: a task an annotator and text, with `spans` (or `accept` of `options`) and an `answer`.

Predictions are tasks without an answer that name their model; they go to a file of their own. A decision between
annotators is a task of the annotator `decision`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.labels.exchange.decide import merged
from pipeline.labels.exchange.names import Names, placed, trimmed
from pipeline.labels.exchange.records import (
    ACCEPT,
    ANSWERS,
    DECISION,
    MODEL,
    REJECT,
    LabelledText,
    Labelling,
    Span,
    spans_of,
)
from pipeline.labels.exchange.tool import Context, identity_of, meta_of, name_of_role, role_of_name
from pipeline.shapes import NUMBER, misfit
from pipeline.storage import read_lines, write_lines

TOOL = "prodigy"
IDENTITY = "nomination_id"
_OWN = ("text", "spans", "accept", "options", "label", "answer", "_annotator_id", "_timestamp", "meta", IDENTITY)
_TASK = {
    "text": str,
    "spans?": [{"start": int, "end": int, "label?": str, "score?": NUMBER}],
    "accept?": [str],
    "answer?": str,
    "meta?": {str: object},
    "label?": str,
    "model?": {str: str},
    "scores?": {str: NUMBER},
}


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write a task a labelling, and one without an answer for a text without labellings; returns how many texts."""
    count = 0

    def tasks() -> Iterator[dict[str, Any]]:
        nonlocal count
        for text in texts:
            count += 1
            head = {"text": text.text, "meta": dict(text.meta), IDENTITY: text.id}
            yield from (head | _said(labelling, text, context.names) for labelling in text.labellings)
            if not text.labellings:
                yield head

    write_lines(tasks(), path)
    return count


def _said(labelling: Labelling, text: LabelledText, names: Names) -> dict[str, Any]:
    out: dict[str, Any] = {**labelling.kept.get(TOOL, {})}
    whole = trimmed(text.text)
    if names.frameworks.unit == "document" and all(span.place == whole for span in labelling.spans):
        out["options"] = [{"id": full, "text": full} for full in names.all]
        out["accept"] = [label for span in labelling.spans for label in span.labels]
    else:
        out["spans"] = [item for span in labelling.spans for item in _marks(span)]
        out |= {"blank": blank} if (blank := [list(s.place) for s in labelling.spans if not s.labels]) else {}
    if labelling.role == MODEL:
        model = {"name": labelling.by, "version": labelling.version, "sha256": labelling.sha256}
        return out | {"model": {key: value for key, value in model.items() if value}}
    out["answer"] = labelling.answer
    out["_annotator_id"] = name_of_role(labelling.role, labelling.by)
    if seconds := _seconds(labelling.at):
        out["_timestamp"] = seconds
    return out


def _marks(span: Span) -> Iterator[dict[str, Any]]:
    for label in span.labels:
        score = {"score": round(span.scores[label], 6)} if label in span.scores else {}
        yield {"start": span.start, "end": span.end, "label": label, **score}


def _seconds(at: str) -> int:
    """A time in ISO 8601 as Prodigy keeps it, whole seconds since 1970; 0 where there is none."""
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return 0
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of Prodigy's `db-out`, tasks of one text together; raises InvalidCorpus with file and line."""
    found = merged(_text(row, context, f"{path}, line {number}") for number, row in read_lines(path))
    yield from map(_joined, found)


def _text(row: Mapping[str, Any], context: Context, where: str) -> LabelledText:
    if fault := misfit(row, _TASK):
        raise InvalidCorpus(f"{where}: {fault}.")
    if row.get("answer", ACCEPT) not in ANSWERS:
        raise InvalidCorpus(f"{where}: the answer {row['answer']!r} is none of {', '.join(ANSWERS)}.")
    text: str = row["text"]
    meta, _ = meta_of(row.get("meta") or {}, ())
    identity = str(row.get(IDENTITY) or identity_of(text))
    if not {"spans", "accept", "label", "answer"} & set(row):
        return LabelledText(identity, text, meta)
    return LabelledText(identity, text, meta, (_labelling(row, text, context, where),))


def _labelling(row: Mapping[str, Any], text: str, context: Context, where: str) -> Labelling:
    kept = {key: value for key, value in row.items() if key not in (*_OWN, "model", "blank")}
    answer = str(row.get("answer", ACCEPT))
    spans = _spans(row, text, context.names, where)
    if "label" in row:  # one question, yes or no: a no is an answer too
        kept["binary"] = True
        spans, answer = (() if answer == REJECT else spans), (ACCEPT if answer == REJECT else answer)
    said = row.get("model")
    keep = {TOOL: kept} if kept else {}
    if said or context.model:
        said = said or {"name": context.model}
        return Labelling(
            MODEL,
            spans,
            said.get("name", ""),
            version=said.get("version", ""),
            sha256=said.get("sha256", ""),
            kept=keep,
        )
    role, by = role_of_name(str(row.get("_annotator_id") or row.get("_session_id") or context.by or ""), context)
    seconds = row.get("_timestamp")
    at = datetime.fromtimestamp(seconds, UTC).isoformat() if isinstance(seconds, int | float) else ""
    return Labelling(role, spans, by if role != DECISION else "", at, answer, kept=keep)


def _spans(row: Mapping[str, Any], text: str, names: Names, where: str) -> tuple[Span, ...]:
    marks: dict[tuple[int, int], dict[str, float | None]] = {}
    for item in row.get("spans") or ():
        place = placed(text, item["start"], item["end"], item.get("text"), where)
        found = marks.setdefault(place, {})
        if "label" in item and (full := names.read(item["label"], where)):
            found[full] = item.get("score")
    for start, end in row.get("blank") or ():
        marks.setdefault(placed(text, start, end, None, where), {})
    of_all = [*(row.get("accept") or ()), *([row["label"]] if "label" in row else [])]
    if "accept" in row or of_all:
        found = marks.setdefault(trimmed(text), {})
        found |= {full: None for name in of_all if (full := names.read(name, where))}
    return tuple(replace(span, labels=names.least(span.labels)) for span in spans_of(marks, {}))


def _joined(text: LabelledText) -> LabelledText:
    """The text with the yes-or-no tasks of each annotator made one labelling."""
    out: dict[tuple[str, str, int], Labelling] = {}
    for number, labelling in enumerate(text.labellings):
        kept = dict(labelling.kept.get(TOOL, {}))
        binary = kept.pop("binary", False)
        key = (labelling.role, labelling.by, -1 if binary else number)
        before = out.get(key)
        spans = labelling.spans
        if before:
            labels = dict.fromkeys(label for span in (*before.spans, *spans) for label in span.labels)
            spans = (Span(*trimmed(text.text), tuple(sorted(labels))),) if labels else ()
        out[key] = replace(labelling, spans=spans, kept={TOOL: kept} if kept and not binary else {})
    return replace(text, labellings=tuple(out.values()))
