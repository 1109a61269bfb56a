"""Counting a corpus: labels, slices, and how far its annotators agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.frameworks import Frameworks
from pipeline.labels.agreement import alpha
from pipeline.records import SLICES, LabelledNarrative

MOST_VALUES = 30
"""Other metadata is counted where it has at most so many values: what has more names things, it does not sort them."""


def count(narratives: Sequence[LabelledNarrative], frameworks: Frameworks) -> dict[str, Any]:
    """Narratives, sentences, sentences without a tag, sentences by label and partner sector, narratives by slice."""
    sentences = [sentence for narrative in narratives for sentence in narrative.sentences]
    by_label = Counter(label for sentence in sentences for label in sentence.labels)
    tags = {label.full for framework in frameworks.tagged for label in framework}
    return {
        "narratives": len(narratives),
        "sentences": len(sentences),
        "without a tag": sum(not sentence.labels & tags for sentence in sentences),
        "labels": {label.full: by_label[label.full] for label in frameworks.learned},
        "partners": dict(Counter(sector for sentence in sentences for sector in sentence.partners).most_common()),
        **{name: dict(Counter(getattr(n, name) for n in narratives).most_common()) for name in SLICES},
        **_other_slices(narratives),
        "agreement": agreement(narratives, frameworks),
    }


def _other_slices(narratives: Sequence[LabelledNarrative]) -> dict[str, dict[str, int]]:
    """Narratives by each other metadata of the corpus that sorts them; `unstated` where a narrative lacks it."""
    names = dict.fromkeys(name for narrative in narratives for name in narrative.extra)
    counts = {name: Counter(n.extra.get(name, "unstated") for n in narratives).most_common() for name in names}
    return {name: dict(found) for name, found in counts.items() if len(found) <= MOST_VALUES}


def agreement(narratives: Sequence[LabelledNarrative], frameworks: Frameworks) -> dict[str, float]:
    """Krippendorff's nominal alpha of each label over the sentences that two annotators labelled.

    See `pipeline.labels.agreement.alpha`. Labels with fewer than 20 positive decisions are left out.
    """
    voted = [sentence for narrative in narratives for sentence in narrative.sentences if sentence.annotators == 2]
    out: dict[str, float] = {}
    for label in frameworks.learned:
        if sum(label.full in s.labels for s in voted) >= 20:
            shares = np.array([s.votes.get(label.full, 0.0) for s in voted])
            out[label.full] = round(alpha(np.array([shares > 0, shares == 1], dtype=np.float64)), 3)
    return out
