"""Unfinished submissions: going on with them, and deleting them."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet

from actions.drafts import ActionResumeDraft, resume_buttons
from actions.forms.draft import Draft
from actions.forms.registry import FORMS
from actions.texts import LANGUAGES, text
from tests.actions.doing import Done, do

FIRST = Draft(answers={"kind": "dialogue"}, asked="title").to_slot()
EVENT = Draft(answers={"kind": "learning"}, asked="title").to_slot()
MESSAGE = Draft(answers={"text": "We heal."}, asked="author").to_slot()


def resumes(choice: str | None = None, language: str = "en", **slots: Any) -> Done:
    return do(ActionResumeDraft(), "resume_draft", language=language, choice=choice, slots=slots)


def test_both_forms_are_known_by_their_names() -> None:
    assert {name: form.slot for name, form in FORMS.items()} == {
        "event_form": "event_draft",
        "message_form": "message_draft",
    }


@pytest.mark.parametrize(
    ("slots", "form"),
    [({"event_draft": EVENT}, "event_form"), ({"message_draft": MESSAGE}, "message_form")],
)
def test_the_only_draft_is_gone_on_with(slots: dict[str, Any], form: str) -> None:
    done = resumes(**slots)
    assert done.events == [ActiveLoop(form)]
    assert done.messages == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_two_drafts_it_is_asked_which(language: str) -> None:
    done = resumes(language=language, event_draft=EVENT, message_draft=MESSAGE)
    assert done.text == text("which_draft", language)
    assert done.titles == [text("thing_event", language), text("thing_message", language)]
    assert done.payloads == [
        '/resume_draft{"choice": "event_form"}',
        '/resume_draft{"choice": "message_form"}',
    ]
    assert done.events == []


def test_a_draft_that_is_named_is_gone_on_with() -> None:
    done = resumes("message_form", event_draft=EVENT, message_draft=MESSAGE)
    assert done.events == [ActiveLoop("message_form")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_draft_one_can_be_begun(language: str) -> None:
    done = resumes(language=language)
    assert done.text == text("no_draft", language)
    assert done.payloads == ["/submit_event", "/submit_message"]
    assert done.events == []


@pytest.mark.parametrize("choice", ["message_form", "no_such_form", "", "event_draft", "discard"])
def test_a_forged_or_old_name_opens_what_there_is(choice: str) -> None:
    assert resumes(choice, event_draft=EVENT).events == [ActiveLoop("event_form")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_is_deleted_when_that_was_tapped(language: str) -> None:
    done = resumes("discard:event_form", language, event_draft=EVENT, message_draft=MESSAGE)
    assert done.text == text("draft_discarded", language)
    assert done.events == [SlotSet("event_draft", None)]


def test_a_draft_that_had_made_room_for_the_deleted_one_comes_back() -> None:
    done = resumes("discard:event_form", event_draft={**EVENT, "aside": FIRST})
    assert done.events == [SlotSet("event_draft", FIRST)]


@pytest.mark.parametrize(
    ("slots", "is_offered"),
    [
        ({}, False),
        ({"event_draft": Draft(asked="kind").to_slot()}, False),
        ({"event_draft": EVENT}, True),
        ({"message_draft": MESSAGE}, True),
    ],
)
def test_a_button_to_go_on_is_offered_where_a_draft_waits(
    slots: dict[str, Any], is_offered: bool
) -> None:
    tracker = Tracker("someone", slots, {}, [], False, None, {}, "action_listen")
    for language in LANGUAGES:
        payloads = [it["payload"] for it in resume_buttons(tracker, language)]
        assert payloads == (["/resume_draft"] if is_offered else [])


@pytest.mark.parametrize("choice", ["discard:event_form", "discard:search", "discard:"])
def test_deleting_what_is_no_draft_deletes_nothing(choice: str) -> None:
    done = resumes(choice, message_draft=MESSAGE)
    assert done.text == text("no_draft", "en")
    assert done.events == []
