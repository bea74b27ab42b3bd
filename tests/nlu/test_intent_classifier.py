"""The ensemble as a component: trained, stored, loaded, and given messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.constants import INTENT

from nlu.intent_classifier import INTENT_RANKING, EnsembleClassifier
from tests.nlu.components import output_of, trained, typed

EXAMPLES = {
    "dates": ["When does it start?", "how long does it last", "what are the dates"],
    "host": ["I want to host an event", "add my book club to the map", "list our peace circle"],
    "nearby": ["what is near me", "any events in Pilsen", "find a circle around 60623"],
}


@pytest.fixture
def classifier(tmp_path: Path) -> EnsembleClassifier:
    examples = [typed(text, intent=intent) for intent, texts in EXAMPLES.items() for text in texts]
    return trained(EnsembleClassifier, tmp_path, examples)


def test_a_message_gets_all_intents_the_most_probable_first(classifier: EnsembleClassifier) -> None:
    found = output_of(classifier, typed("when is the last day"))

    ranking = found[INTENT_RANKING]
    assert found[INTENT] == ranking[0]
    assert ranking[0]["name"] == "dates"
    assert {entry["name"] for entry in ranking} == set(EXAMPLES)
    confidences = [entry["confidence"] for entry in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-5)


def test_a_message_whose_intent_is_known_is_left_alone(classifier: EnsembleClassifier) -> None:
    known = {"name": "host", "confidence": 1.0}
    message, other = typed("when is the last day"), typed("when is the last day")
    message.set(INTENT, known)

    classifier.process([message, other])

    assert message.get(INTENT) == known
    assert message.get(INTENT_RANKING) is None
    assert other.get(INTENT)["name"] == "dates"
