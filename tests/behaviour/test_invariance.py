"""Names and gender carry no tag: Mary and she, Mohammed and he, the same sentences, the same tags."""

import re

from pipeline.records import Nomination

SWAP = {
    "he": "she", "she": "he", "him": "her", "his": "her", "himself": "herself", "herself": "himself", "hers": "his",
    "her": "his", "man": "woman", "woman": "man", "mum": "dad", "dad": "mum", "daughter": "son", "son": "daughter",
    "wife": "husband", "husband": "wife", "mother": "father", "father": "mother", "lady": "gentleman",
    "sister": "brother",
}  # fmt: skip


def swapped(text, nominee, name):
    """The text with the nominee's name and every gendered word swapped."""
    for old, new in zip(nominee.split(), name.split(), strict=False):
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)

    def change(match):
        word = match.group()
        new = SWAP[word.lower()]
        return new.capitalize() if word[0].isupper() else new

    return re.sub(rf"\b({'|'.join(SWAP)})\b", change, text, flags=re.IGNORECASE)


def tags(tagger, text, nominee):
    row = tagger.evidence(Nomination(id="1", text=text, nominee=nominee))
    return [(s["kind"], [t["label"] for t in s["tags"]]) for s in row["sentences"]]


def test_name_and_gender_change_no_tag(tagger, corpus):
    people = [n for n in corpus if re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", n.nominee) and n.nominee.split()[0] in n.text]
    narratives = people[:: max(1, len(people) // 45)][:45]
    assert len(narratives) >= 40
    changed = []
    for narrative in narratives:
        before = tags(tagger, narrative.text, narrative.nominee)
        after = tags(tagger, swapped(narrative.text, narrative.nominee, "Mohammed Rahimi"), "Mohammed Rahimi")
        changed += [(narrative.id, i) for i, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    assert changed == []


def test_the_classifier_sees_the_same_whatever_the_name_and_gender(tagger, corpus):
    people = [n for n in corpus if re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", n.nominee) and n.nominee.split()[0] in n.text]
    seen = differing = 0
    for narrative in people:
        text = swapped(narrative.text, narrative.nominee, "Mohammed Rahimi")
        one = tagger.parser.sentences(Nomination(id="1", text=narrative.text, nominee=narrative.nominee))
        other = tagger.parser.sentences(Nomination(id="1", text=text, nominee="Mohammed Rahimi"))
        for before, after in zip(one, other, strict=True):
            seen += 1
            differing += (before.masked, before.voice, before.signals) != (after.masked, after.voice, after.signals)
    assert seen > 1_000
    assert differing <= seen / 1_000
