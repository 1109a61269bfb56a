"""The classifier: per-label probabilities with exact word contributions, kept as arrays and JSON."""

from pipeline.model.classifier import Classifier, Scored
from pipeline.model.store import find_model, load_model, read_metrics, save_model

__all__ = ["Classifier", "Scored", "find_model", "load_model", "read_metrics", "save_model"]
