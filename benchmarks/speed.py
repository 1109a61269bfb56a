"""Start-up, one nomination in a new process, and tagging rate, as medians of whole processes; ratios in one run.

`make bench`. The baseline for start-up is a bare `python -c pass`, for one nomination an import of spaCy.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data" / "samples"


def median_seconds(command: list[str], runs: int = 5) -> float:
    """The median wall time of a command over several runs after one warm-up."""
    times = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def main() -> None:
    """Print the table."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        many, one = Path(folder) / "many.jsonl", Path(folder) / "one.jsonl"
        ingest = [python, "-m", "pipeline", "ingest", str(SAMPLES / "awards-2026.xlsx"), "-o", str(many)]
        subprocess.run(ingest, check=True, capture_output=True, cwd=ROOT)
        lines = many.read_text(encoding="utf-8").rstrip("\n").split("\n")
        one.write_text(lines[0] + "\n", encoding="utf-8")
        out = str(Path(folder) / "e.jsonl")
        bare = median_seconds([python, "-c", "pass"])
        helping = median_seconds([python, "-m", "pipeline", "--help"])
        spacy = median_seconds([python, "-c", "import spacy"])
        single = median_seconds([python, "-m", "pipeline", "tag", str(one), "-o", out])
        every = median_seconds([python, "-m", "pipeline", "tag", str(many), "-o", out], runs=3)
    print(f"leadlight --help          {helping:.3f} s   {helping / bare:.1f} x python -c pass")
    print(f"one nomination, process   {single:.2f} s    {single / spacy:.1f} x import spacy")
    each = (every - single) / (len(lines) - 1)
    print(f"{len(lines)} nominations, process  {every:.2f} s    {each:.3f} s each beyond the first")


if __name__ == "__main__":
    main()
