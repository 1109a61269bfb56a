"""The experiment log: a line of JSON for every training and measurement, and MLflow beside it where it is installed.

Nothing is logged unless a folder is named, and nothing leaves it: MLflow is given a store inside that folder, its usage
statistics switched off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from platform import python_version
from typing import Any

from pipeline import __version__
from pipeline.errors import LeadlightError
from pipeline.storage import read_lines, to_json

LIBRARIES = ("numpy", "scipy", "scikit-learn", "spacy", "onnxruntime", "tokenizers")
"""The libraries whose versions decide what is learned."""

_LOG = "runs.jsonl"


def libraries() -> dict[str, str]:
    """The versions of Python and of the libraries that decide what is learned; those not installed are left out."""
    found = {"python": python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def log_run(folder: Path, what: str, parameters: Mapping[str, Any], figures: Mapping[str, Any]) -> Path:
    """Add a run (`train`, `evaluate`, …) to `folder`/runs.jsonl and return that path.

    `parameters` are what was asked for, `figures` any nesting of numbers; they are logged flat (`groups.lqf.f1`), lists
    left out. With MLflow installed the run goes to the store `folder`/mlflow too. Raises LeadlightError where the
    folder cannot be written to.
    """
    flat = dict(numbers(figures))
    row = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "what": what,
        "leadlight": __version__,
        "libraries": libraries(),
        "parameters": dict(parameters),
        "figures": flat,
    }
    path = folder / _LOG
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(to_json(row) + "\n")
    except OSError as error:
        raise LeadlightError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error
    if find_spec("mlflow"):
        _to_mlflow(folder, what, parameters, flat)
    return path


def runs(folder: Path) -> list[dict[str, Any]]:
    """The runs logged in a folder, oldest first; raises UnreadableInput where there is no log or a line is broken."""
    return [row for _, row in read_lines(folder / _LOG)]


def numbers(value: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """Every number in nested objects with its place, keys joined by dots; lists and texts are left out."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from numbers(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, value


def _to_mlflow(folder: Path, what: str, parameters: Mapping[str, Any], figures: Mapping[str, float]) -> None:
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{(folder / 'mlflow.db').as_posix()}")
    experiment = client.get_experiment_by_name("leadlight")
    number = experiment.experiment_id if experiment else client.create_experiment("leadlight")
    run = client.create_run(number, run_name=what).info.run_id
    for key, value in parameters.items():
        client.log_param(run, key, str(value)[:500])
    for key, value in figures.items():
        client.log_metric(run, "".join(c if c.isalnum() or c in "_-./ " else "_" for c in key), value)
    client.set_terminated(run)
