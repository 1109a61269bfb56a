"""The comparison as files: benchmarks/results/quality.json, docs/quality.md, docs/quality.svg."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.quality.figures import GROUPS

HOW = """
`make bench-quality`: each route is trained on the same corpus ({corpus_narratives:,} narratives,
{corpus_sentences:,} sentences, {labels} labels) and tested on `{test_file}` ({test_narratives} narratives,
{test_sentences} sentences), which nothing is trained on or tuned to. All routes read the same masked sentences;
calibration and thresholds are set for all as the product sets its own, on out-of-fold scores of three fixed folds of
narratives. Means run over labels with five sentences or more in what is measured. F1 intervals (95 %) resample whole
narratives, 2,000 times.
"""

NOTES = """
Training is the time for three folds and the whole, which thresholds need: processor time, encoding included; * wall
time on two cores instead, of which the tuning is from the log of models/encoder/tune.py. Speed is sentences a second of
processor time by one thread, encoding included, parsing left out. Size is what tagging needs on disk, linear weights as
float16. Settings: the keyword dictionary has the frameworks' pattern files and the phrases of each label's own account
of when it applies; SVM C = .1, balanced; spaCy's default ensemble, {spacy_epochs} epochs; SetFit stopped after
{setfit_steps} steps of 32 pairs a fit, with the same balanced regressions as the frozen embeddings. Thresholds keep the
product's floor on precision (.25); `macro_f1_without_floor` in benchmarks/results/quality.json shows every route
without it.
"""


def write_report(found: dict[str, Any], root: Path) -> None:
    """Write all three under a folder."""
    (root / "benchmarks/results").mkdir(parents=True, exist_ok=True)
    (root / "docs").mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1) + "\n"
    (root / "benchmarks/results/quality.json").write_text(text, encoding="utf-8")
    page = root / "docs/quality.md"
    page.write_text(page_of(found, _reading(page)), encoding="utf-8")
    draw(found, root / "docs/quality.svg")


MARK = "<!-- Everything above this line is written by `make bench-quality`; what follows is the reading of it. -->"


def _reading(page: Path) -> str:
    """What a person has written below the mark."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return text.partition(MARK)[2].strip()


def page_of(found: dict[str, Any], reading: str) -> str:
    """The page: how it was measured, the tables, and the reading."""
    settings, routes = found["settings"], found["routes"]
    lines = [
        "# Every route to the tags, compared",
        "",
        " ".join(HOW.split()).format(**settings),
        "",
        "![Mean macro F1 against sentences a second](quality.svg)",
        "",
        "## On the test file",
        "",
        *_summary(routes, "test"),
        "",
        "Macro F1 / micro F1 / AUC / average precision:",
        "",
        *_groups(routes, "test"),
        "",
        "### The product against each",
        "",
        *_against(found, "test"),
        "",
        "## By cross-validation within the corpus",
        "",
        "Each fold's sentences are scored by a route trained without their narratives, and cut at thresholds set on "
        "the other two folds.",
        "",
        *_summary(routes, "within", costs=False),
        "",
        "Macro F1 / micro F1 / AUC / average precision:",
        "",
        *_groups(routes, "within"),
        "",
        "### The product against each, within the corpus",
        "",
        *_against(found, "within"),
        "",
        " ".join(NOTES.split()).format(**settings),
        "",
        MARK,
    ]
    return "\n".join(lines) + "\n" + (f"\n{reading}\n" if reading else "")


def _summary(routes: dict[str, Any], where: str, *, costs: bool = True) -> list[str]:
    head = "| route | mean macro F1 | 95 % | kinds accuracy |"
    lines = [
        head + (" training | sentences a second | size |" if costs else ""),
        "|---|---|---|---|" + ("---|---|---|" if costs else ""),
    ]
    for route in routes.values():
        low, high = route[where]["mean_macro_f1_interval"]
        line = f"| {route['words']} | {route[where]['mean_macro_f1']:.3f} | {low:.3f} to {high:.3f} "
        line += f"| {route[where]['kinds']['accuracy']:.3f} |"
        if costs:
            mark = "*" if route["training_seconds_are"].startswith("wall") else ""
            line += f" {_time(route['training_seconds'])}{mark} | {route['sentences_a_second']:,.0f} "
            line += f"| {route['bytes'] / 1e6:.1f} MB |"
        lines.append(line)
    return lines


def _time(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= 60 else f"{seconds:.1f} s"


def _groups(routes: dict[str, Any], where: str) -> list[str]:
    some = next(iter(routes.values()))[where]
    head = "".join(f" {group} ({some[group]['labels']}) |" for group in GROUPS)
    lines = [f"| route |{head}", "|---|" + "---|" * len(GROUPS)]
    for route in routes.values():
        cells = []
        for group in GROUPS:
            one = route[where][group]
            values = [one[key] for key in ("macro_f1", "micro_f1", "auc", "average_precision")]
            cells.append(" / ".join(f"{value:.3f}".removeprefix("0") for value in values))
        lines.append(f"| {route['words']} | " + " | ".join(cells) + " |")
    return lines


def _against(found: dict[str, Any], where: str) -> list[str]:
    lines = [
        "Difference in macro F1 (product minus route) with its 95 % interval, paired over the same resamplings; bold "
        "where the interval leaves out zero.",
        "",
        "| route | mean of the four | " + " | ".join(GROUPS) + " |",
        "|---|---|" + "---|" * len(GROUPS),
    ]
    for name, parts in found["product_against"].items():
        cells = []
        for group in ("mean", *GROUPS):
            one = parts[where][group]
            low, high = one["interval"]
            text = f"{one['difference']:+.3f} ({low:+.3f} to {high:+.3f})"
            cells.append(f"**{text}**" if low > 0 or high < 0 else text)
        lines.append(f"| {found['routes'][name]['words']} | " + " | ".join(cells) + " |")
    return lines


def draw(found: dict[str, Any], path: Path) -> None:
    """Mean macro F1 on the test file (with its interval) against sentences a second, a point a route."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "leadlight"
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(8.5, 4.6))
    for name, route in found["routes"].items():
        x, y = route["sentences_a_second"], route["test"]["mean_macro_f1"]
        low, high = route["test"]["mean_macro_f1_interval"]
        color = "#b3341e" if name == "product" else "#1b5e74"
        axis.errorbar(x, y, yerr=[[y - low], [high - y]], fmt="o", color=color, capsize=3, alpha=0.9)
        axis.annotate(
            route["words"], (x, y), textcoords="offset points", xytext=(7, 4), fontsize=8, color=color,
        )  # fmt: skip
    axis.set(
        xscale="log",
        xlabel="sentences a second, one thread (log scale)",
        ylabel="mean of four macro F1, test file",
        title="What each route reaches, and how fast",
    )
    axis.margins(x=0.2)
    axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
