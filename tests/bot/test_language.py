"""The language of a conversation follows what is written, but does not flip on a word or two."""

from __future__ import annotations

from typing import Any

import pytest

from bot.language import language_to_follow


def written(language: str | None, words: int, probability: float = 0.99) -> dict[str, Any]:
    return {"language": language, "probability": probability, "words": words}


def test_three_clear_words_change_the_language() -> None:
    assert language_to_follow("en", False, written("es", words=3), is_crisis=False) == "es"
    assert language_to_follow("es", False, written("en", words=3), is_crisis=False) == "en"


@pytest.mark.parametrize("words", [0, 1, 2])
def test_a_word_or_two_change_nothing(words: int) -> None:
    assert language_to_follow("en", False, written("es", words), is_crisis=False) is None


def test_many_words_that_could_be_either_change_nothing() -> None:
    assert (
        language_to_follow("en", False, written("es", words=12, probability=0.89), is_crisis=False)
        is None
    )


def test_words_of_the_same_language_change_nothing() -> None:
    assert language_to_follow("es", False, written("es", words=12), is_crisis=False) is None


def test_a_text_without_words_changes_nothing() -> None:
    assert (
        language_to_follow("en", False, written(None, words=0, probability=0.5), is_crisis=False)
        is None
    )
    assert (
        language_to_follow(None, False, written(None, words=0, probability=0.5), is_crisis=False)
        is None
    )


@pytest.mark.parametrize("current", ["en", "es"])
def test_a_chosen_language_stays_whatever_is_written(current: str) -> None:
    other = "es" if current == "en" else "en"
    assert (
        language_to_follow(
            current, True, written(other, words=40, probability=1.0), is_crisis=False
        )
        is None
    )


def test_while_no_language_is_known_one_clear_word_is_enough() -> None:
    assert language_to_follow(None, False, written("es", words=1), is_crisis=False) == "es"


def test_while_no_language_is_known_a_coin_toss_is_not_enough() -> None:
    assert (
        language_to_follow(None, False, written("en", words=1, probability=0.55), is_crisis=False)
        is None
    )


def test_in_a_crisis_one_word_is_enough_to_be_answered_in_its_language() -> None:
    assert language_to_follow("en", False, written("es", words=1), is_crisis=True) == "es"
    assert language_to_follow("en", True, written("es", words=2), is_crisis=True) == "es"
