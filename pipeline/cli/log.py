"""The option of commands whose runs can be logged."""

from __future__ import annotations

from pathlib import Path

import click

log_option = click.option(
    "--log",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Add this run to FOLDER/runs.jsonl (and to MLflow in FOLDER, where that is installed).",
)
