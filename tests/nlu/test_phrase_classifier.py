"""Texts that repeat a training example word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from nlu.intent_classifier import INTENT_RANKING
from nlu.phrase_classifier import PhraseClassifier, phrases_of
from tests.nlu.components import output_of, trained, typed

EXAMPLES = [
    ("Yep!", "affirm"),
    ("👍", "affirm"),
    ("¿Sí?", "affirm"),
    ("no, thanks", "deny"),
    ("that's it", "affirm"),
    ("thats it", "goodbye"),
    ("yep", "affirm"),
]


def examples() -> list[Message]:
    return [typed(text, intent=intent) for text, intent in EXAMPLES]


@pytest.fixture
def classifier(tmp_path: Path) -> PhraseClassifier:
    return trained(PhraseClassifier, tmp_path, examples())


def test_a_phrase_that_two_intents_share_belongs_to_neither() -> None:
    assert phrases_of(examples()) == {
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
    found = output_of(classifier, typed(text))

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
