"""The sentence encoders, alone and for many texts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nlu.encoders import ENCODERS, encode, encode_all, encoder

DIMENSIONS = {"use": 512, "e5": 384}
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

each_encoder = pytest.mark.parametrize("name", ENCODERS)


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
def test_many_texts_are_encoded_in_their_order(name: str) -> None:
    texts = [f"example number {number}" for number in range(70)]  # more than one batch

    with ThreadPoolExecutor(2) as threads:
        rows = encode_all(name, texts, threads)

    assert rows.shape == (70, DIMENSIONS[name])
    for text, row in zip(texts[::10], rows[::10], strict=True):
        assert encode(name, text) @ row > 0.995


def test_the_progress_of_many_texts_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(2) as threads:
        encode_all("use", ["a text"] * 70, threads)

    assert "Encoding with use: 100%" in capsys.readouterr().err
