"""Leadlight from Python: the API, the scikit-learn estimator, the run log, a model verified."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

import pipeline
from pipeline.errors import WrongUsage
from pipeline.estimators import TagClassifier
from pipeline.workflow import Tagger

TEXTS = ["She rang the GP every day and set up a forum with the council.", "A kind man."]


@pytest.fixture(scope="module")
def loaded():
    return pipeline.load()


def test_texts_and_tables_are_tagged(loaded):
    assert isinstance(loaded, Tagger)
    rows = list(pipeline.tag(TEXTS, loaded))
    assert [row["id"] for row in rows] == ["1", "2"]
    table = pd.DataFrame({"text": TEXTS, "nominee": ["Ann", None], "score": [3, 4]})
    records = list(pipeline.nominations_of(table))
    assert (records[0].nominee, records[1].nominee) == ("Ann", "")
    assert [row["text"] for row in pipeline.tag(records, loaded)] == TEXTS
    with pytest.raises(WrongUsage, match="no column `text`"):
        list(pipeline.nominations_of(pd.DataFrame({"story": TEXTS})))


def test_evidence_as_a_table(loaded):
    rows = list(pipeline.tag(TEXTS, loaded))
    tags, sentences = pipeline.read_evidence(rows), pipeline.read_evidence(rows, per="sentence")
    assert len(tags) == sum(len(s["tags"]) for row in rows for s in row["sentences"]) > 0
    assert len(sentences) == sum(len(row["sentences"]) for row in rows)
    for _, row in sentences.iterrows():
        assert TEXTS[int(row["id"]) - 1][row["start"] : row["end"]] == row["text"]


def test_a_model_named_and_a_model_loaded_say_the_same(loaded):
    assert list(pipeline.tag(TEXTS)) == list(pipeline.tag(TEXTS, loaded))


def not_applying(_estimator):
    return {
        "check_classifier_multioutput": "labels are cut at thresholds of best F1, not where the probability is half"
    }


@pytest.mark.slow
@parametrize_with_checks([TagClassifier(folds=2)], expected_failed_checks=not_applying)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def test_the_estimator_learns_several_labels():
    generator = np.random.default_rng(0)
    X = generator.normal(size=(300, 6))  # noqa: N806
    y = np.stack([X[:, 0] > 0.5, X[:, 1] + X[:, 2] > 1], axis=1).astype(int)
    model = clone(TagClassifier(strength=1.0)).fit(X[:200], y[:200], groups=np.arange(200) // 4)
    assert model.predict_proba(X[200:]).shape == (100, 2)
    assert (model.predict(X[200:]) == y[200:]).mean() > 0.85


def test_estimators_fit_in_a_pipeline_and_a_grid_search():
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    from pipeline.estimators import SentenceFeatures

    texts = [f"{who} {what} day {n}." for n in range(12) for who, what in (("She", "rang the GP"), ("He", "was kind"))]
    y = np.array([1, 0] * 12)
    whole = make_pipeline(SentenceFeatures(least=1, embed=False), TagClassifier(folds=2))
    grid = {"tagclassifier__strength": [0.1, 1.0]}
    search = GridSearchCV(whole, grid, cv=2, error_score="raise").fit(texts[:20], y[:20])
    assert search.best_params_["tagclassifier__strength"] in grid["tagclassifier__strength"]
    assert (search.predict(texts[20:]) == y[20:]).all()


def test_runs_are_logged(tmp_path):
    from pipeline.runs import log_run, runs

    log_run(tmp_path, "train", {"seed": 1}, {"groups": {"a": {"f1": 0.5}}})
    log_run(tmp_path, "evaluate", {"model": "m"}, {})
    assert [run["what"] for run in runs(tmp_path)] == ["train", "evaluate"]


@pytest.mark.slow
def test_a_model_is_verified_from_its_recipe(leadlight, tmp_path):
    part = "data/corpus/written/wd.txt"
    assert leadlight("train", part, "-o", tmp_path / "m", "--folds", "2", "--jobs", "1").returncode == 0
    done = leadlight("model", "verify", tmp_path / "m", part, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "identical, every byte" in done.stdout
    other = leadlight("model", "verify", tmp_path / "m", "data/corpus/written/we.txt", "--jobs", "1")
    assert other.returncode == 1
    assert "the corpus is not the one" in other.stdout
