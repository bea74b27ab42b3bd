"""The sentence encoders, alone and as a component."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.normalizer import NORMALIZED
from nlu.sentence_featurizer import SentenceFeaturizer, encoder

DIMENSIONS = {"e5": 384, "use": 512}
ROUNDING = 1e-6  # where a vector lies in memory can change its last bit
TEXTS = [
    "What is racial healing?",
    "¿Qué es la sanación racial?",
    "I want to host a book club on the 12th",
    "quiero dejar un mensaje",
    "anything near me this weekend",
    "no",
    "👍",
    "مرحبا كيف حالك",
    "你好",
    "x" * 300,
    "",
]

each_encoder = pytest.mark.parametrize("name", sorted(DIMENSIONS))


def message_of(text: str, intent: str | None = None) -> Message:
    data = {TEXT: text, NORMALIZED: text}
    return Message(data | ({INTENT: {"name": intent, "confidence": 1.0}} if intent else {}))


@each_encoder
def test_vectors_have_length_1(name: str) -> None:
    vectors = encoder(name)(TEXTS)

    assert vectors.shape == (len(TEXTS), DIMENSIONS[name])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@each_encoder
def test_the_same_text_has_the_same_vector_at_every_call(name: str) -> None:
    encode = encoder(name)

    for text in TEXTS:
        assert np.allclose(encode([text]), encode([text]), atol=ROUNDING)


@each_encoder
def test_a_text_has_the_same_vector_alone_and_among_others(name: str) -> None:
    encode = encoder(name)
    together = encode(TEXTS)

    for text, vector in zip(TEXTS, together, strict=True):
        assert encode([text])[0] @ vector > 0.995


@each_encoder
def test_four_threads_get_the_same_vectors_as_one(name: str) -> None:
    encode = encoder(name)
    alone = [encode([text]) for text in TEXTS]

    with ThreadPoolExecutor(4) as pool:
        side_by_side = list(pool.map(lambda text: encode([text]), TEXTS * 4))

    for expected, vector in zip(alone * 4, side_by_side, strict=True):
        assert np.allclose(vector, expected, atol=ROUNDING)


@each_encoder
def test_a_question_is_nearer_to_its_translation_than_to_another_question(name: str) -> None:
    english, spanish, other = encoder(name)(
        ["What is racial healing?", "¿Qué es la sanación racial?", "¿Dónde puedo estacionar?"]
    )

    assert english @ spanish > english @ other


@each_encoder
def test_an_encoder_is_loaded_once(name: str) -> None:
    assert encoder(name) is encoder(name)


def test_an_unknown_encoder_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'bert'"):
        encoder("bert")


@each_encoder
def test_a_message_gets_its_vector_as_the_sentence_feature(name: str) -> None:
    message = message_of("When does it start?")

    SentenceFeaturizer(name).process([message])

    (feature,) = message.features
    assert (feature.type, feature.origin) == (FEATURE_TYPE_SENTENCE, name)
    vector = encoder(name)(["When does it start?"])
    assert np.allclose(feature.features, vector, atol=ROUNDING)


def test_a_message_whose_intent_is_known_is_not_encoded() -> None:
    known, unknown = message_of("yes", "affirm"), message_of("perhaps")

    SentenceFeaturizer("e5").process([known, unknown])

    assert known.features == []
    assert len(unknown.features) == 1


def test_every_training_example_is_encoded_whether_its_intent_is_known_or_not() -> None:
    texts = [f"example number {number}" for number in range(70)]  # more than one batch
    data = TrainingData([Message({TEXT: t, NORMALIZED: t, INTENT: "greet"}) for t in texts])

    SentenceFeaturizer("use").process_training_data(data)

    assert [len(example.features) for example in data.training_examples] == [1] * 70
    last = data.training_examples[-1].features[0].features[0]
    assert last @ encoder("use")([texts[-1]])[0] > 0.995
