"""The model's figures in plain words, for people who weigh evidence and not models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.frameworks import Frameworks


@dataclass(frozen=True, slots=True)
class Figures:
    """What the figures rest on, sentences about them, and a row a label: name, sentences, right and found of ten."""

    basis: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, int, str, str], ...]


def figures_of(manifest: Mapping[str, Any], metrics: Mapping[str, Any], frameworks: Frameworks) -> Figures | None:
    """The figures of a model's manifest and metrics; None where it has none."""
    found = metrics.get("labels")
    if not isinstance(found, dict) or not found:
        return None
    rows = [
        (label.name, row["sentences"], _of_ten(row["precision"]), _of_ten(row["recall"]))
        for framework in frameworks.tagged
        for label in framework
        if isinstance(row := found.get(label.full), dict)
    ]
    narratives, sentences = manifest.get("narratives"), manifest.get("sentences")
    size = f"{narratives:,} narratives with {sentences:,} sentences" if narratives and sentences else "narratives"
    basis = (
        f"The model learned from {size} labelled by its codebook; the model's card says by whom. Each figure was taken "
        "on narratives that were kept from it while it learned. On nominations of another kind it may do worse."
    )
    return Figures(basis, tuple(_sentences(found, metrics, frameworks)), tuple(rows))


def _sentences(found: Mapping[str, Any], metrics: Mapping[str, Any], frameworks: Frameworks) -> Iterator[str]:
    for framework in frameworks.tagged:
        top = [found[label.full] for label in framework if label.parent is None and label.full in found]
        count = sum(row["sentences"] for row in top)
        if not count:
            continue
        recall = sum(row["recall"] * row["sentences"] for row in top) / count
        yield (
            f"{framework.short_name}: of ten passages labelled in them, it marked about {_of_ten(recall)}. "
            "It misses the rest, so read the story."
        )
    kinds = metrics.get("kinds")
    if isinstance(kinds, dict) and isinstance(kinds.get("accuracy"), int | float):
        names = ", ".join(label.name.lower() for label in frameworks.kinds or ())
        yield f"The kind of a sentence ({names}) was right in about {_of_ten(kinds['accuracy'])} of ten."


def _of_ten(share: float) -> str:
    """A share as so many of ten, in whole numbers and halves."""
    halves = round(share * 20)
    whole = halves // 2
    if halves % 2 == 0:
        return str(whole)
    return f"{whole}½" if whole else "½"
