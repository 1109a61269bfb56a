"""`leadlight report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option(
    "-m", "--model", default=None, help="The model that tagged it, for its frameworks. Default: the packaged one."
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write the pack to.")
@click.option("--settings", type=click.Path(path_type=Path), help="TOML file with the awards' name, logo and colours.")
@click.option("--templates", type=click.Path(path_type=Path), help="Folder of your own templates, used before ours.")
def report(evidence: Path, model: str | None, output: Path, settings: Path | None, templates: Path | None) -> None:
    """Write the judges' pack of EVIDENCE (made by `leadlight tag`) and print the path of its first page."""
    from pipeline.evidence_lines import read_evidence
    from pipeline.model import find_model, load_model, read_metrics
    from pipeline.report import figures_of, read_settings, write_pack
    from pipeline.workflow import model_digest

    folder = find_model(model)
    classifier = load_model(folder)
    rows = read_evidence(evidence, model_digest(classifier.manifest))
    index = write_pack(
        rows,
        classifier.frameworks,
        output,
        settings=read_settings(settings) if settings else None,
        templates=templates,
        figures=figures_of(classifier.manifest, read_metrics(folder), classifier.frameworks),
    )
    click.echo(index)
