"""Recognizes texts that are, word for word, a training example: cheap and sure.

Short answers such as "yep", "nvm" or a thumbs-up are closed sets that sentence encoders confuse;
most of what people tap out in a hurry is found here without running an encoder.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.intent_classifier import INTENT_RANKING
from nlu.normalizer import NORMALIZED, fold, normalize
from nlu.trained_component import TrainedComponent

_FILE = "phrases.json"


def phrases_of(examples: list[Message]) -> dict[str, str]:
    """Map each folded example to its intent; a phrase of two intents is left out."""
    intents: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        intents[fold(normalize(example.get(TEXT)))].add(example.get(INTENT))
    return {phrase: names.pop() for phrase, names in intents.items() if len(names) == 1}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PhraseClassifier(TrainedComponent):
    """Gives a message the intent of the training example that it repeats."""

    _phrases: dict[str, str]

    def learn(self, training_data: TrainingData) -> None:
        """Remember the training examples."""
        self._phrases = phrases_of(training_data.intent_examples)

    def write(self, directory: Path) -> None:
        """Store them (see the parent class)."""
        (directory / _FILE).write_text(json.dumps(self._phrases), encoding="utf-8")

    def read(self, directory: Path) -> None:
        """Read them (see the parent class)."""
        self._phrases = json.loads((directory / _FILE).read_text(encoding="utf-8"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that repeats an example."""
        for message in messages:
            intent = self._phrases.get(fold(message.get(NORMALIZED)))
            if intent:
                certain = {"name": intent, "confidence": 1.0}
                message.set(INTENT, certain, add_to_output=True)
                message.set(INTENT_RANKING, [certain], add_to_output=True)
        return messages
