"""The language of a conversation follows what is written, but does not flip on a word or two."""

from __future__ import annotations

from typing import Any

import pytest

from bot.language import follow_language


def written(language: str | None, words: int, probability: float = 0.99) -> dict[str, Any]:
    return {"language": language, "probability": probability, "words": words}


def test_three_clear_words_change_the_language() -> None:
    assert follow_language("en", False, written("es", words=3)) == "es"
    assert follow_language("es", False, written("en", words=3)) == "en"


@pytest.mark.parametrize("words", [0, 1, 2])
def test_a_word_or_two_change_nothing(words: int) -> None:
    assert follow_language("en", False, written("es", words)) is None


def test_many_words_that_could_be_either_change_nothing() -> None:
    assert follow_language("en", False, written("es", words=12, probability=0.89)) is None


def test_words_of_the_same_language_change_nothing() -> None:
    assert follow_language("es", False, written("es", words=12)) is None


def test_a_text_without_words_changes_nothing() -> None:
    assert follow_language("en", False, written(None, words=0, probability=0.5)) is None
    assert follow_language(None, False, written(None, words=0, probability=0.5)) is None


@pytest.mark.parametrize("current", ["en", "es"])
def test_a_chosen_language_stays_whatever_is_written(current: str) -> None:
    other = "es" if current == "en" else "en"
    assert follow_language(current, True, written(other, words=40, probability=1.0)) is None


def test_while_no_language_is_known_one_clear_word_is_enough() -> None:
    assert follow_language(None, False, written("es", words=1)) == "es"


def test_while_no_language_is_known_a_coin_toss_is_not_enough() -> None:
    assert follow_language(None, False, written("en", words=1, probability=0.55)) is None
