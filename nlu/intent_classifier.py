"""Ranks the intents of a text, as a component of Rasa's pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.encoders import ENCODERS, encoder
from nlu.ensemble import Ensemble
from nlu.fingerprint import fingerprint_of
from nlu.normalizer import NORMALIZED

INTENT_RANKING = "intent_ranking"

_LEARNT_WITH = ("intent_classifier.py", "ensemble.py", "encoders.py", "normalizer.py")


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
        """Depend on all that is learnt, and on how (see the parent class)."""
        return fingerprint_of(*(Path(__file__).with_name(name) for name in _LEARNT_WITH))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the ensemble to the training examples."""
        examples = training_data.intent_examples
        self._ensemble = Ensemble.fit(
            [example.get(NORMALIZED) for example in examples],
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
        for name in ENCODERS:
            encoder(name)  # the first in doubt must not wait until it is loaded
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the whole ranking of each message that has no intent."""
        for message in messages:
            if self._ensemble and not message.get(INTENT):
                ranking = _ranking(self._ensemble, message.get(NORMALIZED))
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING, ranking, add_to_output=True)
        return messages


def _ranking(ensemble: Ensemble, text: str) -> list[dict[str, Any]]:
    probabilities = ensemble.probabilities(text)
    return [
        {"name": ensemble.intents[index], "confidence": float(probabilities[index])}
        for index in np.argsort(-probabilities)
    ]
