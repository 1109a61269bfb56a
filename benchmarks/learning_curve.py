"""Would more text help? Learning curve of the corpus on a test set; writes docs/learning-curve.{json,md,svg}. By hand.

    python benchmarks/learning_curve.py TEST.jsonl ENCODER [--seeds 3]

ENCODER is a folder with an encoder that was not tuned on this corpus (`python models/encoder/build.py --out DIR`): a
tuned one has seen all of it. Narratives are drawn at random at 10, 25, 50 and 100 per cent, and from the grounded and
the written part alone; each time the n-gram and sentence-vector route is trained as `leadlight train` does without
heads, and measured on the test set. The last column is the macro F1 by cross-validation within the corpus itself.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.encoder import Encoder
from pipeline.features import EMBEDDING_SCALE
from pipeline.frameworks import Frameworks, shipped_frameworks
from pipeline.labels.jsonl import read_corpus
from pipeline.model.context import by_narrative
from pipeline.model.fit import TrainingSet, fit
from pipeline.parse import Parser
from pipeline.quality import quality
from pipeline.records import LabelledNarrative, Nomination, Sentence

ROOT = Path(__file__).parent.parent
FEWEST = 10


def parsed(corpus: list[LabelledNarrative], parser: Parser) -> list[tuple[int, Sentence, frozenset[str]]]:
    """Each labelled sentence with its narrative's number; a span takes the parsed sentence that overlaps it most."""
    out = []
    for number, narrative in enumerate(corpus):
        sentences = parser.sentences(Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee))
        for labelled in narrative.sentences:
            nearest = max(sentences, key=lambda s: min(s.end, labelled.end) - max(s.start, labelled.start))
            out.append((number, nearest, labelled.labels))
    return out


def vectors(rows: list[tuple[int, Sentence, frozenset[str]]], encoder: Encoder) -> np.ndarray:
    """Their sentence vectors."""
    return encoder.vectors([sentence.masked for _, sentence, _ in rows])


def measured(
    train: list[int],
    rows: list[Any],
    table: np.ndarray,
    test: list[Any],
    test_table: np.ndarray,
    frameworks: Frameworks,
) -> dict[str, Any]:
    """Train on these rows, measure on the test rows; with the macro F1 of cross-validation beside."""
    names = [label.full for label in frameworks.learned]
    truth = np.array([[name in rows[i][2] for name in names] for i in train], dtype=bool)
    enough = truth.sum(axis=0) >= FEWEST
    labels = tuple(name for name, keep in zip(names, enough, strict=True) if keep)
    data = TrainingSet(
        sentences=[rows[i][1] for i in train],
        keys=[""] * len(train),
        embeddings=table[train],
        labels=labels,
        truth=truth[:, enough],
        groups=np.array([rows[i][0] for i in train]),
    )
    fitted = fit(data, frameworks, None, folds=5, seed=1, strength=0.3, jobs=2)
    within = quality(fitted.classifier, fitted.classifier.probabilities(fitted.out_of_fold), data.truth, data.groups)
    model = fitted.classifier
    raw = np.zeros((len(test), len(labels)), dtype=np.float32)
    for row, (_, sentence, _) in enumerate(test):
        columns, values, _ = model.vocabulary.values(sentence)
        raw[row] = values @ model.ngram_weights[columns] + model.bias
    raw += EMBEDDING_SCALE * (test_table @ model.embedding_weights)
    raw = by_narrative(raw, np.array([number for number, _, _ in test])) @ model.context_weights + model.context_bias
    test_truth = np.array([[name in labels_of for name in labels] for _, _, labels_of in test], dtype=bool)
    figures = quality(model, model.probabilities(raw), test_truth, np.array([number for number, _, _ in test]))
    out: dict[str, Any] = {"sentences": len(train), "labels": len(labels) - 4, "kinds": figures["kinds"]["accuracy"]}
    for group, found in figures["groups"].items():
        out[group] = {"auc": found["auc"], "f1": found["f1"], "within": within["groups"][group]["f1"]}
    return out


GROUPS = {"lqf parents": "dimensions", "lqf": "elements", "systems": "signals", "code": "principles"}


def draw(results: list[dict[str, Any]]) -> None:
    """Write the table and the plot; shares are means over seeds."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "leadlight"
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(row["name"] for row in results))
    means = {}
    for name in names:
        rows = [row for row in results if row["name"] == name]
        means[name] = {
            group: [np.mean([row[group][figure] for row in rows if group in row]) for figure in ("auc", "f1", "within")]
            for group in GROUPS
        }
        means[name]["kinds"] = [np.mean([row["kinds"] for row in rows])]
        means[name]["sentences"] = [np.mean([row["sentences"] for row in rows])]
    head = "".join(f" {words}: AUC, F1 (within) |" for words in GROUPS.values())
    lines = [f"| trained on | sentences |{head} kinds accuracy |", "|---|---|" + "---|" * 5]
    for name in names:
        cells = [f"{a:.3f}, {f:.3f} ({w:.3f})" for a, f, w in (means[name][group] for group in GROUPS)]
        kinds, sentences = means[name]["kinds"][0], means[name]["sentences"][0]
        lines.append(f"| {name} | {sentences:.0f} | " + " | ".join(cells) + f" | {kinds:.3f} |")
    (ROOT / "docs/learning-curve.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6))
    shares = [name for name in names if name.endswith("%")]
    for place, (axis, title) in enumerate(zip(axes, ("macro AUC", "macro F1"), strict=True)):
        for group, words in GROUPS.items():
            axis.plot(
                [means[n]["sentences"][0] for n in shares], [means[n][group][place] for n in shares], "o-", label=words
            )
        axis.set(xscale="log", xlabel="training sentences", title=f"{title} on the test set")
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.tight_layout()
    figure.savefig(ROOT / "docs/learning-curve.svg", metadata={"Date": None})


def main() -> None:
    """Run the curve and write the table and the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("test", type=Path)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    frameworks = shipped_frameworks()
    reader, encoder = Parser(frameworks), Encoder(options.encoder)
    corpus = list(read_corpus([ROOT / "data/corpus/grounded", ROOT / "data/corpus/written"], frameworks))
    rows, test = parsed(corpus, reader), parsed(list(read_corpus([options.test], frameworks)), reader)
    table, test_table = vectors(rows, encoder), vectors(test, encoder)
    parts = {part: {n for n, x in enumerate(corpus) if x.extra["part"] == part} for part in ("grounded", "written")}
    plans: list[tuple[str, set[int]]] = [("grounded alone", parts["grounded"]), ("written alone", parts["written"])]
    for share in (10, 25, 50):
        for seed in range(options.seeds):
            chosen = random.Random(seed).sample(range(len(corpus)), len(corpus) * share // 100)  # noqa: S311
            plans.append((f"{share} %", set(chosen)))
    plans.append(("100 %", set(range(len(corpus)))))
    results = []
    for name, narratives in plans:
        train = [i for i, (number, _, _) in enumerate(rows) if number in narratives]
        results.append(
            {"name": name, "narratives": len(narratives), **measured(train, rows, table, test, test_table, frameworks)}
        )
        print(json.dumps(results[-1]), flush=True)
    draw(results)
    (ROOT / "docs/learning-curve.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
