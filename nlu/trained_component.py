"""What the components share that learn from the training data: how it is stored in the model."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import normalizer
from nlu.fingerprint import fingerprint_of

_USED_BY_ALL = (__file__, normalizer.__file__)


class TrainedComponent(IntentClassifier, GraphComponent):
    """Learns and stores what it learnt; in a model it is read again before it sees a message."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedComponent:
        """Create the untrained component (see the parent class)."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on the component's whole module, and on what all use (see the parent class)."""
        return fingerprint_of(inspect.getfile(cls), *_USED_BY_ALL)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TrainedComponent:
        """Load the trained component (see the parent class)."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component.read(directory)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the training data, and store it in the model."""
        self.learn(training_data)
        with self._model_storage.write_to(self._resource) as directory:
            self.write(directory)
        return self._resource

    @abstractmethod
    def learn(self, training_data: TrainingData) -> None:
        """Learn from the training data."""

    @abstractmethod
    def write(self, directory: Path) -> None:
        """Store in a folder of the model what was learnt."""

    @abstractmethod
    def read(self, directory: Path) -> None:
        """Read what `write` stored."""
