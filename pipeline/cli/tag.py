"""`leadlight tag`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("nominations", type=click.Path(path_type=Path))
@click.option("-m", "--model", default=None, help="Model folder, or a name under models/. Default: the packaged one.")
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="Evidence file; - for stdout.")
@click.option("--scores", is_flag=True, help="Add the probability of every label to each sentence.")
def tag(nominations: Path, model: str | None, output: Path, scores: bool) -> None:
    """Tag NOMINATIONS (made by `leadlight ingest`) with evidence of leadership, a line a nomination."""
    from pipeline.model import find_model
    from pipeline.nominations import read_nominations
    from pipeline.storage import write_lines
    from pipeline.workflow import Tagger

    tagger = Tagger.load(find_model(model), with_scores=scores)
    count = write_lines(tagger.all(read_nominations(nominations)), output)
    click.echo(f"{count} nominations tagged.", err=True)
