"""The main job end to end on the shipped samples: nothing lost, every quote its slice, hostile text shown as text."""

import json
import re

from pipeline.frameworks import shipped_frameworks
from pipeline.report import write_pack


def test_demo(leadlight, tmp_path):
    done = leadlight("demo", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "36 read: 35 kept, 1 rejected" in done.stderr
    index = tmp_path / "out" / "pack" / "index.html"
    assert done.stdout.strip() == str(index)
    assert index.read_text(encoding="utf-8").count("<li data-f=") == 35
    evidence = (tmp_path / "out" / "evidence.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in evidence.rstrip("\n").split("\n")]
    assert len(rows) == 35
    for row in rows:
        spans = [(s["start"], s["end"], s["text"]) for s in row["sentences"]]
        spans += [(w["start"], w["end"], w["text"]) for s in row["sentences"] for t in s["tags"] for w in t["why"]]
        spans += [(p["start"], p["end"], p["text"]) for s in row["sentences"] for p in s["partners"]]
        assert spans
        for start, end, text in spans:
            assert row["text"][start:end] == text
    assert any(note["note"] == "plays-down" for row in rows for note in row["summary"]["notes"])
    again = leadlight("demo", tmp_path / "again")
    assert again.returncode == 0
    assert (tmp_path / "again" / "evidence.jsonl").read_bytes() == (tmp_path / "out" / "evidence.jsonl").read_bytes()


def test_hostile_text_is_shown_as_text(tagger, tmp_path):
    from pipeline.records import Nomination

    text = '<script>alert(1)</script> She "><img src=x onerror=alert(2)> rang the GP every day and never gave up.'
    row = tagger.evidence(Nomination(id="<b>1</b>", text=text, nominee="<i>X</i>", category="<u>"))
    index = write_pack([row], shipped_frameworks(), tmp_path / "pack")
    pages = [index, tmp_path / "pack" / "coverage.html", *(tmp_path / "pack" / "nominations").iterdir()]
    assert len(pages) == 3
    for page in pages:
        html = page.read_text(encoding="utf-8")
        for hostile in ("<script>alert", "<img src=x", "<i>X", "<b>1", "<u>"):
            assert hostile not in html
        assert not re.search(r"https?:", html)


def test_bad_calls_end_in_a_sentence(leadlight, tmp_path):
    (tmp_path / "n.jsonl").write_text('{"id": 1}\n')
    (tmp_path / "broken.jsonl").write_text("{no\n")
    for arguments, words in (
        (("tag", tmp_path / "missing.jsonl"), "cannot be opened"),
        (("tag", tmp_path / "n.jsonl"), "needs an id and a text"),
        (("tag", tmp_path / "broken.jsonl"), "not a line of JSON"),
        (("tag", tmp_path / "n.jsonl", "-m", "nosuch"), "There is no model"),
        (("report", tmp_path / "missing.jsonl", "-o", tmp_path / "p"), "cannot be opened"),
    ):
        done = leadlight(*arguments)
        assert done.returncode == 2, arguments
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_the_tags_are_the_same_on_every_machine():
    from tests.expected.build import TAGS, tags_of_samples

    expected = json.loads(TAGS.read_text(encoding="utf-8"))
    found = tags_of_samples()
    assert len(expected) == 35
    differing = [key for key in expected if expected[key] != found.get(key)]
    assert differing == []
