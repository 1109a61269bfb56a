"""The contract's labelled-corpus lines: one JSON object a narrative, labels listed by framework."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.frameworks import Frameworks
from pipeline.labels.authoring import read_authored, to_narrative
from pipeline.records import UNKNOWN, LabelledNarrative, LabelledSentence
from pipeline.storage import read_lines


def read_corpus(paths: list[Path], frameworks: Frameworks) -> Iterator[LabelledNarrative]:
    """The narratives of authoring files, folders of them, and JSON-lines files, in the order given.

    Raises InvalidCorpus for unknown labels and offsets that do not fit; UnreadableInput for files that cannot be read.
    """
    for path in paths:
        if path.suffix == ".jsonl":
            for number, row in read_lines(path):
                yield _from_row(row, frameworks, f"{path}, line {number}")
        else:
            for authored in read_authored([path]):
                yield to_narrative(authored, frameworks)


def to_row(narrative: LabelledNarrative, frameworks: Frameworks) -> dict[str, Any]:
    """The narrative as the contract's JSON object; parents are left out, since they follow from their children."""
    kinds = frameworks.kinds
    sentences = []
    for sentence in narrative.sentences:
        row: dict[str, Any] = {"start": sentence.start, "end": sentence.end}
        if kinds:
            found = [label.id for label in kinds if label.full in sentence.labels]
            row["kind"] = found[0] if found else kinds.default
        for framework in frameworks.tagged:
            named = {label.parent for label in framework}
            row[framework.id] = [
                label.id for label in framework if label.full in sentence.labels and label.id not in named
            ]
        if frameworks.sectors:
            row[frameworks.sectors.id] = [s.id for s in frameworks.sectors if s.id in sentence.partners]
        if sentence.votes:
            row["votes"] = {name: round(share, 4) for name, share in sentence.votes.items()}
            row["annotators"] = sentence.annotators
        sentences.append(row)
    head = {"id": narrative.id, "text": narrative.text, "nominator": narrative.nominator}
    return {
        **head, "setting": narrative.setting, "level": narrative.level, "nominee": narrative.nominee,
        "extra": dict(narrative.extra), "sentences": sentences,
    }  # fmt: skip


def _from_row(row: dict[str, Any], frameworks: Frameworks, where: str) -> LabelledNarrative:
    text = row.get("text")
    if not isinstance(text, str) or not isinstance(row.get("sentences"), list) or "id" not in row:
        raise InvalidCorpus(f"{where}: id, text and sentences are needed.")
    return LabelledNarrative(
        id=str(row["id"]),
        text=text,
        sentences=tuple(_sentence(item, text, frameworks, where) for item in row["sentences"]),
        nominator=row.get("nominator", UNKNOWN),
        setting=row.get("setting", UNKNOWN),
        level=row.get("level", UNKNOWN),
        nominee=row.get("nominee") or "",
        extra={key: str(value) for key, value in (row.get("extra") or {}).items()},
    )


def _sentence(item: dict[str, Any], text: str, frameworks: Frameworks, where: str) -> LabelledSentence:
    start, end = item.get("start"), item.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        raise InvalidCorpus(f"{where}: the offsets {start!r} to {end!r} do not lie in the text.")
    labels = []
    if frameworks.kinds:
        labels.append(f"{frameworks.kinds.id}/{item.get('kind', frameworks.kinds.default)}")
    labels += [f"{framework.id}/{name}" for framework in frameworks.tagged for name in item.get(framework.id, ())]
    found = [frameworks.find(name) for name in labels]
    if None in found:
        unknown = ", ".join(name for name, label in zip(labels, found, strict=True) if label is None)
        raise InvalidCorpus(f"{where}: no framework in use has the label {unknown}.")
    partners = frozenset(item.get(frameworks.sectors.id, ())) if frameworks.sectors else frozenset()
    full = frozenset(label.full for label in found if label)
    votes, annotators = dict(item.get("votes", {})), int(item.get("annotators", 0))
    return LabelledSentence(start, end, frameworks.with_parents(full), partners, votes, annotators)
