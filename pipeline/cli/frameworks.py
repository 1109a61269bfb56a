"""`leadlight frameworks`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def frameworks() -> None:
    """List, show and check frameworks: the labels that narratives are read for."""


@frameworks.command("list")
def list_frameworks() -> None:
    """List the shipped frameworks."""
    from pipeline.frameworks import shipped_frameworks

    for framework in shipped_frameworks():
        click.echo(f"{framework.id:10} {len(list(framework)):3} labels  {framework.name} ({framework.edition})")


@frameworks.command()
@click.argument("framework")
@click.option("--toml", "as_file", is_flag=True, help="Print the file itself, to copy and edit.")
def show(framework: str, as_file: bool) -> None:
    """Show a framework: a shipped id, or a file ending in .toml."""
    from pipeline.frameworks import load_frameworks

    (found,) = load_frameworks([framework])
    if as_file:
        click.echo(found.content, nl=False)
        return
    click.echo(f"{found.name} ({found.edition})\nSource: {found.source}\n")
    for label in found:
        indent = "  " if label.parent else ""
        click.echo(f"{indent}{label.full}  {label.name}: {label.definition}")
        for word, text in (("when", label.when), ("not when", label.not_when)):
            if text:
                click.echo(f"{indent}    {word}: {text}")


@frameworks.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a framework FILE of your own; every fault is listed."""
    from pipeline.frameworks import read_framework

    framework = read_framework(file)
    click.echo(f"{file}: {framework.name}, {len(list(framework))} labels, nothing wrong.")
