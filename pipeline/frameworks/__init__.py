"""Frameworks: the labels that narratives are read for, as data files that anyone can copy, edit and train on."""

from pipeline.frameworks.framework import Framework, Frameworks, Label
from pipeline.frameworks.load import load_frameworks, read_framework, shipped_frameworks

__all__ = ["Framework", "Frameworks", "Label", "load_frameworks", "read_framework", "shipped_frameworks"]
