"""`leadlight evaluate`."""

from __future__ import annotations

from pathlib import Path

import click


def figure(value: float | None, places: int = 3) -> str:
    """A figure as it is printed; one that has no value is a dash."""
    return "–" if value is None else f"{value:.{places}f}"


@click.command()
@click.argument("model")
@click.argument("corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
def evaluate(model: str, corpus: tuple[Path, ...], as_json: bool) -> None:
    """Measure MODEL (a folder, or a name under models/) on a labelled CORPUS that it was not trained on."""
    from pipeline import workflow
    from pipeline.labels.jsonl import read_corpus
    from pipeline.model import find_model, load_model
    from pipeline.storage import to_json

    folder = find_model(model)
    figures = workflow.evaluate(read_corpus(list(corpus), load_model(folder).frameworks), folder)
    if as_json:
        click.echo(to_json(figures))
        return
    for name, group in figures["groups"].items():
        low, high = map(figure, group["f1_interval"])
        click.echo(f"{name:14} AUC {figure(group['auc'])}  macro F1 {figure(group['f1'])} [{low} {high}]")
    for name, row in figures["labels"].items():
        precision, recall, f1 = (figure(row[key], 2) for key in ("precision", "recall", "f1"))
        click.echo(f"  {name:32} n {row['sentences']:4}  P {precision} R {recall} F1 {f1}")
