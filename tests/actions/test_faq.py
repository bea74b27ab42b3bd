"""The FAQ: answers, browsing by topic, asking back, and what is out of scope."""

from __future__ import annotations

import pytest

from actions.faq import TOPICS, ActionBrowseFaq, ActionFaq, ActionOffer, ActionOutOfScope
from actions.knowledge import questions, titles
from actions.texts import LANGUAGES, text
from tests.actions.doing import do


def test_an_answer_stands_under_its_question_with_what_comes_next_as_buttons() -> None:
    done = do(ActionFaq(), "faq_dates", "when is it", language="en")
    assert done.messages[0]["custom"] == {"heading": "When does it take place?"}
    assert "It's happening now." in done.text
    assert done.titles == [
        "Is it over? What comes after?",
        "How will we celebrate?",
        "Register an event",
    ]
    assert done.payloads == ["/faq_after", "/faq_celebrate", "/submit_event"]
    assert done.events == []


def test_a_spanish_conversation_is_answered_in_spanish_with_spanish_buttons() -> None:
    done = do(ActionFaq(), "faq_dates", "cuando es", language="es")
    assert done.messages[0]["custom"] == {"heading": "¿Cuándo es?"}
    assert "finales de enero de 2021" in done.text
    assert done.titles == [
        "¿Ya terminó? ¿Qué sigue?",
        "¿Cómo vamos a celebrar?",
        "Registrar un evento",
    ]


def test_english_is_spoken_until_something_tells_the_language() -> None:
    spoken = do(ActionFaq(), "faq_trht", "TRHT").text
    assert spoken == do(ActionFaq(), "faq_trht", "TRHT", language="en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_can_be_answered(language: str) -> None:
    for intent, question in questions(language).items():
        done = do(ActionFaq(), intent, language=language)
        assert done.text == question.answer(language)
        assert 2 <= len(done.titles) <= 3, intent


@pytest.mark.parametrize("language", LANGUAGES)
def test_browsing_begins_with_the_topics(language: str) -> None:
    done = do(ActionBrowseFaq(), "browse_faq", language=language)
    assert done.text == text("browse_topics", language)
    assert done.titles == [text(f"topic_{topic}", language) for topic in TOPICS]


def test_a_topic_shows_its_questions() -> None:
    done = do(ActionBrowseFaq(), "browse_faq", language="en", choice="healing")
    assert done.text == "Racial healing: choose a question."
    assert set(done.payloads) == {
        "/faq_racial_healing",
        "/faq_heal_meaning",
        "/faq_transform_self",
        "/faq_trht",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_stands_under_exactly_one_topic(language: str) -> None:
    browsed = [
        payload
        for topic in TOPICS
        for payload in do(ActionBrowseFaq(), "browse_faq", language=language, choice=topic).payloads
    ]
    assert sorted(browsed) == sorted(f"/{intent}" for intent in questions(language))


def test_a_topic_that_does_not_exist_leads_to_the_topics() -> None:
    done = do(ActionBrowseFaq(), "browse_faq", language="en", choice="weather")
    assert done.text == text("browse_topics", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_near_meanings_are_offered_with_a_way_to_refuse_both(language: str) -> None:
    offers = ("faq_dates", "faq_after", "submit_event")
    done = do(ActionOffer(), "nlu_fallback", "january?", language=language, offers=offers)
    assert done.text == text("offer", language)
    assert done.titles == [
        *(titles(language)[intent] for intent in offers),
        text("none_of_these", language),
    ]
    assert done.payloads[:3] == ["/faq_dates", "/faq_after", "/submit_event"]


def test_refusing_every_offer_is_met_with_the_topics() -> None:
    done = do(ActionOutOfScope(), "out_of_scope", language="en", choice="none")
    assert done.text == text("none_of_these_reply", "en")
    assert done.titles == [text(f"topic_{topic}", "en") for topic in TOPICS]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["who wins the game tonight", "🎉", "مرحبا", "/restart"])
def test_what_is_outside_is_said_with_the_topics_that_are_inside(typed: str, language: str) -> None:
    done = do(ActionOutOfScope(), "out_of_scope", typed, language=language)
    assert done.text == text("out_of_scope", language)
    assert done.titles == [text(f"topic_{topic}", language) for topic in TOPICS]


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\u200b", "\u202e\u200f", "\x07 \x1b"])
def test_a_message_without_anything_visible_is_called_that(typed: str) -> None:
    done = do(ActionOutOfScope(), "out_of_scope", typed, language="en")
    assert done.text == text("empty_message", "en")
