"""Leadlight as a component of a spaCy pipeline."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import spacy

import pipeline
from pipeline.errors import UnusableModel
from pipeline.spacy_component import Leadlight

TEXT = "Ward 3 was short. She rang the GP every day and set up a forum with the council.\n\nA kind man."


@pytest.fixture(scope="module")
def nlp():
    blank = spacy.blank("en")
    blank.add_pipe("leadlight")
    return blank


def test_spacy_finds_the_component_of_an_installed_package(tmp_path):
    """With the entry point alone, in a fresh process, and without what only training needs."""
    root = Path(__file__).parents[2]
    written = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    value = written["project"]["entry-points"]["spacy_factories"]["leadlight"]
    installed = tmp_path / "elsewhere-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1\n", encoding="utf-8")
    (installed / "entry_points.txt").write_text(f"[spacy_factories]\nleadlight = {value}\n", encoding="utf-8")
    program = (
        "import sys, spacy; nlp = spacy.blank('en'); assert 'pipeline.workflow' not in sys.modules;"
        "nlp.add_pipe('leadlight'); print(len(nlp('She rang the GP every day.').spans), 'sklearn' in sys.modules)"
    )
    path = os.pathsep.join([str(root), str(tmp_path)])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.stdout.split() == ["1", "False"], done.stderr


def test_spans_are_the_tags_of_the_evidence(nlp):
    doc = nlp(TEXT)
    (row,) = pipeline.tag(TEXT)
    wanted = [(s["start"], s["end"], t["label"], t["score"]) for s in row["sentences"] for t in s["tags"]]
    group = doc.spans["leadlight"]
    assert wanted
    assert [
        (span.start_char, span.end_char, span.label_, score)
        for span, score in zip(group, group.attrs["scores"], strict=True)
    ] == wanted
    assert doc.user_data["leadlight"] == row


def test_an_empty_document_has_no_spans(nlp):
    assert len(nlp("").spans["leadlight"]) == 0


def test_a_pipeline_is_saved_and_read_back(nlp, tmp_path):
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    one, other = nlp(TEXT), again(TEXT)
    assert len(one.spans["leadlight"]) > 0
    assert [str(span) for span in one.spans["leadlight"]] == [str(span) for span in other.spans["leadlight"]]
    assert one.user_data["leadlight"] == other.user_data["leadlight"]


def test_another_model_under_the_same_name_is_refused():
    component = Leadlight()
    saved = component.to_bytes().replace(component.tagger.model["sha256"].encode(), b"0" * 64)
    with pytest.raises(UnusableModel, match="another Leadlight model than the packaged default"):
        component.from_bytes(saved)
