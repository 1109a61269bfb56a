"""Label Studio's JSON_MIN: an object an annotation, with the values of each control; no predictions, no region ids.

Label Studio exports it and does not import it. A single choice about a region is a bare word there, without its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.labels.exchange.decide import merged
from pipeline.labels.exchange.label_studio import IDENTITY, TOOL, annotator_of, text_in, write_list
from pipeline.labels.exchange.label_studio_results import (
    LABELLING,
    PROVENANCE,
    SENTENCE,
    labels_in,
    place_of,
    provenance,
    provenance_of,
    results,
)
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import ANNOTATOR, DECISION, LabelledText, Labelling, Span, spans_of
from pipeline.labels.exchange.tool import Context, meta_of, read_json
from pipeline.shapes import misfit

_OWN = (IDENTITY, "id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", PROVENANCE)
_KEPT = ("annotation_id", "annotator", "lead_time", "agreement")


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write the labellings of people as Label Studio would export them; returns how many texts."""
    count = 0

    def items() -> Iterator[dict[str, Any]]:
        nonlocal count
        for number, text in enumerate(texts, 1):
            count = number
            people = text.of(ANNOTATOR, DECISION)
            yield from (_item(text, number, labelling, context.names) for labelling in people)
            if not people:
                yield {IDENTITY: text.id, "text": text.text, **text.meta, "id": number}

    write_list(items(), path)
    return count


def _item(text: LabelledText, number: int, labelling: Labelling, names: Names) -> dict[str, Any]:
    item: dict[str, Any] = {IDENTITY: text.id, "text": text.text, **text.meta, "id": number}
    for result in results(labelling, text, names):
        item.setdefault(result["from_name"], []).append(result["value"])
    for control, values in item.items():
        if isinstance(values, list):
            shortened = [v["choices"][0] if len(v.get("choices", ())) == 1 else v for v in values]
            item[control] = shortened[0] if len(shortened) == 1 and "choices" in values[0] else shortened
    said = provenance(labelling)
    if said:
        item[PROVENANCE] = said[0] if len(said) == 1 else [{"text": said}]
    return item | dict(labelling.kept.get(TOOL, {})) | ({"created_at": labelling.at} if labelling.at else {})


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of a JSON_MIN export, annotations of one text together; raises InvalidCorpus for what does not fit."""
    items = read_json(path)
    if not isinstance(items, list):
        raise InvalidCorpus(f"{path}: a list was expected. Export from Label Studio as JSON_MIN.")
    yield from merged(_text(item, context, f"{path}, item {number}") for number, item in enumerate(items, 1))


def _text(item: Any, context: Context, where: str) -> LabelledText:
    if fault := misfit(item, {str: object}):
        raise InvalidCorpus(f"{where}: {fault}.")
    if "data" in item or "annotations" in item:
        raise InvalidCorpus(f"{where}: this is Label Studio's full JSON; import it as label-studio.")
    controls = {key for key, value in item.items() if _is_control(key, value, context.names)}
    data = {key: value for key, value in item.items() if key not in controls and key not in _OWN}
    key, text = text_in(data, where)
    meta, _ = meta_of(data, (key,))
    identity = str(item.get(IDENTITY) or item.get("id") or where.rpartition(" ")[2])
    if not controls and not item.get("annotation_id"):
        return LabelledText(identity, text, meta)
    marks: dict[tuple[int, int], dict[str, float | None]] = {}
    for control in controls:
        for value in item[control] if isinstance(item[control], list) else [item[control]]:
            found = _value(value, control, context.names, where)
            marks.setdefault(place_of(found, text, where), {}).update(
                dict.fromkeys(labels_in(found, context.names, where))
            )
    spans = tuple(replace(span, labels=context.names.least(span.labels)) for span in spans_of(marks, {}))
    return LabelledText(identity, text, meta, (_labelling(item, spans, context),))


def _labelling(item: Mapping[str, Any], spans: tuple[Span, ...], context: Context) -> Labelling:
    lines = item.get(PROVENANCE)
    if isinstance(lines, list):
        lines = [line for part in lines for line in (part["text"] if isinstance(part, dict) else [part])]
    said = provenance_of(lines)
    kept = {key: item[key] for key in _KEPT if key in item}
    role = DECISION if said.get("role") == DECISION else ANNOTATOR
    by = said.get("by", "") if said else annotator_of(item.get("annotator")) or context.by
    at = said.get("at", "") if said else str(item.get("updated_at") or item.get("created_at") or "")
    return Labelling(role, spans, by, at, kept={TOOL: kept} if kept else {})


def _is_control(key: str, value: object, names: Names) -> bool:
    """Whether a field holds labels: values that list some, or the control of a framework."""
    if key in _OWN:
        return False
    if key == SENTENCE or names.frameworks.get(key):
        return True
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and any(kind in first for kind in LABELLING)


def _value(value: object, control: str, names: Names, where: str) -> Mapping[str, Any]:
    """A value of a control as an object; raises InvalidCorpus for a choice whose place JSON_MIN has dropped."""
    if isinstance(value, dict):
        return value
    if names.frameworks.unit == "sentence":
        raise InvalidCorpus(
            f"{where}: {control} holds the bare choice {value!r}, and JSON_MIN does not say of which sentence. "
            "Export from Label Studio as JSON."
        )
    return {"choices": [value]}
