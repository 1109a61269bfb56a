"""The command `leadlight`: one thin command a stage, and one place where failures become a sentence and an exit code.

Nothing heavy (spaCy, scikit-learn, pandas, ONNX Runtime) is imported before a command runs; `tests/` holds the list.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from pipeline import __version__
from pipeline.cli.demo import demo
from pipeline.cli.doctor import doctor
from pipeline.cli.evaluate import compare, evaluate
from pipeline.cli.extract import extract
from pipeline.cli.frameworks import frameworks
from pipeline.cli.ingest import ingest
from pipeline.cli.labels import labels
from pipeline.cli.model import model
from pipeline.cli.report import report
from pipeline.cli.tag import tag
from pipeline.cli.train import train
from pipeline.errors import LeadlightError


class FailuresInPlainWords(click.Group):
    """A group whose failures end as one clear line on stderr and the contract's exit code, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises SystemExit with 1 or 2 for failures that a user can act on, 130 for Ctrl-C."""
        try:
            return super().invoke(ctx)
        except LeadlightError as error:
            click.echo(f"leadlight: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("leadlight: stopped.", err=True)
            sys.exit(130)
        except BrokenPipeError:
            _let_go_of_stdout()
            sys.exit(1)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"leadlight: {place}{error.strerror or error}.", err=True)
            _let_go_of_stdout()
            sys.exit(1)


def _let_go_of_stdout() -> None:
    """Keep what could not be written from being tried again at exit, which would end in a traceback."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    cls=FailuresInPlainWords, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="leadlight")
def main() -> None:
    """Bring leadership to light in care-award nominations.

    Typical use: `leadlight ingest awards.xlsx -o nominations.jsonl`, then `leadlight tag nominations.jsonl -o
    evidence.jsonl`, then `leadlight report evidence.jsonl -o pack`. Text never leaves this machine.
    """


for command in (ingest, extract, train, evaluate, compare, tag, report, labels, frameworks, model, demo, doctor):
    main.add_command(command)
