"""A labelled corpus to what a classifier learns from: sentences, sentence vectors, truth."""

from __future__ import annotations

import hashlib
import json
import re
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
    from pipeline.quality.mistakes import Neighbours


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

    Narratives of the same words share a group, so that cross-validation never learns a text and is asked it too.

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
    numbers: dict[str, int] = {}
    for narrative in corpus:
        number = numbers.setdefault(text_key(narrative), len(numbers))
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


def corpus_digest(corpus: Iterable[LabelledNarrative]) -> str:
    """What identifies a corpus: the SHA-256 over the ids, texts, spans, labels and sectors of its narratives."""
    digest = hashlib.sha256()
    for narrative in corpus:
        spans = [(s.start, s.end, sorted(s.labels), sorted(s.partners)) for s in narrative.sentences]
        digest.update(json.dumps([narrative.id, narrative.text, spans], ensure_ascii=False).encode())
    return digest.hexdigest()


def text_key(narrative: LabelledNarrative) -> str:
    """What stands for the words of a narrative: 16 hex digits of a hash of its letters and digits, case put aside."""
    return hashlib.sha256(" ".join(re.findall(r"\w+", narrative.text.casefold())).encode()).hexdigest()[:16]


def neighbours(corpus: Iterable[LabelledNarrative], frameworks: Frameworks, encoder: Encoder, jobs: int) -> Neighbours:
    """The labelled sentences of a corpus with their vectors, ready to be looked up by likeness."""
    from pipeline.quality.mistakes import Neighbours

    parser = Parser(frameworks)
    found = [(n.id, *pair) for n in corpus for pair in matched(n, parser)]
    texts = [sentence.masked for _, sentence, _ in found]
    return Neighbours(
        sentences=[(identity, sentence.text, labelled.labels) for identity, sentence, labelled in found],
        vectors=cached([encoder.sha256, *texts], lambda: _vectors(texts, jobs), len(texts)),
    )
