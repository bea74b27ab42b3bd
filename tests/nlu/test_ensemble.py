"""The ensemble, on three intents and with the real encoders."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

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


VECTORS = np.random.default_rng(2020).normal(np.repeat(np.eye(4, 6), [6, 3, 3, 3], axis=0), 0.15)
"""Six vectors of the first class and three of each other one, near to each other within a class."""
CLASSES = np.repeat(range(4), [6, 3, 3, 3])


def vector_model(vectors: NDArray[np.float64] = VECTORS) -> VectorModel:
    return VectorModel.fit(vectors.astype(np.float32), CLASSES)


def test_vectors_that_were_learnt_are_known_again_for_sure() -> None:
    probabilities = np.array([vector_model().probabilities(vector) for vector in VECTORS])

    assert list(probabilities.argmax(axis=1)) == list(CLASSES)
    assert probabilities.max(axis=1).min() > 0.9
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_in_which_order_vectors_are_learnt_does_not_matter() -> None:
    order = np.random.default_rng(2020).permutation(len(VECTORS))
    shuffled = VectorModel.fit(VECTORS[order].astype(np.float32), CLASSES[order])

    for vector in VECTORS:
        expected = vector_model().probabilities(vector)
        assert np.allclose(shuffled.probabilities(vector), expected, atol=0.001)


def test_what_all_vectors_have_in_common_says_nothing() -> None:
    common = np.array([5.0, 0, 0, 0, 0, 1])
    model = vector_model(VECTORS + common)

    for vector in VECTORS:
        expected = vector_model().probabilities(vector)
        assert np.allclose(model.probabilities(vector + common), expected, atol=0.001)


def test_how_long_vectors_are_does_not_matter() -> None:
    model = vector_model(VECTORS / 100)

    for vector in VECTORS:
        expected = vector_model().probabilities(vector)
        assert np.allclose(model.probabilities(vector / 100), expected, atol=0.001)


def test_a_vector_that_says_nothing_most_likely_means_what_is_said_most_often() -> None:
    model = vector_model()
    first, *others = model.probabilities(model.mean)

    assert first > max(others) + 0.05


def test_two_examples_that_are_near_outweigh_one_that_is_nearer() -> None:
    angles = np.radians([0, 120, 240, -30, 30, 150, 210])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    model = VectorModel.fit(vectors, np.array([0, 0, 0, 1, 1, 2, 2]))

    assert model.probabilities(vectors[0]).argmax() == 1


@pytest.mark.parametrize("classes", [2, 3])
def test_numbers_take_4_bytes(classes: int) -> None:
    labels = np.repeat(range(classes), 3)
    vectors = VectorModel.fit(VECTORS[: len(labels)].astype(np.float32), labels)
    ngrams = NgramModel.fit([f"word{label}" for label in labels], labels)

    assert {vectors.weights.dtype, vectors.bias.dtype} == {np.dtype(np.float32)}
    assert ngrams.probabilities("word0").dtype == np.float32


def test_n_grams_tell_names_that_nobody_ever_wrote_in_a_dictionary() -> None:
    texts = ["zorbl one", "the zorbl", "my zorbl", "flimp two", "the flimp", "my flimp"]
    model = NgramModel.fit(texts, np.array([0, 0, 0, 1, 1, 1]))

    assert model.probabilities("zorbl?").argmax() == 0
    assert model.probabilities("a FLIMP").argmax() == 1


def test_n_grams_know_a_word_by_its_parts() -> None:
    zorbl = ["zorbling", "zorbled", "we zorble", "they zorblify"]
    flimp = ["flimping", "flimped", "we flimp", "they flimpify"]
    model = NgramModel.fit(zorbl + flimp, np.repeat([0, 1], 4))

    assert model.probabilities("zorbler")[0] > 0.9
    assert model.probabilities("flimper")[1] > 0.9


def test_n_grams_know_in_which_order_words_stand() -> None:
    texts = ["ask me", "do ask me", "just ask me now", "me ask", "do me ask", "just me ask now"]
    model = NgramModel.fit(texts, np.array([0, 0, 0, 1, 1, 1]))

    assert model.probabilities("please ask me")[0] > 0.9
    assert model.probabilities("please me ask")[1] > 0.9


@pytest.mark.parametrize(("examples", "says_something"), [(1, False), (2, True)])
def test_n_grams_need_two_examples_of_a_word(examples: int, says_something: bool) -> None:
    texts = ["when is it", "when does it start", "where is it", "where does it start"]
    known = [f"{text} zorbl" for text in texts[:examples]] + texts[examples:]
    model = NgramModel.fit(known, np.array([0, 0, 1, 1]))

    of_the_word, of_nothing = model.probabilities("zorbl")[0], model.probabilities("")[0]
    assert (of_the_word > of_nothing + 0.1) == says_something


def test_n_grams_do_not_depend_on_case_accents_and_punctuation() -> None:
    model = NgramModel.fit(["cuándo es", "¿dónde?", "la reunión"] * 3, np.array([0, 1, 2] * 3))

    expected = model.probabilities("cuándo es")
    assert np.allclose(model.probabilities("¿CUANDO ES?"), expected)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_text_that_mostly_means_one_thing_is_as_probable_as_it_is_frequent(classes: int) -> None:
    texts = ["zorbl one"] * 4 + ["flimp two"] * 4 * (classes - 2)
    model = NgramModel.fit(texts, np.array([1, 1, 1, 0, 2, 2, 2, 2][: len(texts)]))

    assert model.probabilities("zorbl one")[1] == pytest.approx(0.75, abs=0.02)
