"""Trains a component of the pipeline on a few made-up examples and loads it out of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar, cast

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.normalizer import NORMALIZED, normalize
from nlu.trained_component import TrainedComponent

Component = TypeVar("Component", bound=TrainedComponent)


def trained(
    component: type[Component],
    folder: Path,
    examples: list[Message],
    config: dict[str, Any] | None = None,
) -> Component:
    """Return a component that was trained, stored in the folder and loaded from there."""
    context = ExecutionContext(GraphSchema({}))
    (folder / "model").mkdir()
    storage = LocalModelStorage.create(folder / "model")
    config = config or {}
    untrained = component.create(config, storage, Resource(component.__name__), context)
    stored = untrained.train(TrainingData(examples))
    return cast(Component, component.load(config, storage, stored, context))


def typed(text: str, **properties: Any) -> Message:
    """Return a message as the normalizer leaves it, with further properties."""
    return Message({TEXT: text, NORMALIZED: normalize(text), **properties})


def output_of(component: TrainedComponent, message: Message) -> dict[str, Any]:
    """Return what the component adds to the parse result of a message."""
    component.process([message])
    output = message.as_dict(only_output_properties=True)
    return {name: it for name, it in output.items() if name != TEXT}
