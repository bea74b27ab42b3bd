"""The ensemble, on three intents and with the real encoders."""

from __future__ import annotations

import numpy as np
import pytest

from nlu import ensemble as module
from nlu.ensemble import Ensemble, NgramModel, VectorModel

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


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return Ensemble.fit(TEXTS, INTENTS)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the encoders that were asked."""
    names: list[str] = []
    encode = module.encode

    def note(name: str, text: str) -> np.ndarray:
        names.append(name)
        return encode(name, text)

    monkeypatch.setattr(module, "encode", note)
    return names


def intent_of(ensemble: Ensemble, text: str) -> str:
    return ensemble.intents[ensemble.probabilities(text).argmax()]


def test_the_ensemble_knows_its_intents_sorted(ensemble: Ensemble) -> None:
    assert ensemble.intents == ["dates", "host", "nearby"]


def test_the_ensemble_learns_its_examples(ensemble: Ensemble) -> None:
    assert [intent_of(ensemble, text) for text in TEXTS] == INTENTS


@pytest.mark.parametrize(
    ("text", "intent"), [(text, intent) for intent, texts in UNSEEN.items() for text in texts]
)
def test_the_ensemble_understands_other_words_for_the_same(
    ensemble: Ensemble, text: str, intent: str
) -> None:
    assert intent_of(ensemble, text) == intent


@pytest.mark.parametrize("text", [*TEXTS[::5], "", "👍", "你好", "zzz zzz", "x" * 300])
def test_probabilities_are_positive_and_sum_to_1(ensemble: Ensemble, text: str) -> None:
    probabilities = ensemble.probabilities(text)

    assert probabilities.shape == (3,)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert probabilities.min() >= 0


def test_nonsense_is_less_probable_than_an_example(ensemble: Ensemble) -> None:
    nonsense, example = map(ensemble.probabilities, ("lkjhg fdsa", TEXTS[0]))

    assert nonsense.max() < example.max()


def test_where_the_quick_ones_are_sure_the_costly_encoder_is_not_asked(
    ensemble: Ensemble, asked: list[str]
) -> None:
    ensemble.probabilities(TEXTS[0])

    assert asked == ["use"]


def test_in_doubt_all_encoders_are_asked(ensemble: Ensemble, asked: list[str]) -> None:
    ensemble.probabilities("lkjhg fdsa")

    assert asked == ["use", "e5"]


def test_the_order_of_the_examples_does_not_matter(ensemble: Ensemble) -> None:
    order = list(range(0, len(TEXTS), 2)) + list(range(1, len(TEXTS), 2))
    other = Ensemble.fit([TEXTS[index] for index in order], [INTENTS[index] for index in order])

    for text in (text for texts in UNSEEN.values() for text in texts):
        assert np.allclose(ensemble.probabilities(text), other.probabilities(text), atol=0.02)


def test_two_intents_are_enough() -> None:
    few = [(text, intent) for text, intent in zip(TEXTS, INTENTS, strict=True) if intent != "host"]
    ensemble = Ensemble.fit([text for text, _ in few], [intent for _, intent in few])

    assert [intent_of(ensemble, text) for text, _ in few] == [intent for _, intent in few]


def test_an_intent_with_a_single_example_can_be_learnt() -> None:
    vectors = np.eye(4, dtype=np.float32)
    model = VectorModel.fit(vectors, np.array([0, 0, 0, 1]))

    assert [model.probabilities(vector).argmax() for vector in vectors] == [0, 0, 0, 1]


def test_n_grams_tell_names_that_nobody_ever_wrote_in_a_dictionary() -> None:
    texts = ["zorbl one", "the zorbl", "my zorbl", "flimp two", "the flimp", "my flimp"]
    model = NgramModel.fit(texts, np.array([0, 0, 0, 1, 1, 1]))

    assert model.probabilities("zorbl?").argmax() == 0
    assert model.probabilities("a FLIMP").argmax() == 1
