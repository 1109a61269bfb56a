"""Labels out to each tool's format and back: what the format can hold comes back the same."""

import json
from dataclasses import replace

import pytest

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.exchange.corpus import read_texts
from pipeline.labels.exchange.decide import narrative_of
from pipeline.labels.exchange.formats import FORMATS
from pipeline.labels.exchange.names import Names, placed
from pipeline.labels.exchange.records import (
    ACCEPT,
    ANNOTATOR,
    DECISION,
    IGNORE,
    MODEL,
    REJECT,
    LabelledText,
    Labelling,
    Span,
)
from pipeline.labels.exchange.tool import Context
from tests.conftest import ROOT

NAMES = Names(shipped_frameworks())
ENDING = {"doccano": ".zip"}
BOTH_WAYS = [name for name, format_ in FORMATS.items() if format_.read]


@pytest.fixture(scope="module")
def texts():
    folders = [ROOT / "data" / "corpus" / part for part in ("grounded", "written")]
    return list(read_texts(folders, NAMES))


def there_and_back(name, texts, folder):
    path = folder / f"out{ENDING.get(name, FORMATS[name].suffix)}"
    FORMATS[name].write(texts, path, Context(NAMES))
    return list(FORMATS[name].read(path, Context(NAMES)))


def unordered(text):
    return replace(text, labellings=tuple(sorted(text.labellings, key=lambda one: (one.role, one.by, one.at))))


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_some_of_the_corpus_comes_back_the_same(name, texts, tmp_path):
    part = texts[::40]
    back = there_and_back(name, part, tmp_path)
    assert list(map(unordered, back)) == list(map(unordered, part))


@pytest.mark.slow
@pytest.mark.parametrize("name", BOTH_WAYS)
def test_the_whole_corpus_comes_back_the_same(name, texts, tmp_path):
    back = there_and_back(name, texts, tmp_path)
    assert len(back) == 976
    assert list(map(unordered, back)) == list(map(unordered, texts))


def awkward():
    """Texts and labellings with everything that a format may fail to hold."""
    text = "\U0001f600 Emoji first.\nShe rang the GP & sang <b>.\n\n=SUM(A1) is no formula."
    first, second = text.index("She"), text.index("=SUM")
    end = text.index("\n\n")
    spans = (
        Span(first, end, ("lqf/networks", "kind/behaviour", "partners/primary-care")),
        Span(second, len(text), ("kind/context",)),
    )
    scored = (Span(first, end, ("lqf/networks", "kind/behaviour"), {"lqf/networks": 0.75, "kind/behaviour": 0.5}),)
    blank = Span(0, text.index("\n"), ())
    labellings = (
        Labelling(ANNOTATOR, (blank, *spans), "maria", "2026-03-01T10:00:00+00:00"),
        Labelling(ANNOTATOR, spans[1:], "passes", answer=IGNORE),
        Labelling(ANNOTATOR, spans[:1], "rejects", answer=REJECT),
        Labelling(DECISION, spans[:1], "", "2026-03-02T10:00:00+00:00"),
        Labelling(MODEL, scored, "default", version="0.1.0", sha256="a" * 64),
    )
    return LabelledText("a/1: x", text, {"nominee": "=Ann", "setting": "care_home", "wing": "north"}, labellings)


def reduced(text, holds):
    labellings = []
    for labelling in text.labellings:
        if labelling.role == MODEL and "predictions" not in holds:
            continue
        unsaid = {IGNORE: "passed", REJECT: "answers"}.get(labelling.answer)
        if unsaid and unsaid not in holds:
            labelling = replace(labelling, answer=ACCEPT)
        if "blank" not in holds:
            labelling = replace(labelling, spans=tuple(span for span in labelling.spans if span.labels))
        spans = labelling.spans if "scores" in holds else tuple(replace(s, scores={}) for s in labelling.spans)
        at = labelling.at if "when" in holds else ""
        labellings.append(replace(labelling, spans=spans, at=at))
    return replace(text, labellings=tuple(labellings))


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_format_holds_what_it_says_it_holds(name, tmp_path):
    holds = FORMATS[name].holds
    given = awkward() if "predictions" in holds else awkward().only(ANNOTATOR, DECISION)
    (back,) = there_and_back(name, [given], tmp_path)
    assert unordered(back) == unordered(reduced(given, holds))


def test_predictions_of_formats_without_a_place_for_them_go_to_a_file_of_their_own(leadlight, tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    FORMATS["jsonl"].write([awkward()], corpus, Context(NAMES))
    for name, ending in (("doccano", ".zip"), ("prodigy", ".jsonl"), ("refi-qda", ".qdpx"), ("brat", "")):
        out = tmp_path / f"{name}{ending}"
        done = leadlight("labels", "export", corpus, "--to", name, "-o", out)
        assert done.returncode == 0, done.stderr
        people = [one for text in FORMATS[name].read(out, Context(NAMES)) for one in text.labellings]
        beside = out.with_name(f"{name}.predictions{ending}")
        models = [one for text in FORMATS[name].read(beside, Context(NAMES)) for one in text.labellings]
        assert {one.role for one in people} == {ANNOTATOR, DECISION}
        if name != "prodigy":
            assert "2 labellings that passed a text over or rejected it are left out" in done.stderr
            assert {one.by for one in people} == {"maria", ""}
        assert [(one.role, one.by) for one in models] == [(MODEL, "default")]


def test_deciding_gives_the_narratives_that_training_reads(texts, corpus):
    assert [narrative_of(text, NAMES) for text in texts] == corpus


def test_offsets_in_utf_16_are_told_by_the_quotation():
    text = "\U0001f600\U0001f600 She rang."
    assert placed(text, 3, 12, "She rang.", "") == (3, 12)
    assert placed(text, 5, 14, "She rang.", "") == (3, 12)


def test_what_label_studio_says_beside_goes_back_to_it(tmp_path):
    region = {"id": "Dx_aB91", "from_name": "label", "to_name": "text", "type": "labels"}
    task = {
        "id": 7, "project": 3, "data": {"text": "She rang the surgery.", "extra_list": [1]},
        "annotations": [{
            "id": 1001, "completed_by": {"id": 2, "email": "maria@example.org"}, "lead_time": 8.4,
            "was_cancelled": False, "ground_truth": False, "created_at": "2026-03-01T10:00:00Z",
            "result": [
                {**region, "value": {"start": 0, "end": 21, "text": "She rang the surgery.", "labels": ["networks"]}},
                {"type": "relation", "from_id": "Dx_aB91", "to_id": "Dx_aB91", "direction": "right"},
            ],
        }],
        "predictions": [{"model_version": "m1", "score": 0.4, "result": []}],
    }  # fmt: skip
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    (text,) = FORMATS["label-studio"].read(path, Context(NAMES))
    assert [(one.role, one.by) for one in text.labellings] == [(ANNOTATOR, "maria@example.org"), (MODEL, "m1")]
    assert text.labellings[0].spans == (Span(0, 21, ("lqf/networks",), id="Dx_aB91"),)
    FORMATS["label-studio"].write([text], path, Context(NAMES))
    (again,) = json.loads(path.read_text(encoding="utf-8"))
    assert again["id"] == 7
    assert again["data"]["extra_list"] == [1]
    assert again["annotations"][0]["completed_by"] == task["annotations"][0]["completed_by"]
    assert again["annotations"][0]["result"][-1] == task["annotations"][0]["result"][-1]
    assert again["annotations"][0]["result"][0]["id"] == "Dx_aB91"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("label-studio", "{}", "a list of tasks was expected"),
        ("label-studio", '[{"data": {"text": "a"}, "annotations": [{}]}]', "task 1"),
        ("label-studio", "no JSON", "is no JSON file"),
        ("prodigy", '{"text": "abc", "spans": [{"start": 0, "end": 9, "label": "lqf/networks"}]}', "offsets 0 to 9"),
        ("prodigy", '{"text": "abc", "spans": [{"start": 0, "end": 2, "label": "Nope"}]}', "--rename 'Nope="),
        ("doccano", '{"text": "abc", "label": [[0, 1]]}', "start, end and label were expected"),
        ("web-annotation", '{"items": [{"target": {}}]}', "annotation 1"),
        ("csv", "id,start,end\n1,a,2\n", "no text in any row"),
        ("refi-qda", "no zip", "no REFI-QDA project"),
    ],
)
def test_a_faulty_file_is_one_clear_line(name, content, words, leadlight, tmp_path):
    path = tmp_path / f"in{FORMATS[name].suffix}"
    path.write_text(content, encoding="utf-8")
    done = leadlight("labels", "import", path, "--from", name)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_guide_says_what_each_format_holds():
    from typing import get_args

    from pipeline.labels.exchange.tool import Holding

    guide = (ROOT / "docs" / "labels.md").read_text(encoding="utf-8")
    for name in BOTH_WAYS:
        cells = ["yes" if what in FORMATS[name].holds else "–" for what in get_args(Holding)]
        assert f"| {FORMATS[name].title} (`{name}`) | {' | '.join(cells)} |" in guide
