"""Results of Label Studio, the list that annotations and predictions hold: regions, their labels, and what is beside.

A sentence is a region: a label says its kind, a taxonomy of each framework its tags (per-region choices would lose
their place in JSON_MIN, where Label Studio writes a single choice as a bare word). A whole document has choices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.labels.exchange.names import Names, placed, trimmed
from pipeline.labels.exchange.records import DECISION, MODEL, LabelledText, Labelling, Span, spans_of

PROVENANCE = "provenance"
TEXT = "nomination-text"
SENTENCE = "sentence"
"""The controls that are no framework: who labelled, the text, and regions where no framework gives kinds."""

LABELLING = ("labels", "hypertextlabels", "choices", "taxonomy")
"""The types of result that are labels; the value lists them under the type's name."""


def regions_control(names: Names) -> str:
    """The control that makes a region: the framework of kinds, or one with a single label."""
    return names.frameworks.kinds.id if names.frameworks.kinds else SENTENCE


def results(labelling: Labelling, text: LabelledText, names: Names) -> list[dict[str, Any]]:
    """The results of a labelling, a control after another within each region."""
    out = []
    for span in labelling.spans:
        whole = names.frameworks.unit == "document" and span.place == trimmed(text.text)
        value = {} if whole else {"start": span.start, "end": span.end, "text": text.text[span.start : span.end]}
        head = {"id": span.id or f"s{span.start}-{span.end}", "to_name": TEXT}
        head["origin"] = "prediction" if labelling.role == MODEL else "manual"
        for control, labels in _by_control(span.labels, names, whole=whole).items():
            kind = "choices" if whole else "labels" if control == regions_control(names) else "taxonomy"
            named = [_path(name, names) for name in labels] if kind == "taxonomy" else labels
            item = {**head, "from_name": control, "type": kind, "value": {**value, kind: named}}
            shown = [span.scores[name] for name in labels if name in span.scores]
            out.append(item | ({"score": round(min(shown), 6)} if shown else {}))
        if span.scores:
            out[-1]["meta"] = {"scores": {name: round(score, 6) for name, score in span.scores.items()}}
    return out


def _by_control(labels: Iterable[str], names: Names, *, whole: bool) -> dict[str, list[str]]:
    """The labels of a span by the control that gives them; a region has its own first, without a label if need be."""
    found: dict[str, list[str]] = defaultdict(list)
    if not whole:
        regions = regions_control(names)
        found[regions] = [SENTENCE] if regions == SENTENCE else []
    for label in labels:
        found[label.partition("/")[0]].append(label)
    return found


def _path(label: str, names: Names) -> list[str]:
    """A label as a taxonomy gives it: with the label above it."""
    parent = names.frameworks.parent_of(label)
    return [parent, label] if parent else [label]


def provenance(labelling: Labelling) -> list[str]:
    """Who labelled, as lines for a text area."""
    role = labelling.role if labelling.role == DECISION else ""
    said = (("role", role), ("by", labelling.by), ("at", labelling.at))
    return [f"{key}: {value}" for key, value in said if value]


def provenance_of(lines: object) -> dict[str, str]:
    """What the lines of the text area say (JSON_MIN writes a single one as a bare text)."""
    pairs = [str(line).partition(": ") for line in ([lines] if isinstance(lines, str) else lines or ())]  # type: ignore[attr-defined]
    return {key: value for key, colon, value in pairs if colon}


def read_results(
    items: Iterable[Mapping[str, Any]], text: str, names: Names, where: str
) -> tuple[tuple[Span, ...], list[Mapping[str, Any]], dict[str, str]]:
    """The spans of a result list, the results that are no labels, and what the provenance says."""
    marks: dict[tuple[int, int], dict[str, float | None]] = {}
    ids: dict[tuple[int, int], str] = {}
    rest: list[Mapping[str, Any]] = []
    said: dict[str, str] = {}
    for item in items:
        value, kind = item.get("value"), str(item.get("type"))
        if item.get("from_name") == PROVENANCE and isinstance(value, dict):
            said |= provenance_of(value.get("text"))
        elif isinstance(value, dict) and kind in LABELLING:
            place = place_of(value, text, where)
            region = str(item.get("id") or "")
            if region and region != f"s{place[0]}-{place[1]}" and "start" in value:
                ids.setdefault(place, region)
            found = marks.setdefault(place, {})
            score = item.get("score")
            found |= dict.fromkeys(labels_in(value, names, where), None if score is None else float(score))
            found |= _scores(item, found, names)
        else:
            rest.append(item)
    spans = spans_of(marks, ids)
    return tuple(Span(s.start, s.end, names.least(s.labels), s.scores, s.id) for s in spans), rest, said


def _scores(item: Mapping[str, Any], found: Mapping[str, Any], names: Names) -> dict[str, float]:
    """The scores by label that Leadlight writes with a region."""
    meta = item.get("meta")
    scores = meta.get("scores") if isinstance(meta, dict) else None
    pairs = scores.items() if isinstance(scores, dict) else ()
    return {full: float(score) for name, score in pairs if (full := names.find(name)) in found and full}


def place_of(value: Mapping[str, Any], text: str, where: str) -> tuple[int, int]:
    """Where a value of a result stands: its offsets, or the whole text if it has none."""
    offsets = value.get("globalOffsets") if isinstance(value.get("globalOffsets"), dict) else value
    if "start" not in offsets:  # type: ignore[operator]
        return trimmed(text)
    return placed(text, offsets["start"], offsets["end"], value.get("text"), where)  # type: ignore[index]


def labels_in(value: Mapping[str, Any], names: Names, where: str) -> list[str]:
    """The labels of a value, by full name; of a taxonomy's path the last."""
    out = []
    for kind in LABELLING:
        said = value.get(kind) or ()
        if not isinstance(said, list | tuple):
            raise InvalidCorpus(f"{where}: {kind} is no list of labels.")
        for name in said:
            name = name[-1] if isinstance(name, list) and name else name
            if name != SENTENCE and (full := names.read(name, where)):
                out.append(full)
    return out
