"""The only place where stages are composed: nominations to evidence, a corpus to a model, a model to its figures."""

from pipeline.workflow.batch import Outcome, outcomes, processes
from pipeline.workflow.corpus import corpus_digest, matched, training_set
from pipeline.workflow.evaluation import compare, evaluate
from pipeline.workflow.tag_file import beside, tag_file
from pipeline.workflow.tagging import Tagger, TagOptions, model_digest, sentences
from pipeline.workflow.training import train
from pipeline.workflow.verification import verify

__all__ = [
    "Outcome",
    "TagOptions",
    "Tagger",
    "beside",
    "compare",
    "corpus_digest",
    "evaluate",
    "matched",
    "model_digest",
    "outcomes",
    "processes",
    "sentences",
    "tag_file",
    "train",
    "training_set",
    "verify",
]
