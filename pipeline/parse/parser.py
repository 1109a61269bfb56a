"""The spaCy pipeline: a blank English tokenizer, our sentences, and SpanRuler patterns from data files. No download."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from pipeline.frameworks import Frameworks
from pipeline.parse.masking import mask, name_parts
from pipeline.parse.sentences import SENTENCES
from pipeline.parse.spelling import american
from pipeline.parse.voice import voices
from pipeline.records import MaskedToken, Nomination, Partner, Sentence

PATTERNS = "patterns"
_NOTE = "note/"
_NEGATIONS = frozenset(
    ["not", "n't", "never", "no", "nobody", "none", "nothing", "neither", "nor", "without", "cannot"]
)


class Parser:
    """Reads nominations for a set of frameworks; the same parser serves training and tagging."""

    def __init__(self, frameworks: Frameworks) -> None:
        self.frameworks = frameworks
        self.nlp = _pipeline(frameworks)
        self._sectors = frameworks.sectors.id + "/" if frameworks.sectors else None

    def doc(self, text: str) -> Doc:
        """A Doc over the untouched text: `doc.spans["sentences"]`, and pattern hits in `doc.spans["patterns"]`."""
        self.nlp.max_length = max(self.nlp.max_length, len(text) + 1)
        return self.nlp(text)

    def sentences(self, nomination: Nomination) -> tuple[Sentence, ...]:
        """The sentences of a nomination in order, with masked tokens, partners, signals, notes and voice."""
        doc = self.doc(nomination.text)
        names = name_parts([nomination.nominee])
        spans = list(doc.spans[SENTENCES])
        tokens = [mask(span, names) for span in spans]
        starts = [[token.start for token in found] for found in tokens]
        voice_of = voices(nomination.text, [(span.start_char, span.end_char) for span in spans], starts, names)
        hits = _by_sentence(doc, spans)
        out = []
        for index, span in enumerate(spans):
            voice, quoted = voice_of[index]
            labels = [(hit.label_, hit) for hit in hits[index] if not _in_a_name(hit, tokens[index])]
            out.append(
                Sentence(
                    start=span.start_char,
                    end=span.end_char,
                    text=span.text,
                    tokens=tokens[index],
                    partners=self._partners(hit for _, hit in labels),
                    signals=tuple(dict.fromkeys(label for label, _ in labels if not label.startswith(_NOTE))),
                    notes=tuple(dict.fromkeys(label[len(_NOTE) :] for label, _ in labels if label.startswith(_NOTE))),
                    voice=voice,
                    quoted=quoted,
                    negated=any(token.lower_ in _NEGATIONS for token in span),
                    position=index,
                    count=len(spans),
                )
            )
        return tuple(out)

    def _partners(self, hits: Iterable[Span]) -> tuple[Partner, ...]:
        """The bodies of other sectors named in a sentence; of overlapping mentions the longest, in order."""
        if self._sectors is None:
            return ()
        found = [hit for hit in hits if hit.label_.startswith(self._sectors)]
        prefix = len(self._sectors)
        return tuple(
            Partner(sector=hit.label_[prefix:], start=hit.start_char, end=hit.end_char, text=hit.text)
            for hit in filter_spans(found)
        )


def _in_a_name(hit: Span, tokens: Iterable[MaskedToken]) -> bool:
    """Whether a pattern matched within a name (Mr Church, Abbey School Lane), which says nothing of a partner."""
    return any(t.named and t.start <= hit.start_char and hit.end_char <= t.end for t in tokens)


def _by_sentence(doc: Doc, sentences: list[Span]) -> list[list[Span]]:
    """The pattern hits of each sentence, in order of their start; one that crosses a boundary belongs to none."""
    owner = {token: index for index, span in enumerate(sentences) for token in range(span.start, span.end)}
    out: list[list[Span]] = [[] for _ in sentences]
    for hit in sorted(doc.spans.get(PATTERNS, []), key=lambda span: (span.start, -span.end, span.label_)):
        index = owner.get(hit.start)
        if index is not None and owner.get(hit.end - 1) == index:
            out[index].append(hit)
    return out


def _pipeline(frameworks: Frameworks) -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("leadlight_sentences", config={"unit": frameworks.unit})
    ruler = nlp.add_pipe(
        "span_ruler", config={"spans_key": PATTERNS, "phrase_matcher_attr": "LOWER", "annotate_ents": False}
    )
    patterns = [*map(dict, frameworks.patterns), *_note_patterns()]
    ruler.add_patterns([*patterns, *_otherwise(patterns)])  # type: ignore[attr-defined]
    return nlp


def _otherwise(patterns: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The phrases that can be written otherwise: with a curly apostrophe, in American spelling."""
    out: list[Mapping[str, Any]] = []
    for pattern in patterns:
        phrase = pattern["pattern"]
        if isinstance(phrase, str):
            others = {phrase.replace("'", "’"), american(phrase.lower())} - {phrase, phrase.lower()}
            out += [{**pattern, "pattern": other} for other in sorted(others)]
    return out


def _note_patterns() -> list[Mapping[str, Any]]:
    """The patterns of notes for judges: `{"note id": [phrase or token pattern, …]}` in notes.json."""
    table = json.loads(Path(__file__).with_name("notes.json").read_text(encoding="utf-8"))
    return [{"label": _NOTE + note, "pattern": pattern} for note, patterns in table.items() for pattern in patterns]
