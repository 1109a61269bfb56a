"""Writing the pack: an index and a page a nomination, self-contained HTML that opens from disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.frameworks import Frameworks
from pipeline.report.view import Page, page_of
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
    entries = []
    with folder_renamed_into_place(folder) as part:
        (part / "nominations").mkdir()
        for row in rows:
            page = page_of(row, frameworks)
            html = page_template.render(page=page, frameworks=frameworks)
            (part / "nominations" / f"{page.slug}.html").write_text(html, encoding="utf-8")
            entries.append(_entry(page))
        index = environment.get_template("index.html").render(entries=entries, frameworks=frameworks)
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
        "category": page.row["meta"]["category"],
        "standing": standing,
        "absent": [name for name, value in standing.items() if value == "absent"],
    }
