"""Progress on stderr while work goes on, when stderr is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

Item = TypeVar("Item")

EVERY = 0.5
"""Seconds between two lines of progress."""


def progress(items: Iterable[Item], what: str) -> Iterator[Item]:
    """The items as they are; on a terminal, a line on stderr that counts them and says how many a second."""
    shown = sys.stderr.isatty()
    begun = last = time.monotonic()
    for count, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if shown and now - last >= EVERY:
            last = now
            click.echo(f"\r{count:,} {what}, {count / (now - begun):.1f} a second ", nl=False, err=True)
    if shown and last != begun:
        click.echo("\r" + " " * 60 + "\r", nl=False, err=True)
