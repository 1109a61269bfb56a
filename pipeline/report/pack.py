"""Writing the pack: index, coverage, a page a nomination and how to read it all; self-contained, opens from disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.frameworks import Frameworks
from pipeline.records import STRENGTHS
from pipeline.report.figures import Figures
from pipeline.report.index import by_category, coverage_pages, index_pages
from pipeline.report.notes import Link
from pipeline.report.page import Entry, entry_of, page_of
from pipeline.report.passages import SURE, without_strength
from pipeline.report.settings import Settings
from pipeline.report.templating import Templates
from pipeline.storage import folder_renamed_into_place

NO_STRENGTH = (
    "Some tags come from a run that did not say how sure they are. They count as worth a look; tag the nominations "
    "again to see which are surer."
)

Rows = Iterable[Mapping[str, Any]]


def write_pack(
    rows: Rows,
    frameworks: Frameworks,
    folder: Path,
    *,
    settings: Settings | None = None,
    templates: Path | None = None,
    figures: Figures | None = None,
) -> Path:
    """Write the pack of these evidence objects to a folder and return the path of its index page.

    `templates` is a folder of an organiser's own. Raises WrongUsage for templates that cannot be filled in.
    """
    rows = list(rows)
    pages = Templates(frameworks, settings or Settings(), templates)
    notices = (NO_STRENGTH,) if any(map(without_strength, rows)) else ()
    entries = entries_of(rows, frameworks)
    with folder_renamed_into_place(folder) as part:
        write_pages(part, rows, entries, frameworks, pages, notices=notices, figures=figures)
    return folder / "index.html"


def entries_of(rows: Rows, frameworks: Frameworks) -> list[Entry]:
    """The entry of each evidence object, in order, each with a file name of its own."""
    seen: Counter[str] = Counter()
    entries = []
    for row in rows:
        entry = entry_of(row, frameworks)
        seen[entry.slug] += 1
        if seen[entry.slug] > 1:
            entry = replace(entry, slug=f"{entry.slug}-again-{seen[entry.slug]}")
        entries.append(entry)
    return entries


def write_pages(
    folder: Path,
    rows: Rows,
    entries: Sequence[Entry],
    frameworks: Frameworks,
    templates: Templates,
    *,
    notices: Sequence[str] = (),
    figures: Figures | None = None,
) -> None:
    """Write the pages of these evidence objects, whose entries are given in the same order."""
    (folder / "nominations").mkdir()
    ordered = by_category(entries)
    places = {framework.id: place for place, framework in enumerate(frameworks.tagged)}
    for row, (entry, links) in zip(rows, _links(entries, ordered), strict=True):
        page = page_of(row, entry, frameworks, templates.words, **links)
        common = {"page": page, "places": places, "up": "../", "here": "", "keyed": page.keyed}
        _write(folder / "nominations" / page.file(0), templates.render("nomination.html", **common))
        for part in range(1, len(page.parts)):
            _write(folder / "nominations" / page.file(part), templates.render("story.html", part=part, **common))
    for index in index_pages(ordered, frameworks, templates.words, notices):
        _write(folder / index.file(index.part), templates.render("index.html", index=index, up="", here="index.html"))
    for coverage in coverage_pages(ordered, frameworks):
        html = templates.render("coverage.html", coverage=coverage, up="", here="coverage.html")
        _write(folder / coverage.file(coverage.part), html)
    about = {"strengths": STRENGTHS, "sure": SURE, "figures": figures, "up": "", "here": "about.html", "places": places}
    _write(folder / "about.html", templates.render("about.html", **about))


def _write(path: Path, html: str) -> None:
    path.write_text(html, encoding="utf-8", newline="\n")


def _links(entries: Sequence[Entry], ordered: Sequence[Entry]) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Each entry with what its page links to: neighbours in its category, and nominations of somebody so named."""
    named: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.name_key:
            named.setdefault(entry.name_key, []).append(entry)
    place = {entry.slug: at for at, entry in enumerate(ordered)}
    for entry in entries:
        at = place[entry.slug]
        before = ordered[at - 1] if at else None
        after = ordered[at + 1] if at + 1 < len(ordered) else None
        others = [other for other in named.get(entry.name_key, ()) if other is not entry]
        yield (
            entry,
            {
                "before": _link(before) if before and before.category == entry.category else None,
                "after": _link(after) if after and after.category == entry.category else None,
                "others": [_link(other, f"{other.title}, {other.category or other.id}") for other in others[:9]],
            },
        )


def _link(entry: Entry, title: str = "") -> Link:
    return f"{entry.slug}.html", title or entry.title
