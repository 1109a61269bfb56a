"""Plots of an evaluation as SVG texts, drawn with matplotlib: the same figures give the same bytes."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any

from matplotlib import rc_context
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "leadlight",
    "font.family": "sans-serif",
    "font.sans-serif": ["system-ui", "Segoe UI", "Arial", "DejaVu Sans"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "axes.prop_cycle": "cycler('color', ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#444444'])"
    " + cycler('linestyle', ['-', '--', '-.', ':', '-', '--', '-.'])",
}
"""Colours of Okabe & Ito (2008) with line styles beside them, so that lines are told apart without colour."""

_ACROSS = 6


def plots(curves: Mapping[str, Any]) -> dict[str, str]:
    """`overview` (precision-recall and calibration by framework) and `labels` (precision-recall of each label)."""
    with rc_context(_STYLE):
        return {"overview": _overview(curves), "labels": _labels(curves["precision_recall"]["labels"])}


def _overview(curves: Mapping[str, Any]) -> str:
    figure = Figure(figsize=(9.5, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, curve in curves["precision_recall"]["groups"].items():
        (line,) = left.plot(curve["recall"], curve["precision"], label=name)
        if curve["at"]:
            left.plot(*curve["at"], marker="o", color=line.get_color(), linestyle="none")
    left.set(title="Precision against recall, all labels pooled", xlabel="recall", ylabel="precision")
    right.plot([0, 1], [0, 1], color="#777777", linewidth=0.8, linestyle="-", label="as said")
    for name, curve in curves["calibration"].items():
        right.plot(curve["probability"], curve["true"], marker=".", label=f"{name} (error {curve['error']:.3f})")
    right.set(title="Probability said against share that came true", xlabel="probability", ylabel="share true")
    for axis in (left, right):
        axis.set(xlim=(0, 1), ylim=(0, 1.02))
        if axis.get_legend_handles_labels()[0]:
            axis.legend(frameon=False, fontsize=8)
    return _svg(figure)


def _labels(found: Mapping[str, Any]) -> str:
    """A small panel a label, all drawn on one axis: fifty axes of their own would take seconds."""
    down = max(1, math.ceil(len(found) / _ACROSS))
    figure = Figure(figsize=(9.5, 1.5 * down), layout="constrained")
    axis = figure.subplots()
    frames, lines, dots = [], [], []
    for number, (name, curve) in enumerate(found.items()):
        left, low = 1.25 * (number % _ACROSS), -1.45 * (number // _ACROSS)
        frames.append([(left, low + 1), (left, low), (left + 1, low)])
        lines.append([(left + x, low + y) for x, y in zip(curve["recall"], curve["precision"], strict=True)])
        if curve["at"]:
            dots.append((left + curve["at"][0], low + curve["at"][1]))
        axis.text(left + 0.5, low + 1.08, name, ha="center", fontsize=6.5)
    axis.add_collection(LineCollection(frames, colors="#777777", linewidths=0.8, linestyles="-"))
    axis.add_collection(LineCollection(lines, colors="#0072b2", linewidths=1.2, linestyles="-"))
    if dots:
        axis.plot(*zip(*dots, strict=True), marker="o", markersize=4, color="#d55e00", linestyle="none")
    axis.set(xlim=(-0.05, 1.25 * _ACROSS - 0.2), ylim=(-1.45 * (down - 1) - 0.1, 1.25))
    axis.set_axis_off()
    return _svg(figure)


def _svg(figure: Figure) -> str:
    """The figure as an SVG element to stand inside an HTML page."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
