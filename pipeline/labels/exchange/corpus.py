"""Labelled texts from the corpus (authoring files, JSON lines), from nominations, and from evidence; and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.evidence_lines import read_evidence
from pipeline.labels.authoring import AuthoredNarrative, label_names, read_authored, text_and_spans
from pipeline.labels.exchange.names import Names, placed
from pipeline.labels.exchange.records import ANNOTATOR, ANSWERS, DECISION, MODEL, ROLES, LabelledText, Labelling, Span
from pipeline.records import FORM_FIELDS, UNKNOWN
from pipeline.shapes import NUMBER, misfit
from pipeline.storage import read_lines

DECIDER = "="
"""Who decides, in the authoring format."""

VOTES, VOTE_KEYS = "votes", ("votes", "annotators")
"""Where shares of votes are kept that come without the labellings they were counted from, and their keys."""

_SPAN = {"start": int, "end": int, "labels": [str], "scores?": {str: NUMBER}, "id?": str}
_LABELLING = {
    "role": str,
    "sentences": [_SPAN],
    **dict.fromkeys(("by?", "at?", "answer?", "version?", "sha256?"), str),
    "kept?": {str: object},
}
_ROW = {
    "id": str | int,
    "text": str,
    **dict.fromkeys((f"{name}?" for name in FORM_FIELDS), str | None),
    "category?": str | None,
    "extra?": {str: object},
    "labellings?": [_LABELLING],
    "sentences?": [{"start": int, "end": int, "votes?": {str: NUMBER}, "annotators?": int}],
    "kept?": {str: object},
}


def read_texts(paths: Iterable[Path], names: Names) -> Iterator[LabelledText]:
    """The labelled texts of authoring files, folders of them, and JSON lines (labelled, or nominations without labels).

    Raises InvalidCorpus with file and line for what breaks the shape and for labels of no framework in use.
    """
    for path in paths:
        if path.suffix == ".jsonl":
            yield from read_rows(path, names)
        else:
            for authored in read_authored([path]):
                yield _from_authored(authored, names)


def read_rows(path: Path, names: Names) -> Iterator[LabelledText]:
    """The labelled texts of JSON lines; raises InvalidCorpus as `read_texts` does."""
    for number, row in read_lines(path):
        yield text_of_row(row, names, f"{path}, line {number}")


def _from_authored(authored: AuthoredNarrative, names: Names) -> LabelledText:
    text, places = text_and_spans(authored)
    spans: dict[str, list[Span]] = defaultdict(list)
    for sentence, place in zip(authored.sentences, places, strict=True):
        where = f"{authored.path}, line {sentence.line}"
        for who, words in sentence.labels.items():
            labels, partners = label_names(words, names.frameworks, where)
            spans[who].append(Span(*place, names.least(labels | partners)))
    labellings = [
        Labelling(role=DECISION if who == DECIDER else ANNOTATOR, by="" if who == DECIDER else who, spans=tuple(found))
        for who, found in spans.items()
    ]
    meta = {key: value for key, value in authored.meta.items() if key not in FORM_FIELDS or value not in ("", UNKNOWN)}
    return LabelledText(authored.id, text, meta, tuple(labellings))


def text_of_row(row: Mapping[str, Any], names: Names, where: str) -> LabelledText:
    """The labelled text of a line; `sentences` without `labellings` are one decision. Raises InvalidCorpus."""
    extra = row.get("extra") or {}
    if fault := misfit({**row, "extra": extra}, _ROW):
        raise InvalidCorpus(f"{where}: {fault}.")
    text: str = row["text"]
    meta = {name: row[name] for name in (*FORM_FIELDS, "category") if row.get(name) not in (None, "", UNKNOWN)}
    meta |= {key: str(value) for key, value in extra.items()}
    if "labellings" in row:
        labellings = [_labelling(item, text, names, where) for item in row["labellings"]]
    elif row.get("sentences"):
        spans = [_decided(item, text, names, where) for item in row["sentences"]]
        labellings = [Labelling(role=DECISION, spans=tuple(spans))]
    else:
        labellings = []
    kept = dict(row.get("kept") or {})
    if "labellings" not in row and (votes := [s for s in row.get("sentences", ()) if s.get("votes")]):
        kept[VOTES] = [{key: item[key] for key in ("start", "end", *VOTE_KEYS) if key in item} for item in votes]
    return LabelledText(str(row["id"]), text, meta, tuple(labellings), kept)


def _labelling(item: Mapping[str, Any], text: str, names: Names, where: str) -> Labelling:
    if item["role"] not in ROLES or item.get("answer", ANSWERS[0]) not in ANSWERS:
        raise InvalidCorpus(f"{where}: a labelling's role is one of {', '.join(ROLES)}, its answer of {ANSWERS}.")
    spans = []
    for span in item["sentences"]:
        start, end = placed(text, span["start"], span["end"], None, where)
        read = {name: names.read(name, where) for name in (*span["labels"], *span.get("scores", {}))}
        scores = {full: float(s) for name, s in span.get("scores", {}).items() if (full := read[name])}
        labels = names.least(full for name in span["labels"] if (full := read[name]))
        spans.append(Span(start, end, labels, scores, span.get("id", "")))
    rest = {key: item[key] for key in ("by", "at", "answer", "version", "sha256", "kept") if key in item}
    return Labelling(role=item["role"], spans=tuple(spans), **rest)


def _decided(item: Mapping[str, Any], text: str, names: Names, where: str) -> Span:
    """A sentence of the contract's labelled corpus as a span: its labels are listed by framework."""
    frameworks = names.frameworks
    found = []
    for framework in frameworks:
        said = item.get("kind", framework.default) if framework is frameworks.kinds else item.get(framework.id, ())
        if fault := misfit(said, str if framework is frameworks.kinds else [str], framework.id):
            raise InvalidCorpus(f"{where}: {fault}.")
        found += [f"{framework.id}/{name}" for name in ([said] if isinstance(said, str) else said)]
    start, end = placed(text, item["start"], item["end"], None, where)
    return Span(start, end, names.least(full for name in found if (full := names.read(name, where))))


def labellings_row(text: LabelledText) -> dict[str, Any]:
    """The labellings of a text as the JSON that `text_of_row` reads; what is empty is left out."""
    rows = []
    for labelling in text.labellings:
        head = {
            "role": labelling.role, "by": labelling.by, "at": labelling.at,
            "answer": "" if labelling.answer == ANSWERS[0] else labelling.answer,
            "version": labelling.version, "sha256": labelling.sha256, "kept": dict(labelling.kept),
        }  # fmt: skip
        rows.append({k: v for k, v in head.items() if v} | {"sentences": [_span_row(s) for s in labelling.spans]})
    return ({"labellings": rows} if rows else {}) | ({"kept": dict(text.kept)} if text.kept else {})


def _span_row(span: Span) -> dict[str, Any]:
    row: dict[str, Any] = {"start": span.start, "end": span.end, "labels": list(span.labels)}
    if span.scores:
        row["scores"] = {name: round(score, 6) for name, score in span.scores.items()}
    return row | ({"id": span.id} if span.id else {})


def read_predictions(path: Path, names: Names) -> dict[str, tuple[str, Labelling]]:
    """What a model said (evidence, as `leadlight tag` writes it), by nomination: the text and the labelling.

    The scores are those of the tags and the kind; with `--scores` of all labels. Raises UnreadableInput for what is no
    evidence, InvalidCorpus for labels of no framework in use.
    """
    found = {}
    kinds = names.frameworks.kinds
    for row in read_evidence(path):
        spans = []
        for item in row["sentences"]:
            scores = {tag["label"]: tag["score"] for tag in item["tags"]}
            if kinds:
                scores[f"{kinds.id}/{item['kind']}"] = item["kind_score"]
            sectors = names.frameworks.sectors
            partners = {f"{sectors.id}/{p['sector']}" for p in item["partners"]} if sectors else set()
            labels = names.least(full for n in (*scores, *partners) if (full := names.read(n, f"{path}, {row['id']}")))
            known = {name: float(score) for name, score in {**item.get("scores", {}), **scores}.items()}
            spans.append(Span(item["start"], item["end"], labels, {n: s for n, s in known.items() if names.find(n)}))
        model = row["model"]
        labelling = Labelling(
            role=MODEL, spans=tuple(spans), by=model.get("name") or "", version=model.get("version") or "",
            sha256=model["sha256"],
        )  # fmt: skip
        found[row["id"]] = (row["text"], labelling)
    return found
