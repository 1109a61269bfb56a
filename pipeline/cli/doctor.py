"""`leadlight doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import model_option


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@model_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(folder: Path, model: str | None, as_json: bool) -> None:
    """Say what is wrong with this installation, and with FOLDER for results; ends with 1 if anything is.

    Python, libraries, the model (a trial sentence is tagged) and the folder are looked at. Nothing is changed.
    """
    from pipeline.storage import to_json
    from pipeline.workflow.checkup import checkup

    findings = []
    for finding in checkup(model, folder):
        findings.append(finding)
        if not as_json:
            click.echo(f"{'well ' if finding.well else 'WRONG'}  {finding.what}: {finding.words}")
    if as_json:
        click.echo(to_json([finding._asdict() for finding in findings]))
    if not all(finding.well for finding in findings):
        raise SystemExit(1)
