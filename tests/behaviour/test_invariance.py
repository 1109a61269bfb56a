"""What must carry no tag: names, gender, homes, spelling, quotation marks, capitals, metadata."""

import re

import pytest

from pipeline.records import Nomination
from tests.behaviour.variants import NEW_NAME, VARIANTS, regendered, renamed

MOST_FLIPS = 0.005

STILL = {"curly quotes": 0.015, "capitals": 0.04}
"""What does not hold to MOST_FLIPS yet: the tokenizer parts curly apostrophes otherwise in places, and a text all in
capitals hides which words are names. Measured on 25 November 2026: 6 and 20 of 659 sentences."""


def tags(tagger, text, nominee, **metadata):
    row = tagger.evidence(Nomination(id="1", text=text, nominee=nominee, **metadata))
    return [(s["kind"], [t["label"] for t in s["tags"]]) for s in row["sentences"]]


@pytest.fixture(scope="module")
def narratives(corpus):
    people = [n for n in corpus if re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", n.nominee) and n.nominee.split()[0] in n.text]
    chosen = people[:: max(1, len(people) // 50)][:50]
    assert sum(len(narrative.sentences) for narrative in chosen) >= 500
    return chosen


@pytest.fixture(scope="module")
def told(tagger, narratives):
    return [tags(tagger, narrative.text, narrative.nominee) for narrative in narratives]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_flips_hardly_a_tag(variant, tagger, narratives, told):
    seen = flips = changed = 0
    for narrative, before in zip(narratives, told, strict=True):
        text = VARIANTS[variant](narrative.text, narrative.nominee)
        changed += text != narrative.text
        nominee = match.group(1) if (match := NEW_NAME.match(variant)) else narrative.nominee
        after = before if text == narrative.text else tags(tagger, text, nominee)
        seen += len(before)
        if len(after) == len(before):
            flips += sum(one != other for one, other in zip(before, after, strict=True))
        else:
            flips += abs(len(after) - len(before))
    assert changed >= 2
    assert flips <= STILL.get(variant, MOST_FLIPS) * seen, f"{flips} of {seen} sentences"


def test_name_and_gender_together_change_no_tag(tagger, narratives, told):
    assert len(narratives) >= 40
    for narrative, before in zip(narratives, told, strict=True):
        text = regendered(renamed(narrative.text, narrative.nominee, "Mohammed Rahimi"))
        assert tags(tagger, text, "Mohammed Rahimi") == before, narrative.id


def test_the_same_sentences_of_a_carer_and_a_chief_executive_get_the_same_tags(tagger, narratives, told):
    for narrative, before in list(zip(narratives, told, strict=True))[:10]:
        as_carer = tags(tagger, narrative.text, narrative.nominee, level="front_line", setting="home_care")
        as_chief = tags(tagger, narrative.text, narrative.nominee, level="strategic", nominator="judges")
        assert as_carer == as_chief == before


def test_the_classifier_sees_the_same_whatever_the_name_and_gender(tagger, corpus):
    people = [n for n in corpus if re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", n.nominee) and n.nominee.split()[0] in n.text]
    seen = differing = 0
    for narrative in people:
        text = regendered(renamed(narrative.text, narrative.nominee, "Mohammed Rahimi"))
        one = tagger.parser.sentences(Nomination(id="1", text=narrative.text, nominee=narrative.nominee))
        other = tagger.parser.sentences(Nomination(id="1", text=text, nominee="Mohammed Rahimi"))
        for before, after in zip(one, other, strict=True):
            seen += 1
            differing += (before.masked, before.voice, before.signals) != (after.masked, after.voice, after.signals)
    assert seen > 1_000
    assert differing <= seen / 1_000
