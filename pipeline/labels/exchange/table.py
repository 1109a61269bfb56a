"""CSV: a row a labelled place and labelling, a column a framework, for spreadsheets and data frames.

The text of a nomination stands in its first row. Cells that a spreadsheet would take for a formula begin with an
apostrophe, which reading takes off again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus, UnreadableInput
from pipeline.labels.exchange.cells import plain, safe
from pipeline.labels.exchange.doccano import rows_of
from pipeline.labels.exchange.names import Names, placed
from pipeline.labels.exchange.records import ANNOTATOR, ANSWERS, ROLES, LabelledText, Labelling, Span
from pipeline.labels.exchange.tool import Context
from pipeline.storage import written_whole

_FIXED = ("id", "role", "by", "at", "answer", "version", "sha256", "start", "end", "quote")
_LAST = ("scores", "text")
_META = "meta:"


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write the table; returns how many texts."""
    texts = list(texts)
    frameworks = [framework.id for framework in context.names.frameworks]
    metas = list(dict.fromkeys(f"{_META}{key}" for text in texts for key in text.meta))
    columns = [*_FIXED, *(f"labels:{name}" for name in frameworks), "scores", *metas, "text"]
    with written_whole(path) as stream:
        table = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        table.writeheader()
        for text in texts:
            first = {"text": text.text} | {f"{_META}{key}": value for key, value in text.meta.items()}
            for row in _rows(text):
                table.writerow({key: safe(str(value)) for key, value in (row | first).items()})
                first = {}
    return len(texts)


def _rows(text: LabelledText) -> Iterator[dict[str, Any]]:
    if not text.labellings:
        yield {"id": text.id}
    for labelling in text.labellings:
        head = {
            "id": text.id, "role": labelling.role, "by": labelling.by, "at": labelling.at, "answer": labelling.answer,
            "version": labelling.version, "sha256": labelling.sha256,
        }  # fmt: skip
        if not labelling.spans:
            yield head
        for span in labelling.spans:
            row: dict[str, Any] = {**head, "start": span.start, "end": span.end}
            row["quote"] = text.text[span.start : span.end]
            for label in span.labels:
                framework, _, name = label.partition("/")
                row[f"labels:{framework}"] = f"{row.get(f'labels:{framework}', '')} {name}".strip()
            row["scores"] = " ".join(f"{label}={score:.6g}" for label, score in span.scores.items())
            yield row


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of such a table; rows of one text may stand anywhere. Raises InvalidCorpus with the row."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    rows: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, raw in rows_of(content, str(path), ".csv"):
        row = {key: plain(value) for key, value in raw.items() if key and isinstance(value, str)}
        if not {"id", "start", "end"} <= set(row):
            raise InvalidCorpus(f"{path}: the columns id, start and end are needed; found {', '.join(raw)}.")
        rows.setdefault(row["id"], []).append((number, row))
    for identity, found in rows.items():
        yield _text(identity, found, path, context)


def _text(identity: str, rows: list[tuple[int, dict[str, str]]], path: Path, context: Context) -> LabelledText:
    known = context.texts.get(identity)
    text = next((row["text"] for _, row in rows if row.get("text")), known.text if known else None)
    if text is None:
        raise InvalidCorpus(f"{path}, row {rows[0][0]}: {identity!r} has no text in any row. Name it with --texts.")
    meta = dict(known.meta) if known else {}
    for key, value in (pair for _, row in rows for pair in row.items()):
        if key.startswith(_META) and value:
            meta[key.removeprefix(_META)] = value
    spans: dict[tuple[str, ...], list[Span]] = {}
    for number, row in rows:
        where = f"{path}, row {number}"
        said = tuple(row.get(key, "") for key in ("role", "by", "at", "answer", "version", "sha256"))
        if not any(said) and not row["start"]:
            continue
        marks = spans.setdefault(said, [])
        if row["start"]:
            marks.append(_span(row, text, context.names, where))
    labellings = []
    for (role, by, at, answer, version, sha256), found in spans.items():
        if (role or ANNOTATOR) not in ROLES or (answer or ANSWERS[0]) not in ANSWERS:
            raise InvalidCorpus(f"{path}: {identity!r}: role is one of {', '.join(ROLES)}, answer of {ANSWERS}.")
        who, what = by or context.who, role or context.role
        labellings.append(Labelling(what, tuple(found), who, at, answer or ANSWERS[0], version, sha256))
    return LabelledText(identity, text, meta, tuple(labellings))


def _span(row: Mapping[str, str], text: str, names: Names, where: str) -> Span:
    if not (row["start"].isdecimal() and row["end"].isdecimal()):
        raise InvalidCorpus(f"{where}: start and end must be whole numbers.")
    start, end = placed(text, int(row["start"]), int(row["end"]), row.get("quote") or None, where)
    labels = set()
    for column, value in row.items():
        if column.startswith("labels:"):
            framework = column.removeprefix("labels:")
            labels |= {names.read(f"{framework}/{name}", where) for name in value.split()}
    scores = {}
    for pair in row.get("scores", "").split():
        name, _, score = pair.rpartition("=")
        try:
            scores[names.read(name, where)] = float(score)
        except ValueError as error:
            raise InvalidCorpus(f"{where}: {pair!r} is no score: label=number was expected.") from error
    return Span(
        start, end, names.least(name for name in labels if name), {k: s for k, s in scores.items() if k is not None}
    )
