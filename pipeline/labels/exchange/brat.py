"""brat standoff: a folder an annotator with a `.txt` and an `.ann` a nomination, and `annotation.conf`.

brat's names of types hold no stroke, so `lqf/networks` is `lqf_networks` there; a span over several lines is given in
fragments. `nominations.jsonl` beside carries metadata. An annotator is a folder, `decision` the decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

from pipeline.errors import InvalidCorpus, UnreadableInput
from pipeline.frameworks import Frameworks
from pipeline.labels.exchange.decide import merged
from pipeline.labels.exchange.names import Names, placed
from pipeline.labels.exchange.records import LabelledText, Labelling, Span, spans_of
from pipeline.labels.exchange.tool import Context, name_of_role, role_of_name
from pipeline.nominations import read_nominations
from pipeline.records import FORM_FIELDS, UNKNOWN
from pipeline.storage import folder_renamed_into_place, to_json

_SIDE = "nominations.jsonl"
_LINE = re.compile(r"T\S*\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?")


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:
    """Write the folder; returns how many texts."""
    count = 0
    with folder_renamed_into_place(path) as folder:
        (folder / "annotation.conf").write_text(configuration(context.names.frameworks), encoding="utf-8")
        with (folder / _SIDE).open("w", encoding="utf-8", newline="\n") as beside:
            for text in texts:
                count += 1
                beside.write(to_json(_nomination(text)) + "\n")
                for labelling in text.labellings or (None,):
                    who = name_of_role(labelling.role, labelling.by) if labelling else ""
                    place = folder / quote(who, safe="@ ") if who else folder
                    place.mkdir(exist_ok=True)
                    _write_pair(place / quote(text.id, safe=" "), text, labelling)
    return count


def _nomination(text: LabelledText) -> dict[str, object]:
    form = {key: value for key, value in text.meta.items() if key in FORM_FIELDS}
    extra = {key: value for key, value in text.meta.items() if key not in FORM_FIELDS}
    return {"id": text.id, "text": text.text, **form, "extra": extra}


def _write_pair(stem: Path, text: LabelledText, labelling: Labelling | None) -> None:
    with stem.with_name(f"{stem.name}.txt").open("w", encoding="utf-8", newline="") as stream:
        stream.write(text.text)
    marks = [(span, label) for span in (labelling.spans if labelling else ()) for label in span.labels]
    with stem.with_name(f"{stem.name}.ann").open("w", encoding="utf-8", newline="\n") as stream:
        for number, (span, label) in enumerate(marks, 1):
            parts = fragments(text.text, span)
            places = ";".join(f"{start} {end}" for start, end in parts)
            said = " ".join(text.text[start:end] for start, end in parts)
            stream.write(f"T{number}\t{label.replace('/', '_')} {places}\t{said}\n")


def fragments(text: str, span: Span) -> list[tuple[int, int]]:
    """A span line by line, as brat wants it: its stretches without line ends and white space beside them."""
    parts = re.finditer(r"[^\r\n]+", text[span.start : span.end])
    found = [(span.start + part.start(), span.start + part.end()) for part in parts if part[0].strip()]
    return found or [span.place]


def configuration(frameworks: Frameworks) -> str:
    """The labels as brat's `annotation.conf`: each an entity, a child indented under its parent."""
    lines = ["[entities]"]
    for framework in frameworks:
        for label in framework:
            if label.parent is None:
                lines.append(f"{framework.id}_{label.id}")
                lines += [f"\t{framework.id}_{child.id}" for child in framework.children(label.id)]
    overlap = "ENTITY-OVERLAP\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"
    return "\n".join([*lines, "", "[relations]", overlap, "", "[events]", "", "[attributes]", ""])


def read(path: Path, context: Context) -> Iterator[LabelledText]:
    """The texts of a folder of brat's, one level of folders being annotators; raises InvalidCorpus with file and line.

    Relations, events, attributes and notes are passed over.
    """
    if not path.is_dir():
        raise UnreadableInput(f"{path} is no folder. brat keeps a .txt and an .ann of each text in one.")
    known = {n.id: n for n in read_nominations(path / _SIDE)} if (path / _SIDE).is_file() else {}
    files = sorted(path.glob("*.txt")) + sorted(path.glob("*/*.txt"))
    if not files:
        raise UnreadableInput(f"{path} holds no .txt files with .ann files beside them.")
    found = {text.id: text for text in merged(_text(file, path, context) for file in files)}
    order = [*(identity for identity in known if identity in found), *(i for i in found if i not in known)]
    for identity in order:
        text, nomination = found[identity], known.get(identity)
        if nomination:
            form = {name: getattr(nomination, name) for name in FORM_FIELDS}
            meta = {key: value for key, value in form.items() if value not in ("", UNKNOWN)} | dict(nomination.extra)
            text = replace(text, meta=meta)
        yield text


def _text(file: Path, folder: Path, context: Context) -> LabelledText:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            text = stream.read()
        annotations = file.with_name(f"{file.name.removesuffix('.txt')}.ann")
        lines = annotations.read_text(encoding="utf-8").split("\n") if annotations.is_file() else []
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{file} cannot be read: {error}.") from error
    who = unquote(file.parent.name) if file.parent != folder else context.by
    role, by = role_of_name(who, context)
    identity = unquote(file.name.removesuffix(".txt"))
    if not who and not context.model and not any(lines):
        return LabelledText(identity, text)
    spans = _spans(lines, text, context.names, annotations)
    return LabelledText(identity, text, {}, (Labelling(role, spans, by),))


def _spans(lines: Sequence[str], text: str, names: Names, path: Path) -> tuple[Span, ...]:
    marks: dict[tuple[int, int], dict[str, float | None]] = {}
    for number, line in enumerate(lines, 1):
        where = f"{path}, line {number}"
        if not line.startswith("T"):
            continue
        found = _LINE.fullmatch(line.rstrip("\r"))
        if not found:
            raise InvalidCorpus(f"{where}: {line[:60]!r} is no text-bound annotation of brat's.")
        numbers = [int(number) for number in re.findall(r"\d+", found[2])]
        place = placed(text, numbers[0], numbers[-1], None, where)
        if found[3] and ";" not in found[2]:
            place = placed(text, *place, found[3], where)
        at_place = marks.setdefault(place, {})
        if full := names.read(found[1], where):
            at_place[full] = None
    return tuple(replace(span, labels=names.least(span.labels)) for span in spans_of(marks, {}))
