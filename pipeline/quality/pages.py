"""An evaluation or a comparison as files: JSON with everything, Markdown and HTML to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.shapes import finite
from pipeline.storage import folder_renamed_into_place
from pipeline.wording import figure

TEMPLATES = Path(__file__).parent / "templates"


def write_pages(found: Mapping[str, Any], name: str, folder: Path) -> Path:
    """Write `name`.json, .md and .html (`evaluation` or `comparison`) to a folder; the path of the HTML page.

    Plots need matplotlib (`leadlight[research]`); a page without them says so.
    """
    rows = [*found["groups"].items(), ("all tags", found.get("overall"))]
    context: dict[str, Any] = {"found": found, "rows": rows, "plots": {}}
    if "curves" in found and find_spec("matplotlib"):
        from pipeline.quality.plots import plots

        context["plots"] = {key: Markup(svg) for key, svg in plots(found["curves"]).items()}  # noqa: S704 - our own SVG
    with folder_renamed_into_place(folder) as part:
        text = json.dumps(finite(dict(found)), indent=1, ensure_ascii=False) + "\n"
        (part / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        for suffix in ("md", "html"):
            template = _environment(suffix).get_template(f"{name}.{suffix}")
            (part / f"{name}.{suffix}").write_text(template.render(context), encoding="utf-8", newline="\n")
    return folder / f"{name}.html"


def _environment(suffix: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=suffix == "html",  # noqa: S701 - Markdown cells are escaped by the filter `cell`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(figure=figure, span=span, cell=cell, signed=signed)
    environment.globals["style"] = (TEMPLATES / "quality.css").read_text(encoding="utf-8")
    return environment


def signed(value: float | None) -> str:
    """A difference as it is shown, with its sign (a true minus)."""
    return "–" if value is None else f"{value:+.3f}".replace("-", "−")


def span(interval: list[float | None]) -> str:
    """An interval as it is shown."""
    low, high = interval
    return "–" if low is None else f"{figure(low)} to {figure(high)}"


def cell(text: object) -> str:
    """A text that shows as itself in a cell of a Markdown table."""
    plain = " ".join(str(text).split())
    for character in "\\`*_[]|<>~$":
        plain = plain.replace(character, "\\" + character)
    return plain
