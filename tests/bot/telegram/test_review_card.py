"""Cards: how an entry is put into messages, and what their buttons and questions carry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.healing_map.models import CODE_LENGTH, DESCRIPTION_LENGTH, Event, Message
from actions.healing_map.store import CODE_ALPHABET
from actions.texts import LANGUAGES
from bot.replies import Reply
from bot.telegram.render import MAX_TEXT, edit_of, messages_of
from bot.telegram.review_card import (
    REASONS,
    Press,
    ReasonRequest,
    card_of,
    decided_card,
    decision_buttons,
    read_press,
    read_reason_request,
    ready_reason,
    reason_buttons,
)
from tests.actions.healing_map.making import NOW
from tests.fakes.html_entities import utf16_length

CODE = CODE_ALPHABET[-CODE_LENGTH:]


def event(**fields: Any) -> Event:
    ordinary: dict[str, Any] = {
        "code": CODE,
        "revision": 3,
        "kind": "learning",
        "title": "Book club",
        "description": "",
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=2),
        "format": "virtual",
        "address": "",
        "address_visibility": "public",
        "area": "",
        "host_name": "Neighbors",
        "host_type": "organization",
        "join_url": "",
        "accessibility": "unknown",
        "language": "es",
        "private": {},
    }
    return Event(**(ordinary | fields))


MESSAGE = Message(code=CODE, revision=1, language="en")


def titles(rows: Any) -> list[list[str]]:
    return [[button.title for button in row] for row in rows]


def test_a_card_is_one_message_with_two_buttons() -> None:
    [card] = card_of(event(), (), NOW)
    assert card.heading == f"Changed event · {CODE}"
    assert titles(card.buttons) == [["Approve", "Reject"]]
    assert [button.payload for button in card.buttons[0]] == [
        f"review:approve:{CODE}:3",
        f"review:reject:{CODE}:3",
    ]


def test_the_reasons_fit_what_was_sent() -> None:
    rest = [["Personal data in it"], ["Abuse or spam", "Duplicate"], ["Write a reason", "Back"]]
    assert titles(reason_buttons(event())) == [["Not a healing event"], *rest]
    assert titles(reason_buttons(MESSAGE)) == [["Not a message of healing"], *rest]


def test_every_button_is_short_enough_for_telegram_and_is_read_back() -> None:
    its = event(revision=999_999_999)
    buttons = [it for row in (*decision_buttons(its), *reason_buttons(its)) for it in row]
    assert len(buttons) == 8
    for button in buttons:
        assert len(button.payload.encode()) <= 64
        press = read_press(button.payload)
        assert press and press.data == button.payload


@pytest.mark.parametrize(
    "data",
    [
        "",
        "/affirm",
        "review:approve",
        f"review:approve:{CODE}",
        f"review:approve:{CODE}:",
        f"review:approve:{CODE}:x",
        f"review:approve:{CODE}:1:2",
        f"review:delete:{CODE}:1",
        "review:approve:aeiou:1",
        f" review:approve:{CODE}:1",
        f"review:approve:{CODE}:1\n",
        f"review:approve:{CODE}:{'9' * 40}",
    ],
)
def test_any_other_data_is_no_press(data: str) -> None:
    assert read_press(data) is None


@pytest.mark.parametrize("action", REASONS)
def test_a_ready_reason_is_told_in_the_entrys_language(action: str) -> None:
    reasons = {ready_reason(action, event()), ready_reason(action, event(language="en"))}
    assert len(reasons) == 2
    assert all(1 <= len(reason) <= 300 for reason in reasons)
    assert ready_reason(action, MESSAGE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["Ana", "", "Ana (KX7M2Q-1-1) *+", "line\nbreak"])
def test_a_question_is_read_back(language: str, name: str) -> None:
    question = ReasonRequest(CODE, 3, 4711)
    words = question.words(name, 300, "es", language)
    assert CODE in words and "Español" in words
    assert read_reason_request(words) == question


def test_a_question_inside_of_another_text_is_none() -> None:
    words = ReasonRequest(CODE, 3, 4711).words("Ana", 300, "es", "en")
    for other in (f"Title: {words}!", f"{words}\nLanguage: Español", "", "Hello"):
        assert read_reason_request(other) is None


def test_the_longest_event_is_split_and_the_decision_still_fits() -> None:
    longest = event(
        title="🕊" * 120,
        description="🕊" * DESCRIPTION_LENGTH,
        host_name="🕊" * 100,
        join_url="https://example.org/" + "x" * 480,
        private={"contact": "🕊" * 200},
    )
    card = card_of(longest, (), NOW)
    first, *others = card
    assert first.heading and not any(other.heading for other in others)
    assert [bool(part.buttons) for part in card] == [False] * len(others) + [True]
    assert "".join(part.text for part in card).count("🕊") == 120 + DESCRIPTION_LENGTH + 300
    assert all(len(messages_of(part, is_private=False)) == 1 for part in card)
    decided = decided_card(card, "❌ " + "🕊" * 400)
    assert utf16_length(edit_of(1, decided).plain) <= MAX_TEXT
    assert decided.buttons == ()


def test_a_decision_stands_under_the_card_whose_buttons_go() -> None:
    card = [Reply("Title: Book club", "New event", buttons=decision_buttons(event()))]
    assert decided_card(card, "Approved") == Reply("Title: Book club\n\nApproved", "New event")


def test_a_press_says_what_the_button_carries() -> None:
    assert Press("approve", CODE, 3).data == f"review:approve:{CODE}:3"
