"""Texts that repeat a training example word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.intent_classifier import INTENT_RANKING
from nlu.normalizer import NORMALIZED, normalize
from nlu.phrase_classifier import PhraseClassifier, phrases_of

EXAMPLES = [
    ("Yep!", "affirm"),
    ("👍", "affirm"),
    ("¿Sí?", "affirm"),
    ("no, thanks", "deny"),
    ("that's it", "affirm"),
    ("thats it", "goodbye"),
    ("yep", "affirm"),
]


def training_data() -> TrainingData:
    return TrainingData([Message({TEXT: text, INTENT: intent}) for text, intent in EXAMPLES])


def typed(text: str) -> Message:
    return Message({TEXT: text, NORMALIZED: normalize(text)})


@pytest.fixture
def classifier(tmp_path: Path) -> PhraseClassifier:
    """A classifier that was trained, stored and loaded again."""
    storage, resource = LocalModelStorage.create(tmp_path), Resource("phrases")
    context = ExecutionContext(GraphSchema({}))
    PhraseClassifier.create({}, storage, resource, context).train(training_data())
    return PhraseClassifier.load({}, storage, resource, context)


def test_a_phrase_that_two_intents_share_belongs_to_neither() -> None:
    assert phrases_of(training_data().intent_examples) == {
        "yep": "affirm",
        "👍": "affirm",
        "si": "affirm",
        "no thanks": "deny",
    }


@pytest.mark.parametrize(
    ("text", "intent"),
    [("YEP", "affirm"), ("si", "affirm"), ("👍", "affirm"), ("No thanks...", "deny")],
)
def test_a_repeated_example_is_recognized_for_certain(
    classifier: PhraseClassifier, text: str, intent: str
) -> None:
    message = typed(text)

    classifier.process([message])

    found = message.as_dict(only_output_properties=True)
    assert found[INTENT] == {"name": intent, "confidence": 1.0}
    assert found[INTENT_RANKING] == [{"name": intent, "confidence": 1.0}]


@pytest.mark.parametrize("text", ["yep but no", "ye", "thats it", "👎", ""])
def test_anything_else_is_left_to_the_other_classifiers(
    classifier: PhraseClassifier, text: str
) -> None:
    message = typed(text)

    classifier.process([message])

    assert message.get(INTENT) is None
    assert message.get(INTENT_RANKING) is None


def test_every_message_of_a_batch_is_looked_at(classifier: PhraseClassifier) -> None:
    messages = [typed("yep"), typed("who knows"), typed("no thanks")]

    classifier.process(messages)

    names = [(message.get(INTENT) or {}).get("name") for message in messages]
    assert names == ["affirm", None, "deny"]
