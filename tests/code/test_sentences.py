"""Where sentences begin and end."""

import pytest

from pipeline.parse.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mr. Hall rang. She came.", ["Mr. Hall rang.", "She came."]),
        ("“It was lovely.” He left.", ["“It was lovely.”", "He left."]),
        ("1. Kind\n2. Calm, e.g. at night", ["1. Kind", "2. Calm, e.g. at night"]),
        ("So lovely.She never stops", ["So lovely.", "She never stops"]),
        ("patience ... carers", ["patience ... carers"]),
    ],
)
def test_sentences(text, sentences):
    spans = sentence_spans(text)
    assert [text[a:b] for a, b in spans] == sentences


def test_no_character_is_lost():
    text = "One.  Two!\n\n• Three - J. Smith said “no”.\r\nFour"
    kept = "".join(text[a:b] for a, b in sentence_spans(text))
    assert "".join(kept.split()) == "".join(text.split())
