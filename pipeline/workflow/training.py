"""A corpus to a model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.card import card
from pipeline.encoder import Encoder
from pipeline.errors import InvalidCorpus
from pipeline.frameworks import Frameworks
from pipeline.model import save_model
from pipeline.records import LabelledNarrative
from pipeline.resources import shipped
from pipeline.runs import libraries
from pipeline.shapes import finite
from pipeline.workflow.corpus import corpus_digest, text_key, training_set

if TYPE_CHECKING:
    from pipeline.model.fit import Fitted


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
    sources: Sequence[str] = (),
) -> dict[str, Any]:
    """Train on a corpus, write the model to a folder, and return its metrics (cross-validated by narrative).

    The manifest records the whole recipe (`sources` says where the corpus was read from) and the versions of the
    libraries, for `verify`; narratives.txt a hash of each training text, so that `evaluate` can tell a leak. Raises
    InvalidCorpus where there are fewer different texts than folds.
    """
    from dataclasses import replace

    from pipeline.calibration import calibration, calibration_svg
    from pipeline.model.fit import fit
    from pipeline.model.heads import load_heads
    from pipeline.quality import quality

    data = training_set(corpus, frameworks, fewest, jobs, note)
    if (alike := len(set(data.groups.tolist()))) < folds:
        raise InvalidCorpus(
            f"{folds} folds need as many different texts; the corpus holds {alike}. Add texts, or name fewer --folds."
        )
    heads = load_heads(shipped("models/encoder"))
    fitted = fit(data, frameworks, heads, folds=folds, seed=seed, strength=strength, jobs=jobs)
    scores = fitted.classifier.probabilities(fitted.out_of_fold)
    metrics: dict[str, Any] = finite(quality(fitted.classifier, scores, data.truth, data.groups))
    metrics["thresholds"] = _thresholds(fitted)
    metrics["calibration"] = calibration(fitted.classifier, fitted.out_of_fold, data.truth, data.groups)
    manifest = {
        "name": folder.name,
        "version": __version__,
        "corpus_sha256": corpus_digest(corpus),
        "narratives": len(corpus),
        "sentences": len(data.sentences),
        "seed": seed,
        "folds": folds,
        "strength": strength,
        "fewest": fewest,
        "corpus": list(sources),
        "libraries": libraries(),
        "encoder_sha256": Encoder().sha256,
        "with_heads": fitted.with_heads,
    }
    beside = {
        "narratives.txt": "".join(f"{line}\n" for line in sorted(map(text_key, corpus))),
        "metrics.json": json.dumps(metrics, indent=1) + "\n",
        "README.md": card(manifest, metrics, frameworks),
        "calibration.svg": calibration_svg(metrics["calibration"]),
    }
    save_model(replace(fitted.classifier, manifest=manifest), folder, beside)
    return metrics


def _thresholds(fitted: Fitted) -> dict[str, Any]:
    """Each label's threshold with the spread that resampled narratives give it; None where it is never tagged."""
    columns = zip(fitted.classifier.labels, fitted.classifier.thresholds, *fitted.spread, strict=True)
    kinds = {fitted.classifier.labels[column] for column in fitted.classifier.kind_columns}
    return {
        name: [round(float(value), 4) if value < 1 else None for value in (threshold, low, high)]
        for name, threshold, low, high in columns
        if name not in kinds
    }
