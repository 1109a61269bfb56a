"""Arrays kept between runs under the hash of what they were made from: npz without pickle, in the user's cache folder.

Only training uses it: its texts are a corpus, not nominations. A damaged file is made anew; a
folder that cannot be written to is done without.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import LeadlightError
from pipeline.storage import renamed_into_place

Floats = npt.NDArray[np.float32]


def cache_folder() -> Path:
    """`LEADLIGHT_CACHE`, else the user's cache folder for this system."""
    if named := os.environ.get("LEADLIGHT_CACHE"):
        return Path(named)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "leadlight"


def cached(parts: Sequence[str], make: Callable[[], Floats], rows: int) -> Floats:
    """The array (rows, …) float32 that `make` gives for these parts, from the cache where it is there and whole."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    path = cache_folder() / f"{digest}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            array: Floats = stored["array"]
            if array.dtype == np.float32 and len(array) == rows:
                return array
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass
    array = make()
    with (
        contextlib.suppress(OSError, LeadlightError),
        renamed_into_place(path) as part,
        part.open("wb") as stream,
    ):
        np.savez(stream, array=array)
    return array
