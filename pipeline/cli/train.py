"""`leadlight train`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import corpus_argument, framework_option, jobs_option, json_option, log_option


@click.command()
@corpus_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write the model to.")
@framework_option
@click.option("--folds", default=5, show_default=True, type=click.IntRange(2), help="Folds of the cross-validation.")
@click.option(
    "--seed", default=20261125, show_default=True, type=click.IntRange(0, 2**32 - 1), help="Seed of folds and fits."
)
@click.option(
    "--strength", default=0.3, show_default=True, type=click.FloatRange(0, min_open=True), help="C of the regressions."
)
@click.option(
    "--fewest", default=10, show_default=True, type=click.IntRange(1), help="A label with fewer sentences is left out."
)
@jobs_option(-1)
@json_option
@log_option
def train(
    corpus: tuple[Path, ...],
    output: Path,
    frameworks: tuple[str, ...],
    folds: int,
    seed: int,
    strength: float,
    fewest: int,
    jobs: int,
    as_json: bool,
    log: Path | None,
) -> None:
    """Train a model on a labelled CORPUS: authoring files, folders of them, or JSON lines."""
    from pipeline import workflow
    from pipeline.errors import WrongUsage
    from pipeline.frameworks import load_frameworks
    from pipeline.labels.jsonl import read_corpus
    from pipeline.runs import log_run
    from pipeline.storage import replaceable, to_json
    from pipeline.wording import figure

    replaceable(output)
    chosen = load_frameworks(frameworks)
    narratives = list(read_corpus(list(corpus), chosen))
    labelled = sum(bool(narrative.sentences) for narrative in narratives)
    if 0 < labelled < folds:
        raise WrongUsage(f"--folds {folds}: the corpus holds only {labelled} labelled narratives, a fold needs one.")
    metrics = workflow.train(
        narratives, chosen, output, folds=folds, seed=seed, strength=strength, jobs=jobs, fewest=fewest,
        note=lambda line: click.echo(line, err=True), sources=[named(path) for path in corpus],
    )  # fmt: skip
    if log:
        recipe = {"folds": folds, "seed": seed, "strength": strength, "fewest": fewest}
        log_run(log, "train", {"model": str(output), "corpus": [named(path) for path in corpus], **recipe}, metrics)
    if as_json:
        click.echo(to_json(metrics))
    for name, group in metrics["groups"].items():
        auc, f1 = figure(group["auc"]), figure(group["f1"])
        click.echo(f"{name}: {group['labels']} labels, AUC {auc}, macro F1 {f1}", err=True)
    click.echo(f"The model is in {output}.", err=True)


def named(path: Path) -> str:
    """A path as a recipe records it: as it was given, or its name alone where it would tell of someone's computer."""
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()
