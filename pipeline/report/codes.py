"""Short codes of labels for the margin of a printed page: a letter for the framework, numbers in its order."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase

from pipeline.frameworks import Framework, Frameworks


def codes_of(frameworks: Frameworks) -> dict[str, str]:
    """The code of each label that is a tag, by `framework/label`: `L2` for a second top label, `L2.1` under it."""
    codes = {}
    for letter, framework in zip(_letters(frameworks.tagged), frameworks.tagged, strict=True):
        top = [label for label in framework if label.parent is None]
        for number, label in enumerate(top, 1):
            codes[label.full] = f"{letter}{number}"
            for inner, child in enumerate(framework.children(label.id), 1):
                codes[child.full] = f"{letter}{number}.{inner}"
    return codes


def _letters(frameworks: tuple[Framework, ...]) -> Iterator[str]:
    """A letter for each framework: its name's first, or the first that is free."""
    taken: set[str] = set()
    for place, framework in enumerate(frameworks):
        wanted = [c for c in framework.short_name.upper() if c in ascii_uppercase]
        free = [c for c in [*wanted[:1], *wanted, *ascii_uppercase] if c not in taken]
        letter = free[0] if free else f"F{place}-"
        taken.add(letter)
        yield letter
