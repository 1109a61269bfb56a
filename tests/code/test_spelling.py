"""American spelling as the classifier sees it."""

import pytest

from pipeline.parse.spelling import american, british


@pytest.mark.parametrize(
    ("american", "expected"),
    [
        ("organized", "organised"), ("realization", "realisation"), ("analyze", "analyse"), ("colorful", "colourful"),
        ("behavioral", "behavioural"), ("center", "centre"), ("counseling", "counselling"), ("program", "programme"),
    ],
)  # fmt: skip
def test_american_spelling_becomes_british(american, expected):
    assert british(american) == expected
    assert british(expected) == expected


@pytest.mark.parametrize("word", ["prize", "size", "seized", "honorary", "humorous", "vigorous", "maize", "dozen"])
def test_words_that_only_look_american_stay(word):
    assert british(word) == word


def test_phrases_are_looked_for_in_american_spelling_too():
    assert american("voluntary organisation") == "voluntary organization"
    assert american("community centre programme") == "community center program"
    assert american("the school nurse") == "the school nurse"
