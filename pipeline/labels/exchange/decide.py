"""From who said what to one labelled narrative: decisions, else what annotators agree on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pipeline.errors import InvalidCorpus
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import ACCEPT, ANNOTATOR, DECISION, LabelledText, Labelling, Span
from pipeline.records import FORM_FIELDS, UNKNOWN, LabelledNarrative, LabelledSentence

Place = tuple[int, int]


def votes_of(text: LabelledText) -> dict[Place, dict[int, frozenset[str]]]:
    """The labels that each annotator gave at each labelled place, by the number of the labelling.

    Places are those of any annotator or decision. An annotator who labelled the text and left a place blank gave it no
    labels; one who passed the text over gave none at all.
    """
    annotators = [labelling for labelling in text.of(ANNOTATOR) if labelling.answer == ACCEPT]
    places = sorted({span.place for labelling in (*annotators, *text.of(DECISION)) for span in labelling.spans})
    given = [{span.place: frozenset(span.labels) for span in labelling.spans} for labelling in annotators]
    return {place: {i: said.get(place, frozenset()) for i, said in enumerate(given)} for place in places}


def decisions(text: LabelledText, names: Names) -> tuple[dict[Place, tuple[str, ...]], int]:
    """The labels decided at each place, and at how many places annotators differ without a decision.

    A decision settles; else annotators who all say the same.
    """
    decided = {span.place: span.labels for labelling in text.of(DECISION) for span in labelling.spans}
    undecided = 0
    for place, votes in votes_of(text).items():
        if place in decided:
            continue
        said = list(votes.values())
        if all(labels == said[0] for labels in said):
            decided[place] = names.least(said[0])
        else:
            undecided += 1
    return dict(sorted(decided.items())), undecided


def narrative_of(text: LabelledText, names: Names, note: Callable[[str], None] = lambda _: None) -> LabelledNarrative:
    """The labelled narrative of a text; places where annotators differ and nothing is decided are left out, and noted.

    Votes are the share of annotators for each label, parents included, as in the authoring format.
    """
    frameworks = names.frameworks
    decided, undecided = decisions(text, names)
    if undecided:
        note(f"{text.id}: {undecided} places where annotators differ have no decision")
    prefix = f"{frameworks.sectors.id}/" if frameworks.sectors else "\0"
    votes = votes_of(text)
    sentences = []
    for (start, end), labels in decided.items():
        tags = frameworks.with_parents(frozenset(name for name in labels if not name.startswith(prefix)))
        partners = frozenset(name.removeprefix(prefix) for name in labels if name.startswith(prefix))
        plain = (frozenset(name for name in said if not name.startswith(prefix)) for said in votes[start, end].values())
        given = [frameworks.with_parents(said) for said in plain]
        every = sorted(tags.union(*given))
        share = {name: sum(name in said for said in given) / len(given) for name in every} if given else {}
        sentences.append(LabelledSentence(start, end, tags, partners, share, len(given)))
    form = {name: text.meta.get(name, "" if name == "nominee" else UNKNOWN) for name in FORM_FIELDS}
    extra = {key: value for key, value in text.meta.items() if key not in FORM_FIELDS}
    return LabelledNarrative(id=text.id, text=text.text, sentences=tuple(sentences), **form, extra=extra)


def merged(texts: Iterable[LabelledText]) -> list[LabelledText]:
    """The texts with the labellings of all that share an id, in order of first appearance.

    Raises InvalidCorpus where two of one id differ in their text.
    """
    found: dict[str, LabelledText] = {}
    for text in texts:
        before = found.setdefault(text.id, text)
        if before is text:
            continue
        if before.text != text.text:
            raise InvalidCorpus(f"{text.id}: two texts have this id and differ; give one of them another id.")
        new = tuple(labelling for labelling in text.labellings if labelling not in before.labellings)
        meta = {**text.meta, **before.meta}
        found[text.id] = replace(before, meta=meta, labellings=(*before.labellings, *new))
    return list(found.values())


def snapped(text: LabelledText, sentences: Sequence[Place], names: Names) -> LabelledText:
    """The text with each labelling moved to whole sentences, as training wants it.

    A sentence takes the labels of each span that covers half of it or lies in it by half; a labelled span that is no
    sentence is gone, a sentence in which an annotator labelled nothing stays blank.
    """
    return replace(text, labellings=tuple(_snapped(labelling, sentences, names) for labelling in text.labellings))


def _snapped(labelling: Labelling, sentences: Sequence[Place], names: Names) -> Labelling:
    spans = []
    for start, end in sentences:
        hits = [span for span in labelling.spans if _shares(span, start, end)]
        exact = next((span for span in hits if span.place == (start, end)), None)
        if exact and len(hits) == 1:
            spans.append(exact)
            continue
        scores: dict[str, float] = {}
        for name, score in (pair for span in hits for pair in span.scores.items()):
            scores[name] = max(score, scores.get(name, 0.0))
        labels = names.least(name for span in hits for name in span.labels)
        spans.append(Span(start, end, _one_kind(labels, hits, names), scores))
    return replace(labelling, spans=tuple(spans))


def _shares(span: Span, start: int, end: int) -> bool:
    """Whether half of the shorter of span and sentence is common to both."""
    common = min(span.end, end) - max(span.start, start)
    return common > 0 and 2 * common >= min(span.end - span.start, end - start)


def _one_kind(labels: tuple[str, ...], hits: Sequence[Span], names: Names) -> tuple[str, ...]:
    """The labels with one kind at most: that of the longest span that has one."""
    kinds = {label.full for label in names.frameworks.kinds or ()}
    if sum(name in kinds for name in labels) < 2:
        return labels
    longest = max((s for s in hits if kinds & set(s.labels)), key=lambda s: s.end - s.start)
    return tuple(name for name in labels if name not in kinds or name in longest.labels)
