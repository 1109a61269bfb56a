"""Sentence embeddings with ONNX Runtime: one sentence a call, so a vector never depends on what else is encoded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from pipeline.errors import UnusableModel
from pipeline.resources import shipped

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """A sentence's vector (dimensions,) float32 of length 1, and each piece's share of it.

    `shares` is (pieces, dimensions) float32 and adds up to `vector`; `offsets` gives each piece's characters in the
    encoded text, (0, 0) for the pieces that stand for none.
    """

    vector: Floats
    shares: Floats
    offsets: tuple[tuple[int, int], ...]


class Encoder:
    """The encoder of a folder with encoder.onnx, tokenizer.json and manifest.json (see models/encoder/build.py)."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or shipped("models/encoder")
        try:
            self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            for name, digest in self.manifest["sha256"].items():
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                    raise UnusableModel(f"{folder / name} is not the file that was built. Install Leadlight again.")
        except (OSError, ValueError, KeyError) as error:
            raise UnusableModel(
                f"The sentence encoder in {folder} is damaged ({error}). Install Leadlight again."
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.dimensions = int(self.manifest["dimensions"])
        self.sha256 = str(self.manifest["sha256"]["encoder.onnx"])

    def encode(self, text: str) -> Encoding:
        """The encoding of one sentence; pieces beyond the encoder's longest are cut off."""
        pieces = self._tokenizer.encode(text)
        ids = np.array([pieces.ids], dtype=np.int64)
        vector, shares = self._session.run(["sentence", "tokens"], {"input_ids": ids})
        return Encoding(vector=vector, shares=shares, offsets=tuple(pieces.offsets))

    def vectors(self, texts: Sequence[str]) -> Floats:
        """The vectors of several sentences, (len(texts), dimensions) float32, each encoded on its own."""
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            out[row] = self.encode(text).vector
        return out
