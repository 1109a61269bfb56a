"""`leadlight model`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import jobs_option, json_option


@click.group()
def model() -> None:
    """Inspect and verify models."""


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
    from pipeline.resources import shipped

    seen: dict[str, Path] = {}
    for parent in (Path("models"), shipped("models/default").parent):
        for manifest in sorted(parent.glob("*/manifest.json")):
            if (manifest.parent / "arrays.npz").is_file():
                seen.setdefault(manifest.parent.name, manifest.parent)
    for name, folder in seen.items():
        click.echo(f"{name:20} {folder}")


@model.command()
@click.argument("name")
@click.argument("corpus", nargs=-1, type=click.Path(exists=True, path_type=Path))
@jobs_option(-1)
@json_option
def verify(name: str, corpus: tuple[Path, ...], jobs: int, as_json: bool) -> None:
    """Train the model NAME again from its recorded recipe and say whether figures and weights agree.

    CORPUS is what it was trained on; without it, the files that its manifest records, if they are here. Takes as long
    as training did. Ends with 1 where something differs.
    """
    from pipeline import workflow
    from pipeline.errors import WrongUsage
    from pipeline.labels.jsonl import read_corpus
    from pipeline.model import find_model, load_model
    from pipeline.storage import to_json

    folder = find_model(name)
    loaded = load_model(folder)
    paths = list(corpus) or [Path(part) for part in loaded.manifest.get("corpus") or ()]
    if not paths or not all(path.exists() for path in paths):
        raise WrongUsage(f"The corpus that {name} was trained on is not here; name it after the model.")
    narratives = list(read_corpus(paths, loaded.frameworks))
    found = workflow.verify(folder, narratives, jobs=jobs, note=lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(to_json(found))
    else:
        verdict = "identical, every byte" if found["identical"] else "the same" if found["same"] else "not the same"
        click.echo(f"{name}: {verdict}. {found['figures_equal']} of {found['figures']} figures are equal.")
        for line in (*found["differences"], *(f"Mind: {cause}." for cause in found["possible_causes"])):
            click.echo(f"  {line}")
    if not found["same"]:
        raise click.exceptions.Exit(1)
