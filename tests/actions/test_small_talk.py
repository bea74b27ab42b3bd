"""Greetings, help, small talk, what cannot be read, and a crisis."""

from __future__ import annotations

import pytest

from actions.faq import TOPICS
from actions.small_talk import (
    ActionCrisis,
    ActionGreet,
    ActionHelp,
    ActionNotReadable,
    ActionSmallTalk,
)
from actions.texts import LANGUAGES, text
from tests.actions.doing import do

FIRST_STEPS = [
    *("/faq_twh_about", "/find_nearby", "/submit_event", "/submit_message", "/browse_faq"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_greeting_is_returned_with_first_steps(language: str) -> None:
    done = do(ActionGreet(), "greet", "hi", language=language)
    assert done.text == text("greet", language)
    assert done.payloads == FIRST_STEPS


def test_start_welcomes_and_shows_the_way_to_the_other_language_in_that_language() -> None:
    english = do(ActionGreet(), "greet", language="en", command="start")
    assert english.text == text("welcome", "en")
    assert english.titles[-1] == "Español"
    assert english.payloads == [*FIRST_STEPS, '/change_language{"choice": "es"}']
    spanish = do(ActionGreet(), "greet", language="es", command="start")
    assert spanish.text == text("welcome", "es")
    assert spanish.titles[-1] == "English"


def test_a_link_to_a_question_is_answered_after_the_welcome() -> None:
    done = do(ActionGreet(), "greet", language="en", command="start", choice="faq_dates")
    assert done.texts[0] == text("welcome", "en")
    assert "December 2020" in done.texts[1]
    assert done.messages[1]["custom"] == {"heading": "When does it take place?"}


@pytest.mark.parametrize("link", ["faq_nothing", "submit_event", "crisis", "../etc", "{0}"])
def test_a_link_to_anything_else_is_a_plain_start(link: str) -> None:
    done = do(ActionGreet(), "greet", language="en", command="start", choice=link)
    assert done.texts == [text("welcome", "en")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_says_what_the_assistant_can_do(language: str) -> None:
    done = do(ActionHelp(), "help", "help", language=language)
    assert done.text == text("help", language)
    assert done.payloads == FIRST_STEPS


def test_an_unknown_command_is_named_before_the_help() -> None:
    done = do(ActionHelp(), "help", language="en", command="unknown")
    assert done.texts == [text("unknown_command", "en"), text("help", "en")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("intent", "name"),
    [
        ("thanks", "thanks"),
        ("bot_challenge", "bot_challenge"),
        ("feedback_positive", "feedback_positive"),
        ("feedback_negative", "feedback_negative"),
        ("affirm", "affirm"),
        ("cancel", "nothing_to_cancel"),
        ("go_back", "nothing_to_go_back_to"),
        ("skip", "nothing_to_skip"),
    ],
)
def test_small_talk_is_answered_with_a_way_to_go_on(intent: str, name: str, language: str) -> None:
    done = do(ActionSmallTalk(), intent, "so", language=language)
    assert done.text == text(name, language)
    assert done.payloads == FIRST_STEPS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["goodbye", "deny"])
def test_nobody_who_leaves_or_declines_is_held_by_buttons(intent: str, language: str) -> None:
    done = do(ActionSmallTalk(), intent, "no, bye", language=language)
    assert done.text == text(intent, language)
    assert done.payloads == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["send_media", "stale_button"])
def test_what_cannot_be_read_is_said_with_the_topics(intent: str, language: str) -> None:
    done = do(ActionNotReadable(), intent, language=language)
    assert done.text == text(intent, language)
    assert done.titles == [text(f"topic_{topic}", language) for topic in TOPICS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_crisis_is_answered_with_help_and_nothing_else(language: str) -> None:
    done = do(ActionCrisis(), "crisis", "i want to die", language=language)
    assert "988" in done.text
    assert "911" in done.text
    assert done.payloads == []
    assert done.events == []
