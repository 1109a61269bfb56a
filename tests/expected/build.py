"""Write tags.json: what the shipped model tags in the shipped samples. `make model` runs it after training.

The file is compared on every machine that runs the tests, so that another kind of processor that gave other tags
would be noticed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from pipeline.model import find_model
from pipeline.nominations import read_nominations
from pipeline.read import Mapping, ingest_files
from pipeline.workflow import Tagger

ROOT = Path(__file__).parent.parent.parent
TAGS = Path(__file__).parent / "tags.json"


def tags_of_samples() -> dict[str, list[str]]:
    """For each sample nomination a line a sentence: where it starts, its kind, its tags."""
    samples = ROOT / "data" / "samples"
    tagger = Tagger.load(find_model(None))
    with tempfile.TemporaryDirectory() as folder:
        nominations = Path(folder) / "nominations.jsonl"
        ingest_files([str(samples / "awards-2026.xlsx"), str(samples / "letters")], Mapping(), nominations)
        return {
            row["id"]: [
                " ".join([str(s["start"]), s["kind"], *(tag["label"] for tag in s["tags"])]) for s in row["sentences"]
            ]
            for row in tagger.all(read_nominations(nominations))
        }


if __name__ == "__main__":
    TAGS.write_text(json.dumps(tags_of_samples(), indent=1) + "\n", encoding="utf-8")
