"""Ranks the intents of a text, as a component of Rasa's pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.encoders import ENCODERS, encoder
from nlu.ensemble import Ensemble
from nlu.fingerprint import fingerprint_of
from nlu.normalizer import NORMALIZED
from nlu.trained_component import TrainedComponent

INTENT_RANKING = "intent_ranking"

_FILE = "ensemble.joblib"
_LEARNT_WITH = ("ensemble.py", "encoders.py")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EnsembleClassifier(TrainedComponent):
    """Ranks all intents for each message that has none yet."""

    _ensemble: Ensemble

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on what is learnt, and on how, as well (see the parent class)."""
        modules = [Path(__file__).with_name(name) for name in _LEARNT_WITH]
        return super().fingerprint_addon(config) + fingerprint_of(*modules)

    def learn(self, training_data: TrainingData) -> None:
        """Fit the ensemble to the training examples."""
        examples = training_data.intent_examples
        self._ensemble = Ensemble.fit(
            [example.get(NORMALIZED) for example in examples],
            [example.get(INTENT) for example in examples],
        )

    def write(self, directory: Path) -> None:
        """Store the ensemble (see the parent class)."""
        joblib.dump(self._ensemble, directory / _FILE)

    def read(self, directory: Path) -> None:
        """Read the ensemble (see the parent class)."""
        self._ensemble = joblib.load(directory / _FILE)
        for name in ENCODERS:
            encoder(name)  # the first in doubt must not wait until it is loaded

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the whole ranking of each message that has no intent."""
        for message in messages:
            if not message.get(INTENT):
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
