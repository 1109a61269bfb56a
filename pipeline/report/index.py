"""The pages that list nominations: the index with its filters, and the coverage matrix; by category, never by rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.frameworks import Framework, Frameworks, Label
from pipeline.records import LEVELS, NOMINATORS, SETTINGS
from pipeline.report.findings import SHOWN, top_labels
from pipeline.report.page import Entry
from pipeline.report.words import Words

LISTED = 2_500
"""The most nominations on one page of the index."""

MARKED = 700
"""With more nominations than this the index names no labels, which the filters and the coverage pages still show."""

ROWS = 500
"""The most rows on one page of the coverage matrix."""

_DETAILS = (("setting", "Setting", SETTINGS), ("level", "Role", LEVELS), ("nominator", "Nominated by", NOMINATORS))

Grouped = tuple[tuple[str, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of the index: its name, and the tokens of nominations to keep with what each is called."""

    name: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Index:
    """One page of the index: nominations of its part by category, each with its tokens for the filters."""

    part: int
    parts: int
    total: int
    categories: tuple[tuple[str, tuple[tuple[Entry, str], ...]], ...]
    filters: tuple[Filter, ...]
    labels: tuple[Label, ...]
    marks: bool
    notices: tuple[str, ...]

    def file(self, part: int) -> str:
        """The file name of a part."""
        return _file("index", part)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One page of the coverage matrix: labels in groups as columns, nominations by category as rows."""

    part: int
    parts: int
    categories: Grouped
    groups: tuple[tuple[Framework, tuple[Label, ...]], ...]

    @property
    def labels(self) -> tuple[Label, ...]:
        """The columns."""
        return tuple(label for _, labels in self.groups for label in labels)

    def file(self, part: int) -> str:
        """The file name of a part."""
        return _file("coverage", part)


def _file(name: str, part: int) -> str:
    return f"{name}.html" if part == 0 else f"{name}-{part + 1}.html"


def by_category(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with those of a category together, categories and entries in the order in which they came."""
    order = {category: place for place, category in enumerate(dict.fromkeys(entry.category for entry in entries))}
    return sorted(entries, key=lambda entry: order[entry.category])


def index_pages(
    ordered: Sequence[Entry], frameworks: Frameworks, words: Words, notices: Sequence[str] = ()
) -> Iterator[Index]:
    """The pages of the index of entries that are in order of category."""
    labels = [label for framework in frameworks.tagged for label in top_labels(framework)]
    token_of = {label.full: f"q{place}" for place, label in enumerate(labels)}
    categories = list(dict.fromkeys(entry.category for entry in ordered))
    filters = tuple(_filters(ordered, categories, frameworks, token_of, words))
    parts = _parts(ordered, LISTED)
    for part, entries in enumerate(parts):
        yield Index(
            part=part,
            parts=len(parts),
            total=len(ordered),
            categories=tuple(
                (category, tuple((entry, _tokens(entry, categories, token_of)) for entry in group))
                for category, group in _grouped(entries)
            ),
            filters=filters,
            labels=tuple(labels),
            marks=len(ordered) <= MARKED,
            notices=tuple(notices),
        )


def coverage_pages(ordered: Sequence[Entry], frameworks: Frameworks) -> Iterator[Coverage]:
    """The pages of the coverage matrix: its columns are qualities and signals, or all tags where there are neither."""
    wanted = [f for f in frameworks.tagged if f.role in ("qualities", "signals")] or list(frameworks.tagged)
    groups = tuple((framework, top_labels(framework)) for framework in wanted)
    parts = _parts(ordered, ROWS)
    for part, entries in enumerate(parts):
        yield Coverage(part, len(parts), tuple(_grouped(entries)), groups)


def _parts(entries: Sequence[Entry], most: int) -> list[Sequence[Entry]]:
    return [entries[at : at + most] for at in range(0, len(entries), most)] or [()]


def _grouped(entries: Sequence[Entry]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    for category in dict.fromkeys(entry.category for entry in entries):
        yield category, tuple(entry for entry in entries if entry.category == category)


def _filters(
    entries: Sequence[Entry], categories: Sequence[str], frameworks: Frameworks, tokens: dict[str, str], words: Words
) -> Iterator[Filter]:
    if len(categories) > 1:
        yield Filter("Category", tuple((f"c{place}", name or "No category") for place, name in enumerate(categories)))
    for framework in frameworks.tagged:
        options = tuple((tokens[label.full], label.name) for label in top_labels(framework))
        yield Filter(f"{framework.short_name}, shown", options)
    for field, name, values in _DETAILS:
        there = {entry.details[field] for entry in entries}
        if len(there) > 1:
            yield Filter(
                name,
                tuple((_detail(field, value), words.of(field, value)) for value in values if value in there),
            )


def _detail(field: str, value: str) -> str:
    return f"{field[0]}-{value}"


def _tokens(entry: Entry, categories: Sequence[str], token_of: dict[str, str]) -> str:
    """What the filters go by: category, setting, level, nominator, and the labels that are shown."""
    details = [_detail(field, value) for field, value in entry.details.items() if value]
    shown = [token for label, token in token_of.items() if entry.standing[label] == SHOWN]
    return " ".join([f"c{categories.index(entry.category)}", *details, *shown])
