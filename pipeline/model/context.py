"""A sentence judged inside its narrative: what the sentences beside it, and the whole, say of its labels.

A second, small linear layer over the scores of a narrative's sentences (stacking, Wolpert 1992): each label's score is
moved by the sentence's own scores for every label, their mean over the narrative, those of the sentences before and
after, and the sentence's place. It needs no second look at the words.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Floats = npt.NDArray[np.float32]

NEIGHBOUR = 0.5
"""How much a neighbour's scores weigh beside the sentence's own and the narrative's mean."""

PLACES = 4
"""Features of place: first, last, how far on (0 to 1), the log of the number of sentences."""


def rows(labels: int) -> int:
    """How many features the layer sees for so many labels."""
    return 4 * labels + PLACES


def in_context(scores: Floats) -> Floats:
    """The features (n, rows(labels)) float32 of the n sentences of one narrative, from their scores (n, labels)."""
    count, labels = scores.shape
    padded = np.zeros((count + 2, labels), dtype=np.float32)
    padded[1:-1] = scores
    before, _, after = np.moveaxis(sliding_window_view(padded, 3, axis=0), -1, 0)
    position = np.arange(count, dtype=np.float32)
    place = np.stack(
        [
            position == 0,
            position == count - 1,
            position / max(1, count - 1),
            np.full(count, np.log1p(count) / 3),
        ],
        axis=1,
    ).astype(np.float32)
    mean = np.broadcast_to(scores.mean(axis=0), scores.shape)
    return np.concatenate([scores, mean, NEIGHBOUR * before, NEIGHBOUR * after, place], axis=1, dtype=np.float32)


def by_narrative(scores: Floats, groups: npt.NDArray[np.int64]) -> Floats:
    """The features (n, rows(labels)) float32 of the sentences of narratives numbered in `groups` (n,)."""
    out = np.zeros((len(scores), rows(scores.shape[1])), dtype=np.float32)
    for group in np.unique(groups):
        there = np.flatnonzero(groups == group)
        out[there] = in_context(scores[there])
    return out
