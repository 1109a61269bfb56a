"""Checking a corpus: spans, decisions, spread, near-duplicates, and words shared with texts that are held out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.errors import InvalidCorpus
from pipeline.frameworks import Frameworks
from pipeline.parse import Parser
from pipeline.records import LEVELS, NOMINATORS, SETTINGS, LabelledNarrative, Nomination
from pipeline.shapes import misfit
from pipeline.storage import read_lines

NEAR = 0.5
"""Two narratives whose sets of 5-word runs overlap by more than this share (Jaccard) are near-duplicates."""

SHARED_RUN = 8
"""So many words in a row shared with a held-out text are leakage."""

Run = tuple[str, ...]


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without apostrophes and punctuation."""
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))


def runs(text: str, length: int) -> set[Run]:
    """All runs of `length` words."""
    words = words_of(text)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def faults(narratives: Sequence[LabelledNarrative], frameworks: Frameworks, against: Iterable[Path]) -> Iterator[str]:
    """Each fault of a corpus as a sentence with the narrative's id; none when all is well."""
    parser = Parser(frameworks)
    for identity, count in Counter(narrative.id for narrative in narratives).items():
        if count > 1:
            yield f"{identity}: {count} narratives have this id"
    for narrative in narratives:
        yield from _values(narrative)
        yield from _spans(narrative, parser)
    yield from (
        f"{one} and {other}: near-duplicates ({share:.2f})" for one, other, share in near_duplicates(narratives)
    )
    for path in against:
        yield from leaks(narratives, path)


def _values(narrative: LabelledNarrative) -> Iterator[str]:
    for name, value, allowed in (
        ("nominator", narrative.nominator, NOMINATORS),
        ("setting", narrative.setting, SETTINGS),
        ("level", narrative.level, LEVELS),
    ):
        if value not in allowed:
            yield f"{narrative.id}: {name} {value!r} is none of {', '.join(allowed)}"


def _spans(narrative: LabelledNarrative, parser: Parser) -> Iterator[str]:
    nomination = Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee)
    read = {(sentence.start, sentence.end) for sentence in parser.sentences(nomination)}
    labelled = Counter((sentence.start, sentence.end) for sentence in narrative.sentences)
    for (start, end), count in labelled.items():
        quote = narrative.text[start:end][:60]
        if (start, end) not in read:
            yield f"{narrative.id}: {quote!r} is no sentence as Leadlight reads it"
        if count > 1:
            yield f"{narrative.id}: {quote!r} is labelled {count} times"
    if len(read) > len(labelled):
        yield f"{narrative.id}: {len(read) - len(labelled)} sentences have no labels"


def near_duplicates(narratives: Sequence[LabelledNarrative]) -> list[tuple[str, str, float]]:
    """Pairs of narratives with more than NEAR of their 5-word runs in common, with that share."""
    sets = [runs(narrative.text, 5) for narrative in narratives]
    holders: dict[Run, list[int]] = defaultdict(list)
    for index, found in enumerate(sets):
        for run in found:
            holders[run].append(index)
    common: Counter[tuple[int, int]] = Counter()
    for found_in in holders.values():
        for i, one in enumerate(found_in):
            for other in found_in[i + 1 :]:
                common[one, other] += 1
    pairs = []
    for (one, other), count in common.items():
        share = count / max(1, len(sets[one] | sets[other]))
        if share > NEAR:
            pairs.append((narratives[one].id, narratives[other].id, share))
    return pairs


def leaks(narratives: Sequence[LabelledNarrative], path: Path) -> Iterator[str]:
    """Runs of SHARED_RUN words that a narrative shares with a text of a JSON-lines file.

    Raises InvalidCorpus with file and line for a line without a text.
    """
    held: set[Run] = set()
    for number, row in read_lines(path):
        if fault := misfit(row, {"text": str}):
            raise InvalidCorpus(f"{path}, line {number}: {fault}.")
        held |= runs(row["text"], SHARED_RUN)
    for narrative in narratives:
        for run in sorted(runs(narrative.text, SHARED_RUN) & held)[:2]:
            yield f"{narrative.id}: shares {' '.join(run)!r} with {path.name}"
