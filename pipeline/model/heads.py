"""Label heads that come with a tuned encoder, and what they say of corpus sentences that they were not tuned on."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.records import Sentence

Floats = npt.NDArray[np.float32]

SCALE = 16.0
"""The heads were tuned on sentence vectors of length 1 times this."""


def key_of(narrative: str, sentence: Sentence) -> str:
    """What stands for a corpus sentence: 16 hex digits of a hash of its narrative's id, place and masked text."""
    return hashlib.sha256(f"{narrative}\0{sentence.start}\0{sentence.masked}".encode()).hexdigest()[:16]


def fold_of(narrative: str, folds: int) -> int:
    """The fold of a narrative, by a hash of its id: the same whatever else is in the corpus."""
    return int(hashlib.sha256(narrative.encode()).hexdigest(), 16) % folds


OVERLAP = 0.5
"""The share of a corpus that the encoder must have been tuned on for its heads to be used."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights (dimensions, labels) and bias (labels,) over sentence vectors, and out-of-fold scores by sentence key."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    out_of_fold: dict[str, Floats]

    def matched(
        self, labels: Sequence[str], keys: Sequence[str], vectors: Floats, groups: npt.NDArray[np.int64]
    ) -> tuple[Floats, Floats, Floats] | None:
        """Weights, bias and scores (len(keys), labels) for these labels and sentences.

        A sentence that was there when the encoder was tuned has its out-of-fold scores, one of a narrative (numbered in
        `groups`) that was not there those of its vector, (len(keys), dimensions). One that was there and reads
        otherwise since has no score that is fair: it gets the means of the others. So no score is by an encoder tuned
        on its narrative. None where a label has no head, or most sentences were not there: then this is another corpus.
        """
        known = np.array([key in self.out_of_fold for key in keys], dtype=bool)
        if not set(labels) <= set(self.labels) or known.sum() < len(keys) * OVERLAP:
            return None
        columns = [self.labels.index(name) for name in labels]
        scores = vectors @ self.weights + self.bias
        scores[known] = [self.out_of_fold[key] for key in keys if key in self.out_of_fold]
        scores[~known & np.isin(groups, groups[known])] = scores[known].mean(axis=0)
        return self.weights[:, columns], self.bias[columns], scores[:, columns].astype(np.float32)


def load_heads(encoder: Path) -> Heads | None:
    """The heads in an encoder's folder; None where there are none or the file is damaged."""
    try:
        with np.load(encoder / "heads.npz", allow_pickle=False) as stored:
            scores = stored["out_of_fold"]
            rows = {str(key): scores[row] for row, key in enumerate(stored["keys"])}
            return Heads(tuple(map(str, stored["labels"])), stored["weights"], stored["bias"], rows)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
