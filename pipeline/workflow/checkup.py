"""What is wrong with an installation, in plain words: each part is tried, not just looked for."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import LeadlightError
from pipeline.model import find_model
from pipeline.records import Nomination
from pipeline.workflow.tagging import Tagger

LEAST_SPACE = 1_000_000_000
"""Bytes that should be free where results are written."""

OLDEST = (3, 11)


class Finding(NamedTuple):
    """What was looked at, whether it is well, and what was found or what to do."""

    what: str
    well: bool
    words: str


def checkup(model: str | None, folder: Path) -> Iterator[Finding]:
    """The state of Python, of every library needed, of the model, and of the folder for results."""
    for what, look in (
        ("Python", _python),
        ("libraries", _libraries),
        ("model", lambda: _model(model)),
        ("folder", lambda: _folder(folder)),
    ):
        yield _looked(what, look)


def _looked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except LeadlightError as error:
        return Finding(what, False, str(error))
    except Exception as error:  # whatever it is, the other parts are looked at
        return Finding(what, False, f"{type(error).__name__}: {error}. Install Leadlight again.")


def _python() -> str:
    if sys.version_info < OLDEST:
        raise LeadlightError(f"Python {platform.python_version()} is too old; install 3.11 or newer.")
    return f"{platform.python_version()} on {platform.system()}"


def _libraries() -> str:
    from packaging.requirements import Requirement

    wanted = [Requirement(line) for line in requires("leadlight") or ()]
    wanted = [each for each in wanted if each.marker is None or each.marker.evaluate()]
    faults = []
    for each in wanted:
        try:
            if not each.specifier.contains(there := version(each.name), prereleases=True):
                faults.append(f"{each.name} {there} does not fit ({each.specifier} is needed)")
        except PackageNotFoundError:
            faults.append(f"{each.name} is missing")
    if faults:
        raise LeadlightError(f"{'; '.join(faults)}. Install Leadlight again.")
    return f"all {len(wanted)} are there and fit"


def _model(name: str | None) -> str:
    folder = find_model(name)
    tagger = Tagger.load(folder)
    text = "She rang the GP surgery every morning until the review was booked."
    row = tagger.evidence(Nomination(id="trial", text=text))
    (sentence,) = row["sentences"]
    if text[sentence["start"] : sentence["end"]] != sentence["text"]:
        raise LeadlightError(f"The model in {folder} reads a trial sentence wrongly. Install Leadlight again.")
    return f"{folder} reads a trial sentence ({sentence['kind']}, {len(sentence['tags'])} tags)"


def _folder(folder: Path) -> str:
    if not folder.is_dir():
        raise LeadlightError(f"{folder} is no folder. Make it, or go to the folder that you work in.")
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(b"trial")
    except OSError as error:
        raise LeadlightError(f"{folder} cannot be written to: {error.strerror}. Choose another folder.") from error
    unfinished = sorted(path.name for path in folder.glob("*.part") if (path / "job.json").is_file())
    if unfinished:
        raise LeadlightError(
            f"{', '.join(unfinished)} in {folder} holds unfinished work: call `leadlight tag` again with --resume."
        )
    free = shutil.disk_usage(folder).free
    if free < LEAST_SPACE:
        raise LeadlightError(f"{folder} has only {free / 1e6:,.0f} MB free; make space for results first.")
    return f"{folder.resolve()} can be written to; {free / 1e9:,.1f} GB free"
