"""`leadlight evaluate` and `leadlight compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import corpus_argument, jobs_option, json_option, log_option
from pipeline.wording import figure

output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder for the result as JSON, Markdown and a page (HTML)."
)


@click.command()
@click.argument("model")
@corpus_argument
@output_option
@json_option
@click.option(
    "--trained-on",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="The model's training corpus; mistakes then come with its nearest sentences. Repeatable.",
)
@click.option("--slice", "slices", multiple=True, metavar="KEY", help="Slice by this entry of `extra` too; repeatable.")
@click.option("--mistakes", default=3, show_default=True, type=click.IntRange(0), help="Wrong and missed, a label.")
@jobs_option(1)
@log_option
def evaluate(
    model: str,
    corpus: tuple[Path, ...],
    output: Path | None,
    as_json: bool,
    trained_on: tuple[Path, ...],
    slices: tuple[str, ...],
    mistakes: int,
    jobs: int,
    log: Path | None,
) -> None:
    """Measure MODEL (a folder, or a name under models/) on a labelled CORPUS that it was not trained on.

    Per-label and overall figures with 95 % intervals over narratives, precision-recall and calibration, slices with
    tests, confusions and the mistakes to read first.
    """
    from pipeline import workflow
    from pipeline.labels.jsonl import read_corpus
    from pipeline.model import find_model, load_model
    from pipeline.quality.pages import write_pages
    from pipeline.runs import log_run
    from pipeline.storage import replaceable, to_json

    if output:
        replaceable(output)
    folder = find_model(model)
    frameworks = load_model(folder).frameworks
    found = workflow.evaluate(
        list(read_corpus(list(corpus), frameworks)), folder, trained_on=list(read_corpus(list(trained_on), frameworks)),
        slice_keys=slices, most=mistakes, jobs=jobs,
    )  # fmt: skip
    for warning in found["warnings"]:
        click.echo(f"leadlight: {warning}", err=True)
    if log:
        figures: dict[str, Any] = {key: found[key] for key in ("overall", "groups", "labels", "kinds") if key in found}
        log_run(log, "evaluate", {**found["model"], "corpus_sha256": found["corpus_sha256"]}, figures)
    if output:
        click.echo(write_pages(found, "evaluation", output), err=as_json)
    if as_json:
        click.echo(to_json(found))
    elif not output:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    """The figures for a terminal."""
    for name, group in [*found["groups"].items(), ("all tags", found["overall"])]:
        macro, micro = (_with_interval(group, key) for key in ("f1", "micro_f1"))
        click.echo(f"{name:14} AUC {figure(group['auc'])}  macro F1 {macro}  micro F1 {micro}")
    for name, row in found["labels"].items():
        precision, recall, f1 = (figure(row[key], 2) for key in ("precision", "recall", "f1"))
        click.echo(f"  {name:32} n {row['sentences']:4}  P {precision} R {recall} F1 {f1}")


def _with_interval(row: dict[str, Any], key: str) -> str:
    low, high = row[f"{key}_interval"]
    return f"{figure(row[key])} [{figure(low)} {figure(high)}]"


@click.command()
@click.argument("one")
@click.argument("other")
@corpus_argument
@output_option
@json_option
@jobs_option(1)
def compare(one: str, other: str, corpus: tuple[Path, ...], output: Path | None, as_json: bool, jobs: int) -> None:
    """Compare two models, ONE and OTHER, on a labelled CORPUS that neither was trained on.

    Differences (other less one) with intervals by paired bootstrap over narratives, and McNemar's test for each label.
    """
    from pipeline import workflow
    from pipeline.labels.jsonl import read_corpus
    from pipeline.model import find_model, load_model
    from pipeline.quality.pages import write_pages
    from pipeline.storage import replaceable, to_json

    if output:
        replaceable(output)
    folders = [find_model(name) for name in (one, other)]
    narratives = list(read_corpus(list(corpus), load_model(folders[0]).frameworks))
    found = workflow.compare(narratives, folders[0], folders[1], jobs=jobs)
    if output:
        click.echo(write_pages(found, "comparison", output), err=as_json)
    if as_json:
        click.echo(to_json(found))
    elif not output:
        for name, row in found["groups"].items():
            change = row["f1"]
            low, high = (figure(value) for value in change["interval"])
            click.echo(f"{name:14} macro F1 {figure(change['difference'])} [{low} {high}]  p {figure(change['p'])}")
