"""What the components that learn have in common: how they are stored, loaded and trained again."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.outcome import CRISIS, OutcomeDecider
from nlu.phrase_classifier import PhraseClassifier
from nlu.trained_component import TrainedComponent
from tests.nlu.components import output_of, trained, typed

GREETING = typed("hello", intent="greet")
QUESTION = typed("when is it", intent="dates")


def intent_of(component: TrainedComponent, text: str) -> str | None:
    intent: dict[str, str] = output_of(component, typed(text)).get("intent", {})
    return intent.get("name")


def test_a_loaded_component_knows_what_was_learnt(tmp_path: Path) -> None:
    classifier = trained(PhraseClassifier, tmp_path, [GREETING])

    assert intent_of(classifier, "Hello!") == "greet"
    assert intent_of(classifier, "When is it?") is None


def test_a_loaded_component_can_learn_once_more(tmp_path: Path) -> None:
    classifier = trained(PhraseClassifier, tmp_path, [GREETING])

    classifier.train(TrainingData([GREETING, QUESTION]))

    assert intent_of(classifier, "When is it?") == "dates"


def test_a_loaded_component_learns_once_more_from_where_its_config_says(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("help me now", encoding="utf-8")
    decider = trained(OutcomeDecider, tmp_path, [GREETING], {"crisis_words": str(tmp_path)})
    words.write_text("help us now", encoding="utf-8")

    decider.train(TrainingData([GREETING]))

    assert intent_of(decider, "Help us now!") == CRISIS
    assert intent_of(decider, "Help me now!") != CRISIS
