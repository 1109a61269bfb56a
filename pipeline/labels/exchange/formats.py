"""The formats by name, and what each can hold; a test holds the table in docs/labels.md to it."""

from __future__ import annotations

from pathlib import Path

from pipeline.labels.exchange import (
    brat,
    doccano,
    label_studio,
    label_studio_config,
    label_studio_min,
    lines,
    prodigy,
    refi,
    refi_codebook,
    table,
    web_annotation,
)
from pipeline.labels.exchange.tool import Format, Holding

_PEOPLE: tuple[Holding, ...] = ("annotators", "several", "decisions")
_ALL: tuple[Holding, ...] = (
    *_PEOPLE, "predictions", "when", "scores", "digest", "blank", "passed", "answers", "metadata", "kept",
)  # fmt: skip

_FORMATS = (
    Format("jsonl", ".jsonl", "Leadlight's lines", frozenset(_ALL), lines.read, lines.write),
    Format(
        "label-studio", ".json", "Label Studio JSON",
        frozenset(_ALL) - {"answers"}, label_studio.read, label_studio.write,
    ),
    Format(
        "label-studio-min", ".json", "Label Studio JSON_MIN",
        frozenset((*_PEOPLE, "when", "blank", "metadata")), label_studio_min.read, label_studio_min.write,
    ),
    Format(
        "doccano", ".jsonl", "doccano (.zip)",
        frozenset((*_PEOPLE, "blank", "metadata")), doccano.read, doccano.write,
    ),
    Format(
        "prodigy", ".jsonl", "Prodigy",
        frozenset(_ALL) - {"predictions"}, prodigy.read, prodigy.write,
    ),
    Format(
        "refi-qda", ".qdpx", "REFI-QDA project",
        frozenset((*_PEOPLE, "when", "metadata")), refi.read, refi.write,
    ),
    Format("brat", "", "brat (a folder)", frozenset((*_PEOPLE, "metadata")), brat.read, brat.write),
    Format(
        "web-annotation", ".jsonld", "W3C Web Annotation",
        frozenset((*_PEOPLE, "predictions", "when", "scores", "digest", "blank", "metadata")),
        web_annotation.read, web_annotation.write,
    ),
    Format("csv", ".csv", "CSV", frozenset(_ALL) - {"kept"}, table.read, table.write),
    Format("label-studio-config", ".xml", "Label Studio interface", frozenset(), None, label_studio_config.write),
    Format("refi-codebook", ".qdc", "REFI-QDA codebook", frozenset(), None, refi_codebook.write),
)  # fmt: skip
FORMATS = {format_.name: format_ for format_ in _FORMATS}


def beside(path: Path) -> Path:
    """Where the predictions go for a format that has no place for them: `x.zip` -> `x.predictions.zip`."""
    return path.with_name(f"{path.stem}.predictions{path.suffix}")
