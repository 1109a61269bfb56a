"""The only place where stages are composed: nominations to evidence, a corpus to a model, a model to its figures."""

from pipeline.workflow.corpus import corpus_digest, matched, training_set
from pipeline.workflow.evaluation import compare, evaluate
from pipeline.workflow.tagging import Tagger, TagOptions, model_digest, sentences, tagged
from pipeline.workflow.training import train
from pipeline.workflow.verification import verify

__all__ = [
    "TagOptions",
    "Tagger",
    "compare",
    "corpus_digest",
    "evaluate",
    "matched",
    "model_digest",
    "sentences",
    "tagged",
    "train",
    "training_set",
    "verify",
]
