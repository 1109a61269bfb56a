"""Writing the pack: an index and a page a nomination, self-contained HTML that opens from disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.frameworks import Frameworks
from pipeline.report.view import Page, left_over, page_of
from pipeline.storage import folder_renamed_into_place

TEMPLATES = Path(__file__).parent / "templates"


def write_pack(rows: Iterable[Mapping[str, Any]], frameworks: Frameworks, folder: Path) -> Path:
    """Write the pack of these evidence objects to a folder and return the path of its index page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    page_template = environment.get_template("nomination.html")
    environment.globals["left_over"] = left_over
    entries = []
    seen: Counter[str] = Counter()
    with folder_renamed_into_place(folder) as part:
        (part / "nominations").mkdir()
        for row in rows:
            page = page_of(row, frameworks)
            seen[page.slug] += 1
            if seen[page.slug] > 1:
                page = replace(page, slug=f"{page.slug}-{seen[page.slug]}")
            html = page_template.render(page=page, frameworks=frameworks)
            (part / "nominations" / f"{page.slug}.html").write_text(html, encoding="utf-8")
            entries.append(_entry(page))
        categories = {
            category: [e for e in entries if e["category"] == category]
            for category in dict.fromkeys(e["category"] for e in entries)
        }
        index = environment.get_template("index.html").render(
            categories=categories, total=len(entries), frameworks=frameworks
        )
        (part / "index.html").write_text(index, encoding="utf-8")
        about = environment.get_template("about.html").render(frameworks=frameworks)
        (part / "about.html").write_text(about, encoding="utf-8")
    return folder / "index.html"


def _entry(page: Page) -> dict[str, Any]:
    """What the index says of a nomination: who, and which top labels are shown or claimed."""
    standing = {top.label.full: top.standing for chapter in page.chapters for top, _ in chapter.findings}
    return {
        "slug": page.slug,
        "title": page.title,
        "facts": page.facts,
        "category": str(page.row["meta"]["category"] or ""),
        "standing": standing,
        "absent": [name for name, value in standing.items() if value == "absent"],
    }
