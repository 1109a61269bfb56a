"""How good a model is: figures with intervals over narratives, curves, confusions, slices, mistakes, comparisons."""

from pipeline.quality.answers import Answers
from pipeline.quality.figures import figures_of, quality

__all__ = ["Answers", "figures_of", "quality"]
