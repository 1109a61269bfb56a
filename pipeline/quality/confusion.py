"""Which label is given in place of which."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.quality.answers import Answers

MOST = 15
"""The most pairs that are listed by name."""


def confusions(answers: Answers) -> dict[str, Any]:
    """For each framework: `counts[i][j]`, sentences that have label i, did not get it, and got j, which they lack.

    The diagonal counts labels given rightly; `missed` and `wrong` sentences of each label, whatever else they got;
    `pairs` names the most frequent confusions. A sentence counts once a pair.
    """
    out = {}
    for group, columns in answers.frameworks.levels(answers.labels).items():
        truth, tagged = answers.truth[:, columns], answers.tagged[:, columns]
        missed, wrong = truth & ~tagged, tagged & ~truth
        counts = missed.astype(np.int64).T @ wrong.astype(np.int64)
        names = [answers.labels[column] for column in columns]
        order = [divmod(int(at), len(names)) for at in np.argsort(-counts, axis=None, kind="stable")[:MOST]]
        np.fill_diagonal(counts, (truth & tagged).sum(axis=0))
        out[group] = {
            "labels": names,
            "counts": counts.tolist(),
            "missed": missed.sum(axis=0).tolist(),
            "wrong": wrong.sum(axis=0).tolist(),
            "pairs": [
                {"true": names[i], "given": names[j], "sentences": int(counts[i, j])}
                for i, j in order
                if i != j and counts[i, j]
            ],
        }
    return out
