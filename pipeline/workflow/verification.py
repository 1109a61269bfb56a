"""Is a model what it says it is: trained again from its recorded recipe, and compared."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.encoder import Encoder
from pipeline.errors import UnusableModel
from pipeline.model import Classifier, load_model
from pipeline.records import LabelledNarrative
from pipeline.runs import libraries, numbers
from pipeline.workflow.corpus import corpus_digest
from pipeline.workflow.training import train

FIGURE = 0.005
"""The most that a figure may differ on another machine for the model to count as the same."""

WEIGHT = 0.02
"""The most that a weight may differ; the weights of a label are of the order of 1."""

_ARRAYS = ("ngram_weights", "embedding_weights", "bias", "slope", "shift")


def recipe(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest says of how to train the model again; raises UnusableModel where it lacks something."""
    try:
        return {key: manifest[key] for key in ("folds", "seed", "strength", "fewest")}
    except KeyError as error:
        raise UnusableModel(
            f"The model's manifest does not record {error.args[0]!r}, so it cannot be trained again as it was. "
            "Train it again with this Leadlight."
        ) from error


def verify(folder: Path, corpus: list[LabelledNarrative], *, jobs: int, note: Callable[[str], None]) -> dict[str, Any]:
    """Train again from a model's recipe on its corpus, and say what agrees.

    `same` is true where figures and weights agree within FIGURE and WEIGHT (`identical`: every file is the same, byte
    for byte); `differences` says in words what does not. Raises UnusableModel for a model without a recipe.
    """
    recorded = load_model(folder)
    manifest = recorded.manifest
    settings = recipe(manifest)
    causes = _causes(manifest, corpus)
    with tempfile.TemporaryDirectory() as place:
        again = Path(place) / str(manifest.get("name") or folder.name)
        sources = manifest.get("corpus") or ()
        train(corpus, recorded.frameworks, again, jobs=jobs, note=note, sources=sources, **settings)
        made = load_model(again)
        figures = [json.loads((part / "metrics.json").read_text(encoding="utf-8")) for part in (folder, again)]
    known, found = (dict(numbers(part)) for part in figures)
    gaps = {key: abs(value - found[key]) for key, value in known.items() if key in found}
    missing = sorted(known.keys() - found.keys())
    weights = _weights(recorded, made)
    differences = [f"{len(missing)} recorded figures are not there now ({missing[0]}, …)"] if missing else []
    if (most := max(gaps.values(), default=0.0)) > FIGURE:
        differences.append(f"figures differ by up to {most:.4f} ({max(gaps, key=gaps.__getitem__)})")
    if weights is None:
        differences.append("labels or features are others")
    elif (name := max(weights, key=weights.__getitem__)) and weights[name] > WEIGHT:
        differences.append(f"weights differ by up to {weights[name]:.4f} ({name})")
    return {
        "model": manifest.get("name"),
        "same": not differences,
        "identical": manifest["sha256"] == made.manifest["sha256"],
        "figures": len(gaps),
        "figures_equal": sum(gap == 0 for gap in gaps.values()),
        "largest_difference": round(most, 6),
        "weights": weights,
        "differences": differences,
        "possible_causes": causes,
    }


def _weights(one: Classifier, other: Classifier) -> dict[str, float] | None:
    """The largest difference of each array; None where labels or features are not the same."""
    if (one.labels, one.vocabulary.names) != (other.labels, other.vocabulary.names):
        return None
    gaps = {name: abs(getattr(one, name) - getattr(other, name)) for name in _ARRAYS}
    return {name: round(float(gap.max()), 6) if gap.size else 0.0 for name, gap in gaps.items()}


def _causes(manifest: Mapping[str, Any], corpus: Sequence[LabelledNarrative]) -> list[str]:
    """What is other than when the model was trained."""
    out = []
    if corpus_digest(corpus) != manifest.get("corpus_sha256"):
        out.append("the corpus is not the one that the model was trained on")
    if Encoder().sha256 != manifest.get("encoder_sha256"):
        out.append("the sentence encoder is another one")
    then, now = manifest.get("libraries") or {}, libraries()
    out += [f"{name} was {then[name]}, is {now.get(name, 'missing')}" for name in then if then[name] != now.get(name)]
    return out
