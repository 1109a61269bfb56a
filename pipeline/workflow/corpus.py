"""A labelled corpus to what a classifier learns from: sentences, sentence vectors, truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.cache import cached
from pipeline.encoder import Encoder, Floats
from pipeline.errors import InvalidCorpus
from pipeline.frameworks import Frameworks
from pipeline.parse import Parser
from pipeline.records import LabelledNarrative, LabelledSentence, Nomination, Sentence

if TYPE_CHECKING:
    from pipeline.model.fit import TrainingSet


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


def _vectors(texts: Sequence[str], jobs: int) -> Floats:
    """The vectors (len(texts), dimensions) float32 of sentences, encoded by several processes."""
    import numpy as np
    from joblib import Parallel, delayed

    chunks = [texts[at : at + 250] for at in range(0, len(texts), 250)]
    return np.concatenate(Parallel(n_jobs=jobs)(delayed(_encoded)(chunk) for chunk in chunks))


def _encoded(texts: Sequence[str]) -> Floats:
    return Encoder().vectors(texts)
