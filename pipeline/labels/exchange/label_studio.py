"""Label Studio's JSON: tasks with `annotations` by people and `predictions` by models, which stay apart.

The decision between annotators is the annotation marked as ground truth. Who labelled, and when, stands in the text
area `provenance` of an annotation, because Label Studio takes `completed_by` only for members of the project; what
came from Label Studio itself goes back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.labels.exchange.label_studio_results import PROVENANCE, TEXT, provenance, read_results, results
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import ACCEPT, ANNOTATOR, DECISION, IGNORE, MODEL, LabelledText, Labelling
from pipeline.labels.exchange.tool import Context, meta_of, read_json
from pipeline.shapes import misfit
from pipeline.storage import to_json, written_whole

TOOL = "label-studio"
IDENTITY = "nomination_id"
"""The field of a task's data that holds our id (Label Studio's own `id` replaces one of that name in JSON_MIN)."""

_MODEL = re.compile(r"(.*) (\S+) ([0-9a-f]{64})")
_TASK = {"data": {str: object}, "annotations?": [{"result": [{str: object}]}], "predictions?": [object]}


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write tasks to import into Label Studio; returns how many."""
    return write_list((task(text, context.names) for text in texts), path)


def write_list(items: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write a JSON list, an item a line; returns how many."""
    count = 0
    with written_whole(path) as stream:
        stream.write("[")
        for item in items:
            stream.write(("," if count else "") + "\n" + to_json(item))
            count += 1
        stream.write("\n]\n")
    return count


def task(text: LabelledText, names: Names) -> dict[str, Any]:
    """A task of Label Studio with the annotations and predictions of a text."""
    kept = dict(text.kept.get(TOOL, {}))
    data = {IDENTITY: text.id, "text": text.text, **text.meta, **kept.pop("data", {})}
    out: dict[str, Any] = {**kept, "data": data}
    out["annotations"] = [_annotation(labelling, text, names) for labelling in text.of(ANNOTATOR, DECISION)]
    out["predictions"] = [_prediction(labelling, text, names) for labelling in text.of(MODEL)]
    return out


def _annotation(labelling: Labelling, text: LabelledText, names: Names) -> dict[str, Any]:
    kept = dict(labelling.kept.get(TOOL, {}))
    result = [*results(labelling, text, names), *kept.pop("result", [])]
    if not kept and (said := provenance(labelling)):
        head = {"id": PROVENANCE, "from_name": PROVENANCE, "to_name": TEXT, "type": "textarea"}
        result.append({**head, "value": {"text": said}})
    return {
        **kept, "result": result,
        "ground_truth": labelling.role == DECISION, "was_cancelled": labelling.answer == IGNORE,
    }  # fmt: skip


def _prediction(labelling: Labelling, text: LabelledText, names: Names) -> dict[str, Any]:
    kept = dict(labelling.kept.get(TOOL, {}))
    version = " ".join(filter(None, (labelling.by, labelling.version, labelling.sha256)))
    said = [span.scores[label] for span in labelling.spans for label in span.labels if label in span.scores]
    out = {**kept, "model_version": version, "result": results(labelling, text, names)}
    return out | ({"score": round(sum(said) / len(said), 6)} if said else {})


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of Label Studio's JSON export; raises InvalidCorpus with the task's number for what does not fit."""
    tasks = read_json(path)
    if not isinstance(tasks, list):
        raise InvalidCorpus(f"{path}: a list of tasks was expected. Export from Label Studio as JSON.")
    for number, item in enumerate(tasks, 1):
        where = f"{path}, task {number}"
        if fault := misfit(item, _TASK):
            raise InvalidCorpus(f"{where}: {fault}. Export from Label Studio as JSON (JSON_MIN is label-studio-min).")
        yield _text(item, context, where)


def text_in(data: Mapping[str, Any], where: str) -> tuple[str, str]:
    """The field of a task that holds the text, and the text: `text`, else the longest. Raises InvalidCorpus."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    if not texts:
        raise InvalidCorpus(f"{where}: the task's data holds no text.")
    key = "text" if "text" in texts else max(texts, key=lambda name: len(texts[name]))
    return key, texts[key]


def _text(item: Mapping[str, Any], context: Context, where: str) -> LabelledText:
    data = item["data"]
    key, text = text_in(data, where)
    meta, other = meta_of(data, (IDENTITY, key))
    labellings = [_read_annotation(found, text, context, where) for found in item.get("annotations") or ()]
    labellings += [
        _read_prediction(found, text, context, where)
        for found in item.get("predictions") or ()
        if not misfit(found, {"result": [{str: object}]})  # some exports list predictions by number only
    ]
    kept = {k: v for k, v in item.items() if k not in ("data", "annotations", "predictions")}
    if other:
        kept["data"] = other
    identity = str(data.get(IDENTITY) or item.get("id") or where.rpartition(" ")[2])
    return LabelledText(identity, text, meta, tuple(labellings), {TOOL: kept} if kept else {})


def _read_annotation(item: Mapping[str, Any], text: str, context: Context, where: str) -> Labelling:
    spans, rest, said = read_results(item["result"], text, context.names, where)
    own = ("result", "ground_truth", "was_cancelled")
    kept = {} if said else {key: value for key, value in item.items() if key not in own}
    decided = item.get("ground_truth") is True or said.get("role") == DECISION
    by = said.get("by", "") if said else annotator_of(item.get("completed_by")) or context.by
    at = said.get("at", "") if said else str(item.get("updated_at") or item.get("created_at") or "")
    return Labelling(
        role=DECISION if decided else ANNOTATOR, spans=spans, by=by, at=at,
        answer=IGNORE if item.get("was_cancelled") else ACCEPT,
        kept={TOOL: kept | ({"result": rest} if rest else {})} if kept or rest else {},
    )  # fmt: skip


def annotator_of(who: object) -> str:
    """An annotator as Label Studio gives one: a number, an address, or an object that holds both."""
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    return str(who) if who else ""


def _read_prediction(item: Mapping[str, Any], text: str, context: Context, where: str) -> Labelling:
    spans, _, _ = read_results(item["result"], text, context.names, where)
    version = str(item.get("model_version") or context.model)
    by, number, sha256 = found.groups() if (found := _MODEL.fullmatch(version)) else (version, "", "")
    kept = {key: value for key, value in item.items() if key not in ("result", "model_version", "score")}
    at = str(item.get("updated_at") or item.get("created_at") or "")
    return Labelling(MODEL, spans, by, at, version=number, sha256=sha256, kept={TOOL: kept} if kept else {})
