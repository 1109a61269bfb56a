"""What is broken, foreign or full ends in a sentence that says where, never in a traceback or a lost folder."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from pipeline.cache import cached
from pipeline.errors import InvalidCorpus, InvalidFramework, LeadlightError, UnreadableInput, UnusableModel, WrongUsage
from pipeline.evidence_lines import read_evidence
from pipeline.frameworks import load_frameworks, read_framework, shipped_frameworks
from pipeline.labels.check import faults, leaks
from pipeline.labels.jsonl import read_corpus, to_row
from pipeline.model import find_model, load_model, save_model
from pipeline.nominations import read_nominations
from pipeline.records import LabelledNarrative, LabelledSentence, Nomination
from pipeline.shapes import finite
from pipeline.storage import MARKER, folder_renamed_into_place, renamed_into_place, write_lines, written_whole

TEXT = "She rang the GP every day. Falls dropped by half."
HALF = "\ud83d"
FIRST, SECOND = {"start": 0, "end": 26, "kind": "behaviour"}, {"start": 27, "end": 49, "kind": "outcome"}

posix = pytest.mark.skipif(sys.platform == "win32", reason="devices, pipes and links of POSIX")
unprivileged = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")


def lines(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def refused(done, code, *words):
    """The command ended with this code and one line on stderr that holds these words."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


# The command


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("to", ["-", "/dev/full"])
def test_a_full_disk_is_one_line(tmp_path, to):
    nominations = lines(tmp_path / "n.jsonl", {"id": "1", "text": TEXT})
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "ingest", nominations, "-o", to, "--rejects", tmp_path / "r"],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
    refused(done, 1, "No space left on device")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tag", "FILE", "--jobs", "0"], "--jobs 0"),
        (["tag", "FILE", "--jobs", "-2"], "--jobs"),
        (["train", "FILE", "-o", "m", "--jobs", "0"], "--jobs 0"),
        (["train", "FILE", "-o", "m", "--seed", "-1"], "--seed"),
        (["train", "FILE", "-o", "m", "--fewest", "0"], "--fewest"),
        (["train", "FILE", "-o", "m", "--folds", "3"], "only 2 labelled narratives"),
    ],
)
def test_options_that_cannot_be_are_refused(tmp_path, leadlight, arguments, words):
    rows = [{"id": identity, "text": TEXT, "sentences": [FIRST, SECOND]} for identity in "ab"]
    file = lines(tmp_path / "c.jsonl", *rows)
    done = leadlight(*[file if argument == "FILE" else argument for argument in arguments], cwd=tmp_path)
    refused(done, 2, words)


# Nominations


def test_fields_that_do_not_fit_are_ignored(tmp_path, leadlight):
    odd = {
        "id": f"1{HALF}", "text": TEXT, "nominee": f"Ann{HALF}", "category": [1], "nominator": {"x": 1},
        "sections": ["x", {"start": "0", "end": 2}, {"start": 0, "end": 3, "question": f"Why{HALF}"}, None],
        "source": {"file": f"f{HALF}", "columns": 5, "row": True, "sheet": 3}, "extra": {f"k{HALF}": f"v{HALF}"},
    }  # fmt: skip
    rows = [odd, *({"id": i, "text": TEXT, "source": s, "extra": [1]} for i, s in enumerate(["x", {"file": 3}, [1]]))]
    file = lines(tmp_path / "n.jsonl", *rows)
    first, *others = read_nominations(file)
    assert (first.id, first.nominee, first.category, first.nominator) == ("1\ufffd", "Ann\ufffd", "", "unknown")
    assert [(s.question, s.start, s.end) for s in first.sections] == [("Why\ufffd", 0, 3)]
    assert first.source.to_dict() == {"file": "f\ufffd"}
    assert first.extra == {"k\ufffd": "v\ufffd"}
    assert all(other.source is None for other in others)
    for command in ("tag", "extract"):
        done = leadlight(command, file, "-o", tmp_path / command)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("row", [{"id": "1", "text": f"Sh{HALF}e"}, {"id": True, "text": TEXT}, {"id": "1", "text": 5}])
def test_a_nomination_without_a_usable_text_is_refused_with_its_line(tmp_path, row):
    file = lines(tmp_path / "n.jsonl", {"id": "0", "text": TEXT}, row)
    with pytest.raises(UnreadableInput, match=r"n\.jsonl, line 2"):
        list(read_nominations(file))


# Evidence


@pytest.fixture(scope="module")
def evidence(tagger):
    row = tagger.evidence(Nomination(id="1", text="She rang the GP surgery and the council every day. A kind man."))
    assert row["sentences"][0]["tags"][0]["why"]
    return json.loads(json.dumps(row))


def test_evidence_is_read_as_it_was_written(tmp_path, evidence):
    assert list(read_evidence(lines(tmp_path / "e.jsonl", evidence), evidence["model"]["sha256"])) == [evidence]


@pytest.mark.parametrize(
    "harm",
    [
        lambda row: row.update(schema=2),
        lambda row: row.update(id=5),
        lambda row: row.update(text=f"{HALF}{row['text']}"),
        lambda row: row.pop("meta"),
        lambda row: row["meta"].update(nominee=None),
        lambda row: row["meta"].update(source="x"),
        lambda row: row.update(model="default"),
        lambda row: row["model"].pop("sha256"),
        lambda row: row.update(sentences=None),
        lambda row: row["sentences"].append("x"),
        lambda row: row["sentences"][0].update(start="0"),
        lambda row: row["sentences"][0].update(end=True),
        lambda row: row["sentences"][0].update(end=10**9),
        lambda row: row["sentences"][0].update(text="Other words."),
        lambda row: row["sentences"][0].pop("voice"),
        lambda row: row["sentences"][0].update(kind=["praise"]),
        lambda row: row["sentences"][0].update(tags=["lqf/networks"]),
        lambda row: row["sentences"][0]["tags"][0].update(score=float("nan")),
        lambda row: row["sentences"][0]["tags"][0].pop("why"),
        lambda row: row["sentences"][0]["tags"][0]["why"][0].update(start=40),
        lambda row: row["sentences"][0].update(partners=[{"sector": 5}]),
        lambda row: row["summary"].update(notes=[{"note": "plays-down"}]),
    ],
)
def test_what_is_no_evidence_is_refused_with_its_line(tmp_path, evidence, harm):
    harmed = json.loads(json.dumps(evidence))
    harm(harmed)
    with pytest.raises(UnreadableInput, match=r"e\.jsonl, line 2.* no evidence: make it with `leadlight tag`"):
        list(read_evidence(lines(tmp_path / "e.jsonl", evidence, harmed)))


def test_report_refuses_evidence_of_another_model_and_nominations(tmp_path, leadlight, evidence):
    other = {**evidence, "model": {**evidence["model"], "name": "north", "sha256": "0"}}
    done = leadlight("report", lines(tmp_path / "e.jsonl", other), "-o", tmp_path / "pack")
    refused(done, 2, "was tagged with the model north", "-m")
    done = leadlight("report", lines(tmp_path / "n.jsonl", {"id": "1", "text": TEXT}), "-o", tmp_path / "pack")
    refused(done, 2, "n.jsonl, line 1", "no evidence")
    assert not (tmp_path / "pack").exists()


# Labelled narratives


@pytest.mark.parametrize(
    "change",
    [
        {"id": None}, {"id": [1]}, {"text": 5}, {"text": f"{HALF}{TEXT}"}, {"sentences": {}}, {"sentences": ["x"]},
        {"nominator": 5}, {"setting": None}, {"level": ["team"]}, {"nominee": 5}, {"nominee": HALF}, {"extra": [1]},
        {"extra": "x"}, {"extra": {"k": HALF}}, {"extra": {HALF: "v"}},
    ],
)  # fmt: skip
def test_a_malformed_line_of_a_corpus_is_refused(tmp_path, change):
    good = {"id": "a", "text": TEXT, "sentences": [FIRST]}
    file = lines(tmp_path / "c.jsonl", good, {**good, **change})
    with pytest.raises(InvalidCorpus, match=r"c\.jsonl, line 2"):
        list(read_corpus([file], shipped_frameworks()))


@pytest.mark.parametrize(
    "change",
    [
        {"start": None}, {"start": True}, {"end": "9"}, {"start": 9, "end": 9}, {"end": 10**6}, {"kind": None},
        {"kind": "feeling"}, {"lqf": None}, {"lqf": "networks"}, {"lqf": [None]}, {"lqf": [["networks"]]},
        {"lqf": ["no-such"]}, {"code": {}}, {"partners": None}, {"partners": [["primary-care"]]},
        {"partners": ["no-such"]}, {"partners": [HALF]}, {"votes": []}, {"votes": {"lqf/networks": "1"}},
        {"votes": {"lqf/networks": float("nan")}}, {"votes": {"lqf/networks": 2}}, {"votes": {HALF: 1}},
        {"annotators": "2"}, {"annotators": -1}, {"annotators": None},
    ],
)  # fmt: skip
def test_a_malformed_sentence_of_a_corpus_is_refused(tmp_path, change):
    file = lines(tmp_path / "c.jsonl", {"id": "a", "text": TEXT, "sentences": [FIRST, {**SECOND, **change}]})
    with pytest.raises(InvalidCorpus, match=r"c\.jsonl, line 1"):
        list(read_corpus([file], shipped_frameworks()))


@pytest.mark.parametrize(
    ("content", "line"),
    [("{", 1), ("\n[]", 2), ("{}", 1), ('{"text": 5}', 1), ('{"text": "\\ud83d"}', 1)],
)
def test_a_broken_held_out_file_is_refused_with_its_line(tmp_path, content, line):
    held = tmp_path / "held.jsonl"
    held.write_text(content)
    with pytest.raises((InvalidCorpus, UnreadableInput), match=rf"held\.jsonl, line {line}"):
        list(leaks([], held))


HEAD = "=== a\n---\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1: no line `=== id`"),
        ("\ufeff", "line 1: no line `=== id`"),
        ("\n\nWords.\n" + HEAD, "line 3: no line `=== id`"),
        (HEAD + "> A kind man.\n = praise context\n", "line 3: 2 kinds"),
        (HEAD + "> A kind man.\n = lqf/networks\n", "line 3: 0 kinds"),
        (HEAD + "> A kind man.\n = praise\n a lqf/networks\n", "line 3: 0 kinds"),
    ],
)
def test_a_broken_authored_file_is_refused_with_its_line(tmp_path, content, words):
    file = tmp_path / "c.txt"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidCorpus, match=words):
        list(read_corpus([file], shipped_frameworks()))


def test_an_authored_file_may_begin_with_a_byte_order_mark(tmp_path):
    file = tmp_path / "c.txt"
    file.write_text(HEAD + "> A kind man.\n = praise\n", encoding="utf-8-sig")
    (narrative,) = read_corpus([file], shipped_frameworks())
    assert (narrative.id, narrative.text) == ("a", "A kind man.")


@pytest.mark.parametrize("labels", [["personal-qualities"], ["networks"], ["networks", "personal-qualities"], []])
def test_labels_survive_export_and_import(tmp_path, labels):
    frameworks = shipped_frameworks()
    parents = [label.id for label in frameworks.get("lqf").parents()]
    labels = [parents[0] if label == "personal-qualities" else label for label in labels]
    file = lines(tmp_path / "c.jsonl", {"id": "a", "text": TEXT, "sentences": [{**FIRST, "lqf": labels}]})
    once = list(read_corpus([file], frameworks))
    write_lines((to_row(narrative, frameworks) for narrative in once), tmp_path / "d.jsonl")
    assert list(read_corpus([tmp_path / "d.jsonl"], frameworks)) == once
    assert {f"lqf/{label}" for label in labels} <= once[0].sentences[0].labels


def test_a_sentence_labelled_twice_is_a_fault():
    sentences = tuple(LabelledSentence(start, end, frozenset()) for start, end in ((0, 26), (0, 26), (27, 49)))
    found = list(faults([LabelledNarrative("a", TEXT, sentences)], shipped_frameworks(), ()))
    assert found == ["a: 'She rang the GP every day.' is labelled 2 times"]


# Training and measuring


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "No label has 10 sentences"),
        ([{"id": "a", "text": TEXT, "sentences": []}], "No label has 10 sentences"),
        ([{"id": i, "text": TEXT, "sentences": [FIRST]} for i in "ab"], "No label has 10 sentences"),
    ],
)
def test_a_corpus_too_small_to_train_on_is_refused(tmp_path, leadlight, rows, words):
    file = lines(tmp_path / "c.jsonl", *rows)
    refused(leadlight("train", file, "-o", tmp_path / "m", "--folds", "2", "--jobs", "1"), 2, words)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "no labelled sentences"),
        ([{"id": "a", "text": TEXT, "sentences": []}], "no labelled sentences"),
        ([{"id": "a", "text": "  \n ", "sentences": [{"start": 0, "end": 2}]}], "a: Leadlight finds no sentence"),
    ],
)
def test_a_corpus_that_cannot_be_measured_is_refused(tmp_path, leadlight, rows, words):
    refused(leadlight("evaluate", find_model(None), lines(tmp_path / "c.jsonl", *rows)), 2, words)


def test_figures_without_a_value_are_dashes_and_null(tmp_path, leadlight):
    file = lines(tmp_path / "c.jsonl", {"id": "a", "text": TEXT, "sentences": [FIRST, SECOND]})
    done = leadlight("evaluate", find_model(None), file)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "AUC –  macro F1 – [– –]" in done.stdout
    done = leadlight("evaluate", find_model(None), file, "--json")
    figures = json.loads(done.stdout, parse_constant=pytest.fail)
    group = figures["groups"]["systems"]
    assert group["labels"] == 8
    assert [group[key] for key in ("auc", "average_precision", "f1")] == [None] * 3
    assert [group[f"{key}_interval"] for key in ("auc", "average_precision", "f1")] == [[None, None]] * 3


def test_a_tiny_corpus_trains_with_an_unwritable_cache(tmp_path, leadlight, monkeypatch):
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setenv("LEADLIGHT_CACHE", str(tmp_path / "cache"))
    options = ["--folds", "2", "--fewest", "4", "--jobs", "1", "--json"]
    same = [{"id": i, "text": TEXT, "sentences": [FIRST, SECOND]} for i in "abcd"]
    done = leadlight("train", lines(tmp_path / "same.jsonl", *same), "-o", tmp_path / "m", *options)
    assert done.returncode == 2
    assert "as many different texts; the corpus holds 1" in done.stderr
    rows = [{**row, "text": f"{TEXT} That was in week {row['id']}."} for row in same]
    file = lines(tmp_path / "c.jsonl", *rows)
    done = leadlight("train", file, "-o", tmp_path / "m", *options)
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout, parse_constant=pytest.fail)
    assert load_model(tmp_path / "m").labels == ("kind/behaviour", "kind/outcome")


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEADLIGHT_CACHE", str(tmp_path / "file" / "cache"))
    array = np.ones((2, 3), dtype=np.float32)
    assert cached(["a", "b"], lambda: array, 2) is array


def test_finite_gives_null_for_what_is_no_number():
    assert finite({"a": [float("nan"), 1.5, {"b": float("inf")}], "c": "x"}) == {
        "a": [None, 1.5, {"b": None}],
        "c": "x",
    }


# Frameworks and models


def framework(folder, patterns, **changes):
    content = (find_model(None) / "frameworks" / "systems.toml").read_text(encoding="utf-8")
    for key, value in changes.items():
        content = content.replace(f'{key} = "systems"', f"{key} = {json.dumps(value)}", 1)
    (folder / "own.toml").write_text(content, encoding="utf-8")
    (folder / "own.patterns.json").write_text(json.dumps(patterns), encoding="utf-8")
    return folder / "own.toml"


@pytest.mark.parametrize(
    "patterns",
    [
        {"convening": "a phrase"}, {"convening": 5}, {"convening": [5]}, {"convening": [""]}, {"convening": [HALF]},
        {"convening": [[]]}, {"convening": [["x"]]}, {"convening": [[{"FOO": "x"}]]}, {"convening": [[{"LOWER": 5}]]},
        {"convening": [[{"TEXT": {"REGEX": "("}}]]}, {"convening": [[{"LOWER": "a"}, {"TEXT": {"REGEX": "("}}]]},
        {"convening": [[{"POS": "VERB"}]]}, {"convening": [[{"LOWER": HALF}]]}, {"convening": [[{"_": {"own": 1}}]]},
        {"convening": [[{"LOWER": "a", "OP": "??"}]]}, {"no-such": ["x"]}, [],
    ],
)  # fmt: skip
def test_patterns_that_cannot_match_are_faults(tmp_path, patterns):
    with pytest.raises(InvalidFramework, match=r"own\.patterns\.json: "):
        read_framework(framework(tmp_path, patterns))


def test_every_fault_of_the_patterns_is_listed(tmp_path):
    file = framework(tmp_path, {"convening": ["fine", 5, [{"FOO": "x"}], [{"LOWER": "fine"}]], "other": ["x"]})
    with pytest.raises(InvalidFramework) as caught:
        read_framework(file)
    assert str(caught.value).count("own.patterns.json") == 3


@pytest.mark.parametrize("reserved", ["start", "end", "votes", "annotators", "note", "kind"])
def test_reserved_ids_of_frameworks_are_refused(tmp_path, reserved):
    with pytest.raises(InvalidFramework, match="another meaning"):
        load_frameworks([str(framework(tmp_path, {}, id=reserved))])


def _manifest(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}))


def _unlisted(folder, name):
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    _manifest(folder, sha256={key: value for key, value in listed.items() if key != name})


def _arrays(folder, **changes):
    with np.load(folder / "arrays.npz") as stored:
        arrays = {**stored, **changes}
    np.savez(folder / "arrays.npz", **arrays)
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    digest = hashlib.sha256((folder / "arrays.npz").read_bytes()).hexdigest()
    _manifest(folder, sha256={**listed, "arrays.npz": digest})


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: _manifest(folder, labels=5),
        lambda folder: _manifest(folder, labels=[["x"]]),
        lambda folder: _manifest(folder, labels=["no/such"]),
        lambda folder: _manifest(folder, frameworks="lqf"),
        lambda folder: _manifest(folder, frameworks=[5]),
        lambda folder: _manifest(folder, frameworks=["../../outside"]),
        lambda folder: _manifest(folder, sha256={"arrays.npz": 5}),
        lambda folder: _unlisted(folder, "arrays.npz"),
        lambda folder: _unlisted(folder, "features.txt"),
        lambda folder: _unlisted(folder, "frameworks/lqf.toml"),
        lambda folder: _unlisted(folder, "frameworks/systems.patterns.json"),
        lambda folder: (folder / "frameworks" / "lqf.patterns.json").write_text("{}"),
        lambda folder: _arrays(folder, bias=np.zeros(3, np.float32)),
        lambda folder: _arrays(folder, slope=np.zeros((2, 2), np.float32)),
        lambda folder: _arrays(folder, thresholds=np.float32(0)),
        lambda folder: _arrays(folder, embedding_weights=np.float32(0)),
        lambda folder: _arrays(folder, embedding_weights=np.zeros((384, 1), np.float32)),
        lambda folder: _arrays(folder, idf=np.array(["x"])),
    ],
)
def test_a_model_whose_parts_do_not_fit_is_refused(tmp_path, harm):
    shutil.copytree(find_model(None), tmp_path / "model")
    harm(tmp_path / "model")
    with pytest.raises(UnusableModel, match="model"):
        load_model(tmp_path / "model")


def test_a_model_for_vectors_of_another_length_is_refused(tmp_path):
    from pipeline.workflow import Tagger

    model = load_model(find_model(None))
    shutil.copytree(find_model(None), tmp_path / "model")
    _arrays(tmp_path / "model", embedding_weights=model.embedding_weights[:100])
    with pytest.raises(UnusableModel, match="another sentence encoder"):
        Tagger.load(tmp_path / "model")


# Folders and files of others


def write(path, name="page.html"):
    with folder_renamed_into_place(path) as part:
        (part / name).write_text("new")


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_that_leadlight_wrote_is_replaced(tmp_path):
    write(tmp_path / "pack", "one")
    write(tmp_path / "pack", "two")
    assert names_in(tmp_path / "pack") == [MARKER, "two"]
    assert names_in(tmp_path) == ["pack"]


def test_an_empty_folder_is_replaced_and_a_model_needs_no_marker(tmp_path):
    (tmp_path / "m").mkdir()
    model = load_model(find_model(None))
    for _ in range(2):
        save_model(model, tmp_path / "m")
    assert not (tmp_path / "m" / MARKER).exists()


@pytest.mark.parametrize("name", ["thesis.docx", "manifest.json", ".old"])
def test_a_folder_of_somebody_is_never_replaced(tmp_path, name):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text('{"name": "an add-on"}')
    with pytest.raises(WrongUsage, match="mine holds files that Leadlight did not write"):
        write(tmp_path / "mine")
    assert names_in(tmp_path / "mine") == [name]
    assert names_in(tmp_path) == ["mine"]


def test_the_folder_you_are_in_is_never_replaced(tmp_path, monkeypatch):
    inner = tmp_path / "pack" / "inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    for path in (".", "..", "../.."):
        with pytest.raises(WrongUsage, match="the folder that you are in"):
            write(Path(path))
    assert inner.is_dir()


def test_train_refuses_a_folder_before_it_works(tmp_path, leadlight):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("words")
    file = lines(tmp_path / "c.jsonl", {"id": "a", "text": TEXT, "sentences": [FIRST]})
    refused(leadlight("train", file, "-o", tmp_path / "mine"), 2, "holds files that Leadlight did not write")


def test_the_old_folder_comes_back_when_the_last_rename_fails(tmp_path, monkeypatch):
    write(tmp_path / "pack", "one")
    whole = Path.replace

    def replace(self, target):
        if self.suffix == ".part":
            raise OSError(28, "No space left on device")
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "pack", "two")
    assert names_in(tmp_path / "pack") == [MARKER, "one"]
    assert names_in(tmp_path) == ["pack"]


@posix
def test_links_are_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "file.txt").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "link.txt").symlink_to(tmp_path / "file.txt")
    write(tmp_path / "link")
    with renamed_into_place(tmp_path / "link.txt") as part:
        part.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real" / "page.html").read_text() == "new"
    assert (tmp_path / "file.txt").read_text() == "new"


@posix
def test_devices_and_pipes_are_written_straight_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_text()))
    reader.start()
    with written_whole(pipe) as stream:
        stream.write("a line\n")
    reader.join(10)
    assert found == ["a line\n"]
    assert pipe.is_fifo()
    write_lines([{"a": 1}], Path("/dev/null"))
    assert not Path("/dev/null").is_file()


@posix
@unprivileged
def test_a_place_without_permission_is_one_line(tmp_path, leadlight):
    (tmp_path / "locked").mkdir(mode=0o500)
    nominations = lines(tmp_path / "n.jsonl", {"id": "1", "text": TEXT})
    refused(leadlight("tag", nominations, "-o", tmp_path / "locked" / "e"), 1, "cannot be written")
    with pytest.raises(LeadlightError, match="cannot be written"):
        write(tmp_path / "locked" / "pack")
