"""A tuned encoder's heads: used only for the corpus they were tuned on, never with a score from their own training."""

import numpy as np

from pipeline.model.heads import Heads

LABELS = ("a/x", "a/y")
HEADS = Heads(
    labels=LABELS,
    weights=np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32),
    bias=np.array([0.5, 0.0], dtype=np.float32),
    out_of_fold={"one": np.array([7.0, 8.0], np.float16), "two": np.array([5.0, 6.0], np.float16)},
)
VECTORS = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32)


def test_known_sentences_take_out_of_fold_scores_and_new_ones_their_vector():
    weights, bias, scores = HEADS.matched(("a/y", "a/x"), ("one", "two", "new"), VECTORS, np.array([0, 0, 1]))
    assert weights.tolist() == [[0, 1], [1, 0]]
    assert bias.tolist() == [0, 0.5]
    assert scores.tolist() == [[8, 7], [6, 5], [6, 5.5]]


def test_a_known_narratives_sentence_that_reads_otherwise_is_not_scored_by_the_encoder_that_saw_it():
    _, _, scores = HEADS.matched(("a/x", "a/y"), ("one", "two", "changed"), VECTORS, np.array([0, 1, 1]))
    assert scores.tolist() == [[7, 8], [5, 6], [6, 7]]


def test_another_corpus_or_other_labels_have_no_heads():
    assert HEADS.matched(("a/x",), ("new", "newer", "two"), VECTORS, np.arange(3)) is None
    assert HEADS.matched(("a/z",), ("one", "two", "new"), VECTORS, np.arange(3)) is None
