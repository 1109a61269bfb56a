"""What the tests share: the tagger once a session, and the command run as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def tagger():
    from pipeline.model import find_model
    from pipeline.workflow import Tagger, TagOptions

    return Tagger.load(find_model(None), TagOptions(with_scores=True))


@pytest.fixture(scope="session")
def corpus():
    from pipeline.frameworks import shipped_frameworks
    from pipeline.labels.jsonl import read_corpus

    folders = [ROOT / "data" / "corpus" / part for part in ("grounded", "written")]
    return list(read_corpus(folders, shipped_frameworks()))


@pytest.fixture(scope="session")
def leadlight():
    """Run the command in a process of its own; gives the finished process with its text output."""

    def run(*arguments, cwd=None, stdin=None):
        command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
        environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        import os

        return subprocess.run(
            command, cwd=cwd, input=stdin, capture_output=True, encoding="utf-8", env={**os.environ, **environment}
        )

    return run
