"""Agreement: the figures of the packages that are known for them, on tables drawn at random; and of the corpus."""

import json
import warnings

import krippendorff
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pytest import approx
from sklearn.metrics import cohen_kappa_score, f1_score

from pipeline.labels.agreement import alpha, cohen, f1, fleiss
from tests.conftest import ROOT

tables = st.tuples(st.integers(2, 5), st.integers(1, 30)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 1.0, 2.0, np.nan]))
)


@settings(max_examples=200, deadline=None)
@given(tables)
def test_alpha_is_that_of_the_krippendorff_package(votes):
    pairable = votes[:, (~np.isnan(votes)).sum(axis=0) >= 2]
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        assert np.isnan(alpha(votes)) or alpha(votes) == 1
        return
    theirs = krippendorff.alpha(reliability_data=votes, level_of_measurement="nominal")
    assert alpha(votes) == approx(theirs, abs=1e-9)


binary = st.integers(1, 40).flatmap(
    lambda n: st.tuples(*(arrays(np.float64, n, elements=st.sampled_from([0.0, 1.0])) for _ in range(2)))
)


@settings(max_examples=200, deadline=None)
@given(binary)
def test_kappa_and_f1_are_those_of_scikit_learn(pair):
    one, other = pair
    with warnings.catch_warnings(action="ignore"):
        theirs = cohen_kappa_score(one, other)
    assert cohen(one, other) == approx(theirs, abs=1e-9, nan_ok=True)
    if one.sum() + other.sum():
        assert f1(np.stack(pair)) == approx(f1_score(one, other), abs=1e-9)


def test_fleiss_kappa_of_the_paper():
    """Ten subjects, 14 raters, five categories: the worked table with kappa .210."""
    table = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    votes = np.array([np.repeat(np.arange(5.0), row) for row in table]).T
    assert fleiss(votes) == approx(0.210, abs=5e-4)


def test_the_command_measures_a_corpus_and_lists_what_to_talk_about(leadlight, tmp_path):
    differ = tmp_path / "differ.jsonl"
    part = ROOT / "data" / "corpus" / "written" / "wd.txt"
    done = leadlight("labels", "agree", part, "--draws", "20", "--json", "--differ", differ)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    row = found["labels"]["code/compassionate"]
    assert row["alpha_interval"][0] <= row["alpha"] <= row["alpha_interval"][1]
    assert sum(row["table"].values()) == found["units"]
    disputed = [json.loads(line) for line in differ.read_text(encoding="utf-8").splitlines()]
    assert disputed
    assert all(row["said"]["a"] != row["said"]["b"] for row in disputed)


def test_decisions_travel_to_a_worksheet_and_back(leadlight, tmp_path):
    from openpyxl import load_workbook

    text = "=She rang the GP. She is kind."
    said = [{"start": 0, "end": 17, "labels": ["kind/behaviour", "lqf/networks"]}, {"start": 18, "end": 30}]
    other = [{"start": 0, "end": 17, "labels": ["kind/behaviour"]}, {"start": 18, "end": 30}]
    for sentence in (said[1], other[1]):
        sentence["labels"] = ["kind/praise", "code/compassionate"]
    labellings = [{"role": "annotator", "by": by, "sentences": s} for by, s in (("x", said), ("y", other))]
    corpus = tmp_path / "c.jsonl"
    corpus.write_text(json.dumps({"id": "1", "text": text, "labellings": labellings}) + "\n", encoding="utf-8")
    sheet, out = tmp_path / "s.xlsx", tmp_path / "out.jsonl"
    done = leadlight("labels", "adjudicate", corpus, "-o", sheet)
    assert (done.returncode, "1 sentences to decide" in done.stderr) == (0, True)
    book = load_workbook(sheet)
    cells = book.active
    assert cells["E2"].value == "'=She rang the GP."
    assert [cells["G2"].value, cells["H2"].value] == ["lqf/networks kind/behaviour", "kind/behaviour"]
    cells["I2"] = "behaviour networks boundary-working @nothing"
    book.save(sheet)
    done = leadlight("labels", "adjudicate", corpus, "--decisions", sheet, "-o", out)
    assert (done.returncode, "row 2" in done.stderr, out.exists()) == (2, True, False)
    cells["I2"] = "behaviour networks boundary-working"
    book.save(sheet)
    done = leadlight("labels", "adjudicate", corpus, "--decisions", sheet, "--by", "Ann", "-o", out)
    assert done.returncode == 0, done.stderr
    row = json.loads(out.read_text(encoding="utf-8"))
    assert [s["lqf"] for s in row["sentences"]] == [["networks"], []]
    assert row["sentences"][0]["systems"] == ["boundary-working"]
    assert row["sentences"][1]["kind"] == "praise"
    assert [(one["role"], one["by"]) for one in row["labellings"]] == [
        ("annotator", "x"), ("annotator", "y"), ("decision", "Ann"),
    ]  # fmt: skip
    assert "0 sentences still open" in done.stderr
