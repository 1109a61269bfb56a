"""Models on disk: arrays (npz without pickle), framework files and a manifest with the SHA-256 of each file.

Nothing read here can run code: JSON, TOML and plain arrays. A changed file, an unknown format or a model made for
another encoder is refused with a sentence that says what to do.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import LeadlightError, UnusableModel
from pipeline.features import Vocabulary
from pipeline.frameworks import Frameworks, read_framework
from pipeline.model import context
from pipeline.model.classifier import FLOORS, Classifier
from pipeline.records import STRENGTHS
from pipeline.resources import shipped
from pipeline.shapes import misfit
from pipeline.storage import folder_renamed_into_place

FORMAT = 3
_ARRAYS = (
    "ngram_weights",
    "embedding_weights",
    "bias",
    "context_weights",
    "context_bias",
    "slope",
    "shift",
    "thresholds",
    "strengths",
    "floors",
    "idf",
)
_HALF = ("ngram_weights", "embedding_weights")


def find_model(name: str | None) -> Path:
    """The folder of a model: a path, else a name under `models/`, else the packaged default for None.

    Raises UnusableModel naming the places that were looked at.
    """
    if name is None:
        return shipped("models/default")
    for folder in (Path(name), Path("models") / name, shipped("models") / name):
        if (folder / "manifest.json").is_file():
            return folder
    raise UnusableModel(
        f"There is no model {name!r}: looked for {name}/manifest.json and models/{name}/manifest.json. "
        "Name the folder that `leadlight train -o` wrote."
    )


def read_metrics(folder: Path) -> dict[str, Any]:
    """The figures that a model's folder holds, empty where it holds none."""
    try:
        found = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def save_model(classifier: Classifier, folder: Path, extra_files: Mapping[str, str] | None = None) -> None:
    """Write the model to a folder: the same model gives the same bytes. Weights are kept as float16."""
    files: dict[str, bytes] = {"arrays.npz": _arrays(classifier)}
    files["features.txt"] = "\n".join(classifier.vocabulary.names).encode()
    for framework in classifier.frameworks:
        files[f"frameworks/{framework.id}.toml"] = framework.content.encode()
        if framework.patterns:
            files[f"frameworks/{framework.id}.patterns.json"] = _patterns(framework.patterns)
    files.update({name: text.encode() for name, text in (extra_files or {}).items()})
    manifest = {
        **classifier.manifest,
        "format": FORMAT,
        "labels": list(classifier.labels),
        "frameworks": [framework.id for framework in classifier.frameworks],
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    files["manifest.json"] = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    with folder_renamed_into_place(folder) as part:
        for name, content in files.items():
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_bytes(content)


def _arrays(classifier: Classifier) -> bytes:
    """The arrays as an npz whose bytes depend on nothing but the arrays."""
    arrays = {name: getattr(classifier, name) for name in _ARRAYS if name != "idf"}
    arrays["idf"] = classifier.vocabulary.idf
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in _ARRAYS:
            buffer = io.BytesIO()
            kept = arrays[name].astype(np.float16 if name in _HALF else np.float32)
            np.lib.format.write_array(buffer, np.ascontiguousarray(kept), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _patterns(patterns: tuple[Mapping[str, Any], ...]) -> bytes:
    table: dict[str, list[Any]] = {}
    for pattern in patterns:
        table.setdefault(str(pattern["label"]).partition("/")[2], []).append(pattern["pattern"])
    return (json.dumps(table, ensure_ascii=False) + "\n").encode()


def load_model(folder: Path) -> Classifier:
    """The model of a folder, every file checked against its manifest.

    Raises UnusableModel where the folder is no model, damaged, changed, or of another format.
    """
    advice = "Train it again, or use the packaged default by leaving out -m."
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if misfit(manifest, {"sha256": {str: str}}):
            raise UnusableModel(f"{folder} is no Leadlight model: its manifest lists no files. {advice}")
        if manifest.get("format") != FORMAT:
            raise UnusableModel(
                f"The model in {folder} has format {manifest.get('format')!r}; this Leadlight reads {FORMAT}. {advice}"
            )
        for name, digest in manifest["sha256"].items():
            if Path(name).is_absolute() or ".." in Path(name).parts:
                raise UnusableModel(f"The manifest of {folder} names a file outside it ({name}). {advice}")
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                raise UnusableModel(f"{folder / name} was changed after the model was trained. {advice}")
        return _read(folder, manifest)
    except LeadlightError:
        raise
    except (OSError, ValueError, TypeError, KeyError, zipfile.BadZipFile, EOFError, RecursionError) as error:
        raise UnusableModel(f"The model in {folder} cannot be read ({error}). {advice}") from error


def _read(folder: Path, manifest: Mapping[str, Any]) -> Classifier:
    if fault := misfit(manifest, {"labels": [str], "frameworks": [str]}):
        raise ValueError(f"in its manifest {fault}")
    ids, labels = manifest["frameworks"], tuple(manifest["labels"])
    read = {"arrays.npz", "features.txt", *(f"frameworks/{i}.toml" for i in ids)}
    read |= {name for i in ids if (folder / (name := f"frameworks/{i}.patterns.json")).exists()}
    if unlisted := read - manifest["sha256"].keys():
        raise ValueError(f"its manifest does not list {', '.join(sorted(unlisted))}")
    with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name].astype(np.float32) for name in _ARRAYS}
    names = (folder / "features.txt").read_text(encoding="utf-8").split("\n")
    frameworks = Frameworks(tuple(read_framework(folder / "frameworks" / f"{i}.toml") for i in ids))
    idf = arrays.pop("idf")
    if not set(labels) <= {label.full for label in frameworks.learned}:
        raise ValueError("its labels are not those of its frameworks")
    rows = {"ngram_weights": len(names), "embedding_weights": len(arrays["embedding_weights"])}
    shapes = {name: (rows[name], len(labels)) if name in rows else (len(labels),) for name in arrays}
    shapes["context_weights"] = (context.rows(len(labels)), len(labels))
    shapes |= {"strengths": (len(STRENGTHS), len(labels)), "floors": (len(FLOORS), len(labels))}
    if any(array.shape != shapes[name] for name, array in arrays.items()) or idf.shape != (len(names),):
        raise ValueError("its arrays do not fit together")
    return Classifier(
        frameworks=frameworks, vocabulary=Vocabulary.of(names, idf), labels=labels, manifest=manifest, **arrays
    )
