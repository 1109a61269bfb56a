"""The W3C's Web Annotation Data Model (JSON-LD): a collection with an annotation a labelled place and labelling.

Bodies are tags; the target is a text by address, with a position in characters (code points) and the quotation. People
are creators of type Person, models of type Software. The texts travel in the collection under a term of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from pipeline.errors import InvalidCorpus
from pipeline.labels.exchange.names import Names, placed
from pipeline.labels.exchange.records import ANNOTATOR, DECISION, MODEL, LabelledText, Labelling, Span
from pipeline.labels.exchange.tool import Context, read_json
from pipeline.shapes import misfit
from pipeline.storage import to_json, written_whole

_URN = "urn:leadlight:text:"
_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"leadlight": "urn:leadlight:term:"}]
_AROUND = 32
_Key = tuple[str, str, str, str, str]


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:  # noqa: ARG001 - one shape of writers
    """Write the collection; returns how many texts."""
    texts = list(texts)
    items = [item for text in texts for item in _annotations(text)]
    numbered = [{"id": f"urn:leadlight:annotation:{number}", **item} for number, item in enumerate(items, 1)]
    page = {"id": "urn:leadlight:page:1", "type": "AnnotationPage", "startIndex": 0, "items": numbered}
    collection = {
        "@context": _CONTEXT, "id": "urn:leadlight:collection", "type": "AnnotationCollection",
        "label": "Labels of nominations", "total": len(items), "first": page,
        "leadlight:texts": [
            {"id": _source(text), "leadlight:text": text.text, "leadlight:metadata": dict(text.meta)} for text in texts
        ],
    }  # fmt: skip
    with written_whole(path) as stream:
        stream.write(to_json(collection) + "\n")
    return len(texts)


def _source(text: LabelledText) -> str:
    return _URN + quote(text.id, safe="")


def _annotations(text: LabelledText) -> Iterator[dict[str, Any]]:
    for labelling in text.labellings:
        creator = {"type": "Software" if labelling.role == MODEL else "Person", "name": labelling.by}
        creator |= {"schema:softwareVersion": labelling.version} if labelling.version else {}
        creator |= {"leadlight:sha256": labelling.sha256} if labelling.sha256 else {}
        head: dict[str, Any] = {"type": "Annotation", "motivation": "tagging", "creator": creator}
        head |= {"created": labelling.at} if labelling.at else {}
        head |= {"leadlight:decision": True} if labelling.role == DECISION else {}
        for span in labelling.spans:
            yield {**head, "body": [_body(label, span) for label in span.labels], "target": _target(text, span)}


def _body(label: str, span: Span) -> dict[str, Any]:
    body = {"type": "TextualBody", "purpose": "tagging", "value": label}
    return body | ({"leadlight:score": round(span.scores[label], 6)} if label in span.scores else {})


def _target(text: LabelledText, span: Span) -> dict[str, Any]:
    around = {
        "prefix": text.text[max(0, span.start - _AROUND) : span.start],
        "suffix": text.text[span.end : span.end + _AROUND],
    }
    position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    said = {"type": "TextQuoteSelector", "exact": text.text[span.start : span.end], **around}
    return {"source": _source(text), "selector": [position, said]}


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of a collection, a page or a list of annotations; texts that are not in it come from --texts.

    Raises InvalidCorpus with the annotation's number for what does not fit.
    """
    found = read_json(path)
    collection = found if isinstance(found, dict) else {"items": found}
    first = collection.get("first")
    page = first if isinstance(first, dict) else collection
    texts = {_URN + quote(text.id, safe=""): text for text in context.texts.values()}
    texts |= {text.id: text for text in context.texts.values()}
    for number, item in enumerate(collection.get("leadlight:texts") or (), 1):
        if fault := misfit(item, {"id": str, "leadlight:text": str, "leadlight:metadata?": {str: str}}):
            raise InvalidCorpus(f"{path}, text {number}: {fault}.")
        identity = unquote(item["id"].removeprefix(_URN))
        texts[item["id"]] = LabelledText(identity, item["leadlight:text"], item.get("leadlight:metadata") or {})
    spans: dict[str, dict[_Key, list[Span]]] = {address: {} for address in texts}
    items = page.get("items")
    if not isinstance(items, list):
        raise InvalidCorpus(f"{path}: no list of annotations. A collection with its first page inside is needed.")
    for number, item in enumerate(items, 1):
        where = f"{path}, annotation {number}"
        address, target = _address(item, where)
        if address not in texts:
            raise InvalidCorpus(f"{where}: the text {address!r} is not in the file; name it with --texts.")
        text = texts[address]
        key = _key(item, context)
        spans[address].setdefault(key, []).append(_span(item, target, text.text, context.names, where))
    done = set()
    for address, text in texts.items():
        if text.id in done or (text.id in context.texts and not spans[address]):
            continue
        done.add(text.id)
        labellings = [
            Labelling(role, tuple(sorted(marks, key=lambda s: s.place)), by, at, version=version, sha256=sha256)
            for (role, by, at, version, sha256), marks in spans[address].items()
        ]
        yield LabelledText(text.id, text.text, text.meta, tuple(labellings))


def _address(item: object, where: str) -> tuple[str, Mapping[str, Any]]:
    target = item.get("target") if isinstance(item, dict) else None
    target = target[0] if isinstance(target, list) and target else target
    source = target.get("source") if isinstance(target, dict) else None
    source = source.get("id") if isinstance(source, dict) else source
    if not isinstance(source, str) or not isinstance(target, dict):
        raise InvalidCorpus(f"{where}: no target with the source of a text.")
    return source, target


def _key(item: Mapping[str, Any], context: Context) -> _Key:
    """Who labelled, as what, when, and with which model."""
    creator = item.get("creator") or {}
    creator = creator if isinstance(creator, dict) else {"name": str(creator)}
    software = creator.get("type") == "Software" or bool(context.model)
    role = MODEL if software else DECISION if item.get("leadlight:decision") else ANNOTATOR
    by = str(creator.get("name") or creator.get("id") or ("" if role == DECISION else context.who))
    version, sha256 = (str(creator.get(key) or "") for key in ("schema:softwareVersion", "leadlight:sha256"))
    return role, by, str(item.get("created") or ""), version, sha256


def _span(item: Mapping[str, Any], target: Mapping[str, Any], text: str, names: Names, where: str) -> Span:
    selectors = target.get("selector")
    selectors = selectors if isinstance(selectors, list) else [selectors]
    by_type = {selector.get("type"): selector for selector in selectors if isinstance(selector, dict)}
    said = by_type.get("TextQuoteSelector") or {}
    position: Mapping[str, Any] = by_type.get("TextPositionSelector") or _found(said, text, where)
    start, end = placed(text, position.get("start"), position.get("end"), said.get("exact"), where)
    bodies = item.get("body") or []
    labels: dict[str, float | None] = {}
    for body in bodies if isinstance(bodies, list) else [bodies]:
        value = body.get("value") if isinstance(body, dict) else body
        if isinstance(body, dict) and body.get("purpose") not in (None, "tagging", "classifying"):
            continue
        if full := names.read(value, where):
            score = body.get("leadlight:score") if isinstance(body, dict) else None
            labels[full] = float(score) if isinstance(score, int | float) else None
    scores = {label: score for label, score in labels.items() if score is not None}
    return Span(start, end, names.least(labels), scores)


def _found(said: Mapping[str, Any], text: str, where: str) -> Mapping[str, int]:
    """The position of a quotation that stands once in the text, its surroundings counted."""
    exact, prefix, suffix = (str(said.get(key) or "") for key in ("exact", "prefix", "suffix"))
    for before, after in ((prefix, suffix), ("", "")):
        whole = before + exact + after
        if exact and text.count(whole) == 1:
            start = text.index(whole) + len(before)
            return {"start": start, "end": start + len(exact)}
    raise InvalidCorpus(f"{where}: the quotation {exact[:60]!r} stands not once in the text, and no position is given.")
