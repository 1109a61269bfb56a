"""The contract's labelled-corpus lines: one JSON object a narrative, labels listed by framework."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidCorpus
from pipeline.frameworks import Frameworks
from pipeline.labels.authoring import read_authored, to_narrative
from pipeline.records import UNKNOWN, LabelledNarrative, LabelledSentence
from pipeline.shapes import NUMBER, misfit
from pipeline.storage import read_lines


def read_corpus(paths: list[Path], frameworks: Frameworks) -> Iterator[LabelledNarrative]:
    """The narratives of authoring files, folders of them, and JSON-lines files, in the order given.

    Raises InvalidCorpus with file and line for lines that break the shape, unknown labels and offsets that do not fit;
    UnreadableInput for files that cannot be read.
    """
    for path in paths:
        if path.suffix == ".jsonl":
            for number, row in read_lines(path):
                yield _from_row(row, frameworks, f"{path}, line {number}")
        else:
            for authored in read_authored([path]):
                yield to_narrative(authored, frameworks)


def to_row(narrative: LabelledNarrative, frameworks: Frameworks) -> dict[str, Any]:
    """The narrative as the contract's JSON object; a parent is left out where a child implies it."""
    kinds = frameworks.kinds
    sentences = []
    for sentence in narrative.sentences:
        row: dict[str, Any] = {"start": sentence.start, "end": sentence.end}
        if kinds:
            row["kind"] = next((label.id for label in kinds if label.full in sentence.labels), kinds.default)
        for framework in frameworks.tagged:
            found = [label for label in framework if label.full in sentence.labels]
            implied = {label.parent for label in found}
            row[framework.id] = [label.id for label in found if label.id not in implied]
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
    extra = row.get("extra") or {}
    if fault := misfit({**row, "extra": extra}, _shape(frameworks)):
        raise InvalidCorpus(f"{where}: {fault}.")
    text: str = row["text"]
    return LabelledNarrative(
        id=str(row["id"]),
        text=text,
        sentences=tuple(_sentence(item, text, frameworks, where) for item in row["sentences"]),
        nominator=row.get("nominator", UNKNOWN),
        setting=row.get("setting", UNKNOWN),
        level=row.get("level", UNKNOWN),
        nominee=row.get("nominee") or "",
        extra={key: str(value) for key, value in extra.items()},
    )


def _shape(frameworks: Frameworks) -> dict[str, Any]:
    """What a line must look like (see `misfit`), with a list of labels for each framework that may have several."""
    lists = (*frameworks.tagged, *filter(None, [frameworks.sectors]))
    sentence = {
        "start": int,
        "end": int,
        "kind?": str,
        "votes?": {str: NUMBER},
        "annotators?": int,
        **{f"{framework.id}?": [str] for framework in lists},
    }
    return {
        "id": str | int,
        "text": str,
        "sentences": [sentence],
        **dict.fromkeys(("nominator?", "setting?", "level?"), str),
        "nominee?": str | None,
        "extra?": {str: object},
    }


def _sentence(item: dict[str, Any], text: str, frameworks: Frameworks, where: str) -> LabelledSentence:
    start, end = item["start"], item["end"]
    if not 0 <= start < end <= len(text):
        raise InvalidCorpus(f"{where}: the offsets {start!r} to {end!r} do not lie in the text.")
    sectors = frameworks.sectors
    partners = [f"{sectors.id}/{name}" for name in item.get(sectors.id, ())] if sectors else []
    labels = [f"{framework.id}/{name}" for framework in frameworks.tagged for name in item.get(framework.id, ())]
    if frameworks.kinds:
        labels.append(f"{frameworks.kinds.id}/{item.get('kind', frameworks.kinds.default)}")
    found = {name: frameworks.find(name) for name in (*labels, *partners)}
    if unknown := [name for name, label in found.items() if label is None]:
        raise InvalidCorpus(f"{where}: no framework in use has the label {', '.join(unknown)}.")
    votes, annotators = dict(item.get("votes", {})), item.get("annotators", 0)
    if annotators < 0 or not all(0 <= share <= 1 for share in votes.values()):
        raise InvalidCorpus(f"{where}: votes are shares of annotators from 0 to 1, annotators their number.")
    known = {name: label for name, label in found.items() if label}
    return LabelledSentence(
        start=start,
        end=end,
        labels=frameworks.with_parents(frozenset(known[name].full for name in labels)),
        partners=frozenset(known[name].id for name in partners),
        votes=votes,
        annotators=annotators,
    )
