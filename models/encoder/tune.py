"""Tune the sentence encoder on the corpus: sigmoid heads for all labels, softmax for kinds. By hand, 40 minutes.

    python3.11 -m venv /tmp/encoder && /tmp/encoder/bin/pip install -r models/encoder/requirements.txt -e .
    /tmp/encoder/bin/python models/encoder/tune.py data/corpus/grounded data/corpus/written

Two things come out, beside the tuned encoder that build.py's export writes (int8 ONNX, manifest with log and seed):

    heads.npz   weights (384, labels) and bias (labels,) of the heads over the encoder's sentence vector, and for every
                corpus sentence its out-of-fold scores (n, labels) by an encoder tuned without its narrative, under a
                key that holds no text

`leadlight train` joins the heads with its n-gram model, and sets calibration and thresholds on the out-of-fold scores
alone, so never on sentences that an encoder was tuned on. Soft labels: the mean of the decision and the annotators'
votes. Loss: binary cross-entropy with square-root class weights for labels, cross-entropy for kinds.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from build import HERE, PooledEncoder, export, source_folder, tokenizer_of
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.jsonl import read_corpus
from pipeline.model.heads import SCALE, fold_of, key_of
from pipeline.parse import Parser
from pipeline.workflow import matched

BATCH = 32
LONGEST_TUNED = 128
FOLDS = 3


@dataclass(frozen=True, slots=True)
class Examples:
    """Masked sentences with keys, narrative folds (n,), hard labels and soft labels (n, labels) float32."""

    texts: list[str]
    keys: list[str]
    folds: np.ndarray
    soft: np.ndarray


class Tagger(torch.nn.Module):
    """The encoder with heads over its mean-pooled, scaled sentence vector."""

    def __init__(self, encoder: torch.nn.Module, prior: np.ndarray) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = torch.nn.Linear(384, len(prior))
        torch.nn.init.normal_(self.head.weight, std=0.02)
        self.head.bias.data = torch.tensor(np.log(prior / (1 - prior)), dtype=torch.float)
        self.dropout = torch.nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Scores (batch, labels) of padded token ids (batch, n)."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(self.dropout(functional.normalize(mean, dim=-1)) * SCALE)


def examples(paths: list[Path]) -> tuple[Examples, list[str]]:
    """The sentences of a corpus with soft labels, and the names of the labels."""
    frameworks = shipped_frameworks()
    names = [label.full for label in frameworks.learned]
    parser = Parser(frameworks)
    texts, keys, folds, soft = [], [], [], []
    for narrative in read_corpus(paths, frameworks):
        for sentence, labelled in matched(narrative, parser):
            texts.append(sentence.masked)
            keys.append(key_of(narrative.id, sentence))
            folds.append(fold_of(narrative.id, FOLDS))
            decided = [float(name in labelled.labels) for name in names]
            voted = [labelled.votes.get(name, 0.0) for name in names] if labelled.annotators > 1 else decided
            soft.append([(d + v) / 2 for d, v in zip(decided, voted, strict=True)])
    return Examples(texts, keys, np.array(folds), np.array(soft, dtype=np.float32)), names


def batch_of(texts: list[str], tokenizer: Tokenizer) -> tuple[torch.Tensor, torch.Tensor]:
    """Padded token ids and their mask."""
    encoded = [tokenizer.encode(text).ids[:LONGEST_TUNED] for text in texts]
    width = max(len(ids) for ids in encoded)
    ids = torch.zeros(len(encoded), width, dtype=torch.long)
    mask = torch.zeros(len(encoded), width)
    for row, found in enumerate(encoded):
        ids[row, : len(found)] = torch.tensor(found)
        mask[row, : len(found)] = 1
    return ids, mask


def tuned(data: Examples, rows: np.ndarray, names: list[str], options: argparse.Namespace, log: list[str]) -> Tagger:
    """An encoder and heads tuned on these rows."""
    torch.manual_seed(options.seed)
    tokenizer = tokenizer_of(source_folder())
    kinds = [column for column, name in enumerate(names) if name.startswith("kind/")]
    tags = [column for column in range(len(names)) if column not in kinds]
    prior = data.soft[rows].mean(0).clip(1e-4, 0.9999)
    weight = torch.tensor(np.sqrt((1 - prior) / prior).clip(1, 8), dtype=torch.float)
    model = Tagger(AutoModel.from_pretrained(source_folder()), prior)
    optimizer = torch.optim.AdamW(
        [{"params": model.encoder.parameters(), "lr": options.rate}, {"params": model.head.parameters(), "lr": 2e-3}],
        weight_decay=0.01,
    )
    steps = options.epochs * math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (0.1 * steps)) * max(0.0, (steps - step) / steps)
    )
    generator = np.random.default_rng(options.seed)
    begun = time.time()
    for epoch in range(options.epochs):
        model.train()
        total, batches = 0.0, mixed_batches(data, rows, generator)
        for batch in batches:
            scores = model(*batch_of([data.texts[i] for i in batch], tokenizer))
            soft = torch.tensor(data.soft[batch])
            loss = 4 * functional.binary_cross_entropy_with_logits(
                scores[:, tags], soft[:, tags], pos_weight=weight[tags]
            )
            loss = loss - 0.5 * (torch.log_softmax(scores[:, kinds], -1) * soft[:, kinds]).sum(-1).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        log.append(
            f"{len(rows)} sentences, epoch {epoch + 1}: loss {total / len(batches):.4f}, {time.time() - begun:.0f} s"
        )
        print(log[-1], flush=True)
    return model.eval()


def mixed_batches(data: Examples, rows: np.ndarray, generator: np.random.Generator) -> list[list[int]]:
    """Batches of sentences of like length, in random order."""
    order = generator.permutation(rows)
    batches = []
    for at in range(0, len(order), BATCH * 20):
        chunk = sorted(order[at : at + BATCH * 20], key=lambda i: len(data.texts[i]))
        batches += [[int(i) for i in chunk[k : k + BATCH]] for k in range(0, len(chunk), BATCH)]
    return [batches[i] for i in generator.permutation(len(batches))]


def scores_of(model: Tagger, texts: list[str]) -> np.ndarray:
    """The heads' scores (n, labels) float32 of sentences."""
    tokenizer = tokenizer_of(source_folder())
    out = np.zeros((len(texts), model.head.out_features), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.no_grad():
        for at in range(0, len(order), 64):
            rows = order[at : at + 64]
            out[rows] = model(*batch_of([texts[i] for i in rows], tokenizer)).numpy()
    return out


def main() -> None:
    """Tune on folds for out-of-fold scores, then on everything; export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args()
    data, names = examples(options.corpus)
    log: list[str] = []
    out_of_fold = np.zeros(data.soft.shape, dtype=np.float32)
    for fold in range(FOLDS):
        held = np.flatnonzero(data.folds == fold)
        model = tuned(data, np.flatnonzero(data.folds != fold), names, options, log)
        out_of_fold[held] = scores_of(model, [data.texts[i] for i in held])
    model = tuned(data, np.arange(len(data.texts)), names, options, log)
    np.savez_compressed(
        HERE / "heads.npz",
        weights=(SCALE * model.head.weight.detach().numpy().T).astype(np.float32),
        bias=model.head.bias.detach().numpy().astype(np.float32),
        labels=np.array(names),
        keys=np.array(data.keys),
        out_of_fold=out_of_fold.astype(np.float16),
    )
    recipe = {
        "epochs": options.epochs,
        "rate": options.rate,
        "seed": options.seed,
        "sentences": len(data.texts),
        "log": log,
    }
    pooled = PooledEncoder(AutoModel.from_pretrained(source_folder(), attn_implementation="eager"))
    pooled.encoder.load_state_dict(model.encoder.state_dict())
    export(pooled.eval(), tokenizer_of(source_folder()), {"name": "leadlight-encoder", "tuned": recipe}, HERE)


if __name__ == "__main__":
    main()
