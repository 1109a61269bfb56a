"""Scores to evidence: sentences with kind, tags, the words that carried them and partners, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.frameworks import Frameworks
from pipeline.model import Scored
from pipeline.records import Nomination, Partner, Tag, TaggedSentence

SCHEMA = 1


def tagged_sentence(scored: Scored, *, with_scores: bool = False) -> TaggedSentence:
    """The sentence with its kind, tags with reasons, and partners where a tag asks for them."""
    classifier, sentence, scores = scored.classifier, scored.sentence, scored.scores
    kind, kind_score = _kind(scored)
    columns = classifier.tagged(scores)
    tags = tuple(
        Tag(
            classifier.labels[column],
            round(float(scores[column]), 4),
            classifier.strength(column, float(scores[column])),
            scored.reasons(column),
        )
        for column in columns
    )
    found = [classifier.frameworks.find(tag.label) for tag in tags]
    crosses = any(label is not None and label.partners for label in found)
    every = {name: round(float(score), 4) for name, score in zip(classifier.labels, scores, strict=True)}
    return TaggedSentence(
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        kind=kind,
        kind_score=kind_score,
        voice=sentence.voice,
        tags=tags,
        partners=sentence.partners if crosses else (),
        scores=every if with_scores else None,
    )


def _kind(scored: Scored) -> tuple[str, float]:
    columns = scored.classifier.kind_columns
    if not columns:
        return "", 0.0
    best = max(columns, key=lambda column: scored.scores[column])
    return scored.classifier.labels[best].partition("/")[2], round(float(scored.scores[best]), 4)


def evidence_row(
    nomination: Nomination,
    sentences: Sequence[TaggedSentence],
    notes: Sequence[tuple[str, int, int]],
    model: Mapping[str, Any],
    frameworks: Frameworks,
) -> dict[str, Any]:
    """The contract's evidence object of one nomination; `notes` are (note id, sentence start, sentence end)."""
    return {
        "schema": SCHEMA,
        "id": nomination.id,
        "text": nomination.text,
        "meta": evidence_meta(nomination),
        "model": dict(model),
        "sentences": [_sentence_row(sentence) for sentence in sentences],
        "summary": _summary(sentences, notes, frameworks),
    }


def evidence_meta(nomination: Nomination) -> dict[str, Any]:
    """What evidence says of its nomination beside id and text."""
    known = nomination.to_dict()
    wanted = ("nominee", "nominator", "setting", "level", "category", "sections", "source")
    return {key: known[key] for key in wanted if key in known} | _marks(nomination)


def _marks(nomination: Nomination) -> dict[str, Any]:
    """What `ingest` flagged, and the group of nominations that tell the same story."""
    flags = {key.removeprefix("flag:"): value for key, value in nomination.extra.items() if key.startswith("flag:")}
    group = nomination.extra.get("duplicate_group")
    return ({"flags": flags} if flags else {}) | ({"duplicate_group": group} if group else {})


def _sentence_row(sentence: TaggedSentence) -> dict[str, Any]:
    row: dict[str, Any] = {
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "kind": sentence.kind,
        "kind_score": sentence.kind_score,
        "voice": sentence.voice,
        "tags": [
            {
                "label": tag.label,
                "score": tag.score,
                "strength": tag.strength,
                "why": [{"start": w.start, "end": w.end, "text": w.text, "weight": w.weight} for w in tag.why],
            }
            for tag in sentence.tags
        ],
        "partners": [_partner_row(partner) for partner in sentence.partners],
    }
    if sentence.scores is not None:
        row["scores"] = dict(sentence.scores)
    return row


def _partner_row(partner: Partner) -> dict[str, Any]:
    return {"sector": partner.sector, "start": partner.start, "end": partner.end, "text": partner.text}


def _summary(
    sentences: Sequence[TaggedSentence], notes: Sequence[tuple[str, int, int]], frameworks: Frameworks
) -> dict[str, Any]:
    """Counts of kinds; for every label tagged how many sentences show, claim or mention it; sectors; notes."""
    kinds = frameworks.kinds
    standings: dict[str, Counter[str]] = {}
    for sentence in sentences:
        kind = kinds.label(sentence.kind) if kinds else None
        standing = kind.standing if kind and kind.standing else "shown"
        for tag in sentence.tags:
            standings.setdefault(tag.label, Counter())[standing] += 1
    return {
        "sentences": len(sentences),
        "kinds": dict(sorted(Counter(sentence.kind for sentence in sentences).items())),
        "labels": {label: dict(sorted(counts.items())) for label, counts in sorted(standings.items())},
        "partners": dict(sorted(Counter(p.sector for s in sentences for p in s.partners).items())),
        "notes": [{"note": note, "start": start, "end": end} for note, start, end in notes],
    }
