"""How figures are written where people read them."""

from __future__ import annotations


def figure(value: float | None, places: int = 3) -> str:
    """A figure with so many places; one that has no value is a dash."""
    return "–" if value is None else f"{value:.{places}f}"
