"""Parsing: masks for features only, voices, partners, notes; the text stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.frameworks import shipped_frameworks
from pipeline.parse import Parser
from pipeline.records import Nomination


@pytest.fixture(scope="module")
def parser():
    return Parser(shipped_frameworks())


def parsed(parser, text, nominee=""):
    return parser.sentences(Nomination(id="1", text=text, nominee=nominee))


@pytest.mark.parametrize(
    ("text", "nominee", "masked"),
    [
        ("Mary Okafor helped her mum.", "Mary Okafor", "Alex helped their parent."),
        ("Then Mr Grzegorz Nowak rang the NHS.", "", "Then Alex rang the NHS."),
        ("When Grace came he smiled.", "", "When Alex came they smiled."),
        ("“She’s kind” – CARERS said…", "", '"They\'s kind" - carers said...'),
        ("the gp rang", "", "the gp rang"),
    ],
)
def test_masks(parser, text, nominee, masked):
    (sentence,) = parsed(parser, text, nominee)
    assert sentence.masked == masked
    assert sentence.text == text


def test_masked_tokens_keep_their_place(parser):
    text = "On Monday Lucy-Ann O'Brien and she went. Off."
    for sentence in parsed(parser, text):
        assert all(text[token.start : token.end].strip() for token in sentence.tokens)
        assert sentence.tokens[0].start == sentence.start
        assert sentence.tokens[-1].end == sentence.end


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("She sat with him.", ["nominator"]),
        ("Her daughter said: “She was lovely.”", ["family"]),
        ("The judges said: “A clear winner.”", ["judges"]),
        ("Inspectors wrote “staff were kind to people”.", ["inspector"]),
        ("“I only do my job,” said Mary.", ["nominee"]),
    ],
)
def test_voices(parser, text, voice):
    assert [sentence.voice for sentence in parsed(parser, text, "Mary Hall")] == voice


def test_partners_and_notes(parser):
    (first, second) = parsed(parser, "He met the district nurses and the local school. I'm just a carer.")
    assert [(p.sector, p.text) for p in first.partners] == [
        ("community-nursing", "district nurses"),
        ("education", "school"),
    ]
    assert second.notes == ("plays-down",)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_comes_back_whole(text):
    sentences = PARSER.sentences(Nomination(id="1", text=text))
    at = 0
    for sentence in sentences:
        assert sentence.start >= at
        assert not text[at : sentence.start].strip()
        assert text[sentence.start : sentence.end] == sentence.text
        at = sentence.end
    assert not text[at:].strip()


PARSER = Parser(shipped_frameworks())
