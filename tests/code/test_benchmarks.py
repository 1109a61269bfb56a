"""The comparison of routes: no threshold sees the fold it cuts, differences are paired; deletion and flips counted."""

import json

import numpy as np
import pytest

from benchmarks.deletion import Deleter, Fall, against, without
from benchmarks.invariance import Count, add
from benchmarks.quality.__main__ import CORPUS, measured, result
from benchmarks.quality.figures import classifier_of, compared, cross_decided, decided
from benchmarks.quality.linear import SupportVectors
from benchmarks.quality.pool import pool_of
from benchmarks.quality.report import write_report
from benchmarks.quality.rules import Dictionary, Keywords
from pipeline.frameworks import shipped_frameworks
from pipeline.records import Nomination

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frameworks():
    return shipped_frameworks()


@pytest.fixture(scope="module")
def pools(corpus, frameworks):
    whole = pool_of(corpus[::6], frameworks)
    labels = [n for n, c in zip(whole.labels, whole.truth.sum(axis=0), strict=True) if c >= 8]
    return whole.only(labels), pool_of(corpus[3::9], frameworks).only(labels)


@pytest.fixture(scope="module")
def noisy(pools):
    truth = pools[0].truth
    return (truth + np.random.default_rng(1).normal(0, 0.4, truth.shape)).astype(np.float32)


def test_the_folders_of_the_corpus_are_there():
    assert all(folder.is_dir() for folder in CORPUS)


def test_the_dictionary_knows_patterns_and_phrases_in_other_forms(tagger, frameworks):
    (sentence,) = tagger.parser.sentences(
        Nomination(id="1", text="She liaised with the surgery and was tirelessly working extra hours.")
    )
    labels = ("lqf/personal", "lqf/managing-self", "systems/boundary-working", "lqf/planning")
    personal, itself, boundary, planning = Dictionary(frameworks, labels).scores([sentence])[0]
    assert boundary >= 1
    assert itself >= 1
    assert personal >= itself
    assert planning == 0


def test_a_fold_is_cut_at_thresholds_of_the_others(pools, noisy, frameworks):
    pool, _ = pools
    model = classifier_of(frameworks, pool.labels)
    before = cross_decided(model, pool, noisy)
    held = pool.folds == 0
    truth = pool.truth.copy()
    truth[held] = ~truth[held]
    other = type(pool)(pool.sentences, pool.keys, pool.labels, truth, pool.narratives, pool.folds)
    after = cross_decided(model, other, noisy)
    assert held.any()
    assert (before.tagged[held] == after.tagged[held]).all()
    assert (before.tagged[~held] != after.tagged[~held]).any()


def test_a_route_is_ahead_of_a_worse_one_and_not_of_itself(pools, noisy, frameworks):
    pool, _ = pools
    model = classifier_of(frameworks, pool.labels)
    worse = noisy + np.random.default_rng(2).normal(0, 2, noisy.shape).astype(np.float32)
    good, bad = (decided(model, scores, pool.truth, pool.narratives, scores) for scores in (noisy, worse))
    found = compared(model, good, bad, pool.truth, pool.narratives)
    assert found["mean"]["interval"][0] > 0
    assert found["mean"]["not_ahead"] == 0
    same = compared(model, good, good, pool.truth, pool.narratives)
    assert same["mean"] == {"difference": 0, "interval": [0, 0], "not_ahead": 1}


def test_two_routes_from_training_to_the_page(pools, frameworks, tmp_path):
    corpus, test = pools
    outcomes = {
        route.name: (route, measured(route, corpus, test)) for route in (Keywords(frameworks), SupportVectors())
    }
    found = result(frameworks, corpus, test, outcomes)
    found["settings"] = dict.fromkeys(
        ("corpus_narratives", "corpus_sentences", "test_narratives", "test_sentences", "labels", "spacy_epochs"), 1
    ) | {"test_file": "t.jsonl", "setfit_steps": 1}
    page = tmp_path / "docs/quality.md"
    write_report(found, tmp_path)
    page.write_text(page.read_text(encoding="utf-8") + "\nWhat a person wrote.\n", encoding="utf-8")
    write_report(found, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.count("| keyword dictionary |") == 6
    assert text.endswith("What a person wrote.\n")
    assert "<svg" in (tmp_path / "docs/quality.svg").read_text(encoding="utf-8")
    kept = json.loads((tmp_path / "benchmarks/results/quality.json").read_text(encoding="utf-8"))
    learned, rules = (kept["routes"][name]["within"]["dimensions"]["auc"] for name in ("tfidf-svm", "keywords"))
    assert learned > 0.6
    assert rules > 0.5


def test_words_are_cut_out_with_the_space_before_them():
    assert without("She rang the GP.", [(4, 8), (13, 15)]) == "She the."
    assert without("She rang", [(0, 3)]) == " rang"


def test_deleting_what_carried_a_tag_lowers_it(tagger):
    nomination = Nomination(id="1", text="It was May. She set up a forum with the hospital and the council. Good.")
    sentence = tagger.parser.sentences(nomination)[1]
    falls = [fall for fall in Deleter(tagger).falls(0, nomination, sentence, 3) if fall]
    assert falls
    assert np.mean([fall.why for fall in falls]) > np.mean([fall.random for fall in falls])


def test_falls_are_compared_over_narratives_and_a_ratio_needs_a_fall():
    falls = [Fall(n, 2.0, 0.5, None if n else -1.0, True, 0.5) for n in range(5)]
    found = against(falls, "random")
    assert (found["ratio"], found["ratio_low"], found["ratio_high"]) == (4, 4, 4)
    rising = against(falls, "telling")
    assert (rising["tags"], rising["difference"], rising["ratio"]) == (1, 3, np.inf)


def test_flips_are_counted_by_sentence_kind_and_tag():
    count = Count()
    one, other = frozenset({"a/x"}), frozenset({"a/y"})
    add(count, [("k", one), ("k", one), ("k", one)], [("k", one), ("k", other), ("l", one)], changed=True)
    assert (count.flipped, count.kinds, count.tags, count.sentences) == (2, 1, 2, 3)
    add(count, [("k", one)], [("k", one), ("k", one)], changed=True)
    assert (count.recut, count.flipped) == (1, 3)
