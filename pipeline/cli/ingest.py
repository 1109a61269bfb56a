"""`leadlight ingest`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

SHOWN = 30
"""The most warnings and reasons that are printed; the rejects file has all."""


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="Nominations file; - for stdout.")
@click.option(
    "--rejects", type=click.Path(path_type=Path), help="Rejects file. Default: OUTPUT's name with .rejects.jsonl"
)
@click.option("--map", "maps", multiple=True, metavar="FIELD=HEADER", help="Column of a field; repeat for more.")
@click.option("--strict", is_flag=True, help="End with exit code 1 if any row is rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def ingest(
    sources: tuple[str, ...], output: Path, rejects: Path | None, maps: tuple[str, ...], strict: bool, as_json: bool
) -> None:
    """Read nominations from SOURCE: CSV, Excel, JSON lines, Parquet, Word, text, folders of these, or - for stdin.

    Text and details are found by their column headers; --map says otherwise, as in --map text="Why they should win"
    (fields: id, text, nominee, nominator, setting, level, category). Each row is kept or goes to the rejects file with
    the reason.
    """
    from pipeline.read import Mapping, ingest_files
    from pipeline.storage import to_json

    summary = ingest_files(sources, Mapping.parse(maps), output, rejects, _count_on_terminal)
    for line in (*summary.warnings, *summary.unread, *summary.reasons)[:SHOWN]:
        click.echo(f"leadlight: {line}", err=True)
    for place, columns in summary.columns.items():
        click.echo(f"{place}: text from {', '.join(map(repr, columns.get('text', ())))}", err=True)
    if as_json:
        click.echo(to_json(summary.to_dict()), err=str(output) == "-")
    click.echo(summary.line(), err=True)
    if strict and summary.rejected:
        raise SystemExit(1)


def _count_on_terminal(rows: int) -> None:
    if rows % 1000 == 0 and sys.stderr.isatty():
        click.echo(f"{rows:,} rows\r", nl=False, err=True)
