"""Finds the intent of a text by an ensemble over sentence vectors and character n-grams.

For each sentence encoder a logistic regression and a nearest-neighbour vote; beside them a
logistic regression over word and character n-grams, which knows names and abbreviations that the
encoders do not. Their probabilities are averaged.
"""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from tqdm import tqdm

from nlu.fingerprint import fingerprint_of
from nlu.normalizer import NORMALIZED, fold

INTENT_RANKING = "intent_ranking"

# Measured on held-back texts: n-grams help a little beside the encoders, and more weight hurts.
_NGRAM_WEIGHT = 0.6
_NEIGHBOURS = 2
_THREADS = 2
_NEIGHBOUR_TEMPERATURE = 0.05
_REGULARIZATION = 36.0  # for vectors of length 1; less makes the probabilities too flat


@dataclass
class VectorModel:
    """Two classifiers over one encoder's vectors: a logistic regression and nearest neighbours.

    Attributes:
        mean: the training vectors' mean, which is subtracted from every vector.
        weights: one row a class.
        bias: one number a class.
        vectors: the training vectors, of length 1, sorted by class.
        starts: the first vector of each class.
    """

    mean: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    vectors: np.ndarray
    starts: np.ndarray

    @classmethod
    def fit(cls, vectors: np.ndarray, labels: np.ndarray) -> VectorModel:
        """Fit both classifiers to vectors, of which each label (0 to n - 1) has at least one."""
        order = np.argsort(labels, kind="stable")
        mean = vectors.mean(axis=0)
        unit = _unit(vectors - mean)[order]
        regression = LogisticRegression(C=_REGULARIZATION, max_iter=200)
        regression.fit(unit, labels[order])
        starts = np.searchsorted(labels[order], np.arange(labels.max() + 1))
        bias = regression.intercept_.astype(np.float32)
        return cls(mean, regression.coef_.astype(np.float32), bias, unit, starts)

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Return a row of class probabilities for each vector."""
        unit = _unit(vectors - self.mean)
        regression = softmax(unit @ self.weights.T + self.bias, axis=1)
        return (regression + self._neighbour_vote(unit)) / 2

    def _neighbour_vote(self, unit: np.ndarray) -> np.ndarray:
        similarities = unit @ self.vectors.T
        ends = [*self.starts[1:], similarities.shape[1]]
        nearest = np.column_stack(
            [
                np.sort(similarities[:, start:end], axis=1)[:, -_NEIGHBOURS:].mean(axis=1)
                for start, end in zip(self.starts, ends, strict=True)
            ]
        )
        return softmax(nearest / _NEIGHBOUR_TEMPERATURE, axis=1)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _ngram_model() -> Pipeline:
    return make_pipeline(
        make_union(
            TfidfVectorizer(preprocessor=fold, ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            TfidfVectorizer(
                preprocessor=fold,
                analyzer="char_wb",
                ngram_range=(2, 4),
                sublinear_tf=True,
                min_df=3,
            ),
        ),
        LogisticRegression(C=30.0, max_iter=60),
    )


@dataclass
class Ensemble:
    """The trained classifiers.

    Attributes:
        intents: the classes' names, sorted.
        vector_models: by the encoder's name.
        ngram_model: over the texts themselves.
    """

    intents: list[str]
    vector_models: dict[str, VectorModel]
    ngram_model: Pipeline

    @classmethod
    def fit(cls, texts: list[str], vectors: dict[str, np.ndarray], intents: list[str]) -> Ensemble:
        """Fit every classifier; vectors has one array by encoder, with a row for each text."""
        names = sorted(set(intents))
        labels = np.array([names.index(intent) for intent in intents])
        with warnings.catch_warnings(), ThreadPoolExecutor(_THREADS) as threads:
            # Stopped early on purpose: more iterations cost seconds and add nothing.
            warnings.simplefilter("ignore", ConvergenceWarning)
            ngram_model = threads.submit(_ngram_model().fit, texts, labels)
            models = {
                name: threads.submit(VectorModel.fit, its, labels) for name, its in vectors.items()
            }
            for _ in tqdm(
                as_completed([ngram_model, *models.values()]),
                desc="Fitting the classifiers",
                total=1 + len(models),
            ):
                pass
        fitted = {name: model.result() for name, model in models.items()}
        return cls(names, fitted, ngram_model.result())

    def probabilities(self, texts: list[str], vectors: dict[str, np.ndarray]) -> np.ndarray:
        """Return a row of probabilities over `intents` for each text."""
        total = _NGRAM_WEIGHT * self.ngram_model.predict_proba(texts)
        for name, model in self.vector_models.items():
            total = total + 2 * model.probabilities(vectors[name])
        return total / (2 * len(self.vector_models) + _NGRAM_WEIGHT)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EnsembleClassifier(IntentClassifier, GraphComponent):
    """Ranks all intents for each message that has none yet."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._ensemble: Ensemble | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EnsembleClassifier:
        """Create the untrained component (see the parent class)."""
        return cls(model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on the whole module (see the parent class)."""
        return fingerprint_of(__file__)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the ensemble to the training examples."""
        examples = training_data.intent_examples
        self._ensemble = Ensemble.fit(
            [example.get(NORMALIZED) for example in examples],
            _vectors(examples),
            [example.get(INTENT) for example in examples],
        )
        with self._model_storage.write_to(self._resource) as directory:
            joblib.dump(self._ensemble, directory / "ensemble.joblib")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EnsembleClassifier:
        """Load the trained component (see the parent class)."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component._ensemble = joblib.load(directory / "ensemble.joblib")
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the whole ranking of each message that has no intent."""
        open_messages = [message for message in messages if not message.get(INTENT)]
        if not open_messages or self._ensemble is None:
            return messages
        texts = [message.get(NORMALIZED) for message in open_messages]
        rows = self._ensemble.probabilities(texts, _vectors(open_messages))
        for message, row in zip(open_messages, rows, strict=True):
            ranking = [
                {"name": self._ensemble.intents[index], "confidence": float(row[index])}
                for index in np.argsort(-row)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING, ranking, add_to_output=True)
        return messages


def _vectors(messages: list[Message]) -> dict[str, np.ndarray]:
    """Collect the sentence vectors of the messages: an array for each encoder."""
    rows: dict[str, list[np.ndarray]] = {}
    for message in messages:
        for feature in message.features:
            if feature.type == FEATURE_TYPE_SENTENCE:
                rows.setdefault(feature.origin, []).append(feature.features[0])
    return {name: np.asarray(vectors, dtype=np.float32) for name, vectors in rows.items()}
