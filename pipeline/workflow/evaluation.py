"""A model against a labelled corpus, and two models against each other on one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.errors import InvalidCorpus, WrongUsage
from pipeline.frameworks import Frameworks
from pipeline.records import LabelledNarrative, Nomination
from pipeline.shapes import finite
from pipeline.workflow.batch import Outcome, outcomes
from pipeline.workflow.corpus import corpus_digest, neighbours, text_key
from pipeline.workflow.tagging import Tagger, TagOptions

if TYPE_CHECKING:
    from pipeline.quality import Answers


def evaluate(
    corpus: Sequence[LabelledNarrative],
    folder: Path,
    *,
    trained_on: Sequence[LabelledNarrative] = (),
    slice_keys: Sequence[str] = (),
    most: int = 3,
    jobs: int = 1,
) -> dict[str, Any]:
    """Everything that is said of a model on a labelled corpus: figures, curves, slices, confusion, mistakes.

    `trained_on` is the model's training corpus: mistakes then come with its nearest sentences. `slice_keys` are further
    entries of `extra` to slice by; `most` how many wrong and missed sentences are shown a label. Raises InvalidCorpus
    where nothing is labelled, or a labelled text has no sentence as Leadlight reads it.
    """
    from pipeline.quality import figures_of
    from pipeline.quality.confusion import confusions
    from pipeline.quality.curves import curves
    from pipeline.quality.mistakes import mistakes
    from pipeline.quality.resamples import Resamples
    from pipeline.quality.slices import SLICES, slices

    tagger = Tagger.load(folder)
    classifier = tagger.classifier
    answers = answers_of(corpus, folder, classifier.frameworks, classifier.labels, jobs)
    near = neighbours(trained_on, classifier.frameworks, tagger.encoder, jobs) if trained_on else None
    vectors = tagger.encoder.vectors(_masked(answers, tagger)) if near else None
    figures = figures_of(
        answers.frameworks, answers.labels, answers.scores, answers.tagged, answers.truth, Resamples.of(answers.groups)
    )
    out = {
        "leadlight": __version__,
        "model": tagger.model,
        **_about(corpus, answers),
        "exact spans": round(answers.exact / len(answers.groups), 4),
        "unlearned": dict(answers.unlearned),
        "warnings": _warnings(corpus, trained_on, folder, classifier.manifest),
        **figures,
        "curves": curves(answers),
        "slices": slices(answers, (*SLICES, *slice_keys)),
        "confusion": confusions(answers),
        "neighbours": near is not None,
        "mistakes": mistakes(answers, most, near, vectors),
    }
    return dict(finite(out))


def compare(corpus: Sequence[LabelledNarrative], one: Path, other: Path, *, jobs: int = 1) -> dict[str, Any]:
    """Two models on one labelled corpus: see `pipeline.quality.comparison.comparison`.

    Raises WrongUsage where they have no label in common; InvalidCorpus as `evaluate` does.
    """
    from pipeline.quality.comparison import comparison

    taggers = [Tagger.load(folder) for folder in (one, other)]
    both = [
        answers_of(corpus, folder, tagger.classifier.frameworks, tagger.classifier.labels, jobs)
        for folder, tagger in zip((one, other), taggers, strict=True)
    ]
    if not set(both[0].labels) & set(both[1].labels):
        raise WrongUsage("The two models have no label in common, so there is nothing to compare.")
    head = {"leadlight": __version__, "models": [tagger.model for tagger in taggers], **_about(corpus, both[0])}
    return dict(finite({**head, **comparison(both[0], both[1])}))


def answers_of(
    corpus: Sequence[LabelledNarrative], folder: Path, frameworks: Frameworks, labels: Sequence[str], jobs: int
) -> Answers:
    """What a model says of each labelled sentence; a span takes the answers of the sentence that it overlaps most."""
    import numpy as np

    from pipeline.quality import Answers

    nominations = (Nomination(id=n.id, text=n.text, nominee=n.nominee) for n in corpus)
    rows = map(_evidence, outcomes(nominations, folder, TagOptions(with_scores=True), jobs=jobs))
    scores, given, groups, spans, exact = [], [], [], [], 0
    for number, (narrative, row) in enumerate(zip(corpus, rows, strict=True)):
        if narrative.sentences and not row["sentences"]:
            raise InvalidCorpus(f"{narrative.id}: Leadlight finds no sentence in the text of this narrative.")
        for labelled in narrative.sentences:
            span = (labelled.start, labelled.end)
            nearest = max(row["sentences"], key=lambda found: _overlap(found, span))
            exact += (nearest["start"], nearest["end"]) == span
            scores.append([nearest["scores"][name] for name in labels])
            tags = {tag["label"] for tag in nearest["tags"]}
            given.append([name in tags for name in labels])
            groups.append(number)
            spans.append(span)
    if not groups:
        raise InvalidCorpus("The corpus holds no labelled sentences.")
    sentences = [sentence for narrative in corpus for sentence in narrative.sentences]
    counts = {label.full: sum(label.full in s.labels for s in sentences) for label in frameworks.learned}
    return Answers(
        frameworks=frameworks,
        labels=tuple(labels),
        scores=np.array(scores, dtype=np.float32),
        tagged=np.array(given, dtype=bool),
        truth=np.array([[name in sentence.labels for name in labels] for sentence in sentences], dtype=bool),
        groups=np.array(groups, dtype=np.int64),
        narratives=corpus,
        spans=spans,
        exact=exact,
        unlearned={name: count for name, count in counts.items() if count and name not in labels},
    )


def _overlap(found: Mapping[str, Any], span: tuple[int, int]) -> int:
    return int(min(found["end"], span[1]) - max(found["start"], span[0]))


def _masked(answers: Answers, tagger: Tagger) -> list[str]:
    """The text, as the classifier sees it, of the sentence that each labelled span overlaps most."""
    out = []
    for narrative in answers.narratives:
        parsed = tagger.parser.sentences(Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee))
        for labelled in narrative.sentences:
            best = max(parsed, key=lambda s: min(s.end, labelled.end) - max(s.start, labelled.start))
            out.append(best.masked)
    return out


def _about(corpus: Sequence[LabelledNarrative], answers: Answers) -> dict[str, Any]:
    return {"corpus_sha256": corpus_digest(corpus), "narratives": len(corpus), "sentences": len(answers.groups)}


def _warnings(
    corpus: Sequence[LabelledNarrative],
    trained_on: Sequence[LabelledNarrative],
    folder: Path,
    manifest: Mapping[str, Any],
) -> list[str]:
    """What makes the figures look better, or other, than they are."""
    keys = folder / "narratives.txt"
    seen = set(map(text_key, trained_on))
    if keys.is_file() and "narratives.txt" in manifest["sha256"]:
        seen |= set(keys.read_text(encoding="utf-8").split())
    out = []
    if both := sum(text_key(narrative) in seen for narrative in corpus):
        out.append(f"{both} of {len(corpus)} narratives are in the training corpus too; they flatter the model.")
    if trained_on and manifest.get("corpus_sha256") != corpus_digest(trained_on):
        out.append("The corpus named as the model's training corpus is not the one that its manifest records.")
    return out


def _evidence(outcome: Outcome) -> dict[str, Any]:
    if outcome.reason:
        raise InvalidCorpus(f"{outcome.nomination.id}: {outcome.reason}")
    return dict(json.loads(outcome.line))
