"""`leadlight tag`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import jobs_option, model_option
from pipeline.cli.progress import progress

SHOWN = 10
"""The most nominations set aside that are named on stderr; the file beside the evidence has all."""


@click.command()
@click.argument("nominations", type=click.Path(path_type=Path))
@model_option
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="Evidence file; - for stdout.")
@click.option("--scores", is_flag=True, help="Add the probability of every label to each sentence.")
@jobs_option(None, "Processes; -1 for one a core. Default: one a core, or a single one for a few nominations.")
@click.option(
    "--precision", default=None, type=click.Choice(["0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]),
    help="Raise each label's threshold until that share of its tags was right in cross-validation.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on where an earlier run on the same files was stopped.")
@click.option("--reuse", type=click.Path(path_type=Path), help="Earlier evidence; what has not changed is taken over.")
@click.option("--strict", is_flag=True, help="End with exit code 1 if a nomination failed and was set aside.")
def tag(
    nominations: Path, model: str | None, output: Path, scores: bool, jobs: int | None, precision: str | None,
    resume: bool, reuse: Path | None, strict: bool,
) -> None:  # fmt: skip
    """Tag NOMINATIONS (made by `leadlight ingest`) with evidence of leadership, a line a nomination.

    Work in progress lies in the folder OUTPUT.part until it is done; after Ctrl-C, a crash or a power cut the same
    command with --resume goes on from there. Beside the evidence lie a record of the run (.run.json) and, where
    nominations failed, these with the reasons (.failed.jsonl).
    """
    from pipeline.errors import WrongUsage
    from pipeline.model import find_model
    from pipeline.storage import streams
    from pipeline.workflow import TagOptions, tag_file

    options = TagOptions(with_scores=scores, precision=float(precision) if precision else None)
    if streams(output):
        if resume:
            raise WrongUsage("--resume needs a file to go on with; name it with -o.")
        _stream(nominations, find_model(model), output, options, jobs, strict)
        return
    try:
        record = tag_file(
            nominations, find_model(model), output, options, jobs=jobs, resume=resume, reuse=reuse,
            watch=lambda found, left: progress(found, left, "tagging"),
        )  # fmt: skip
    except KeyboardInterrupt:
        _say_how_to_go_on(output)
        raise
    say_what_was_done(record)
    if strict and record["counts"]["set aside"]:
        raise SystemExit(1)


def say_what_was_done(record: dict[str, Any]) -> None:
    """Name what was set aside, and count what was tagged, on stderr."""
    counts = record["counts"]
    if record.get("already complete"):
        click.echo(f"{record['output']['file']} is complete and up to date: {counts['tagged']} nominations.", err=True)
        return
    for failure in record["failures"][:SHOWN]:
        click.echo(f"leadlight: {failure['id']} (line {failure['line']}) set aside: {failure['reason']}", err=True)
    aside = f"; {counts['set aside']} set aside (see {record['set aside']})" if counts["set aside"] else ""
    resumed = f", {counts['done by an earlier run']} by the run before" if counts["done by an earlier run"] else ""
    taken = f", {counts['taken over']} unchanged and taken over" if counts["taken over"] else ""
    click.echo(f"{counts['tagged']} nominations tagged{resumed}{taken}{aside}.", err=True)


def _say_how_to_go_on(output: Path) -> None:
    from pipeline.journal import folder_of

    if folder_of(output).is_dir():
        click.echo(f"What is done is kept in {folder_of(output)}; the same command with --resume goes on.", err=True)


def _stream(nominations: Path, folder: Path, output: Path, options: Any, jobs: int | None, strict: bool) -> None:
    """Evidence to stdout, a pipe or a device, where nothing can be resumed."""
    from pipeline.nominations import read_nominations
    from pipeline.storage import written_whole
    from pipeline.workflow import outcomes, processes

    tagged = failed = 0
    with written_whole(output) as stream:
        for outcome in outcomes(read_nominations(nominations), folder, options, jobs=processes(jobs or 1, None)):
            if outcome.line:
                stream.write(outcome.line + "\n")
                tagged += 1
            else:
                failed += 1
                click.echo(f"leadlight: {outcome.nomination.id} left out: {outcome.reason}", err=True)
    click.echo(f"{tagged} nominations tagged" + (f"; {failed} left out." if failed else "."), err=True)
    if strict and failed:
        raise SystemExit(1)
