"""The classifiers that find a text's intent together: how they learn, and how they vote.

A logistic regression over word and character n-grams, which knows names and abbreviations that
sentence encoders do not; and for each encoder a logistic regression and a vote of the two nearest
examples of each intent.
Their probabilities are averaged, and the costly encoder is asked only in doubt.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.special import softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.encoders import ENCODERS, Floats, encode, encode_all
from nlu.normalizer import fold

Indices = NDArray[np.intp]

# Measured on held-back texts: n-grams help a little beside the encoders, and more weight hurts.
_NGRAM_WEIGHT = 0.6
_VECTOR_WEIGHT = 2.0

SURE_LEAD = 0.6
"""From this lead over the second intent on, no further encoder is asked: of 1,485 held-back texts,
63% had it without e5, and no decision about one of them changed with it."""

_THREADS = 2
_NEIGHBOUR_TEMPERATURE = 0.05
_REGULARIZATION = 36.0  # for vectors of length 1; less makes the probabilities too flat


@dataclass(frozen=True)
class NgramModel:
    """A logistic regression over the n-grams of words and characters.

    Attributes:
        parts: of each kind of n-gram what counts them, and the weights: one row a feature, one
            column a class.
        bias: one number a class.
    """

    parts: list[tuple[TfidfVectorizer, Floats]]
    bias: Floats

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Indices) -> NgramModel:
        """Fit it to normalized texts, of which each label (0 to n - 1) has at least one."""
        words = _vectorizer(ngram_range=(1, 2), min_df=2)
        letters = _vectorizer(ngram_range=(2, 4), min_df=3, analyzer="char_wb")
        rows = hstack([words.fit_transform(texts), letters.fit_transform(texts)], "csr")
        # Stopped early on purpose: more iterations cost seconds and add nothing.
        weights, bias = _regression(rows, labels, strength=30.0, iterations=60)
        # By feature, because a text has few of them: scipy copies all weights, 3 ms, otherwise.
        by_feature = np.ascontiguousarray(weights.T)
        of_words, of_letters = np.split(by_feature, [len(words.vocabulary_)])
        return cls([(words, of_words), (letters, of_letters)], bias)

    def probabilities(self, text: str) -> Floats:
        """Return the probability of each class."""
        scores = sum(counter.transform([text]) @ weights for counter, weights in self.parts)
        probabilities: Floats = softmax(scores[0] + self.bias)
        return probabilities


def _vectorizer(**settings: Any) -> TfidfVectorizer:
    return TfidfVectorizer(preprocessor=fold, sublinear_tf=True, dtype=np.float32, **settings)


@dataclass(frozen=True)
class VectorModel:
    """Two classifiers over one encoder's vectors: a logistic regression and nearest neighbours.

    Attributes:
        mean: the training vectors' mean, which is subtracted from every vector.
        weights: one row a class.
        bias: one number a class.
        vectors: the training vectors, of length 1, sorted by class.
        starts: the first vector of each class.
    """

    mean: Floats
    weights: Floats
    bias: Floats
    vectors: Floats
    starts: Indices

    @classmethod
    def fit(cls, vectors: Floats, labels: Indices) -> VectorModel:
        """Fit both classifiers to vectors, of which each label (0 to n - 1) has at least one."""
        order = np.argsort(labels, kind="stable")
        mean = vectors.mean(axis=0)
        unit = _unit(vectors - mean)[order]
        weights, bias = _regression(unit, labels[order], strength=_REGULARIZATION, iterations=200)
        starts = np.searchsorted(labels[order], np.arange(labels.max() + 1))
        return cls(mean, weights, bias, unit, starts)

    def probabilities(self, vector: Floats) -> Floats:
        """Return the probability of each class."""
        unit = _unit(vector - self.mean)
        regression: Floats = softmax(self.weights @ unit + self.bias)
        return (regression + self._neighbour_vote(unit)) / 2

    def _neighbour_vote(self, unit: Floats) -> Floats:
        similarities = self.vectors @ unit
        nearest = np.maximum.reduceat(similarities, self.starts)
        sizes = np.diff(self.starts, append=len(similarities))
        similarities[similarities == np.repeat(nearest, sizes)] = -np.inf
        second = np.maximum.reduceat(similarities, self.starts)
        second = np.where(np.isfinite(second), second, nearest)
        vote: Floats = softmax((nearest + second) / 2 / _NEIGHBOUR_TEMPERATURE)
        return vote


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit


def _regression(
    rows: csr_matrix | Floats, labels: Indices, strength: float, iterations: int
) -> tuple[Floats, Floats]:
    """Return the weights, a row a class, and the bias of a multinomial logistic regression."""
    model = LogisticRegression(C=strength, max_iter=iterations, multi_class="multinomial")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, labels)
    weights, bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
    if len(model.classes_) == 2:  # it keeps one row then
        return np.vstack([-weights, weights]), np.array([-bias[0], bias[0]], np.float32)
    return weights, bias


@dataclass(frozen=True)
class Ensemble:
    """The trained classifiers.

    Attributes:
        intents: the classes' names, sorted.
        ngram_model: over the texts themselves.
        vector_models: by the encoder's name, in the order in which they are asked.
    """

    intents: list[str]
    ngram_model: NgramModel
    vector_models: dict[str, VectorModel]

    @classmethod
    def fit(cls, texts: list[str], intents: list[str]) -> Ensemble:
        """Fit every classifier to normalized texts and their intents, showing the progress."""
        names = sorted(set(intents))
        labels = np.array([names.index(intent) for intent in intents])
        with ThreadPoolExecutor(_THREADS) as threads, ThreadPoolExecutor(_THREADS) as fitting:
            ngram_model = fitting.submit(NgramModel.fit, texts, labels)
            vector_models = {
                name: fitting.submit(VectorModel.fit, encode_all(name, texts, threads), labels)
                for name in ENCODERS
            }
            fitted = {name: model.result() for name, model in vector_models.items()}
            return cls(names, ngram_model.result(), fitted)

    def probabilities(self, text: str) -> Floats:
        """Return the probability of each of `intents` for a normalized text."""
        votes, weight = _NGRAM_WEIGHT * self.ngram_model.probabilities(text), _NGRAM_WEIGHT
        for name, model in self.vector_models.items():
            votes = votes + _VECTOR_WEIGHT * model.probabilities(encode(name, text))
            weight += _VECTOR_WEIGHT
            if _lead(votes / weight) >= SURE_LEAD:
                break
        probabilities: Floats = votes / weight
        return probabilities


def _lead(probabilities: Floats) -> float:
    """Return how much likelier the first is than the second; 1 where there is only one."""
    second, first = np.sort(np.append(probabilities, 0.0))[-2:]
    return float(first - second)
