"""The ensemble, on three intents and with the real encoders."""

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

from nlu.intent_classifier import INTENT_RANKING, Ensemble, EnsembleClassifier, VectorModel
from nlu.normalizer import NORMALIZED
from nlu.sentence_featurizer import SentenceFeaturizer, encoder

ENCODERS = ("e5", "use")
EXAMPLES = {
    "dates": [
        "When does it start?",
        "how long does the campaign last",
        "what are the dates",
        "is it over already",
        "which day does it end",
        "¿Cuándo empieza?",
        "hasta cuándo dura la campaña",
        "cuáles son las fechas",
    ],
    "host": [
        "I want to host an event",
        "add my book club to the map",
        "let me submit an event",
        "we are planning a peace circle and want to list it",
        "register my gathering",
        "quiero organizar un evento",
        "agrega mi círculo de paz al mapa",
        "cómo registro una reunión",
    ],
    "nearby": [
        "what is happening near me",
        "any events in Pilsen",
        "show me something close by this weekend",
        "find a circle around 60623",
        "events in my neighborhood",
        "¿Qué hay cerca de mí?",
        "eventos en La Villita",
        "busco algo en mi barrio",
    ],
}
UNSEEN = {
    "dates": ["until which day does this go on", "¿en qué fecha termina?"],
    "host": ["I'd like to put our healing event on the map", "quisiera inscribir mi evento"],
    "nearby": ["is there anything around Bronzeville", "qué eventos hay por mi casa"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
INTENTS = [intent for intent, texts in EXAMPLES.items() for _ in texts]


def vectors_of(texts: list[str]) -> dict[str, np.ndarray]:
    return {name: encoder(name)(texts) for name in ENCODERS}


def message_of(text: str) -> Message:
    message = Message({TEXT: text, NORMALIZED: text})
    for name in ENCODERS:
        SentenceFeaturizer(name).process([message])
    return message


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return Ensemble.fit(TEXTS, vectors_of(TEXTS), INTENTS)


@pytest.fixture
def classifier(tmp_path: Path, ensemble: Ensemble) -> EnsembleClassifier:
    """A classifier that was trained, stored and loaded again."""
    storage, resource = LocalModelStorage.create(tmp_path), Resource("ensemble")
    context = ExecutionContext(GraphSchema({}))
    examples = [message_of(text) for text in TEXTS]
    for example, intent in zip(examples, INTENTS, strict=True):
        example.set(INTENT, intent)
    EnsembleClassifier.create({}, storage, resource, context).train(TrainingData(examples))
    return EnsembleClassifier.load({}, storage, resource, context)


def test_the_ensemble_knows_its_intents_sorted(ensemble: Ensemble) -> None:
    assert ensemble.intents == ["dates", "host", "nearby"]


def test_the_ensemble_learns_its_examples(ensemble: Ensemble) -> None:
    rows = ensemble.probabilities(TEXTS, vectors_of(TEXTS))

    assert [ensemble.intents[index] for index in rows.argmax(axis=1)] == INTENTS


@pytest.mark.parametrize(
    ("text", "intent"), [(text, intent) for intent, texts in UNSEEN.items() for text in texts]
)
def test_the_ensemble_understands_other_words_for_the_same(
    ensemble: Ensemble, text: str, intent: str
) -> None:
    (row,) = ensemble.probabilities([text], vectors_of([text]))

    assert ensemble.intents[row.argmax()] == intent


def test_probabilities_are_positive_and_sum_to_1(ensemble: Ensemble) -> None:
    strange = ["", "👍", "你好", "zzz zzz", "x" * 300]
    rows = ensemble.probabilities(TEXTS + strange, vectors_of(TEXTS + strange))

    assert rows.shape == (len(TEXTS) + len(strange), 3)
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    assert rows.min() >= 0


def test_nonsense_is_less_probable_than_an_example(ensemble: Ensemble) -> None:
    nonsense, example = ensemble.probabilities(
        ["lkjhg fdsa", TEXTS[0]], vectors_of(["lkjhg fdsa", TEXTS[0]])
    )

    assert nonsense.max() < example.max()


def test_the_order_of_the_examples_does_not_matter(ensemble: Ensemble) -> None:
    order = list(range(0, len(TEXTS), 2)) + list(range(1, len(TEXTS), 2))
    shuffled = [TEXTS[index] for index in order]
    other = Ensemble.fit(shuffled, vectors_of(shuffled), [INTENTS[index] for index in order])
    unseen = [text for texts in UNSEEN.values() for text in texts]

    assert np.allclose(
        ensemble.probabilities(unseen, vectors_of(unseen)),
        other.probabilities(unseen, vectors_of(unseen)),
        atol=0.02,
    )


def test_an_intent_with_a_single_example_can_be_learnt() -> None:
    vectors = np.eye(4, dtype=np.float32)
    model = VectorModel.fit(vectors, np.array([0, 0, 0, 1]))

    assert model.probabilities(vectors).argmax(axis=1).tolist() == [0, 0, 0, 1]


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
