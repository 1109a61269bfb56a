"""The only place where stages are composed: nominations to evidence, a corpus to a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.encoder import Encoder
from pipeline.errors import InvalidCorpus, UnusableModel
from pipeline.evidence import evidence_row, tagged_sentence
from pipeline.frameworks import Frameworks
from pipeline.model import Classifier, load_model, save_model
from pipeline.parse import Parser
from pipeline.records import LabelledNarrative, Nomination, Sentence

if TYPE_CHECKING:
    from pipeline.model.fit import TrainingSet


class Tagger:
    """A model made ready: reads nominations and gives their evidence, a contract object each."""

    def __init__(self, classifier: Classifier, *, with_scores: bool = False) -> None:
        self.classifier = classifier
        self.with_scores = with_scores
        self.parser = Parser(classifier.frameworks)
        self.encoder = Encoder()
        expected = classifier.manifest.get("encoder_sha256")
        if expected != self.encoder.sha256:
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
    def load(cls, folder: Path, *, with_scores: bool = False) -> Tagger:
        """The tagger of a model folder; raises UnusableModel where it cannot be used."""
        return cls(load_model(folder), with_scores=with_scores)

    def evidence(self, nomination: Nomination) -> dict[str, Any]:
        """The evidence object of one nomination."""
        parsed = self.parser.sentences(nomination)
        scored = [self.classifier.score(sentence, self.encoder) for sentence in parsed]
        tagged = [tagged_sentence(item, with_scores=self.with_scores) for item in scored]
        notes = [(note, sentence.start, sentence.end) for sentence in parsed for note in sentence.notes]
        return evidence_row(nomination, tagged, notes, self.model, self.classifier.frameworks)

    def all(self, nominations: Iterable[Nomination]) -> Iterator[dict[str, Any]]:
        """The evidence of each nomination, in order, one at a time."""
        return map(self.evidence, nominations)


def model_digest(manifest: Any) -> str:
    """What identifies a model: the SHA-256 over the digests of its files."""
    return hashlib.sha256(json.dumps(manifest.get("sha256", {}), sort_keys=True).encode()).hexdigest()


def training_set(
    corpus: Iterable[LabelledNarrative], frameworks: Frameworks, fewest: int, note: Callable[[str], None]
) -> TrainingSet:
    """The corpus as sentences, embeddings and truth; a sentence of the corpus is parsed by its labelled span.

    Raises InvalidCorpus where a labelled span is no sentence of the parser.
    """
    import numpy as np

    from pipeline.model.fit import TrainingSet

    parser, encoder = Parser(frameworks), Encoder()
    sentences: list[Sentence] = []
    labels_of: list[frozenset[str]] = []
    groups: list[int] = []
    for number, narrative in enumerate(corpus):
        nomination = Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee)
        parsed = {(s.start, s.end): s for s in parser.sentences(nomination)}
        for labelled in narrative.sentences:
            sentence = parsed.get((labelled.start, labelled.end))
            if sentence is None:
                quote = narrative.text[labelled.start : labelled.end][:60]
                raise InvalidCorpus(
                    f"{narrative.id}: the labelled span {quote!r} is no sentence as Leadlight reads the text."
                )
            sentences.append(sentence)
            labels_of.append(labelled.labels)
            groups.append(number)
    names = [label.full for label in frameworks.learned]
    truth = np.array([[name in labels for name in names] for labels in labels_of], dtype=bool).reshape(-1, len(names))
    enough = truth.sum(axis=0) >= fewest
    for name, count in zip(names, truth.sum(axis=0), strict=True):
        if count < fewest:
            note(f"{name}: {count} sentences, fewer than {fewest}; left out")
    return TrainingSet(
        sentences=sentences,
        embeddings=encoder.vectors([sentence.masked for sentence in sentences]),
        labels=tuple(name for name, keep in zip(names, enough, strict=True) if keep),
        truth=truth[:, enough],
        groups=np.array(groups),
    )


def train(
    corpus: list[LabelledNarrative],
    frameworks: Frameworks,
    folder: Path,
    *,
    folds: int,
    seed: int,
    strength: float,
    jobs: int,
    fewest: int,
    note: Callable[[str], None],
) -> dict[str, Any]:
    """Train on a corpus, write the model to a folder, and return its metrics (cross-validated by narrative)."""
    from dataclasses import replace

    from pipeline.model.fit import fit
    from pipeline.quality import quality

    data = training_set(corpus, frameworks, fewest, note)
    fitted = fit(data, frameworks, folds=folds, seed=seed, strength=strength, jobs=jobs)
    metrics = quality(fitted.classifier, fitted.out_of_fold, data.truth, data.groups)
    manifest = {
        "name": folder.name,
        "version": __version__,
        "corpus_sha256": _corpus_digest(corpus),
        "narratives": len(corpus),
        "sentences": len(data.sentences),
        "seed": seed,
        "folds": folds,
        "strength": strength,
        "encoder_sha256": Encoder().sha256,
    }
    save_model(
        replace(fitted.classifier, manifest=manifest), folder, {"metrics.json": json.dumps(metrics, indent=1) + "\n"}
    )
    return metrics


def _corpus_digest(corpus: list[LabelledNarrative]) -> str:
    digest = hashlib.sha256()
    for narrative in corpus:
        spans = [(s.start, s.end, sorted(s.labels), sorted(s.partners)) for s in narrative.sentences]
        digest.update(json.dumps([narrative.id, narrative.text, spans], ensure_ascii=False).encode())
    return digest.hexdigest()
