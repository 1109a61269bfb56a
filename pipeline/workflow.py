"""The only place where stages are composed: nominations to evidence, a corpus to a model."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.cache import cached
from pipeline.card import card
from pipeline.encoder import Encoder, Floats
from pipeline.errors import InvalidCorpus, UnusableModel
from pipeline.evidence import evidence_row, tagged_sentence
from pipeline.frameworks import Frameworks
from pipeline.model import Classifier, load_model, save_model
from pipeline.parse import Parser
from pipeline.records import LabelledNarrative, LabelledSentence, Nomination, Sentence
from pipeline.resources import shipped
from pipeline.shapes import finite

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


def matched(narrative: LabelledNarrative, parser: Parser) -> Iterator[tuple[Sentence, LabelledSentence]]:
    """Each labelled sentence of a narrative with the parsed sentence of the same span; raises InvalidCorpus without."""
    nomination = Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee)
    parsed = {(sentence.start, sentence.end): sentence for sentence in parser.sentences(nomination)}
    for labelled in narrative.sentences:
        sentence = parsed.get((labelled.start, labelled.end))
        if sentence is None:
            quote = narrative.text[labelled.start : labelled.end][:60]
            raise InvalidCorpus(f"{narrative.id}: the span {quote!r} is no sentence as Leadlight reads the text.")
        yield sentence, labelled


def _vectors(texts: Sequence[str], jobs: int) -> Floats:
    """The vectors (len(texts), dimensions) float32 of sentences, encoded by several processes."""
    import numpy as np
    from joblib import Parallel, delayed

    chunks = [texts[at : at + 250] for at in range(0, len(texts), 250)]
    return np.concatenate(Parallel(n_jobs=jobs)(delayed(_encoded)(chunk) for chunk in chunks))


def _encoded(texts: Sequence[str]) -> Floats:
    return Encoder().vectors(texts)


def tagged(
    nominations: Iterable[Nomination], folder: Path, *, with_scores: bool, jobs: int
) -> Iterator[dict[str, Any]]:
    """The evidence of each nomination, in order, by one process or several; memory does not grow with the input."""
    if jobs == 1:
        yield from Tagger.load(folder, with_scores=with_scores).all(nominations)
        return
    from joblib import Parallel, delayed

    work = (delayed(_tag_batch)(batch, folder, with_scores) for batch in _batches(nominations, 16))
    for rows in Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2 * n_jobs")(work):
        yield from rows


def _batches(items: Iterable[Nomination], size: int) -> Iterator[list[Nomination]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


@cache
def _tagger_here(folder: Path, with_scores: bool) -> Tagger:
    return Tagger.load(folder, with_scores=with_scores)


def _tag_batch(nominations: Sequence[Nomination], folder: Path, with_scores: bool) -> list[dict[str, Any]]:
    return list(_tagger_here(folder, with_scores).all(nominations))


def model_digest(manifest: Any) -> str:
    """What identifies a model: the SHA-256 over the digests of its files."""
    return hashlib.sha256(json.dumps(manifest.get("sha256", {}), sort_keys=True).encode()).hexdigest()


def sentences(nominations: Iterable[Nomination], frameworks: Frameworks) -> Iterator[tuple[str, Sentence]]:
    """Every sentence of these nominations as parsed, with the nomination's id, in order."""
    parser = Parser(frameworks)
    return ((nomination.id, sentence) for nomination in nominations for sentence in parser.sentences(nomination))


def training_set(
    corpus: Iterable[LabelledNarrative], frameworks: Frameworks, fewest: int, jobs: int, note: Callable[[str], None]
) -> TrainingSet:
    """The corpus as sentences, embeddings and truth; a sentence of the corpus is parsed by its labelled span.

    Raises InvalidCorpus where a labelled span is no sentence of the parser, or no label has sentences enough.
    """
    import numpy as np

    from pipeline.model.fit import TrainingSet
    from pipeline.model.heads import key_of

    parser, encoder = Parser(frameworks), Encoder()
    parsed: list[Sentence] = []
    labels_of: list[frozenset[str]] = []
    groups: list[int] = []
    keys: list[str] = []
    for number, narrative in enumerate(corpus):
        for sentence, labelled in matched(narrative, parser):
            parsed.append(sentence)
            keys.append(key_of(narrative.id, sentence))
            labels_of.append(labelled.labels)
            groups.append(number)
    names = [label.full for label in frameworks.learned]
    truth = np.array([[name in labels for name in names] for labels in labels_of], dtype=bool).reshape(-1, len(names))
    enough = truth.sum(axis=0) >= fewest
    texts = [sentence.masked for sentence in parsed]
    for name, count in zip(names, truth.sum(axis=0), strict=True):
        if count < fewest:
            note(f"{name}: {count} sentences, fewer than {fewest}; left out")
    if not enough.any():
        raise InvalidCorpus(f"No label has {fewest} sentences in the corpus, which has {len(parsed)}. Add some.")
    return TrainingSet(
        sentences=parsed,
        keys=keys,
        embeddings=cached([encoder.sha256, *texts], lambda: _vectors(texts, jobs), len(texts)),
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
    from pipeline.model.heads import load_heads
    from pipeline.quality import quality

    data = training_set(corpus, frameworks, fewest, jobs, note)
    heads = load_heads(shipped("models/encoder"))
    fitted = fit(data, frameworks, heads, folds=folds, seed=seed, strength=strength, jobs=jobs)
    scores = fitted.classifier.probabilities(fitted.out_of_fold)
    metrics: dict[str, Any] = finite(quality(fitted.classifier, scores, data.truth, data.groups))
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
        "with_heads": fitted.with_heads,
    }
    beside = {"metrics.json": json.dumps(metrics, indent=1) + "\n", "README.md": card(manifest, metrics, frameworks)}
    save_model(replace(fitted.classifier, manifest=manifest), folder, beside)
    return metrics


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


def _corpus_digest(corpus: list[LabelledNarrative]) -> str:
    digest = hashlib.sha256()
    for narrative in corpus:
        spans = [(s.start, s.end, sorted(s.labels), sorted(s.partners)) for s in narrative.sentences]
        digest.update(json.dumps([narrative.id, narrative.text, spans], ensure_ascii=False).encode())
    return digest.hexdigest()
