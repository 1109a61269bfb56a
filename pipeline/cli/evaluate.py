"""`leadlight evaluate`."""

from __future__ import annotations

from pathlib import Path

import click


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
        low, high = group["f1_interval"]
        click.echo(f"{name:14} AUC {group['auc']:.3f}  macro F1 {group['f1']:.3f} [{low:.3f} {high:.3f}]")
    for name, row in figures["labels"].items():
        click.echo(
            f"  {name:32} n {row['sentences']:4}  P {row['precision']:.2f} R {row['recall']:.2f} F1 {row['f1']:.2f}"
        )
