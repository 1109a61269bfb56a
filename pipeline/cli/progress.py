"""Progress on stderr while work goes on, when stderr is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

Item = TypeVar("Item")


def progress(items: Iterable[Item], total: int | None, what: str) -> Iterator[Item]:
    """The items as they are; on a terminal, a bar on stderr with how many are done and the time left."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(
        items, length=total, label=what, show_pos=True, show_eta=True, show_percent=True, file=sys.stderr
    ) as bar:
        yield from bar
