"""Batches survive: killed and resumed to the same bytes, failures set aside, workers lost, changes only."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import LeadlightError, WrongUsage
from pipeline.journal import folder_of, journal
from pipeline.model import find_model
from pipeline.nominations import read_nominations
from pipeline.workflow import TagOptions, outcomes, processes, tag_file
from pipeline.workflow.batch import LONGEST
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
JOB = {"work": 1}
ACTS = (
    "rang the GP",
    "met the nurses",
    "asked the family",
    "wrote to the council",
    "opened a club",
    "trained the team",
)


def nominations(path, count, changed=()):
    """Nominations of two sentences, every one distinct."""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            word = "again" if number in changed else "first"
            text = f"She {ACTS[number % 6]} {number} times. Falls dropped by {number} {word}."
            stream.write(json.dumps({"id": f"n-{number}", "text": text, "nominee": "Ann Example"}) + "\n")
    return path


def beginnings(count):
    return [f'{{"id":{number},'.encode() for number in range(count)]


def line(number):
    return json.dumps({"id": number, "text": "é" * 40}, separators=(",", ":"), ensure_ascii=False)


# The journal


def test_a_journal_goes_on_after_the_last_whole_line(tmp_path):
    path = tmp_path / "out.jsonl"
    with journal(path, JOB) as first:
        first.start()
        for number in (0, 1):
            first.write(line(number))
        first.set_aside({"id": 2, "why": "broken"})
        first.write(line(3))
    assert not path.exists()
    with (folder_of(path) / "lines.jsonl").open("ab") as stream:
        stream.write(line(4).encode()[:30])
    with journal(path, JOB) as second:
        assert second.begun()
        second.resume(beginnings(6))
        assert (second.written, second.done, second.aside) == (3, 4, [{"id": 2, "why": "broken"}])
        for number in (4, 5):
            second.write(line(number))
        second.finish(tmp_path / "failed.jsonl")
    expected = "".join(line(number) + "\n" for number in (0, 1, 3, 4, 5))
    assert path.read_text(encoding="utf-8") == expected
    assert json.loads((tmp_path / "failed.jsonl").read_text())["id"] == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["failed.jsonl", "out.jsonl"]


@pytest.mark.parametrize("cut", range(0, 180, 7))
def test_wherever_a_journal_is_cut_nothing_is_lost_or_doubled(tmp_path, cut):
    path = tmp_path / "out.jsonl"
    with journal(path, JOB) as first:
        first.start()
        for number in range(2):
            first.write(line(number))
        first.set_aside({"id": 2})
        first.write(line(3))
    os.truncate(folder_of(path) / "lines.jsonl", cut)
    with journal(path, JOB) as second:
        second.resume(beginnings(5))
        for number in range(second.done, 5):
            second.set_aside({"id": 2}) if number == 2 else second.write(line(number))
        second.finish(tmp_path / "failed.jsonl")
    assert [json.loads(text)["id"] for text in path.read_text(encoding="utf-8").splitlines()] == [0, 1, 3, 4]
    assert (tmp_path / "failed.jsonl").read_text().count("\n") == 1


def test_a_line_of_another_item_ends_what_is_trusted(tmp_path):
    path = tmp_path / "out.jsonl"
    with journal(path, JOB) as first:
        first.start()
        for number in (0, 2, 3):
            first.write(line(number))
    with journal(path, JOB) as second:
        second.resume(beginnings(4))
        assert second.done == 1


def test_a_journal_of_other_work_is_refused(tmp_path):
    with journal(tmp_path / "out", JOB) as first:
        first.start()
    with journal(tmp_path / "out", {"work": 2}) as second, pytest.raises(WrongUsage, match="of another run"):
        second.resume([])


def test_two_runs_cannot_write_one_file(tmp_path):
    with journal(tmp_path / "out", JOB) as first:
        first.start()
        with pytest.raises(LeadlightError, match="Another run is writing"), journal(tmp_path / "out", JOB):
            pass
        first.write(line(0))
        first.finish(tmp_path / "failed")
    assert (tmp_path / "out").read_text(encoding="utf-8") == line(0) + "\n"


def test_how_many_processes():
    cores = os.cpu_count() or 1
    assert [processes(None, 10), processes(None, 10_000), processes(-1, 1), processes(3, 1)] == [1, cores, cores, 3]


# The command


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Nominations and their evidence, tagged at one go by one process."""
    folder = tmp_path_factory.mktemp("whole")
    tag_file(nominations(folder / "n.jsonl", 90), find_model(None), folder / "e.jsonl", TagOptions(), jobs=1)
    return folder


def _hears_control_c():
    """In the background, as CI may run, a shell starts its commands deaf to Ctrl-C; a user's terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def killed(command, cwd, enough, how):
    """Start a command and stop it when so many bytes lie in its unfinished output; gives its code and its stderr."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *map(str, command)],
        cwd=cwd, env=environment, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
        preexec_fn=None if os.name == "nt" else _hears_control_c,
    )  # fmt: skip
    lines = cwd / "e.jsonl.part" / "lines.jsonl"
    begun = time.monotonic()
    while process.poll() is None and (not lines.exists() or lines.stat().st_size < enough):
        assert time.monotonic() - begun < 300
        time.sleep(0.01)
    assert process.poll() is None, "it was over before it could be stopped"
    how(process)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def test_killed_and_resumed_to_the_same_bytes(whole, tmp_path, leadlight):
    file = nominations(tmp_path / "n.jsonl", 90)
    command = ("tag", file, "-o", tmp_path / "e.jsonl", "--jobs", "1", "--resume")
    killed(command, tmp_path, 1, lambda process: process.kill())
    assert not (tmp_path / "e.jsonl").exists()
    done = leadlight(*command)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "e.jsonl").read_bytes() == (whole / "e.jsonl").read_bytes()
    record = json.loads((tmp_path / "e.run.json").read_text(encoding="utf-8"))
    assert record["counts"]["done by an earlier run"] >= 1
    assert record["counts"]["tagged"] == 90
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.jsonl", "e.run.json", "n.jsonl"]
    again = leadlight(*command)
    assert "is complete and up to date: 90 nominations" in again.stderr


@posix
def test_stopped_by_control_c_in_two_processes(whole, tmp_path, leadlight):
    file = nominations(tmp_path / "n.jsonl", 90)
    command = ("tag", file, "-o", tmp_path / "e.jsonl", "--jobs", "2")
    code, err = killed(command, tmp_path, 1, lambda process: os.killpg(process.pid, signal.SIGINT))
    assert code == 130, err
    assert "--resume goes on" in err
    assert "leadlight: stopped." in err
    assert "Traceback" not in err
    done = leadlight(*command, "--resume")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "e.jsonl").read_bytes() == (whole / "e.jsonl").read_bytes()


def test_resuming_other_nominations_is_refused(tmp_path, leadlight):
    file = nominations(tmp_path / "n.jsonl", 90)
    command = ("tag", file, "-o", tmp_path / "e.jsonl", "--jobs", "1")
    killed(command, tmp_path, 1, lambda process: process.kill())
    nominations(file, 90, changed=[1])
    done = leadlight(*command, "--resume")
    assert done.returncode == 2
    assert "is of another run" in done.stderr
    for output, nominated in (("-", file), (tmp_path / "e.jsonl", "-")):
        done = leadlight("tag", nominated, "-o", output, "--resume", stdin="")
        assert done.returncode == 2
        assert "--resume" in done.stderr


def test_a_nomination_that_fails_is_set_aside_and_the_rest_goes_on(tmp_path, leadlight):
    file = nominations(tmp_path / "n.jsonl", 2)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"id": "novel", "text": "word " * (LONGEST // 5 + 1), "category": "Long"}) + "\n")
        stream.write(json.dumps({"id": "last", "text": "He listens."}) + "\n")
    done = leadlight("tag", file, "-o", tmp_path / "e.jsonl")
    assert done.returncode == 0, done.stderr
    assert "novel (line 3) set aside: the text has 1,000,005 characters" in done.stderr
    assert "3 nominations tagged; 1 set aside" in done.stderr
    rows = [json.loads(text) for text in (tmp_path / "e.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["n-0", "n-1", "last"]
    (failed,) = read_nominations(tmp_path / "e.failed.jsonl")
    assert (failed.id, failed.category) == ("novel", "Long")
    assert leadlight("tag", file, "-o", tmp_path / "e.jsonl", "--strict", "--resume").returncode == 1


def test_a_broken_line_is_refused_before_any_work(tmp_path, leadlight):
    file = nominations(tmp_path / "n.jsonl", 40)
    with file.open("a", encoding="utf-8") as stream:
        stream.write("{no\n")
    done = leadlight("tag", file, "-o", tmp_path / "e.jsonl")
    assert done.returncode == 2
    assert "line 41" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["n.jsonl"]


def test_what_has_not_changed_is_taken_over(whole, tmp_path):
    file = nominations(tmp_path / "n.jsonl", 90, changed=[3, 50])
    model, output = find_model(None), tmp_path / "e.jsonl"
    record = tag_file(file, model, output, TagOptions(), jobs=1, reuse=whole / "e.jsonl")
    assert record["counts"]["taken over"] == 88
    fresh = tmp_path / "fresh.jsonl"
    assert tag_file(file, model, fresh, TagOptions(), jobs=1)["counts"]["taken over"] == 0
    assert output.read_bytes() == fresh.read_bytes()
    record = tag_file(file, model, output, TagOptions(with_scores=True), jobs=1, reuse=whole / "e.jsonl")
    assert record["counts"]["taken over"] == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the workers in /proc")
def test_a_worker_that_is_killed_takes_nothing_with_it(whole):
    found = outcomes(read_nominations(whole / "n.jsonl"), find_model(None), TagOptions(), jobs=2)
    lines = [next(found).line]
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    workers = [pid for pid in children if "popen_loky" in Path(f"/proc/{pid}/cmdline").read_text()]
    assert len(workers) == 2
    os.kill(int(workers[0]), signal.SIGKILL)
    lines += [outcome.line for outcome in found]
    assert "".join(text + "\n" for text in lines) == (whole / "e.jsonl").read_text(encoding="utf-8")
