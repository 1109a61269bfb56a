"""The authoring format of the corpus: a narrative as lines that a person can write, label and compare with `git diff`.

    === g-0001
    nominator: family
    setting: care_home
    ---
    // Dear Pat, thank you for everything.
     = context
     a context
     b context
    > She rang the surgery every morning until they came.
     = behaviour lqf/networks systems/boundary-working code/collaborative @primary-care
     a behaviour lqf/networks systems/boundary-working code/collaborative @primary-care
     b behaviour lqf/relationships

A text line begins with how it joins the one before: `>` a space, `/` a line break, `//` a blank line. Behind one space
follows the sentence as it stands. Label lines follow it: `=` is the decision, a letter an annotator. The first word is
the evidence kind, `@` marks a partner sector.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InvalidCorpus, UnreadableInput
from pipeline.frameworks import Frameworks
from pipeline.records import FORM_FIELDS, UNKNOWN, LabelledNarrative, LabelledSentence

_TEXT_LINE = re.compile(r"(>|/+) (.*)\Z", re.DOTALL)
_LABEL_LINE = re.compile(r" ([=a-z]) (.+)\Z")


@dataclass(frozen=True, slots=True)
class AuthoredSentence:
    """A sentence as authored: how it joins the one before, its text, and the label line of each annotator and `=`."""

    joint: str
    text: str
    labels: Mapping[str, tuple[str, ...]]
    line: int


@dataclass(frozen=True, slots=True)
class AuthoredNarrative:
    """A narrative as authored, with its metadata and the place it was read from."""

    id: str
    meta: Mapping[str, str]
    sentences: tuple[AuthoredSentence, ...]
    path: Path
    line: int


def read_authored(paths: Iterable[Path]) -> Iterator[AuthoredNarrative]:
    """The narratives of corpus files (`*.txt`) and of folders of them, in order of file name.

    Raises InvalidCorpus with file and line for a line that breaks the format.
    """
    for path in paths:
        if path.is_dir():
            files = sorted(file for file in path.rglob("*.txt") if not file.name.startswith("."))
        else:
            files = [path]
        for file in files:
            yield from _read_file(file)


def _read_file(path: Path) -> Iterator[AuthoredNarrative]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.") from error
    starts = [number for number, line in enumerate(lines) if line.startswith("=== ")]
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not starts or first < starts[0]:
        raise InvalidCorpus(f"{path}, line {first + 1}: no line `=== id` begins a narrative here.")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _read_narrative(path, start, lines[start:end])


def _read_narrative(path: Path, start: int, lines: list[str]) -> AuthoredNarrative:
    try:
        head = lines.index("---")
    except ValueError as error:
        raise InvalidCorpus(f"{path}, line {start + 1}: no line `---` ends the metadata of this narrative.") from error
    meta = {}
    for number, line in enumerate(lines[1:head], start + 2):
        key, colon, value = line.partition(":")
        if not colon:
            raise InvalidCorpus(f"{path}, line {number}: `key: value` was expected, found {line!r}.")
        meta[key.strip()] = value.strip()
    sentences: list[AuthoredSentence] = []
    for number, line in enumerate(lines[head + 1 :], start + head + 2):
        if not line.strip():
            continue
        if text := _TEXT_LINE.match(line):
            sentences.append(AuthoredSentence(text[1], text[2], {}, number))
        elif (label := _LABEL_LINE.match(line)) and sentences:
            last = sentences[-1]
            if label[1] in last.labels:
                raise InvalidCorpus(f"{path}, line {number}: a second line of {label[1]!r} for one sentence.")
            labels = {**last.labels, label[1]: tuple(label[2].split())}
            sentences[-1] = AuthoredSentence(last.joint, last.text, labels, last.line)
        else:
            raise InvalidCorpus(
                f"{path}, line {number}: neither a sentence (`> …`, `/ …`) nor its labels (` = …`): {line[:60]!r}."
            )
    return AuthoredNarrative(lines[0][4:].strip(), meta, tuple(sentences), path, start + 1)


def format_authored(narrative: AuthoredNarrative) -> str:
    """The narrative in the authoring format, with a blank line at its end."""
    lines = [f"=== {narrative.id}", *(f"{key}: {value}" for key, value in narrative.meta.items()), "---"]
    for sentence in narrative.sentences:
        lines.append(f"{sentence.joint} {sentence.text}")
        lines += [f" {who} {' '.join(labels)}" for who, labels in sentence.labels.items()]
    return "\n".join(lines) + "\n\n"


def text_and_spans(narrative: AuthoredNarrative) -> tuple[str, list[tuple[int, int]]]:
    """The narrative's text and the (start, end) of each sentence in it, without white space at the ends."""
    text, spans = "", []
    for sentence in narrative.sentences:
        joint = " " if sentence.joint == ">" else "\n" * len(sentence.joint)
        text += (joint if text else "") + sentence.text
        bare = sentence.text.strip()
        start = len(text) - len(sentence.text) + sentence.text.find(bare)
        spans.append((start, start + len(bare)))
    return text, spans


def to_narrative(authored: AuthoredNarrative, frameworks: Frameworks) -> LabelledNarrative:
    """The labelled narrative, parents added to its labels; votes are the share of annotators for each label.

    Raises InvalidCorpus for a sentence without labels or with a label that no framework in use has.
    """
    text, spans = text_and_spans(authored)
    sentences = []
    for sentence, (start, end) in zip(authored.sentences, spans, strict=True):
        where = f"{authored.path}, line {sentence.line}"
        named = {who: label_names(words, frameworks, where) for who, words in sentence.labels.items()}
        read = {who: (frameworks.with_parents(labels), sectors) for who, (labels, sectors) in named.items()}
        votes = [labels for who, (labels, _) in read.items() if who != "="]
        decided = read.get("=") or (next(iter(read.values())) if len(read) == 1 else None)
        if decided is None:
            raise InvalidCorpus(f"{where}: no decision (a line ` = …`) for this sentence of {authored.id}.")
        names = sorted(set().union(decided[0], *votes))
        share = {name: sum(name in vote for vote in votes) / len(votes) for name in names} if votes else {}
        partners = frozenset(name.partition("/")[2] for name in decided[1])
        sentences.append(LabelledSentence(start, end, decided[0], partners, share, len(votes)))
    return LabelledNarrative(
        id=authored.id,
        text=text,
        sentences=tuple(sentences),
        nominator=authored.meta.get("nominator", UNKNOWN),
        setting=authored.meta.get("setting", UNKNOWN),
        level=authored.meta.get("level", UNKNOWN),
        nominee=authored.meta.get("nominee", ""),
        extra={key: value for key, value in authored.meta.items() if key not in FORM_FIELDS},
    )


def label_names(words: tuple[str, ...], frameworks: Frameworks, where: str) -> tuple[frozenset[str], frozenset[str]]:
    """The labels and the partner sectors of a label line, both as `framework/label`; it has exactly one kind.

    Raises InvalidCorpus for a label or sector of no framework in use, and for no kind or several.
    """
    labels, partners = set(), set()
    for word in words:
        if word.startswith("@"):
            sector = frameworks.sectors.label(word[1:]) if frameworks.sectors else None
            if sector is None:
                raise InvalidCorpus(f"{where}: {word!r} is no partner sector.")
            partners.add(sector.full)
            continue
        full = word if "/" in word else f"{frameworks.kinds.id}/{word}" if frameworks.kinds else word
        label = frameworks.find(full)
        if label is None:
            raise InvalidCorpus(f"{where}: {word!r} is no label of the frameworks in use.")
        labels.add(label.full)
    kinds = sum(label.full in labels for label in frameworks.kinds or ())
    if frameworks.kinds and kinds != 1:
        raise InvalidCorpus(f"{where}: {kinds} kinds in {' '.join(words)!r}; a sentence has one.")
    return frozenset(labels), frozenset(partners)
