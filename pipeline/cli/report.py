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
def report(evidence: Path, model: str | None, output: Path) -> None:
    """Write the judges' pack of EVIDENCE (made by `leadlight tag`) and print the path of its first page."""
    from pipeline.evidence_lines import read_evidence
    from pipeline.model import find_model, load_model
    from pipeline.report import write_pack
    from pipeline.workflow import model_digest

    classifier = load_model(find_model(model))
    rows = read_evidence(evidence, model_digest(classifier.manifest))
    index = write_pack(rows, classifier.frameworks, output)
    click.echo(index)
