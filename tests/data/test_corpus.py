"""The corpus: format, spans, spread, no near-duplicates, nothing of the samples in it."""

from collections import Counter

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.check import faults, runs
from pipeline.nominations import read_nominations
from tests.conftest import ROOT


def test_the_corpus_has_no_faults(corpus):
    assert list(faults(corpus, shipped_frameworks(), [])) == []


def test_size_and_parts(corpus):
    sentences = sum(len(narrative.sentences) for narrative in corpus)
    grounded = sum(len(n.sentences) for n in corpus if n.extra["part"] == "grounded")
    assert len(corpus) >= 140
    assert sentences >= 1_500
    assert grounded >= 500


def test_grounded_narratives_have_a_key_and_no_address(corpus):
    keys = [n.extra["source"] for n in corpus if n.extra["part"] == "grounded"]
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in keys)
    assert max(Counter(keys).values()) == 1
    assert not any("http" in n.text or "www." in n.text for n in corpus)


def test_the_corpus_is_not_what_the_demo_shows(corpus, leadlight, tmp_path):
    samples = ROOT / "data" / "samples"
    done = leadlight("ingest", samples / "awards-2026.xlsx", samples / "letters", "-o", tmp_path / "n.jsonl")
    assert done.returncode == 0, done.stderr
    seen = {run for narrative in corpus for run in runs(narrative.text, 12)}
    for nomination in read_nominations(tmp_path / "n.jsonl"):
        assert not runs(nomination.text, 12) & seen, nomination.id


def test_more_than_half_of_the_sentences_carry_no_tag(corpus):
    tagged = {label.full for framework in shipped_frameworks().tagged for label in framework}
    sentences = [sentence for narrative in corpus for sentence in narrative.sentences]
    assert sum(not sentence.labels & tagged for sentence in sentences) > len(sentences) / 2
