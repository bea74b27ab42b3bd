"""The start of a conversation, and what is stored of people and deleted."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActionExecuted, ActiveLoop, Restarted, SessionStarted, SlotSet
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from actions.forms.draft import Draft
from actions.healing_map.models import Event, Message, Notice, sessions
from actions.session import ActionPrivacy, ActionSessionStart
from actions.texts import LANGUAGES, text
from tests.actions.doing import Done, do, said_in
from tests.actions.healing_map.making import ANA, BEN, PRIVATE, put_event, put_message

TRACES_OF_ANA = ("Ana", "Vernon", "41.7423", "87.6201", "ana@example.org", ANA)


def begins_with(metadata: dict[str, Any] | None) -> list[dict[str, Any]]:
    slots = {"session_started_metadata": metadata}
    return do(ActionSessionStart(), "session_start", slots=slots).events


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_tells_what_is_stored_and_offers_to_delete_it(language: str) -> None:
    done = do(ActionPrivacy(), "privacy", language=language)
    assert done.text == text("privacy", language)
    assert "30" in done.text
    assert done.titles == [text("delete_button", language)]
    assert done.payloads == ['/privacy{"choice": "delete"}']
    assert done.events == []


def chooses(
    choice: str, conversation: str = ANA, language: str = "en", asked: Done | None = None
) -> Done:
    turn = {"choice": choice, "conversation": conversation, "language": language}
    return do(ActionPrivacy(), "privacy", events=said_in(asked) if asked else (), **turn)


def asks_about_privacy(typed: str) -> Done:
    return do(ActionPrivacy(), "privacy", typed, language="en", conversation=ANA)


def put_anas(engine: Engine, *statuses: str) -> None:
    """Put an event at Ana's home and a message of hers on the map, in each status."""
    with sessions(engine).begin() as session:
        for status in statuses:
            put_event(session, "Porch circle", status=status, submitter=ANA, **PRIVATE)
            put_message(session, "We heal.", status=status, submitter=ANA, author_name="Ana")


def rows(engine: Engine) -> list[dict[str, Any]]:
    """All columns of all tables of the map, decrypted where they are encrypted."""
    with sessions(engine)() as session:
        return [
            {column.name: getattr(row, column.name) for column in table.__table__.c}
            for table in (Event, Message, Notice)
            for row in session.execute(select(table)).scalars()
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_deleted_before_a_clear_question(own_map: Engine, language: str) -> None:
    put_anas(own_map, "pending")
    before = rows(own_map)
    done = chooses("delete", language=language)
    assert done.text == text("delete_question", language)
    assert done.titles == [
        text("delete_confirm_button", language),
        text("delete_keep_button", language),
    ]
    assert done.payloads == ['/privacy{"choice": "deleted"}', '/privacy{"choice": "kept"}']
    assert done.events == []
    assert rows(own_map) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("choice", ["delete", "deleted"])
def test_who_is_on_the_map_is_asked_what_becomes_of_that(
    own_map: Engine, language: str, choice: str
) -> None:
    put_anas(own_map, "pending", "approved")
    before = rows(own_map)
    done = chooses(choice, language=language)
    assert done.text == text("delete_question_published", language)
    assert done.titles == [
        text(f"delete_{it}_button", language) for it in ("remove", "anonymize", "keep_all")
    ]
    assert done.payloads == [
        f'/privacy{{"choice": "{it}"}}' for it in ("deleted:remove", "deleted:anonymize", "kept")
    ]
    assert done.events == []
    assert rows(own_map) == before


@pytest.mark.usefixtures("own_map")
def test_an_open_form_waits_with_its_draft_for_the_answer() -> None:
    turn: dict[str, Any] = {"conversation": ANA, "language": "en", "form": "message_form"}
    turn["slots"] = {"message_draft": Draft(answers={"text": "We heal."}).to_slot()}
    asked = do(ActionPrivacy(), "privacy", "delete my data", **turn)
    assert asked.text == text("delete_question", "en")
    assert asked.events == [ActiveLoop(None), SlotSet("requested_slot", None)]
    kept = do(ActionPrivacy(), "privacy", choice="kept", **{**turn, "form": None})
    assert kept.payloads == ["/resume_draft"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmed_deletion_leaves_nothing(own_map: Engine, language: str) -> None:
    put_anas(own_map, "pending", "rejected", "withdrawn")
    done = chooses("deleted", language=language)
    assert done.text == text("delete_done", language)
    assert done.events == [Restarted()]
    assert rows(own_map) == []


def test_what_is_public_is_taken_off_the_map_where_they_want_it(own_map: Engine) -> None:
    put_anas(own_map, "pending", "approved")
    done = chooses("deleted:remove")
    assert done.text == text("delete_done", "en")
    assert done.events == [Restarted()]
    assert rows(own_map) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_public_stays_nameless_where_they_want_it(own_map: Engine, language: str) -> None:
    put_anas(own_map, "pending", "approved")
    done = chooses("deleted:anonymize", language=language)
    assert done.text == text("delete_done_nameless", language)
    assert done.events == [Restarted()]
    left = rows(own_map)
    assert [row["status"] for row in left] == ["approved", "approved"]
    assert not [trace for trace in TRACES_OF_ANA if trace in str(left)]
    assert [row["owner"] for row in left] == ["", ""]


@pytest.mark.parametrize("choice", ["deleted:remove", "deleted:anonymize"])
def test_a_deletion_that_is_repeated_says_the_same_and_changes_nothing(
    own_map: Engine, choice: str
) -> None:
    """So it is when a process ends between the deletion and its answer."""
    put_anas(own_map, "pending", "approved")
    first, left = chooses(choice), rows(own_map)
    again = chooses(choice)
    assert (again.text, again.events) == (first.text, first.events)
    assert rows(own_map) == left


@pytest.mark.parametrize("choice", ["deleted:remove", "deleted:anonymize"])
def test_others_entries_are_left_alone(own_map: Engine, choice: str) -> None:
    put_anas(own_map, "pending", "approved")
    before = rows(own_map)
    chooses(choice, conversation=BEN)
    assert rows(own_map) == before


def test_in_a_group_it_is_about_the_person_who_asks(own_map: Engine) -> None:
    put_anas(own_map, "approved")
    assert chooses("delete", "telegram:-100:8").text == text("delete_question", "en")
    asked = chooses("delete", "telegram:-100:7")
    assert asked.text == text("delete_question_published", "en")
    chooses("deleted:remove", "telegram:-100:7", asked=asked)
    assert rows(own_map) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("choice", ["deleted", "deleted:remove", "deleted:anonymize"])
def test_in_a_group_a_tap_on_what_somebody_else_was_asked_deletes_nothing(
    own_map: Engine, language: str, choice: str
) -> None:
    put_anas(own_map, "pending", "approved")
    before = rows(own_map)
    told_before = do(ActionPrivacy(), "privacy", language=language)
    for asked in (None, told_before):
        done = chooses(choice, "telegram:-100:7", language, asked)
        assert done.text == text("delete_not_asked", language)
        assert (done.titles, done.events) == ([], [])
    assert rows(own_map) == before


@pytest.mark.parametrize("choice", ["deleted", "deleted:remove", "deleted:anonymize"])
def test_a_deletion_that_fails_is_said_to_have_deleted_nothing(
    own_map: Engine, choice: str
) -> None:
    status = "pending" if choice == "deleted" else "approved"
    put_anas(own_map, status)
    before = rows(own_map)

    def fail(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        if statement.startswith(("DELETE FROM messages", "UPDATE messages")):
            raise OperationalError("the disk is full", None, Exception())

    event.listen(own_map, "before_cursor_execute", fail)
    done = chooses(choice)
    assert done.text == text("delete_failed", "en")
    assert done.events == []
    assert rows(own_map) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_deletion_keeps_everything(own_map: Engine, language: str) -> None:
    put_anas(own_map, "pending", "approved")
    before = rows(own_map)
    done = chooses("kept", language=language)
    assert done.text == text("delete_kept", language)
    assert done.events == []
    assert rows(own_map) == before


@pytest.mark.usefixtures("own_map")
@pytest.mark.parametrize(
    "typed",
    [
        "delete my data",
        "Delete everything about me!",
        "please erase all you know about me",
        "can you delete my data?",
        "could you please remove my information",
        "forget me",
        "I don't want you to have anything of mine anymore, erase it",
        "I want all my personal details removed from your system",
        "no, wipe it",
        "borra mis datos",
        "Bórrenme por completo, por favor",
        "¿puedes borrar mis datos?",
        "¿me borras todo?",
        "quiero que eliminen mi información",
        "quita mi nombre y mi número de todos lados",
        "olvídame, elimina todo lo mío",
    ],
)
def test_plain_words_lead_to_the_question(typed: str) -> None:
    assert asks_about_privacy(typed).text == text("delete_question", "en")


@pytest.mark.usefixtures("own_map")
@pytest.mark.parametrize(
    "typed",
    [
        "how do I delete my data?",
        "tell me how to erase what you know",
        "can you tell me when it is deleted?",
        "when is my data deleted",
        "can I delete my data?",
        "is everything deleted after 30 days?",
        "my data gets deleted, right?",
        "I don't want you to delete my data",
        "please don’t forget me",
        "what do you store about me",
        "is this quite private",
        "who can read my draft",
        "¿cómo borro mis datos?",
        "quiero saber cómo se borran mis datos",
        "¿cuándo se eliminan mis datos?",
        "no quiero que borren nada",
        "¿quién ve mi borrador?",
        "privacidad",
    ],
)
def test_a_question_is_answered_and_the_button_offered(typed: str) -> None:
    done = asks_about_privacy(typed)
    assert done.text == text("privacy", "en")
    assert done.payloads == ['/privacy{"choice": "delete"}']
