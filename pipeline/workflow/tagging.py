"""Nominations to evidence, one at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.encoder import Encoder
from pipeline.errors import UnusableModel
from pipeline.evidence import evidence_row, tagged_sentence
from pipeline.frameworks import Frameworks
from pipeline.model import Classifier, load_model
from pipeline.parse import Parser
from pipeline.records import Nomination, Sentence


@dataclass(frozen=True, slots=True)
class TagOptions:
    """Whether evidence carries every label's probability, and the share of right tags asked for (one of FLOORS)."""

    with_scores: bool = False
    precision: float | None = None


class Tagger:
    """A model made ready: reads nominations and gives their evidence, a contract object each."""

    def __init__(self, classifier: Classifier, *, with_scores: bool = False) -> None:
        self.classifier = classifier
        self.with_scores = with_scores
        self.parser = Parser(classifier.frameworks)
        self.encoder = Encoder()
        expected = classifier.manifest.get("encoder_sha256")
        rows = len(classifier.embedding_weights)
        if (expected, rows) != (self.encoder.sha256, self.encoder.dimensions):
            raise UnusableModel(
                "This model was trained with another sentence encoder. Train it again with `leadlight train`."
            )
        manifest = classifier.manifest
        self.model = {
            "name": manifest.get("name"),
            "version": manifest.get("version"),
            "sha256": model_digest(manifest),
        }

    @classmethod
    def load(cls, folder: Path, options: TagOptions = TagOptions()) -> Tagger:
        """The tagger of a model folder; raises UnusableModel where it cannot be used."""
        classifier = load_model(folder)
        if options.precision is not None:
            classifier = classifier.at_precision(options.precision)
        return cls(classifier, with_scores=options.with_scores)

    def evidence(self, nomination: Nomination) -> dict[str, Any]:
        """The evidence object of one nomination."""
        parsed = self.parser.sentences(nomination)
        scored = self.classifier.read(parsed, self.encoder)
        tagged = [tagged_sentence(item, with_scores=self.with_scores) for item in scored]
        notes = [(note, sentence.start, sentence.end) for sentence in parsed for note in sentence.notes]
        return evidence_row(nomination, tagged, notes, self.model, self.classifier.frameworks)

    def all(self, nominations: Iterable[Nomination]) -> Iterator[dict[str, Any]]:
        """The evidence of each nomination, in order, one at a time."""
        return map(self.evidence, nominations)


def model_digest(manifest: Any) -> str:
    """What identifies a model: the SHA-256 over the digests of its files."""
    return hashlib.sha256(json.dumps(manifest.get("sha256", {}), sort_keys=True).encode()).hexdigest()


def sentences(nominations: Iterable[Nomination], frameworks: Frameworks) -> Iterator[tuple[str, Sentence]]:
    """Every sentence of these nominations as parsed, with the nomination's id, in order."""
    parser = Parser(frameworks)
    return ((nomination.id, sentence) for nomination in nominations for sentence in parser.sentences(nomination))
