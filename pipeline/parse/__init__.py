"""Parsing: a nomination's untouched text to sentences, each with what the classifier sees and what patterns found."""

from pipeline.parse.parser import Parser

__all__ = ["Parser"]
