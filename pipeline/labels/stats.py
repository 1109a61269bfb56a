"""Counting a corpus: labels, slices, and how far its annotators agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.frameworks import Frameworks
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

    With two votes a sentence, alpha = 1 - D_o / D_e: D_o is the share of sentences in disagreement, D_e the chance of
    two different votes drawn from all 2n without replacement (Krippendorff 2011, "Computing Krippendorff's
    Alpha-Reliability"). Labels with fewer than 20 positive decisions are left out.
    """
    voted = [sentence for narrative in narratives for sentence in narrative.sentences if sentence.annotators == 2]
    out: dict[str, float] = {}
    for label in frameworks.learned:
        shares = [s.votes.get(label.full, 0.0) for s in voted]
        if sum(label.full in s.labels for s in voted) < 20:
            continue
        total = 2 * len(shares)
        ones = 2 * sum(shares)
        expected = 2 * ones * (total - ones) / (total * (total - 1))
        observed = sum(share == 0.5 for share in shares) / len(shares)
        out[label.full] = round(1 - observed / expected, 3) if expected else 1.0
    return out
