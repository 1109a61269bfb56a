"""The labelling interface of a Label Studio project for frameworks: to paste under Settings, Labeling Interface."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pipeline.frameworks import Frameworks
from pipeline.frameworks.framework import Framework, Label
from pipeline.labels.exchange.label_studio_results import PROVENANCE, SENTENCE, TEXT, regions_control
from pipeline.labels.exchange.records import LabelledText
from pipeline.labels.exchange.tool import Context
from pipeline.storage import written_whole


def write(texts: Iterable[LabelledText], path: Path, context: Context) -> int:  # noqa: ARG001 - it is about labels only
    """Write the interface as XML; returns how many labels it offers."""
    frameworks = context.names.frameworks
    view = Element("View")
    if frameworks.unit == "sentence":
        _add_regions(view, context)
    SubElement(view, "Text", name=TEXT, value="$text", granularity="word")
    for framework in frameworks:
        if frameworks.unit == "document":
            _add_choices(view, framework)
        elif framework is not frameworks.kinds:
            _add_taxonomy(view, framework, frameworks)
    SubElement(view, "Header", value="Who labelled (filled in by Leadlight)", size="6")
    SubElement(view, "TextArea", name=PROVENANCE, toName=TEXT, editable="false", rows="1", maxSubmissions="3")
    indent(view)
    with written_whole(path) as stream:
        stream.write(tostring(view, encoding="unicode") + "\n")
    return len(context.names.all)


def _add_regions(view: Element, context: Context) -> None:
    """The labels that make a region of a sentence: the kinds, or one that only says that it is a sentence."""
    kinds = context.names.frameworks.kinds
    regions = SubElement(view, "Labels", name=regions_control(context.names), toName=TEXT)
    if kinds is None:
        SubElement(regions, "Label", value=SENTENCE)
    for label in kinds or ():
        SubElement(regions, "Label", value=label.full, hint=_hint(label))


def _add_taxonomy(view: Element, framework: Framework, frameworks: Frameworks) -> None:
    SubElement(view, "Header", value=framework.name, size="5")
    tree = SubElement(view, "Taxonomy", name=framework.id, toName=TEXT, perRegion="true", showFullPath="false")
    for label in framework:
        if label.parent is None:
            top = SubElement(tree, "Choice", value=label.full, hint=_hint(label))
            for child in framework.children(label.id):
                SubElement(top, "Choice", value=child.full, hint=_hint(child))
    if framework.choice == "one" and framework in frameworks.tagged:
        tree.set("maxUsages", "1")


def _add_choices(view: Element, framework: Framework) -> None:
    SubElement(view, "Header", value=framework.name, size="5")
    several = "single" if framework.choice == "one" else "multiple"
    choices = SubElement(view, "Choices", name=framework.id, toName=TEXT, choice=several)
    for label in framework:
        SubElement(choices, "Choice", value=label.full, hint=_hint(label))


def _hint(label: Label) -> str:
    return f"{label.name}: {label.definition}"
