"""Leadlight's features and classifier as scikit-learn estimators, for pipelines, grid searches and comparisons.

`make_pipeline(SentenceFeatures(), TagClassifier())` has the features and the regressions of `leadlight train`, without
the tuned encoder's heads and the layer of context. No other module imports this one.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack, issparse
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from pipeline.encoder import Encoder
from pipeline.features import EMBEDDING_SCALE, Vocabulary
from pipeline.frameworks import Frameworks, shipped_frameworks
from pipeline.model.thresholds import best_thresholds, platt
from pipeline.records import Nomination, Sentence
from pipeline.workflow import sentences

Matrix = Any


class SentenceFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Texts to what Leadlight's classifier sees: n-grams, cues of patterns and, if wanted, the sentence embedding.

    Each text is read as one sentence, names and gender masked. `least` is in how many texts a feature must stand;
    `embed` adds the embedding, scaled as in training. Output is CSR (texts, features) float32.
    """

    def __init__(self, *, least: int = 3, embed: bool = True) -> None:
        self.least = least
        self.embed = embed

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002, N803 - scikit-learn's names
        """Learn the vocabulary of texts X, a sequence of strings."""
        self.vocabulary_ = Vocabulary.learn(_parsed(X), least=self.least)
        return self

    def transform(self, X: Any) -> Matrix:  # noqa: N803
        """The features of texts X."""
        check_is_fitted(self)
        read = _parsed(X)
        matrix = self.vocabulary_.matrix(read)
        if not self.embed:
            return matrix
        vectors = Encoder().vectors([sentence.masked for sentence in read])
        return hstack([matrix, csr_matrix(EMBEDDING_SCALE * vectors)], format="csr")

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:  # noqa: ARG002
        """The names of the columns: `w:` words, `c:` characters, `s:` cues, `e:` embedding."""
        check_is_fitted(self)
        embedded = [f"e:{number}" for number in range(Encoder().dimensions)] if self.embed else []
        return np.array([*self.vocabulary_.names, *embedded], dtype=object)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        tags.requires_fit = True
        return tags


def _parsed(texts: Any) -> list[Sentence]:
    """Each text as one sentence of its own narrative."""
    if isinstance(texts, str):
        raise ValueError("A sequence of texts is needed, not one text.")
    found = list(texts)
    if not all(isinstance(text, str) for text in found):
        raise ValueError("Every text must be a string.")
    whole = Frameworks(tuple(f for f in shipped_frameworks() if f.role != "kinds"))
    by_text: dict[str, Sentence] = {}
    for identity, sentence in sentences((Nomination(id=str(i), text=text) for i, text in enumerate(found)), whole):
        by_text.setdefault(identity, sentence)
    return [by_text.get(str(i), Sentence(start=0, end=0, text="", tokens=())) for i in range(len(found))]


class TagClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One balanced logistic regression a label, calibrated and cut on out-of-fold scores, as Leadlight's models are.

    `strength` is scikit-learn's C. Targets: an indicator matrix (n, labels), where each label has the threshold of its
    best out-of-fold F1, or classes (n,), where the likeliest wins. `folds` of the inner cross-validation are grouped by
    `groups` of `fit`, if given. Of fewer samples than folds the scores of the fit itself are taken.
    """

    def __init__(self, *, strength: float = 0.3, folds: int = 5, random_state: int | None = 20261125) -> None:
        self.strength = strength
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: Matrix, y: Any, groups: Any = None) -> Self:  # noqa: N803
        """Learn from a matrix X (n, features), dense or sparse, and targets y; `groups` (n,) keep alike together."""
        X, y = validate_data(self, X, y, accept_sparse="csr", multi_output=True)  # noqa: N806
        check_classification_targets(y)
        self.multilabel_ = (y.ndim == 2 and y.shape[1] > 1) or type_of_target(y) == "multilabel-indicator"
        if self.multilabel_:
            truth = np.asarray(y, dtype=bool)
            self.classes_: Any = np.arange(truth.shape[1])
        else:
            y = np.ravel(y)
            self.classes_ = np.unique(y)
            truth = y[:, None] == self.classes_[None]
        self.coef_, self.intercept_ = self._weights(X, truth)
        scores = self._out_of_fold(X, truth, groups).astype(np.float32)
        self.slope_, self.shift_ = platt(scores, truth)
        alike = np.arange(len(truth)) if groups is None else np.asarray(groups)
        self.thresholds_, _ = best_thresholds(self._probabilities(scores), truth, alike)
        return self

    def _weights(self, X: Matrix, truth: npt.NDArray[np.bool_]) -> tuple[Any, Any]:  # noqa: N803
        weights, bias = np.zeros((truth.shape[1], X.shape[1])), np.where(truth.all(axis=0), 4.0, -4.0)
        for label in np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0)):
            model = LogisticRegression(
                C=self.strength, class_weight="balanced", solver="liblinear", dual=bool(X.shape[1] > X.shape[0]),
                random_state=self.random_state, max_iter=1_000,
            ).fit(X, truth[:, label])  # fmt: skip
            weights[label], bias[label] = model.coef_[0], model.intercept_[0]
        return weights, bias

    def _out_of_fold(self, X: Matrix, truth: npt.NDArray[np.bool_], groups: Any) -> Any:  # noqa: N803
        parts = len(truth) if groups is None else len(np.unique(groups))
        folds = min(self.folds, parts)
        if folds < 2 or len(truth) < 2 * self.folds:
            return self._raw(X, self.coef_, self.intercept_)
        splitter = KFold if groups is None else GroupKFold
        out = np.zeros(truth.shape)
        for rest, part in splitter(folds, shuffle=True, random_state=self.random_state).split(truth, groups=groups):
            out[part] = self._raw(X[part], *self._weights(X[rest], truth[rest]))
        return out

    @staticmethod
    def _raw(X: Matrix, weights: Any, bias: Any) -> Any:  # noqa: N803
        return np.asarray(X @ weights.T) + bias

    def _probabilities(self, scores: Any) -> Any:
        with np.errstate(over="ignore"):
            return (1 / (1 + np.exp(-(scores * self.slope_ + self.shift_)))).astype(np.float32)

    def _scores(self, X: Matrix) -> Any:  # noqa: N803
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)  # noqa: N806
        return self._raw(X if not issparse(X) else X.tocsr(), self.coef_, self.intercept_)

    def decision_function(self, X: Matrix) -> Any:  # noqa: N803
        """Calibrated log-odds (n, labels); of two classes those of the second, (n,)."""
        scores = self._scores(X) * self.slope_ + self.shift_
        return scores[:, 1] if len(self.classes_) == 2 and not self.multilabel_ else scores

    def predict_proba(self, X: Matrix) -> Any:  # noqa: N803
        """Calibrated probabilities (n, labels); of classes, they add up to 1."""
        found = self._probabilities(self._scores(X)).astype(np.float64)
        if self.multilabel_:
            return found
        total = found.sum(axis=1, keepdims=True)
        return np.where(total > 0, found / np.maximum(total, 1e-300), 1 / len(self.classes_))

    def predict(self, X: Matrix) -> Any:  # noqa: N803
        """Labels given (n, labels) 0 or 1, or the likeliest class of each sample (n,)."""
        check_is_fitted(self)
        if self.multilabel_:
            return (self._probabilities(self._scores(X)) >= self.thresholds_).astype(int)
        scores = self._scores(X) * self.slope_ + self.shift_
        if len(self.classes_) == 2:
            return self.classes_[(scores[:, 1] > 0).astype(int)]
        return self.classes_[scores.argmax(axis=1)]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.target_tags.multi_output = True
        tags.classifier_tags.multi_label = True
        return tags
