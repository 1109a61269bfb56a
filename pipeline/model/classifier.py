"""One linear classifier for all labels over n-grams, cues, the sentence embedding and its narrative; numpy only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.encoder import Encoder, Encoding
from pipeline.features import EMBEDDING_SCALE, Vocabulary
from pipeline.frameworks import Frameworks
from pipeline.model.context import in_context
from pipeline.records import STRENGTHS, UNSURE, Reason, Sentence

Floats = npt.NDArray[np.float32]

REASONS = 4
"""The most words that a tag names as what carried it."""

FLOORS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""The shares of right tags that a model can be asked for (`leadlight tag --precision`)."""

WEAKEST = 0.3
"""A word with less than this share of the strongest word's weight is not named."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights of every learned label, its calibration and its threshold.

    `labels` are `framework/label` in the order of the columns. `ngram_weights` is (features, labels) float32,
    `embedding_weights` (dimensions, labels) float32, `bias` (labels,): a sentence's own scores. `context_weights`
    (context.rows(labels), labels) and `context_bias` (labels,) make scores in context of them. The probability is
    1 / (1 + exp(-(slope * score + shift))) (Platt 1999); kinds are scaled to add up to 1. `strengths` is
    (len(STRENGTHS), labels): the probability from which a tag has each strength, infinity where it never has.
    `floors` is (len(FLOORS), labels): the probability from which all tags together were right that often, out of fold.
    """

    frameworks: Frameworks
    vocabulary: Vocabulary
    labels: tuple[str, ...]
    ngram_weights: Floats
    embedding_weights: Floats
    bias: Floats
    context_weights: Floats
    context_bias: Floats
    slope: Floats
    shift: Floats
    thresholds: Floats
    strengths: Floats
    floors: Floats
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def read(self, sentences: Sequence[Sentence], encoder: Encoder) -> list[Scored]:
        """The sentences of one narrative with their probabilities, and what it takes to say which words carry them."""
        if not sentences:
            return []
        parts = [(*self.vocabulary.values(sentence), encoder.encode(sentence.masked)) for sentence in sentences]
        own = np.stack(
            [
                values @ self.ngram_weights[columns]
                + EMBEDDING_SCALE * (encoding.vector @ self.embedding_weights)
                + self.bias
                for columns, values, _, encoding in parts
            ]
        )
        scores = self.probabilities(in_context(own) @ self.context_weights + self.context_bias)
        return [
            Scored(self, sentence, *part, row) for sentence, part, row in zip(sentences, parts, scores, strict=True)
        ]

    def score(self, sentence: Sentence, encoder: Encoder) -> Scored:
        """A sentence read alone, as the only one of its narrative."""
        return self.read([sentence], encoder)[0]

    def probabilities(self, raw: Floats) -> Floats:
        """Scores (n, labels) to calibrated probabilities (n, labels) float32.

        Kinds add up to 1; a parent is never less likely than its children.
        """
        with np.errstate(over="ignore"):
            out = (1 / (1 + np.exp(-(raw * self.slope + self.shift)))).astype(np.float32)
        kinds = self.kind_columns
        if kinds:
            total = out[:, kinds].sum(axis=1, keepdims=True)
            out[:, kinds] /= np.maximum(total, np.float32(1e-9))
        column = {name: index for index, name in enumerate(self.labels)}
        for name, index in column.items():
            parent = self.frameworks.parent_of(name)
            if parent in column:
                out[:, column[parent]] = np.maximum(out[:, column[parent]], out[:, index])
        return np.asarray(out, dtype=np.float32)

    @property
    def kind_columns(self) -> list[int]:
        """The columns of the evidence kinds."""
        return self.frameworks.kind_columns(self.labels)

    def tagged(self, scores: Floats) -> list[int]:
        """The columns whose label a sentence with these probabilities (labels,) gets, parents of tags included."""
        kinds = set(self.kind_columns)
        chosen = {i for i in range(len(self.labels)) if i not in kinds and scores[i] >= self.thresholds[i]}
        column = {name: index for index, name in enumerate(self.labels)}
        chosen |= {column[parent] for i in chosen if (parent := self.frameworks.parent_of(self.labels[i])) in column}
        return sorted(chosen)

    def at_precision(self, floor: float) -> Classifier:
        """This classifier with thresholds raised until tags of each label were right at least that often, out of fold.

        A label that never was is not tagged. Raises ValueError for a share that is none of FLOORS.
        """
        return replace(self, thresholds=np.maximum(self.thresholds, self.floors[FLOORS.index(floor)]))

    def strength(self, column: int, score: float) -> str:
        """The word for how sure a tag of this label with this probability is."""
        for row, strength in enumerate(STRENGTHS):
            if score >= self.strengths[row, column]:
                return strength.word
        return UNSURE


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with the probability of every label, (labels,) float32, able to say what carried each of them."""

    classifier: Classifier
    sentence: Sentence
    columns: npt.NDArray[np.int32]
    values: Floats
    places: list[list[tuple[int, ...]]]
    encoding: Encoding
    scores: Floats

    def reasons(self, column: int) -> tuple[Reason, ...]:
        """The telling words that raised a label most, in order of the text, with their exact share of the score.

        A token's weight is the sum of its n-grams' contributions (an n-gram of several tokens is shared evenly) and of
        its pieces' shares of the mean-pooled embedding, through the sentence's own scores (not its neighbours' nor the
        narrative's mean), times the label's calibration slope (log-odds).
        """
        own = self.classifier.context_weights[: len(self.classifier.labels), column]
        tokens = self.sentence.tokens
        weights = np.zeros(len(tokens), dtype=np.float64)
        contributions = self.values * (self.classifier.ngram_weights[self.columns] @ own)
        for contribution, places in zip(contributions, self.places, strict=True):
            for place in places:
                for token in place:
                    weights[token] += contribution / (len(places) * len(place))
        shares = EMBEDDING_SCALE * (self.encoding.shares @ (self.classifier.embedding_weights @ own))
        owners = _owners(self.sentence)
        for share, (start, end) in zip(shares, self.encoding.offsets, strict=True):
            if end > start and owners[start] is not None:
                weights[owners[start]] += share
        weights *= float(self.classifier.slope[column])
        return _strongest(self.sentence, weights)


def _owners(sentence: Sentence) -> Sequence[Any]:
    """For each character of the masked text, the index of its token, or None between tokens."""
    owners: list[int | None] = []
    for index, token in enumerate(sentence.tokens):
        owners += [index] * len(token.text) + [None] * token.spaced
    return [*owners, None]


def _strongest(sentence: Sentence, weights: npt.NDArray[np.float64]) -> tuple[Reason, ...]:
    words = [i for i, token in enumerate(sentence.tokens) if token.telling and weights[i] > 0]
    strongest = max((weights[i] for i in words), default=0.0)
    words = [i for i in words if weights[i] >= WEAKEST * strongest]
    chosen = sorted(sorted(words, key=lambda i: (-weights[i], i))[:REASONS])
    out = []
    for index in chosen:
        start, end = sentence.tokens[index].start, sentence.tokens[index].end
        text = sentence.text[start - sentence.start : end - sentence.start]
        out.append(Reason(start, end, text, round(float(weights[index]), 4)))
    return tuple(out)
