"""What a model answered on a labelled corpus, beside what is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.frameworks import Frameworks
from pipeline.records import LabelledNarrative

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """Probabilities, decisions and truth of the labelled sentences of a corpus, (sentences, labels) each.

    `groups` (sentences,) numbers the narrative of each sentence in `narratives`, `spans` gives its place there. `exact`
    counts labelled spans that are sentences as Leadlight reads the text; `unlearned` says how many sentences have a
    label that the model does not know.
    """

    frameworks: Frameworks
    labels: tuple[str, ...]
    scores: Floats
    tagged: Bools
    truth: Bools
    groups: Ints
    narratives: Sequence[LabelledNarrative]
    spans: Sequence[tuple[int, int]]
    exact: int
    unlearned: Mapping[str, int]

    @property
    def kinds(self) -> list[int]:
        """The columns of the evidence kinds."""
        return self.frameworks.kind_columns(self.labels)

    @property
    def tags(self) -> list[int]:
        """The columns of the labels that are tags."""
        return [column for column in range(len(self.labels)) if column not in set(self.kinds)]

    def text(self, row: int) -> str:
        """The words of a labelled sentence."""
        start, end = self.spans[row]
        return self.narratives[int(self.groups[row])].text[start:end]
