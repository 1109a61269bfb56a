"""A task from elsewhere: NHS patient comments and their themes, beside the nearest peer's model. By hand.

    python benchmarks/peer.py ../shared/peer/comments.csv [--folds 5] [--strength 0.3] [--write]

A framework file and labelled-corpus lines are made from the table's headers and rows, in a temporary folder: no code
knows the themes. Each fold is trained as `leadlight train` does and tagged as `leadlight tag --scores` does. The folds
are grouped by the words of the comments (letters and digits, case put aside), since many comments are the same words.
Beside it, on the same folds, what the data's owners use (pxtextmining): tf-idf and an SVC for each theme (C = 15,
balanced), its decision at nought. Every figure is the mean over folds, macro figures over the themes that are there.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from pipeline.frameworks import load_frameworks
from pipeline.labels.jsonl import read_corpus
from pipeline.storage import write_lines
from pipeline.workflow import train
from pipeline.workflow.evaluation import answers_of

ROOT = Path(__file__).parent.parent
FIGURES = ("macro AUC", "macro average precision", "macro F1", "micro F1")


def identity(header: str) -> str:
    """The id of a theme: its header in lower-case letters and digits."""
    return re.sub(r"[^a-z0-9]+", "-", header.lower()).strip("-")


def framework_file(themes: list[str]) -> str:
    """A framework of whole comments with a label a theme, as TOML."""
    head = {
        "id": "themes", "name": "Themes of patient comments", "short_name": "Themes", "edition": "2023",
        "source": "The headers of the table", "licence": "As the table's", "role": "qualities",
        "assigned_by": "classifier", "unit": "document", "choice": "many",
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value)}" for key, value in head.items()]
    for theme in themes:
        definition = f"The comment is about: {theme}."
        lines += ["", "[[labels]]", f"id = {json.dumps(identity(theme))}"]
        lines += [f"name = {json.dumps(theme)}", f"definition = {json.dumps(definition)}"]
    return "\n".join(lines) + "\n"


def row_of(comment: dict[str, str], themes: list[str]) -> dict[str, Any]:
    """A comment as a labelled-corpus line."""
    text = comment["text"]
    start = len(text) - len(text.lstrip())
    labels = [identity(theme) for theme in themes if comment[theme] == "1"]
    span = {"start": start, "end": len(text.rstrip()), "themes": labels}
    return {"id": comment["id"], "text": text, "sentences": [span]}


def figures(truth: np.ndarray, scores: np.ndarray, given: np.ndarray) -> dict[str, float]:
    """The four figures of scores and decisions (n, themes)."""
    there = [c for c in range(truth.shape[1]) if 0 < truth[:, c].sum() < len(truth)]
    return {
        "macro AUC": float(np.mean([roc_auc_score(truth[:, c], scores[:, c]) for c in there])),
        "macro average precision": float(np.mean([average_precision_score(truth[:, c], scores[:, c]) for c in there])),
        "macro F1": float(f1_score(truth[:, there], given[:, there], average="macro", zero_division=0)),
        "micro F1": float(f1_score(truth[:, there], given[:, there], average="micro", zero_division=0)),
    }


def peer(texts: list[str], truth: np.ndarray, learn: np.ndarray, ask: np.ndarray) -> dict[str, float]:
    """The peer's figures on a fold, and its seconds."""
    begun = time.perf_counter()
    model = make_pipeline(TfidfVectorizer(), OneVsRestClassifier(SVC(C=15, class_weight="balanced"), n_jobs=2))
    model.fit([texts[i] for i in learn], truth[learn].astype(int))
    asked = [texts[i] for i in ask]
    scores = model.decision_function(asked)
    found = figures(truth[ask], scores, scores > 0)
    return {**found, "seconds": time.perf_counter() - begun}


def leadlight(folder: Path, rows: list[Any], learn: np.ndarray, ask: np.ndarray, strength: float) -> dict[str, float]:
    """Leadlight's figures on a fold, and its seconds: train, write the model, read it, tag."""
    begun = time.perf_counter()
    frameworks = load_frameworks([str(folder / "themes.toml")])
    for name, part in (("learn", learn), ("ask", ask)):
        write_lines([rows[i] for i in part], folder / f"{name}.jsonl")
    corpora = {name: list(read_corpus([folder / f"{name}.jsonl"], frameworks)) for name in ("learn", "ask")}
    train(
        corpora["learn"], frameworks, folder / "model", folds=5, seed=20261125, strength=strength, jobs=2, fewest=10,
        note=lambda _: None,
    )  # fmt: skip
    labels = [label.full for label in frameworks.learned]
    known = json.loads((folder / "model" / "manifest.json").read_text())["labels"]
    answers = answers_of(corpora["ask"], folder / "model", frameworks, known, 2)
    truth = np.array([[name in s.labels for name in labels] for n in corpora["ask"] for s in n.sentences])
    scores, given = np.zeros(truth.shape, np.float32), np.zeros(truth.shape, bool)
    columns = [labels.index(name) for name in known]
    scores[:, columns], given[:, columns] = answers.scores, answers.tagged
    return {**figures(truth, scores, given), "seconds": time.perf_counter() - begun}


def main() -> None:
    """Measure every fold and print the table; with --write also docs/peer.md and docs/peer.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", type=int, help="measure only the first so many folds")
    parser.add_argument("--strength", type=float, default=0.3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with options.table.open(encoding="utf-8", newline="") as stream:
        comments = [row for row in csv.DictReader(stream) if row["text"].strip()]
    themes = [name for name in comments[0] if name not in ("id", "text")]
    texts = [comment["text"] for comment in comments]
    truth = np.array([[comment[theme] == "1" for theme in themes] for comment in comments])
    groups = [" ".join(re.findall(r"\w+", text.casefold())) for text in texts]
    splits = list(GroupKFold(n_splits=options.folds, shuffle=True, random_state=20261125).split(texts, groups=groups))
    results: dict[str, list[dict[str, float]]] = {"tf-idf + SVC": [], "Leadlight": []}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "themes.toml").write_text(framework_file(themes), encoding="utf-8")
        rows = [row_of(comment, themes) for comment in comments]
        for learn, ask in splits[: options.only]:
            results["tf-idf + SVC"].append(peer(texts, truth, learn, ask))
            print(json.dumps(results["tf-idf + SVC"][-1]), flush=True)
            results["Leadlight"].append(leadlight(folder, rows, learn, ask, options.strength))
            print(json.dumps(results["Leadlight"][-1]), flush=True)
    lines = ["| model | " + " | ".join(FIGURES) + " | seconds a fold |", "|---|" + "---|" * (len(FIGURES) + 1)]
    for name, found in results.items():
        means = [np.mean([fold[key] for fold in found]) for key in (*FIGURES, "seconds")]
        lines.append(f"| {name} | " + " | ".join(f"{value:.3f}" for value in means[:-1]) + f" | {means[-1]:.0f} |")
    print("\n".join(lines))
    if options.write:
        (ROOT / "docs" / "peer.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (ROOT / "docs" / "peer.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
