"""`leadlight doctor` finds what is wrong and says what to do."""

import json
import re
import shutil

from pipeline.model import find_model
from tests.conftest import ROOT


def test_an_installation_that_is_well(tmp_path, leadlight):
    done = leadlight("doctor", tmp_path)
    assert done.returncode == 0, done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["well"] * 4
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said(tmp_path, leadlight):
    model = tmp_path / "m"
    shutil.copytree(find_model(None), model)
    (model / "features.txt").write_text("other\n")
    (tmp_path / "e.jsonl.part").mkdir()
    (tmp_path / "e.jsonl.part" / "job.json").write_text("{}")
    done = leadlight("doctor", tmp_path, "-m", model, "--json")
    assert done.returncode == 1
    found = {row["what"]: row for row in json.loads(done.stdout)}
    assert [found[what]["well"] for what in ("Python", "libraries", "model", "folder")] == [True, True, False, False]
    assert "features.txt" in found["model"]["words"]
    assert "--resume" in found["folder"]["words"]
    assert leadlight("doctor", tmp_path / "nosuch").returncode == 1


def test_the_messages_in_the_guide_are_those_of_the_program():
    guide = (ROOT / "docs" / "organisers.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "pipeline").rglob("*.py")))
    quoted = re.findall(r"^\| `([^`]+)` \|", guide, flags=re.MULTILINE)
    assert len(quoted) >= 10
    for message in quoted:
        parts = [part.strip() for part in message.removeprefix("set aside: ").split("…")]
        assert message == "No space left on device" or all(part in sources for part in parts), message
