"""`leadlight labels`."""

from __future__ import annotations

from pathlib import Path

import click

paths = click.argument("corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
framework_option = click.option(
    "--framework", "frameworks", multiple=True, help="Framework file or shipped id; repeatable."
)


@click.group()
def labels() -> None:
    """Check, count and export labelled narratives."""


@labels.command()
@paths
@framework_option
@click.option(
    "--against",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A held-out file (JSON lines with text).",
)
def check(corpus: tuple[Path, ...], frameworks: tuple[str, ...], against: tuple[Path, ...]) -> None:
    """Check a CORPUS: offsets, ids, labels, metadata, near-duplicates, and leakage against held-out files."""
    from pipeline.frameworks import load_frameworks
    from pipeline.labels.check import faults
    from pipeline.labels.jsonl import read_corpus

    chosen = load_frameworks(frameworks)
    narratives = list(read_corpus(list(corpus), chosen))
    found = list(faults(narratives, chosen, against))
    for fault in found:
        click.echo(fault)
    sentences = sum(len(narrative.sentences) for narrative in narratives)
    click.echo(f"{len(narratives)} narratives, {sentences} sentences, {len(found)} faults", err=True)
    if found:
        raise click.exceptions.Exit(1)


@labels.command()
@paths
@framework_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def stats(corpus: tuple[Path, ...], frameworks: tuple[str, ...], as_json: bool) -> None:
    """Count a CORPUS by label, by slice, and the agreement of its annotators."""
    from pipeline.frameworks import load_frameworks
    from pipeline.labels.jsonl import read_corpus
    from pipeline.labels.stats import count
    from pipeline.storage import to_json

    chosen = load_frameworks(frameworks)
    found = count(list(read_corpus(list(corpus), chosen)), chosen)
    if as_json:
        click.echo(to_json(found))
        return
    for name, table in found.items():
        click.echo(f"{name}: {table}" if not isinstance(table, dict) else f"{name}:")
        for key, value in table.items() if isinstance(table, dict) else ():
            click.echo(f"  {key:32} {value}")


@labels.command()
@paths
@framework_option
@click.option("--to", "to", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="Format.")
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="File; - for stdout.")
def export(corpus: tuple[Path, ...], frameworks: tuple[str, ...], to: str, output: Path) -> None:  # noqa: ARG001
    """Export a CORPUS as labelled-corpus lines, a JSON object a narrative."""
    from pipeline.frameworks import load_frameworks
    from pipeline.labels.jsonl import read_corpus, to_row
    from pipeline.storage import write_lines

    chosen = load_frameworks(frameworks)
    count = write_lines((to_row(narrative, chosen) for narrative in read_corpus(list(corpus), chosen)), output)
    click.echo(f"{count} narratives exported.", err=True)
