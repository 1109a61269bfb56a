"""`leadlight tag`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.progress import progress


@click.command()
@click.argument("nominations", type=click.Path(path_type=Path))
@click.option("-m", "--model", default=None, help="Model folder, or a name under models/. Default: the packaged one.")
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="Evidence file; - for stdout.")
@click.option("--scores", is_flag=True, help="Add the probability of every label to each sentence.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(-1), help="Processes; -1 for one a core.")
@click.option(
    "--precision", default=None, type=click.Choice(["0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]),
    help="Raise each label's threshold until that share of its tags was right in cross-validation.",
)  # fmt: skip
def tag(nominations: Path, model: str | None, output: Path, scores: bool, jobs: int, precision: str | None) -> None:
    """Tag NOMINATIONS (made by `leadlight ingest`) with evidence of leadership, a line a nomination."""
    from pipeline.errors import WrongUsage
    from pipeline.model import find_model
    from pipeline.nominations import read_nominations
    from pipeline.storage import write_lines
    from pipeline.workflow import TagOptions, tagged

    if jobs == 0:
        raise WrongUsage("--jobs 0: name one process or more, or -1 for one a core.")
    options = TagOptions(with_scores=scores, precision=float(precision) if precision else None)
    rows = tagged(read_nominations(nominations), find_model(model), options, jobs=jobs)
    count = write_lines(progress(rows, "nominations tagged"), output)
    click.echo(f"{count} nominations tagged.", err=True)
