"""The start of a conversation, its language, and what is stored of it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActionExecuted, Restarted, SessionStarted, SlotSet

from actions.session import ActionChangeLanguage, ActionPrivacy, ActionSessionStart
from actions.texts import LANGUAGES, text
from tests.actions.doing import Done, do


def begins_with(metadata: dict[str, Any] | None) -> list[dict[str, Any]]:
    slots = {"session_started_metadata": metadata}
    return do(ActionSessionStart(), "session_start", slots=slots).events


def types(typed: str, language: str = "en") -> Done:
    return do(ActionChangeLanguage(), "change_language", typed, language=language)


def chosen_language(done: Done) -> str | None:
    return next((e["value"] for e in done.events if e.get("name") == "language"), None)


@pytest.mark.parametrize("hint", LANGUAGES)
def test_a_conversation_begins_in_the_language_that_the_channel_names(hint: str) -> None:
    assert begins_with({"language_hint": hint}) == [
        SessionStarted(),
        SlotSet("language", hint),
        ActionExecuted("action_listen"),
    ]


@pytest.mark.parametrize("metadata", [None, {}, {"language_hint": "pl"}, {"language_hint": None}])
def test_without_a_hint_of_ours_the_language_stays_open(metadata: dict[str, Any] | None) -> None:
    assert begins_with(metadata) == [SessionStarted(), ActionExecuted("action_listen")]


@pytest.mark.parametrize("chosen", LANGUAGES)
def test_a_tapped_language_is_spoken_at_once_and_kept(chosen: str) -> None:
    for before in LANGUAGES:
        done = do(ActionChangeLanguage(), "change_language", language=before, choice=chosen)
        assert done.text == text("language_changed", chosen)
        assert done.events == [SlotSet("language", chosen), SlotSet("language_chosen", True)]


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("Spanish please", "es"),
        ("can you talk in ENGLISH instead", "en"),
        ("háblame en español", "es"),
        ("en espanol", "es"),
        ("prefiero inglés", "en"),
        ("en ingles por favor", "en"),
        ("castellano", "es"),
    ],
)
def test_a_language_named_in_words_is_taken(typed: str, chosen: str) -> None:
    done = types(typed)
    assert chosen_language(done) == chosen
    assert done.text == text("language_changed", chosen)


@pytest.mark.parametrize("typed", ["change the language", "my English is not good, Spanish rather"])
def test_where_not_exactly_one_language_is_named_it_is_asked(typed: str) -> None:
    done = types(typed)
    assert done.text == text("change_language", "en")
    assert done.titles == ["English", "Español"]
    assert done.payloads == [
        '/change_language{"choice": "en"}',
        '/change_language{"choice": "es"}',
    ]
    assert done.events == []


@pytest.mark.parametrize(
    ("typed", "unwanted"),
    [
        ("no hablo inglés", "en"),
        ("no entiendo inglés", "en"),
        ("¿por qué me escribes en inglés?", "en"),
        ("I don't understand Spanish", "es"),
        ("i dont speak spanish", "es"),
    ],
)
def test_a_language_that_somebody_does_not_speak_is_not_taken_for_their_choice(
    typed: str, unwanted: str
) -> None:
    assert chosen_language(types(typed, language=unwanted)) != unwanted


@pytest.mark.parametrize(
    ("typed", "language"),
    [("do you speak Polish", "en"), ("is this in Arabic?", "en"), ("¿hablas francés?", "es")],
)
def test_a_language_that_is_not_spoken_is_said_so_with_those_that_are(
    typed: str, language: str
) -> None:
    done = types(typed, language)
    assert done.text == text("language_unavailable", language)
    assert done.titles == ["English", "Español"]
    assert done.events == []


def test_a_forged_language_is_asked_about() -> None:
    done = do(ActionChangeLanguage(), "change_language", language="es", choice="xx")
    assert done.text == text("change_language", "es")
    assert done.events == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_tells_what_is_stored_and_offers_to_delete_it(language: str) -> None:
    done = do(ActionPrivacy(), "privacy", language=language)
    assert done.text == text("privacy", language)
    assert "30" in done.text
    assert done.titles == [text("delete_button", language)]
    assert done.payloads == ['/privacy{"choice": "delete"}']
    assert done.events == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_deleted_before_a_clear_question(language: str) -> None:
    done = do(ActionPrivacy(), "privacy", language=language, choice="delete")
    assert done.text == text("delete_question", language)
    assert done.titles == [
        text("delete_confirm_button", language),
        text("delete_keep_button", language),
    ]
    assert done.payloads == ['/privacy{"choice": "deleted"}', '/privacy{"choice": "kept"}']
    assert done.events == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmed_deletion_restarts_the_conversation(language: str) -> None:
    done = do(ActionPrivacy(), "privacy", language=language, choice="deleted")
    assert done.text == text("delete_done", language)
    assert done.events == [Restarted()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_deletion_keeps_everything(language: str) -> None:
    done = do(ActionPrivacy(), "privacy", language=language, choice="kept")
    assert done.text == text("delete_kept", language)
    assert done.events == []
