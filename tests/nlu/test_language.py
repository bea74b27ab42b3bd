"""How English and Spanish are told apart, and when nothing can be said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.texts import DATA, LANGUAGES
from bot.assistant import Assistant
from nlu.language import (
    NOTHING_WRITTEN,
    WRITTEN_LANGUAGE,
    LanguageModel,
    WrittenLanguage,
    examples_by_language,
)
from nlu.normalizer import normalize

texts, languages = zip(*examples_by_language(DATA / "nlu"), strict=True)
model = LanguageModel(list(texts), list(languages))


def written_language(text: str) -> WrittenLanguage:
    return model.written_language(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what is racial healing", "en"),
        ("I want to host a book club on the 12th", "en"),
        ("anything near me this weekend?", "en"),
        ("where do i sign up", "en"),
        ("¿Qué es la sanación racial?", "es"),
        ("que es la sanacion racial", "es"),
        ("quiero organizar un evento", "es"),
        ("hay algo cerca de mi este fin de semana", "es"),
        ("k onda kiero dejar un mensaje", "es"),
    ],
)
def test_a_sentence_tells_its_language(text: str, language: str) -> None:
    evidence = written_language(text)

    assert evidence.language == language
    assert evidence.probability > 0.9
    assert evidence.words >= 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hola", "es"),
        ("ayuda", "es"),
        ("gracias amigo", "es"),
        ("suicidarme", "es"),
        ("thanks", "en"),
        ("do you speak Polish?", "en"),
        ("Anchors, Ambassadors, Partners?", "en"),
        ("ambassador program details", "en"),
    ],
)
def test_the_short_words_of_a_chat_are_known(text: str, language: str) -> None:
    assert written_language(text).language == language


def test_an_inverted_mark_counts_as_a_word() -> None:
    assert written_language("¿cuándo termina?").words == 3


@pytest.mark.parametrize(
    "text",
    [
        "Together We Heal",
        "OERJ",
        "TRHT",
        "Candace Moore",
        "on-the-table",
        "Healing Illinois",
        "60623",
        "https://www.chicago.gov/city/en.html",
        "ana@example.org",
        "Chicago 2020",
    ],
)
def test_names_numbers_and_addresses_say_nothing(text: str) -> None:
    assert written_language(text) == NOTHING_WRITTEN


@pytest.mark.parametrize("text", ["", "😀", "?!", "👍👍", "..."])
def test_a_text_without_words_says_nothing(text: str) -> None:
    assert written_language(text) == NOTHING_WRITTEN


@pytest.mark.parametrize("text", ["你好，请问你会说中文吗", "مرحبا كيف حالك", "привет как дела"])
def test_a_text_in_another_script_says_nothing(text: str) -> None:
    assert written_language(text).language is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("que es together we heal", "es"),
        ("quien es candace moore", "es"),
        ("donde esta el healing map", "es"),
        ("what is the healing map", "en"),
    ],
)
def test_english_names_do_not_make_a_spanish_question_english(text: str, language: str) -> None:
    assert written_language(text).language == language


def test_only_words_that_are_no_names_are_counted() -> None:
    assert written_language("is the healing map near 60623").words == 3


def test_a_lone_word_is_weaker_evidence_than_a_sentence() -> None:
    word, sentence = written_language("no"), written_language("no, I do not want to do this")

    assert word.words == 1
    assert word.probability < sentence.probability


@given(st.text(st.characters(), max_size=300))
def test_every_text_gets_a_sensible_judgement(text: str) -> None:
    evidence = written_language(normalize(text))

    assert evidence.language in (*LANGUAGES, None)
    assert 0.5 <= evidence.probability <= 1
    assert evidence.words >= 0


def test_the_evidence_is_part_of_what_is_found_in_a_text(assistant: Assistant) -> None:
    found = assistant.understand("¿Cuándo empieza?")[WRITTEN_LANGUAGE]

    assert found["language"] == "es"
    assert set(found) == {"language", "probability", "words"}
