"""Can the corpus be told from real text? Grouped cross-validation of a classifier of corpus against real sentences.

    python benchmarks/realism.py REAL.jsonl     (JSON lines with a text, not part of the project)

Word 1- and 2-grams, tf-idf, logistic regression, 5 folds with no narrative on both sides; names and gender are masked.
Prints the AUC for each part of the corpus (.5: cannot be told) and the words that give it away.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.jsonl import read_corpus
from pipeline.nominations import read_nominations
from pipeline.parse import Parser
from pipeline.records import Nomination

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Print the figures for both parts and for the whole."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("real", type=Path)
    frameworks = shipped_frameworks()
    parser = Parser(frameworks)
    real = [parser.sentences(nomination) for nomination in read_nominations(options.parse_args().real)]
    corpus = list(read_corpus([ROOT / "data/corpus/grounded", ROOT / "data/corpus/written"], frameworks))
    for part in ("grounded", "written"):
        mine = [
            parser.sentences(Nomination(id=n.id, text=n.text, nominee=n.nominee))
            for n in corpus
            if n.extra["part"] == part
        ]
        texts, truth, groups = [], [], []
        for group, (label, sentences) in enumerate([*((0, s) for s in real), *((1, s) for s in mine)]):
            for sentence in sentences:
                texts.append(sentence.masked.lower())
                truth.append(label)
                groups.append(group)
        y, scores = np.array(truth), np.zeros(len(truth))
        for train, test in GroupKFold(5, shuffle=True, random_state=0).split(texts, y, groups):
            words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, token_pattern=r"\S+")  # noqa: S106
            model = LogisticRegression(C=3, class_weight="balanced", max_iter=500)
            model.fit(words.fit_transform([texts[i] for i in train]), y[train])
            scores[test] = model.decision_function(words.transform([texts[i] for i in test]))
        names, weights = words.get_feature_names_out(), model.coef_[0]
        order = np.argsort(weights)
        print(
            f"{part}: {int(y.sum())} corpus and {int((1 - y).sum())} real sentences, AUC {roc_auc_score(y, scores):.3f}"
        )
        print("  gives the corpus away:", ", ".join(names[order[::-1][:25]]))
        print("  gives real text away:", ", ".join(names[order[:25]]))


if __name__ == "__main__":
    main()
