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
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FIELD=HEADER|FILE.toml",
    help="Column of a field, or a file of them.",
)
@click.option("--guess", is_flag=True, help="Print the mapping that would be used, to edit and keep; write nothing.")
@click.option(
    "--drop",
    multiple=True,
    metavar="FLAG",
    help="Reject what has this flag (test, incomplete …); repeatable.",
)
@click.option("--strict", is_flag=True, help="End with exit code 1 if any row is rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def ingest(
    sources: tuple[str, ...],
    output: Path,
    rejects: Path | None,
    maps: tuple[str, ...],
    guess: bool,
    drop: tuple[str, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """Read nominations from SOURCE: spreadsheets, documents, mail, folders and ZIPs of these, or - for stdin.

    The kinds of files are CSV, TSV, Excel (.xlsx, .xls), OpenDocument (.ods, .odt), JSON lines, Parquet, Word (.docx),
    PDF, RTF, text and mail (.eml).

    Text and details are found by their column headers; --map says otherwise, as in --map text="Why they should win"
    (fields: id, text, nominee, nominator, setting, level, category). Each row is kept or goes to the rejects file with
    the reason. Unfinished, test, empty, foreign and over-long entries and duplicates are kept and flagged.
    """
    from pipeline.errors import WrongUsage
    from pipeline.read import FLAGS, Mapping, guessed, ingest_files
    from pipeline.storage import to_json

    if unknown := sorted(set(drop) - set(FLAGS)):
        raise WrongUsage(f"--drop: there is no flag {unknown[0]!r}; the flags are {', '.join(FLAGS)}.")
    if guess:
        click.echo(guessed(sources, Mapping.parse(maps)), nl=False)
        return
    summary = ingest_files(sources, Mapping.parse(maps), output, rejects, _count_on_terminal, drop)
    for line in (*summary.warnings, *summary.unread, *summary.reasons)[:SHOWN]:
        click.echo(f"leadlight: {line}", err=True)
    for place, columns in summary.columns.items():
        click.echo(f"{place}: text from {', '.join(map(repr, columns.get('text', ())))}", err=True)
    if as_json:
        click.echo(to_json(summary.to_dict()), err=str(output) == "-")
    for group in summary.duplicates[:SHOWN]:
        click.echo(f"same story: {', '.join(group)}", err=True)
    click.echo(summary.line(), err=True)
    if summary.flags or summary.duplicates:
        click.echo(summary.seconds(), err=True)
    if strict and summary.rejected:
        raise SystemExit(1)


def _count_on_terminal(rows: int) -> None:
    if rows % 1000 == 0 and sys.stderr.isatty():
        click.echo(f"{rows:,} rows\r", nl=False, err=True)
