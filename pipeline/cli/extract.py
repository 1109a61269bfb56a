"""`leadlight extract`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("nominations", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Parquet file to write.")
def extract(nominations: Path, output: Path) -> None:
    """Extract what the classifier sees of NOMINATIONS: one row a sentence, for researchers."""
    from pipeline import workflow
    from pipeline.extraction import write_rows
    from pipeline.frameworks import shipped_frameworks
    from pipeline.nominations import read_nominations

    count = write_rows(workflow.sentences(read_nominations(nominations), shipped_frameworks()), output)
    click.echo(f"{count} sentences extracted.", err=True)
