"""Figures of a model: equal to scikit-learn's, resampled by narrative, told in three kinds of file."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_fscore_support, roc_auc_score

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.jsonl import to_row
from pipeline.quality.comparison import difference, mcnemar
from pipeline.quality.resamples import Resamples, interval, ranking
from pipeline.quality.slices import holm, slice_of, slices
from pipeline.records import LabelledNarrative
from pipeline.storage import write_lines


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(0, 3)), min_size=2, max_size=40))
def test_ranking_figures_equal_scikit_learns(rows):
    scores, truth, weights = (np.array(column) for column in zip(*rows, strict=True))
    drawn = np.repeat(np.arange(len(rows)), weights)
    auc, average = ranking(scores.astype(np.float32), truth, weights[None])
    if 0 < truth[drawn].sum() < len(drawn):
        assert auc[0] == pytest.approx(roc_auc_score(truth[drawn], scores[drawn]))
        assert average[0] == pytest.approx(average_precision_score(truth[drawn], scores[drawn]))
    elif len(drawn):
        assert np.isnan(auc[0])


def test_resampling_keeps_narratives_whole_and_repeats():
    groups = np.array([4, 4, 4, 9, 9, 2])
    resamples = Resamples.of(groups, 30)
    assert (resamples.counts.sum(axis=1) == 3).all()
    for part, weights in resamples.weights():
        assert (weights[:, 0] == weights[:, 2]).all()
        assert (weights @ np.ones(6) == resamples.sums(np.ones(6))[part]).all()
    assert (Resamples.of(groups, 30).counts == resamples.counts).all()
    assert interval(np.array([np.nan, np.nan])) == [None, None]


def test_corrections_and_tests_of_difference():
    assert holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06]
    assert holm([]) == []
    one, other = np.array([1, 1, 1, 1, 1, 0, 1], bool), np.array([0, 0, 0, 0, 0, 1, 1], bool)
    assert mcnemar(one, other) == {"only_one": 5, "only_other": 1, "p": 0.2188}
    assert mcnemar(one, one)["p"] == 1.0
    assert difference(0.1, np.full(999, 0.1))["p"] == 0.002
    assert difference(0.0, np.array([-0.1, 0.1] * 50))["p"] == 1.0


def test_slices_find_a_planted_difference_and_only_that():
    from pipeline.quality import Answers

    generator = np.random.default_rng(1)
    truth = generator.random((240, 2)) < 0.4
    groups = np.repeat(np.arange(60), 4)
    harder = groups < 20
    tagged = truth ^ (generator.random(truth.shape) < np.where(harder, 0.5, 0.05)[:, None])
    narratives = [
        LabelledNarrative(
            id=str(i), text="word " * 50, sentences=(), setting="hospital" if i < 20 else "charity",
            level="strategic" if i % 2 else "team", extra={"category": "a"},
        )
        for i in range(60)
    ]  # fmt: skip
    answers = Answers(
        shipped_frameworks(), ("code/curious", "code/inclusive"), tagged.astype(np.float32), tagged, truth, groups,
        narratives, [(0, 4)] * 240, 240, {},
    )  # fmt: skip
    found = slices(answers)
    assert set(found) == {"setting", "level", "category", "length"}
    (hospital,) = [row for row in found["setting"] if row["value"] == "hospital"]
    assert hospital["difference"] < -0.2
    assert hospital["p_holm"] < 0.01
    assert all(row["p"] > 0.01 for row in found["level"])
    assert found["category"][0]["p"] is None
    assert slice_of(narratives[0], "length") == "under 100 words"


@pytest.fixture(scope="module")
def small(corpus, tmp_path_factory):
    """Twelve labelled narratives as a file, one of them hostile."""
    folder = tmp_path_factory.mktemp("small")
    rows = [to_row(narrative, shipped_frameworks()) for narrative in [*corpus[:6], *corpus[-6:]]]
    text = "<script>alert(1)</script> |*bold*| She rang the GP every day and never gave up."
    label = {"start": 0, "end": len(text), "kind": "praise", "lqf": ["vision-telling"], "systems": [], "code": []}
    rows.append({"id": "<b>x</b>", "text": text, "sentences": [label]})
    write_lines(rows, folder / "small.jsonl")
    return folder


def test_evaluate_tells_everything(leadlight, small):
    done = leadlight("evaluate", "default", small / "small.jsonl", "-o", small / "out", "--json", "--slice", "nation")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == json.loads((small / "out" / "evaluation.json").read_text(encoding="utf-8"))
    assert found["narratives"] == 13
    assert 0 < found["overall"]["f1_interval"][0] <= found["overall"]["f1"] <= found["overall"]["f1_interval"][1] <= 1
    for row in found["labels"].values():
        assert row["tagged"] == 0 or row["precision_interval"][0] <= row["precision"] <= row["precision_interval"][1]
    assert {"nominator", "setting", "level", "length", "nation"} <= set(found["slices"])
    for matrix in found["confusion"].values():
        assert [row[i] for i, row in enumerate(matrix["counts"])] == [
            round(found["labels"][name]["recall"] * found["labels"][name]["sentences"]) for name in matrix["labels"]
        ]
    html, markdown = ((small / "out" / f"evaluation.{kind}").read_text(encoding="utf-8") for kind in ("html", "md"))
    assert "<script>alert" not in html
    assert "<b>x" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "\\<script\\>alert(1)\\</script\\> \\|\\*bold\\*\\|" in markdown
    assert html.count("<svg") == 2
    assert "http://" not in html.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )


def test_evaluate_shows_the_nearest_training_sentences_and_warns_of_leaks(leadlight, small):
    done = leadlight(
        "evaluate", "default", small / "small.jsonl", "--json", "--trained-on", small / "small.jsonl", "--mistakes", "1"
    )
    assert done.returncode == 0, done.stderr
    assert "13 of 13 narratives are in the training corpus" in done.stderr
    found = json.loads(done.stdout)
    rows = [row for sides in found["mistakes"].values() for side in sides.values() for row in side]
    assert rows
    for row in rows:
        assert row["nearest"][0]["likeness"] == pytest.approx(1, abs=0.01)
        assert row["nearest"][0]["text"] == row["text"]


def test_a_model_compared_with_itself_differs_in_nothing(leadlight, small):
    done = leadlight("compare", "default", "default", small / "small.jsonl", "-o", small / "compared", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["only_in_one"] == found["only_in_other"] == []
    for row in found["groups"].values():
        assert {part["difference"] for part in row.values()} == {0}
        assert {part["p"] for part in row.values()} == {1}
    assert {(row["only_one"], row["only_other"]) for row in found["labels"].values()} == {(0, 0)}
    assert "p (bootstrap)" in (small / "compared" / "comparison.html").read_text(encoding="utf-8")
    assert (small / "compared" / "comparison.md").is_file()


def test_label_figures_equal_scikit_learns(corpus):
    from pipeline.model import find_model, load_model
    from pipeline.quality import figures_of
    from pipeline.workflow.evaluation import answers_of

    folder = find_model(None)
    model = load_model(folder)
    answers = answers_of(corpus[:5], folder, model.frameworks, model.labels, 1)
    figures = figures_of(
        model.frameworks, model.labels, answers.scores, answers.tagged, answers.truth, Resamples.of(answers.groups, 20)
    )
    checked = 0
    for column, name in enumerate(model.labels):
        if name not in figures["labels"] or not answers.truth[:, column].any():
            continue
        row = figures["labels"][name]
        precision, recall, f1, _ = precision_recall_fscore_support(
            answers.truth[:, column], answers.tagged[:, column], average="binary", zero_division=0
        )
        assert [row["precision"], row["recall"], row["f1"]] == pytest.approx([precision, recall, f1], abs=1e-4)
        assert row["auc"] == pytest.approx(roc_auc_score(answers.truth[:, column], answers.scores[:, column]), abs=1e-4)
        checked += 1
    assert checked > 10


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.booleans()), min_size=3, max_size=60))
def test_curves_hold_the_best_precision_of_a_recall_and_add_up(rows):
    from pipeline.quality import Answers
    from pipeline.quality.curves import curves

    score, truth, tagged = (np.array(column) for column in zip(*rows, strict=True))
    size = len(rows)
    answers = Answers(
        shipped_frameworks(), ("code/curious",), (score[:, None] / 20).astype(np.float32), tagged[:, None],
        truth[:, None], np.arange(size), [LabelledNarrative(str(i), "She asked.", ()) for i in range(size)],
        [(0, 10)] * size, size, {},
    )  # fmt: skip
    found = curves(answers)
    calibration = found["calibration"]["code"]
    assert sum(calibration["decisions"]) == size
    assert np.dot(calibration["true"], calibration["decisions"]) == pytest.approx(truth.sum(), abs=0.1)
    curve = found["precision_recall"]["groups"]["code"]
    for recall, precision in zip(curve["recall"], curve["precision"], strict=True):
        cuts = [score >= cut for cut in range(22)]
        best = max(truth[c].mean() for c in cuts if c.any() and truth[c].sum() / truth.sum() >= recall - 1e-4)
        assert recall == 0 or precision <= best + 1e-4
    assert not truth.any() or curve["recall"][0] == 1
