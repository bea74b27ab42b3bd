"""The language of the conversation: how it is chosen, and what is said again in it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import SlotSet

from actions.knowledge import questions
from actions.language import ActionChangeLanguage
from actions.nearby_search import NearbySearch
from actions.texts import LANGUAGES, text
from tests.actions.doing import Done, do


def types(typed: str, language: str = "en") -> Done:
    return do(ActionChangeLanguage(), "change_language", typed, language=language)


def chosen_language(done: Done) -> str | None:
    return next((e["value"] for e in done.events if e.get("name") == "language"), None)


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


def turn(
    intent: str, *actions: str, typed: str | None = None, **carried: str
) -> list[dict[str, Any]]:
    """A turn as a conversation keeps it."""
    message = {
        "intent": {"name": intent, "confidence": 1.0},
        "text": typed or f"/{intent}",
        "entities": [{"entity": name, "value": value} for name, value in carried.items()],
        "offers": ["faq_dates"] if intent == "nlu_fallback" else [],
    }
    done = [{"event": "action", "name": name} for name in (*actions, "action_listen")]
    return [{"event": "user", "text": message["text"], "parse_data": message}, *done]


ENGLISH = [{"event": "slot", "name": "language", "value": "en"}]
ASKS_FOR_SPANISH = turn("change_language")


def in_spanish_after(*turns: list[dict[str, Any]], **state: Any) -> Done:
    """What is said when somebody asks for Spanish after these turns in English."""
    events = [*ENGLISH, *(event for it in turns for event in it), *ASKS_FOR_SPANISH]
    return do(
        ActionChangeLanguage(),
        "change_language",
        "and in Spanish?",
        language="en",
        events=events,
        **state,
    )


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (turn("faq_dates", "action_faq"), "faq"),
        (turn("help", "action_help"), "help"),
        (turn("crisis", "action_crisis"), "crisis"),
        (turn("greet", "action_greet", command="start"), "welcome"),
        (turn("nlu_fallback", "action_offer"), "offer"),
        (turn("out_of_scope", "action_out_of_scope", typed="weather?"), "out_of_scope"),
        (turn("privacy", "action_privacy"), "privacy"),
        (turn("privacy", "action_privacy", choice="delete"), "delete_question"),
        (turn("about_assistant", "action_about_assistant"), "about_assistant"),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
@pytest.mark.usefixtures("own_map")
def test_the_last_answer_is_said_again_in_the_new_language(
    before: list[dict[str, Any]], again: str
) -> None:
    done = in_spanish_after(before)
    answer = questions("es")["faq_dates"].answer("es") if again == "faq" else text(again, "es")
    assert done.texts == [text("language_changed", "es"), answer]
    assert done.events == [SlotSet("language", "es"), SlotSet("language_chosen", True)]


def test_what_was_said_only_in_between_is_passed_over() -> None:
    asked_for_languages = turn("change_language", "action_change_language")
    done = in_spanish_after(
        turn("faq_dates", "action_faq"), turn("thanks", "action_small_talk"), asked_for_languages
    )
    assert done.texts[1:] == [questions("es")["faq_dates"].answer("es")]


@pytest.mark.parametrize(
    "before",
    [
        turn("goodbye", "action_small_talk"),
        turn("my_submissions", "action_my_submissions", choice="withdrawn:CDF234"),
        turn("privacy", "action_privacy", choice="deleted"),
        turn("privacy", "action_privacy", choice="deleted:remove"),
        turn("inform", "event_form"),
    ],
    ids=["goodbye", "withdrawal", "deletion", "deletion from the map", "form"],
)
def test_what_stores_or_deletes_something_is_never_done_again(before: list[dict[str, Any]]) -> None:
    done = in_spanish_after(turn("faq_dates", "action_faq"), before)
    assert done.text == text("language_changed", "es")
    assert done.events == [SlotSet("language", "es"), SlotSet("language_chosen", True)]


def test_in_a_form_which_asks_again_by_itself_nothing_is_said_again() -> None:
    done = in_spanish_after(turn("faq_dates", "action_faq"), form="event_form")
    assert done.text == text("language_changed", "es")


def test_what_was_said_in_this_language_already_is_not_said_again() -> None:
    spanish = [{"event": "slot", "name": "language", "value": "es"}]
    done = in_spanish_after(turn("faq_dates", "action_faq"), spanish)
    assert done.text == text("language_changed", "es")


def test_in_a_new_conversation_there_is_nothing_to_say_again() -> None:
    assert in_spanish_after().text == text("language_changed", "es")


@pytest.mark.usefixtures("healing_map")
@pytest.mark.parametrize("choice", ["more", "wider", "nearer", "on", "day:today", "kind:learning"])
def test_a_search_is_said_again_without_being_changed_again(choice: str) -> None:
    search = NearbySearch(offset=5, within_miles=2).to_slot()
    done = in_spanish_after(
        turn("find_nearby", "action_find_nearby", choice=choice), slots={"search": search}
    )
    assert done.texts[1].startswith("6. ")
    *_, kept = done.events
    assert (kept["value"]["offset"], kept["value"]["within_miles"]) == (5, 2)


@pytest.mark.usefixtures("healing_map")
def test_a_place_that_was_asked_for_is_asked_for_again() -> None:
    search = NearbySearch(asks_place=True).to_slot()
    done = in_spanish_after(turn("find_nearby", "action_find_nearby"), slots={"search": search})
    assert done.texts[1] == text("ask_place", "es")
