"""A model against a labelled corpus."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.records import LabelledNarrative, LabelledSentence, Nomination, Sentence
from pipeline.shapes import finite
from pipeline.workflow.tagging import Tagger


def evaluate(corpus: Iterable[LabelledNarrative], folder: Path) -> dict[str, Any]:
    """The figures of a model on a labelled corpus; a labelled span takes the scores of the sentence it overlaps most.

    `exact spans` is the share of labelled spans that are sentences as Leadlight reads the text. Raises InvalidCorpus
    where there are none, or a labelled text has no sentence as Leadlight reads it.
    """
    import numpy as np

    from pipeline.quality import quality

    tagger = Tagger.load(folder)
    labels = tagger.classifier.labels
    scores, truth, groups, exact = [], [], [], 0
    for number, narrative in enumerate(corpus):
        nomination = Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee)
        found = [(s, tagger.classifier.score(s, tagger.encoder).scores) for s in tagger.parser.sentences(nomination)]
        if narrative.sentences and not found:
            raise InvalidCorpus(f"{narrative.id}: Leadlight finds no sentence in the text of this narrative.")
        for labelled in narrative.sentences:
            nearest, its_scores = max(found, key=lambda pair: _overlap(pair[0], labelled))
            exact += (nearest.start, nearest.end) == (labelled.start, labelled.end)
            scores.append(its_scores)
            truth.append([name in labelled.labels for name in labels])
            groups.append(number)
    if not groups:
        raise InvalidCorpus("The corpus holds no labelled sentences.")
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # of intervals of labels that are not there
        figures = quality(tagger.classifier, np.stack(scores), np.array(truth, dtype=bool), np.array(groups))
    return {"sentences": len(groups), "exact spans": round(exact / len(groups), 4), **finite(figures)}


def _overlap(sentence: Sentence, labelled: LabelledSentence) -> int:
    return min(sentence.end, labelled.end) - max(sentence.start, labelled.start)
