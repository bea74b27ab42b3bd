"""What taps, commands, places and unreadable things mean."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.meaning import Meaning
from bot.turns import (
    COMMANDS,
    MAX_PAYLOAD_BYTES,
    Command,
    Location,
    Tap,
    Unreadable,
    meaning_of,
)

INTENTS = frozenset({"faq_dates", "browse_faq", "privacy", "change_language"})
STALE = Meaning("stale_button")


def test_a_tap_means_the_intent_on_the_button() -> None:
    assert meaning_of(Tap("/faq_dates"), INTENTS) == Meaning("faq_dates")


def test_a_tap_brings_along_what_was_chosen() -> None:
    tap = Tap('/browse_faq{"choice": "campaign"}')
    assert meaning_of(tap, INTENTS) == Meaning("browse_faq", {"choice": "campaign"})


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "/",
        "faq_dates",
        "/no_such_intent",
        "/FAQ_DATES",
        "/faq_dates trailing",
        "/faq_dates\n",
        "/faq_dates{",
        "/faq_dates{}",
        "/faq_dates{not json}",
        '/faq_dates{"language": "es"}',
        '/faq_dates{"choice": 1}',
        '/faq_dates{"choice": null}',
        '/faq_dates{"choice": ["x"]}',
        '/faq_dates{"choice": "x", "language": "es"}',
        '/faq_dates["choice"]',
        '/browse_faq{"choice": "' + "x" * MAX_PAYLOAD_BYTES + '"}',
    ],
)
def test_a_forged_payload_is_a_button_that_no_longer_works(payload: str) -> None:
    assert meaning_of(Tap(payload), INTENTS) == STALE


def test_a_payload_may_have_exactly_as_many_bytes_as_telegram_carries() -> None:
    frame = '/browse_faq{"choice": ""}'
    room = MAX_PAYLOAD_BYTES - len(frame)
    fits = frame.replace('""', f'"{"x" * room}"')
    too_long = frame.replace('""', f'"{"x" * (room + 1)}"')
    too_many_bytes = frame.replace('""', f'"{"ñ" * (room // 2 + 1)}"')
    assert meaning_of(Tap(fits), INTENTS).intent == "browse_faq"
    assert meaning_of(Tap(too_long), INTENTS) == STALE
    assert meaning_of(Tap(too_many_bytes), INTENTS) == STALE


@settings(deadline=None)
@given(st.text(max_size=80) | st.text('/{}":,[] abc_faqdteschoi', max_size=80))
def test_any_payload_has_a_meaning_that_the_assistant_knows(payload: str) -> None:
    meaning = meaning_of(Tap(payload), INTENTS)
    assert meaning.intent in INTENTS | {"stale_button"}
    assert all(
        name == "choice" and isinstance(value, str) for name, value in meaning.values.items()
    )


@settings(deadline=None)
@given(st.sampled_from(sorted(INTENTS)), st.text(max_size=20))
def test_every_choice_that_fits_comes_through_unchanged(intent: str, choice: str) -> None:
    payload = f"/{intent}" + json.dumps({"choice": choice}, ensure_ascii=False)
    fits = len(payload.encode()) <= MAX_PAYLOAD_BYTES
    expected = Meaning(intent, {"choice": choice}) if fits else STALE
    assert meaning_of(Tap(payload), INTENTS) == expected


@pytest.mark.parametrize(
    ("command", "intent"),
    [
        ("start", "greet"),
        ("host", "submit_event"),
        ("message", "submit_message"),
        ("nearby", "find_nearby"),
        ("mine", "my_submissions"),
        ("help", "help"),
        ("faq", "browse_faq"),
        ("language", "change_language"),
        ("privacy", "privacy"),
        ("delete", "privacy"),
        ("about", "about_assistant"),
        ("cancel", "cancel"),
    ],
)
def test_each_command_has_its_intent(command: str, intent: str) -> None:
    assert command in COMMANDS
    assert meaning_of(Command(command), INTENTS).intent == intent


@pytest.mark.parametrize(
    ("command", "intent"),
    [("back", "go_back"), ("skip", "skip"), ("submit", "submit"), ("change", "change")],
)
def test_a_step_of_a_form_is_a_command_that_stands_in_no_list(command: str, intent: str) -> None:
    assert command not in COMMANDS
    assert meaning_of(Command(command), INTENTS) == Meaning(intent)
    assert meaning_of(Command(command.upper()), INTENTS) == Meaning(intent)


def test_start_and_delete_say_more_than_their_intents() -> None:
    assert meaning_of(Command("start"), INTENTS).values == {"command": "start"}
    assert meaning_of(Command("delete"), INTENTS).values == {"choice": "delete"}


@pytest.mark.parametrize("name", ["START", "Start", "start"])
def test_a_link_into_the_chat_brings_its_payload_however_start_is_written(name: str) -> None:
    meaning = meaning_of(Command(name, "faq_dates"), INTENTS)
    assert meaning == Meaning("greet", {"command": "start", "choice": "faq_dates"})


def test_a_very_long_payload_of_a_link_is_cut() -> None:
    meaning = meaning_of(Command("start", "x" * 5000), INTENTS)
    assert meaning.values["choice"] == "x" * MAX_PAYLOAD_BYTES


def test_words_behind_another_command_say_nothing() -> None:
    meaning = meaning_of(Command("privacy", "deleted"), INTENTS)
    assert meaning == Meaning("privacy")


@pytest.mark.parametrize("name", ["", "nonsense", 'intent{"x":1}', "faq_dates", "délete"])
def test_an_unknown_command_asks_for_help(name: str) -> None:
    assert meaning_of(Command(name), INTENTS) == Meaning("help", {"command": "unknown"})


def test_a_place_means_what_is_near_it() -> None:
    meaning = meaning_of(Location(41.8, -87.6), INTENTS)
    assert meaning == Meaning("find_nearby", {"location": "41.800,-87.600"})


def test_a_place_is_rounded_to_about_a_hundred_metres() -> None:
    meaning = meaning_of(Location(41.793122, -87.606941), INTENTS)
    assert meaning.values == {"location": "41.793,-87.607"}


def test_what_holds_no_text_is_media() -> None:
    assert meaning_of(Unreadable(), INTENTS) == Meaning("send_media")
