"""Nominations to lines of evidence, by one process or several: in order, in memory that does not grow, none lost.

A nomination that fails comes back with the reason and the others go on. A worker process that ends midway (killed by
the system for its memory, say) takes nothing with it: what it had is done again, one nomination at a time.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import LeadlightError
from pipeline.model import load_model
from pipeline.records import Nomination
from pipeline.storage import to_json
from pipeline.workflow.tagging import Tagger, TagOptions, model_digest

LONGEST = 1_000_000
"""A text of more characters is no nomination, and would need memory without end; it is set aside."""

BATCH = 16
"""Nominations that a process is given at a time."""

FEW = 60
"""Of fewer nominations one process is done before others have started."""

_TRIES = 2


class Outcome(NamedTuple):
    """A nomination with its line of evidence, or without one and with the reason."""

    nomination: Nomination
    line: str
    reason: str = ""


class Model(NamedTuple):
    """What a process needs to tag: the model's folder, the options, and the digest that tells a model trained anew."""

    folder: Path
    options: TagOptions
    digest: str


def processes(jobs: int | None, count: int | None) -> int:
    """How many processes to use: as asked (-1: one a core), or, where nothing is asked, one a core unless few."""
    cores = os.cpu_count() or 1
    if jobs is None:
        return 1 if count is not None and count < FEW else cores
    return max(1, cores + 1 + jobs) if jobs < 0 else jobs


def outcomes(nominations: Iterable[Nomination], folder: Path, options: TagOptions, *, jobs: int) -> Iterator[Outcome]:
    """The outcome of each nomination, in order, by this process (`jobs` 1) or several."""
    if jobs == 1:
        tagger = Tagger.load(folder, options)
        for nomination in nominations:
            yield Outcome(nomination, *_attempt(tagger, nomination))
        return
    model = Model(folder, options, model_digest(load_model(folder).manifest))
    waiting = _batches(nominations)
    while True:
        hand = _Hand(waiting)
        try:
            for rows in _spread(_tag_batch, ((batch, *model) for batch in hand), jobs):
                yield from (Outcome(nomination, *row) for nomination, row in zip(hand.back(), rows, strict=True))
            return
        except BrokenProcessPool:
            for batch in hand.dropped():
                for nomination in batch:
                    yield _alone(nomination, model)


class _Hand:
    """Batches as they are given out, kept until they are back; safe while another thread still asks for more."""

    def __init__(self, waiting: Iterator[list[Nomination]]) -> None:
        self._waiting = waiting
        self._out: deque[list[Nomination]] = deque()
        self._lock = threading.Lock()
        self._closed = False

    def __iter__(self) -> Iterator[list[Nomination]]:
        while True:
            with self._lock:
                batch = None if self._closed else next(self._waiting, None)
                if batch is None:
                    return
                self._out.append(batch)
            yield batch

    def back(self) -> list[Nomination]:
        """The batch that was given out first, which is back."""
        return self._out.popleft()

    def dropped(self) -> list[list[Nomination]]:
        """The batches that are out and do not come back; no more are given out."""
        with self._lock:
            self._closed = True
            return list(self._out)


def _spread(function: Any, arguments: Iterable[tuple[Any, ...]], jobs: int) -> Iterator[Any]:
    """The results of a function of this module for each tuple of arguments, in order, by joblib's processes."""
    from joblib import Parallel, delayed

    work = (delayed(function)(*each) for each in arguments)
    found: Iterator[Any] = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2 * n_jobs", batch_size=1)(work)
    return found


def _alone(nomination: Nomination, model: Model) -> Outcome:
    """The outcome of a nomination in a process that reads nothing else."""
    for _ in range(_TRIES):
        try:
            ((row,),) = _spread(_tag_batch, [([nomination], *model)], 2)
            return Outcome(nomination, *row)
        except BrokenProcessPool:
            continue
    return Outcome(nomination, "", f"the process that read it was ended by the system {_TRIES} times (memory?)")


def _batches(nominations: Iterable[Nomination]) -> Iterator[list[Nomination]]:
    waiting = iter(nominations)
    while batch := list(islice(waiting, BATCH)):
        yield batch


@cache
def _tagger_here(folder: Path, options: TagOptions, digest: str) -> Tagger:  # noqa: ARG001 - another model, another one
    return Tagger.load(folder, options)


def _tag_batch(
    nominations: Sequence[Nomination], folder: Path, options: TagOptions, digest: str
) -> list[tuple[str, str]]:
    """For each nomination its line and no reason, or no line and the reason; lines, for they travel cheaper."""
    tagger = _tagger_here(folder, options, digest)
    return [_attempt(tagger, nomination) for nomination in nominations]


def _attempt(tagger: Tagger, nomination: Nomination) -> tuple[str, str]:
    if len(nomination.text) > LONGEST:
        return "", f"the text has {len(nomination.text):,} characters; the limit is {LONGEST:,}"
    try:
        return to_json(tagger.evidence(nomination)), ""
    except LeadlightError:
        raise
    except Exception as error:  # whatever it is, the other nominations go on
        return "", f"{type(error).__name__}: {error}"
