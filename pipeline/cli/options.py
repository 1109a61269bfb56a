"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.errors import WrongUsage

Command = TypeVar("Command", bound=Callable[..., Any])


class Processes(click.IntRange):
    """A number of processes: one or more, or -1 for one a core."""

    def __init__(self) -> None:
        super().__init__(min=-1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; raises WrongUsage for 0."""
        number = super().convert(value, param, ctx)
        if number == 0:
            raise WrongUsage("--jobs 0: name one process or more, or -1 for one a core.")
        return number


corpus_argument = click.argument("corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
framework_option = click.option(
    "--framework", "frameworks", multiple=True, help="Framework file or shipped id; repeatable. Default: all shipped."
)
model_option = click.option(
    "-m", "--model", default=None, help="Model folder, or a name under models/. Default: the packaged one."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
log_option = click.option(
    "--log",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Add this run to FOLDER/runs.jsonl (and to MLflow in FOLDER, where that is installed).",
)


def jobs_option(default: int | None, words: str = "Processes; -1 for one a core.") -> Callable[[Command], Command]:
    """`--jobs` with a default."""
    return click.option("--jobs", default=default, show_default=default is not None, type=Processes(), help=words)
