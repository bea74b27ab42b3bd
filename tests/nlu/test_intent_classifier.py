"""The ensemble as a component: trained, stored, loaded, and given messages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.intent_classifier import INTENT_RANKING, EnsembleClassifier
from nlu.normalizer import NORMALIZED

EXAMPLES = {
    "dates": ["When does it start?", "how long does it last", "what are the dates"],
    "host": ["I want to host an event", "add my book club to the map", "list our peace circle"],
    "nearby": ["what is near me", "any events in Pilsen", "find a circle around 60623"],
}


def message_of(text: str) -> Message:
    return Message({TEXT: text, NORMALIZED: text})


@pytest.fixture
def classifier(tmp_path: Path) -> EnsembleClassifier:
    """A classifier that was trained, stored and loaded again."""
    storage, resource = LocalModelStorage.create(tmp_path), Resource("ensemble")
    context = ExecutionContext(GraphSchema({}))
    examples = [message_of(text) for texts in EXAMPLES.values() for text in texts]
    for example, intent in zip(examples, np.repeat(list(EXAMPLES), 3), strict=True):
        example.set(INTENT, str(intent))
    EnsembleClassifier.create({}, storage, resource, context).train(TrainingData(examples))
    return EnsembleClassifier.load({}, storage, resource, context)


def test_a_message_gets_all_intents_the_most_probable_first(classifier: EnsembleClassifier) -> None:
    message = message_of("when is the last day")

    classifier.process([message])

    found = message.as_dict(only_output_properties=True)
    ranking = found[INTENT_RANKING]
    assert found[INTENT] == ranking[0]
    assert ranking[0]["name"] == "dates"
    assert {entry["name"] for entry in ranking} == set(EXAMPLES)
    confidences = [entry["confidence"] for entry in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-5)


def test_a_message_whose_intent_is_known_is_left_alone(classifier: EnsembleClassifier) -> None:
    known = {"name": "host", "confidence": 1.0}
    message, other = message_of("when is the last day"), message_of("when is the last day")
    message.set(INTENT, known)

    classifier.process([message, other])

    assert message.get(INTENT) == known
    assert message.get(INTENT_RANKING) is None
    assert other.get(INTENT)["name"] == "dates"
