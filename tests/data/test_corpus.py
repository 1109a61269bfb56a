"""The corpus: format, spans, spread, no near-duplicates, nothing of the samples in it."""

from collections import Counter

from pipeline.encoder import Encoder
from pipeline.frameworks import shipped_frameworks
from pipeline.labels.check import faults, runs
from pipeline.labels.stats import agreement
from pipeline.model import find_model, load_model
from pipeline.nominations import read_nominations
from pipeline.records import LEVELS, NOMINATORS, SETTINGS
from pipeline.workflow import corpus_digest
from tests.conftest import ROOT


def test_the_corpus_has_no_faults(corpus):
    assert list(faults(corpus, shipped_frameworks(), [])) == []


def test_size_and_parts(corpus):
    parts = Counter(narrative.extra["part"] for narrative in corpus)
    assert sum(len(narrative.sentences) for narrative in corpus) >= 10_000
    assert parts["grounded"] >= 400
    assert parts["written"] >= 500


def test_every_label_and_sector_has_enough_sentences(corpus):
    frameworks = shipped_frameworks()
    labels = Counter(label for n in corpus for s in n.sentences for label in s.labels)
    sectors = Counter(sector for n in corpus for s in n.sentences for sector in s.partners)
    assert [label.full for label in frameworks.learned if labels[label.full] < 60] == []
    assert [label.id for label in frameworks.sectors if sectors[label.id] < 25] == []


def test_all_of_it_was_labelled_twice_and_the_labellings_agree(corpus):
    sentences = [sentence for narrative in corpus for sentence in narrative.sentences]
    assert sum(sentence.annotators == 2 for sentence in sentences) == len(sentences)
    alphas = agreement(corpus, shipped_frameworks())
    assert len(alphas) > 40
    assert sum(alphas.values()) / len(alphas) >= 0.75
    assert min(alphas.values()) >= 0.5


def test_the_spread_is_wide(corpus):
    """Every value of the contract but `unknown` is there; no nominator, setting or level is most of the corpus."""
    for name, values in (("nominator", NOMINATORS), ("setting", SETTINGS), ("level", LEVELS)):
        found = Counter(getattr(narrative, name) for narrative in corpus)
        assert set(values) - {"unknown"} <= set(found)
        assert max(found.values()) < 0.5 * len(corpus), name
    for name, least in (
        ("nation", 5),
        ("period", 3),
        ("gender", 4),
        ("age", 4),
        ("heritage", 10),
        ("faith", 6),
        ("text_type", 10),
    ):
        assert len({n.extra[name] for n in corpus} - {"unstated"}) >= least, name


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


def test_the_shipped_model_and_encoder_were_made_of_this_corpus(corpus):
    manifest = load_model(find_model(None)).manifest
    assert manifest["corpus_sha256"] == corpus_digest(corpus)
    assert manifest["encoder_sha256"] == Encoder().sha256
    assert manifest["with_heads"]
    assert Encoder().manifest["tuned"]["sentences"] == sum(len(narrative.sentences) for narrative in corpus)
