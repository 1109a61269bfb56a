"""`leadlight ingest`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="Nominations file; - for stdout.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Rejects file. Default: beside the output.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=HEADER", help="Say which column is what; repeatable.")
@click.option("--strict", is_flag=True, help="Exit with 1 when any row was rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON (when the output is a file).")
def ingest(
    sources: tuple[str, ...], output: Path, rejects: Path | None, maps: tuple[str, ...], strict: bool, as_json: bool  # noqa: FBT001
) -> None:
    """Read nominations from SOURCES: CSV, Excel, Word, text, JSON lines, Parquet, folders of them, or - for stdin."""
    from pipeline.ingestion import ingest as run
    from pipeline.read import Mapping
    from pipeline.storage import to_json

    to_file = str(output) != "-"
    beside = output.with_name(f"{output.stem}.rejects.jsonl") if to_file else None
    summary = run(sources, Mapping.parse(maps), output, rejects or beside)
    if as_json and to_file:
        click.echo(to_json(summary))
    click.echo("{read} read: {kept} kept, {rejected} rejected".format(**summary), err=True)
    for line in summary["reasons"][:5]:
        click.echo(f"  {line}", err=True)
    if strict and summary["rejected"]:
        raise click.exceptions.Exit(1)
