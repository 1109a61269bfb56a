"""`leadlight model`."""

from __future__ import annotations

import click


@click.group()
def model() -> None:
    """Inspect models."""


@model.command()
@click.argument("name", required=False)
def show(name: str | None) -> None:
    """Show the card of a model: a folder, a name under models/, or the packaged default."""
    from pipeline.model import find_model, load_model

    folder = find_model(name)
    load_model(folder)
    click.echo((folder / "README.md").read_text(encoding="utf-8"), nl=False)


@model.command("list")
def list_models() -> None:
    """List the models under models/ and the packaged default."""
    from pathlib import Path

    from pipeline.resources import shipped

    seen: dict[str, Path] = {}
    for parent in (Path("models"), shipped("models/default").parent):
        for manifest in sorted(parent.glob("*/manifest.json")):
            if (manifest.parent / "arrays.npz").is_file():
                seen.setdefault(manifest.parent.name, manifest.parent)
    for name, folder in seen.items():
        click.echo(f"{name:20} {folder}")
