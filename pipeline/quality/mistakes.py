"""The mistakes to read first, and the training sentences that stand nearest to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.quality.answers import Answers

Floats = npt.NDArray[np.float32]

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Training sentences: narrative id, words and labels of each, and their vectors (n, dimensions) of length 1."""

    sentences: Sequence[tuple[str, str, frozenset[str]]]
    vectors: Floats

    def nearest(self, vector: Floats) -> list[dict[str, Any]]:
        """The NEAREST sentences by cosine, most alike first."""
        likeness = self.vectors @ vector
        best = np.argsort(-likeness, kind="stable")[:NEAREST]
        return [
            {"id": identity, "text": text, "labels": sorted(labels), "likeness": round(float(likeness[row]), 3)}
            for row in best
            for identity, text, labels in [self.sentences[row]]
        ]


def mistakes(answers: Answers, most: int, neighbours: Neighbours | None, vectors: Floats | None) -> dict[str, Any]:
    """For each label up to `most` sentences wrongly given it (surest first) and missed (least expected first).

    Each with its narrative, span, words, probability, labels true and given, and, where there are neighbours, the
    nearest training sentences; `vectors` (sentences, dimensions) are then the sentences' own.
    """
    out: dict[str, Any] = {}
    for column in answers.tags:
        truth, tagged, scores = answers.truth[:, column], answers.tagged[:, column], answers.scores[:, column]
        wrong, missed = np.flatnonzero(tagged & ~truth), np.flatnonzero(truth & ~tagged)
        wrong = wrong[np.argsort(-scores[wrong], kind="stable")][:most]
        missed = missed[np.argsort(scores[missed], kind="stable")][:most]
        if len(wrong) or len(missed):
            out[answers.labels[column]] = {
                name: [_mistake(answers, int(row), column, neighbours, vectors) for row in rows]
                for name, rows in (("wrong", wrong), ("missed", missed))
            }
    return out


def _mistake(
    answers: Answers, row: int, column: int, neighbours: Neighbours | None, vectors: Floats | None
) -> dict[str, Any]:
    start, end = answers.spans[row]
    return {
        "id": answers.narratives[int(answers.groups[row])].id,
        "start": start,
        "end": end,
        "text": answers.text(row),
        "probability": round(float(answers.scores[row, column]), 4),
        "true": [name for name, there in zip(answers.labels, answers.truth[row], strict=True) if there],
        "given": [name for name, there in zip(answers.labels, answers.tagged[row], strict=True) if there],
        "nearest": neighbours.nearest(vectors[row]) if neighbours is not None and vectors is not None else [],
    }
