"""Composes label exchange: files of a tool to labelled texts to files of another, predictions kept apart throughout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import InvalidCorpus, WrongUsage
from pipeline.frameworks import Frameworks
from pipeline.labels.exchange.corpus import read_predictions, read_texts
from pipeline.labels.exchange.decide import decisions, merged, snapped
from pipeline.labels.exchange.formats import FORMATS, beside
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import ACCEPT, ANNOTATOR, DECISION, IGNORE, MODEL, REJECT, LabelledText, Labelling
from pipeline.labels.exchange.refi_codebook import frameworks_of
from pipeline.labels.exchange.tool import Context
from pipeline.parse import Parser
from pipeline.records import Nomination
from pipeline.storage import written_whole


def export_labels(
    corpus: Iterable[Path],
    frameworks: Frameworks,
    to: str,
    output: Path,
    *,
    predictions: Path | None,
    only: str | None,
    note: Callable[[str], None] = lambda _: None,
) -> list[tuple[Path, int]]:
    """Write the labels of a corpus for a tool; returns the files written and how many texts (or labels) each holds.

    `only` picks the labelling of one annotator, or `decision`; predictions go to a file beside where the format has no
    place for them. Labellings that passed a text over, or rejected it, are left out and noted where the format cannot
    say so. Raises WrongUsage for predictions that need a file and have none, InvalidCorpus for texts that differ.
    """
    names, format_ = Names(frameworks), FORMATS[to]
    texts = [_only(text, only) for text in read_texts(corpus, names)]
    if predictions:
        texts = _with_predictions(texts, predictions, names)
    said = {ACCEPT, *([IGNORE] if "passed" in format_.holds else []), *([REJECT] if "answers" in format_.holds else [])}
    kept = [replace(text, labellings=tuple(one for one in text.labellings if one.answer in said)) for text in texts]
    if left_out := sum(len(text.labellings) for text in texts) - sum(len(text.labellings) for text in kept):
        note(f"{left_out} labellings that passed a text over or rejected it are left out; {to} cannot say so.")
    texts = kept
    assert format_.write is not None  # noqa: S101 - every format is written
    context = Context(names)
    if "predictions" in format_.holds or not any(text.of(MODEL) for text in texts):
        return [(output, format_.write(texts, output, context))]
    if str(output) == "-":
        raise WrongUsage(f"{to} has no place for predictions, so they need a file of their own; name one with -o.")
    people = [text.only(ANNOTATOR, DECISION) for text in texts]
    models = [text.only(MODEL) for text in texts if text.of(MODEL)]
    return [
        (output, format_.write(people, output, context)),
        (beside(output), format_.write(models, beside(output), context)),
    ]


def _only(text: LabelledText, only: str | None) -> LabelledText:
    if only is None:
        return text
    picked = [one for one in text.labellings if (one.role == DECISION if only == DECISION else one.by == only)]
    return replace(text, labellings=tuple(picked))


def _with_predictions(texts: Sequence[LabelledText], path: Path, names: Names) -> list[LabelledText]:
    said = read_predictions(path, names)
    out = []
    for text in texts:
        found: tuple[str, Labelling] | None = said.get(text.id)
        if found and found[0] != text.text:
            raise InvalidCorpus(f"{path}: the text of {text.id} differs from the corpus; tag the same nominations.")
        out.append(replace(text, labellings=(*text.labellings, found[1])) if found else text)
    return out


def import_labels(
    files: Sequence[Path], frameworks: Frameworks, source: str, output: Path, *,
    by: str, model: str, renames: dict[str, str], texts: Sequence[Path], to_sentences: bool,
    note: Callable[[str], None],
) -> int:  # fmt: skip
    """Write a tool's labels as labelled-corpus lines, all labellings beside the decisions; returns how many texts.

    `by` names the annotator and `model` the model of files that do not; `texts` give the texts of files without;
    `to_sentences` moves spans to Leadlight's sentences. Notes how many places have no decision.
    """
    names, format_ = Names(frameworks, renames), FORMATS[source]
    if format_.read is None:
        raise WrongUsage(f"{source} is written only. A codebook (.qdc) is read with --from refi-codebook -o NAME.toml.")
    known = {text.id: text for text in read_texts(texts, names)}
    context = Context(names, by, model, known)
    found = merged(text for file in files for text in format_.read(file, context))
    if to_sentences:
        parser = Parser(frameworks)
        found = [snapped(text, _sentences(text, parser), names) for text in found]
    undecided = sum(decisions(text, names)[1] for text in found)
    if undecided:
        note(f"{undecided} places where annotators differ have no decision; see `leadlight labels adjudicate`.")
    writer = FORMATS["jsonl"].write
    return writer(found, output, context) if writer else 0


def _sentences(text: LabelledText, parser: Parser) -> list[tuple[int, int]]:
    nomination = Nomination(id=text.id, text=text.text, nominee=text.meta.get("nominee", ""))
    return [(sentence.start, sentence.end) for sentence in parser.sentences(nomination)]


def import_codebook(path: Path, output: Path) -> list[Path]:
    """Write the frameworks of a REFI-QDA codebook as TOML: to `output`, or beside it by id where there are several."""
    found = frameworks_of(path)
    written = []
    for identity, content in found.items():
        target = output if len(found) == 1 else output.with_name(f"{identity}.toml")
        with written_whole(target) as stream:
            stream.write(content)
        written.append(target)
    return written
