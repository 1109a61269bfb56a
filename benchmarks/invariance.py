"""How many tags flip when what must carry none changes; writes docs/invariance.md.

    python -m benchmarks.invariance [FILE] [-m MODEL]

The variants of tests/behaviour/variants.py on every narrative of a labelled file: names, gender, homes, spelling,
quotation marks, capitals. A sentence flips where its kind or its set of tags changes. Where the file names no nominee,
the first person named in full in the text is renamed instead and the model is told no name either time: harder.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.jsonl import read_corpus
from pipeline.model import find_model
from pipeline.parse.masking import masks
from pipeline.records import LabelledNarrative, Nomination
from pipeline.workflow import Tagger
from tests.behaviour.variants import NEW_NAME, VARIANTS

ROOT = Path(__file__).parent.parent
Read = list[tuple[str, frozenset[str]]]
_PERSON = re.compile(r"[A-Z]\w+ [A-Z]\w+")


@dataclass(slots=True)
class Count:
    """Narratives that a variant changed; sentences of theirs, of all; sentences, kinds and tags that flipped."""

    narratives: int = 0
    there: int = 0
    sentences: int = 0
    flipped: int = 0
    kinds: int = 0
    tags_before: int = 0
    tags: int = 0
    recut: int = 0


def read(tagger: Tagger, text: str, nominee: str) -> Read:
    """Kind and tags of every sentence."""
    row = tagger.evidence(Nomination(id="1", text=text, nominee=nominee))
    return [(s["kind"], frozenset(t["label"] for t in s["tags"])) for s in row["sentences"]]


def person_in(tagger: Tagger, narrative: LabelledNarrative) -> str:
    """The nominee where the file names one, else the first name of two words that is no home's; empty without."""
    if narrative.nominee:
        return narrative.nominee if _PERSON.fullmatch(narrative.nominee) else ""
    for sentence in tagger.parser.sentences(Nomination(id="1", text=narrative.text)):
        for token in sentence.tokens:
            name = narrative.text[token.start : token.end]
            if token.named and _PERSON.fullmatch(name) and not set(name.lower().split()) & masks().homes:
                return name
    return ""


def counted(tagger: Tagger, narratives: Sequence[LabelledNarrative]) -> dict[str, Count]:
    """The flips of each variant."""
    counts = {variant: Count() for variant in VARIANTS}
    for narrative in narratives:
        before = read(tagger, narrative.text, narrative.nominee)
        person = person_in(tagger, narrative)
        for variant, change in VARIANTS.items():
            new = NEW_NAME.match(variant)
            text = change(narrative.text, person)
            nominee = new.group(1) if new and narrative.nominee else narrative.nominee
            after = before if text == narrative.text else read(tagger, text, nominee)
            add(counts[variant], before, after, changed=text != narrative.text)
    return counts


def add(count: Count, before: Read, after: Read, *, changed: bool) -> None:
    """Count what differs between two readings of a narrative; where sentences were cut differently, all count."""
    count.narratives += changed
    count.sentences += len(before)
    count.there += len(before) * changed
    count.tags_before += sum(len(found) for _, found in before)
    if len(before) != len(after):
        count.recut += 1
        count.flipped += abs(len(before) - len(after))
        return
    for (kind, tags), (other_kind, other_tags) in zip(before, after, strict=True):
        count.flipped += (kind, tags) != (other_kind, other_tags)
        count.kinds += kind != other_kind
        count.tags += len(tags ^ other_tags)


def page_of(counts: dict[str, Count], file: str, model: str) -> str:
    """The figures as a page."""
    some = next(iter(counts.values()))
    lines = [
        "# What must carry no tag",
        "",
        f"`python -m benchmarks.invariance`: model `{model}`, `{file}`, {some.sentences} sentences with "
        f"{some.tags_before} tags. A sentence flips where its kind or its set of tags changes. Where the file names no "
        "nominee, the first person named in full in the text is renamed and the model is told no name. Where a variant "
        "changes how the text is cut into sentences, the difference in their number counts as flips.",
        "",
        "| variant | narratives changed | sentences in them | flips | of all sentences | kinds | tags | cut anew |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for variant, c in counts.items():
        lines.append(
            f"| {variant} | {c.narratives} | {c.there} | {c.flipped} | {c.flipped / max(1, c.sentences):.2%} "
            f"| {c.kinds} | {c.tags} | {c.recut} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "../shared/gold-dev.jsonl")
    parser.add_argument("-m", "--model")
    parser.add_argument("--narratives", type=int, help="the first so many alone, for trying out: docs stay")
    options = parser.parse_args()
    folder = find_model(options.model)
    narratives = list(read_corpus([options.file], shipped_frameworks()))[: options.narratives]
    if not narratives:
        raise SystemExit(f"{options.file} holds no narratives.")
    page = page_of(counted(Tagger.load(folder), narratives), options.file.name, folder.name)
    print(page)
    if options.narratives is None:
        (ROOT / "docs/invariance.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
