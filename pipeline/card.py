"""The model's card: what it was trained on, how good it is, what it must not be used for; Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.frameworks import Frameworks


def card(manifest: Mapping[str, Any], metrics: Mapping[str, Any], frameworks: Frameworks) -> str:
    """The card of a model as a Markdown text."""
    lines = [
        f"# Model card: {manifest['name']}",
        "",
        "Written by `leadlight train`. Tags sentences of care-award nominations with evidence of leadership.",
        "",
        f"- Trained on {manifest['narratives']:,} narratives, {manifest['sentences']:,} sentences (corpus SHA-256 "
        f"`{manifest['corpus_sha256'][:16]}…`), seed {manifest['seed']}, with Leadlight {manifest['version']}.",
        f"- Figures: {manifest['folds']}-fold cross-validation in that corpus, no narrative on both sides; F1 at the "
        "model's thresholds, which were chosen on the same out-of-fold scores, so they flatter it a little; intervals: "
        "95 %, over narratives.",
        "- Not for scoring, ranking or choosing people, nor for text other than nominations and stories like them. A "
        "label that is not given may still be there.",
        "",
        "| group | labels | AUC | macro F1 | 95 % |",
        "|---|---|---|---|---|",
    ]
    for name, group in metrics["groups"].items():
        low, high = group["f1_interval"]
        f1 = f"{group['f1']} | {low} to {high}"
        lines.append(f"| {name} | {group['labels']} | {_shown(group['auc'])} | {f1} |")
    if "kinds" in metrics:
        low, high = metrics["kinds"]["interval"]
        lines.append(f"| kinds (accuracy) |  |  | {metrics['kinds']['accuracy']} | {low} to {high} |")
    lines += _calibration(metrics)
    lines += [
        "",
        "Threshold: the probability from which a sentence is tagged, the median over resampled narratives; spread: "
        "their 16th to 84th percentile.",
        "",
        "| label | sentences | AUC | precision | recall | F1 | threshold | spread |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in metrics["labels"].items():
        threshold, low, high = metrics["thresholds"][name]
        figures = (_shown(row["auc"]), row["precision"], row["recall"], row["f1"], _shown(threshold))
        spread = f"{_shown(low)} to {_shown(high)}"
        lines.append(f"| {name} | {row['sentences']} | {' | '.join(map(str, figures))} | {spread} |")
    left_out = [label.full for label in frameworks.learned if label.full not in metrics["labels"]]
    kinds = {label.full for label in frameworks.kinds or ()}
    if missing := [name for name in left_out if name not in kinds]:
        lines += ["", f"Left out for want of examples: {', '.join(missing)}."]
    return "\n".join(lines) + "\n"


def _calibration(metrics: Mapping[str, Any]) -> list[str]:
    """Do probabilities mean what they say, and the picture of it."""
    errors = [f"{name} {figure['error']}" for name, figure in metrics["calibration"].items()]
    return [
        "",
        "Expected calibration error (15 bins; each fifth of the narratives calibrated on the others): "
        f"{', '.join(errors)}.",
        "",
        "![Share of right tags against probability, for each group](calibration.svg)",
    ]


def _shown(figure: float | None) -> str:
    return "–" if figure is None else str(figure)
