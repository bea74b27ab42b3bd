"""Recognizes texts that are, word for word, a training example: cheap and sure.

Short answers such as "yep", "nvm" or a thumbs-up are closed sets that sentence encoders confuse;
most of what people tap out in a hurry is found here without running an encoder.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.fingerprint import fingerprint_of
from nlu.intent_classifier import INTENT_RANKING
from nlu.normalizer import NORMALIZED, fold, normalize


def phrases_of(examples: list[Message]) -> dict[str, str]:
    """Map each folded example to its intent; a phrase of two intents is left out."""
    intents: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        intents[fold(normalize(example.get(TEXT)))].add(example.get(INTENT))
    return {phrase: names.pop() for phrase, names in intents.items() if len(names) == 1}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PhraseClassifier(IntentClassifier, GraphComponent):
    """Gives a message the intent of the training example that it repeats."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._phrases: dict[str, str] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PhraseClassifier:
        """Create the untrained component (see the parent class)."""
        return cls(model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on the whole module (see the parent class)."""
        return fingerprint_of(__file__)

    def train(self, training_data: TrainingData) -> Resource:
        """Remember the training examples."""
        self._phrases = phrases_of(training_data.intent_examples)
        with self._model_storage.write_to(self._resource) as directory:
            (directory / "phrases.json").write_text(json.dumps(self._phrases), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PhraseClassifier:
        """Load the trained component (see the parent class)."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as directory:
            text = (directory / "phrases.json").read_text(encoding="utf-8")
        component._phrases = json.loads(text)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that repeats an example."""
        for message in messages:
            intent = self._phrases.get(fold(message.get(NORMALIZED)))
            if intent:
                certain = {"name": intent, "confidence": 1.0}
                message.set(INTENT, certain, add_to_output=True)
                message.set(INTENT_RANKING, [certain], add_to_output=True)
        return messages
