"""How the review speaks: all of an entry for the staff, and the decision for its submitter."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.database import IN_MEMORY, open_database
from actions.healing_map.migrations import migrate
from actions.healing_map.models import Event, Message, sessions
from actions.healing_map.review import AlreadyDecided, ChangedSince, UnknownCode, UnusableReason
from actions.healing_map.screening import Mark
from actions.healing_map.store import add
from bot.replies import Button
from bot.review_words import (
    all_of,
    decision_told,
    has_heading,
    heading_of,
    marks_in_words,
    objection_in_words,
)
from tests.actions.healing_map.making import NOW, put_event, put_message, virtual_draft


@pytest.fixture
def session() -> Any:
    engine: Engine = open_database(IN_MEMORY)
    migrate(engine)
    with sessions(engine)() as session:
        yield session


def full_event(session: Session, **fields: Any) -> Event:
    return put_event(
        session,
        **{
            "title": "Círculo de paz",
            "description": "Traigan\nuna historia.",
            "address": "9525 S Halsted St",
            "contact": "dana@example.org",
            "join_url": "https://example.org/join",
            "host_name": "Dana",
            "host_type": "individual",
            "language": "es",
            "status": "pending",
            "submitter": "telegram:55",
            **fields,
        },
    )


def test_the_staff_see_every_field_and_which_ones_nobody_else_will(session: Session) -> None:
    assert all_of(full_event(session), (), NOW).splitlines() == [
        "Title: Círculo de paz",
        "Kind: Learning",
        "Date and time: Wednesday, December 9, 10:00 AM to 12:00 PM",
        "How people take part: In person",
        "Place: 9525 S Halsted St",
        "Area: Washington Heights",
        "Shown on the map: The exact place",
        "Description: Traigan",
        "una historia.",
        "Host: Dana (one person)",
        "Contact (not shown in public): dana@example.org",
        "Link: https://example.org/join",
        "Wheelchair accessible: not known",
        "Language: Español",
    ]


def test_a_place_that_is_not_shown_is_named_as_private(session: Session) -> None:
    lines = all_of(full_event(session, address_visibility="area_only"), (), NOW).splitlines()
    assert "Place (not shown in public): 9525 S Halsted St" in lines
    assert "Shown on the map: Only the area" in lines


def test_a_place_without_an_address_is_given_in_degrees(session: Session) -> None:
    lines = all_of(full_event(session, address=""), (), NOW).splitlines()
    assert "Place: 41.72085, -87.64326" in lines


def test_what_was_not_given_has_no_line(session: Session) -> None:
    event = add(session, virtual_draft(), NOW)
    names = [line.partition(":")[0] for line in all_of(event, (), NOW).splitlines()]
    assert not {name.partition(" (")[0] for name in names} & {"Place", "Area", "Contact", "Link"}


def test_the_staff_see_all_of_a_message(session: Session) -> None:
    message = put_message(session, "We heal", "Austin", author_name="Ana")
    assert all_of(message, (), NOW).splitlines() == [
        "Message: We heal",
        "Name: Ana",
        "Area: Austin",
        "Language: English",
    ]
    assert "Name: Anonymous" in all_of(put_message(session, "We heal"), (), NOW)


def test_the_marks_stand_on_top(session: Session) -> None:
    marks = (Mark("phone", "description"), Mark("spam", "join_url"), Mark("duplicate", "KX7M2Q"))
    first = all_of(full_event(session), marks, NOW).splitlines()[0]
    assert first == (
        "Look closely: phone number in “Description”, perhaps spam in “Link”, "
        "the same text as KX7M2Q."
    )


@pytest.mark.parametrize("kind", ["phone", "email", "address", "link", "abuse", "spam"])
@pytest.mark.parametrize("field", ["title", "description", "host_name", "text", "author_name"])
def test_every_mark_has_words(kind: str, field: str) -> None:
    assert field not in marks_in_words([Mark(kind, field)])


def test_the_heading_tells_new_from_changed() -> None:
    event, message = Event(code="KX7M2Q", revision=1), Message(code="KX7M2R", revision=2)
    assert heading_of(event) == "New event · KX7M2Q"
    assert heading_of(message) == "Changed message · KX7M2R"
    assert has_heading(f"{heading_of(event)}\nTitle: x")
    assert has_heading(heading_of(message))
    assert has_heading("KX7M2Q\nAlready approved.")


@pytest.mark.parametrize("words", ["", "Title: x\nNew event · KX7M2Q", "New event · x", "Hello"])
def test_other_texts_have_no_heading(words: str) -> None:
    assert not has_heading(words)


@pytest.mark.parametrize(
    ("objection", "words"),
    [
        (AlreadyDecided("approved"), "Already approved."),
        (AlreadyDecided("rejected"), "Already rejected."),
        (AlreadyDecided("withdrawn"), "Withdrawn by its submitter."),
        (ChangedSince("KX7M2Q"), "It was changed since; see the newer card."),
        (UnknownCode("KX7M2Q"), "It is no longer there: its submitter deleted it."),
    ],
)
def test_every_objection_has_its_words(objection: Any, words: str) -> None:
    assert objection_in_words(objection, "en") == words
    assert objection_in_words(objection, "es") != words


def test_a_bad_reason_is_told_its_limit() -> None:
    assert "1 to 300 characters" in objection_in_words(UnusableReason("0"), "en")


def test_an_approved_event_is_told_in_its_language_and_shows_only_what_is_public(
    session: Session,
) -> None:
    event = full_event(session, status="approved", address_visibility="area_only")
    reply = decision_told(event, NOW)
    assert reply.heading == "Tu evento ya está en el Mapa de Sanación"
    assert "Círculo de paz" in reply.text and event.code in reply.text
    assert "Washington Heights" in reply.text
    assert "Halsted" not in reply.full_text and "dana@example.org" not in reply.full_text
    assert reply.buttons == (
        (
            Button("Verlo", f'/find_nearby{{"choice": "show:{event.code}"}}'),
            Button("Mis envíos", f'/my_submissions{{"choice": "show:{event.code}"}}'),
        ),
    )


def test_an_approved_message_is_told_as_everybody_reads_it(session: Session) -> None:
    message = put_message(session, "We heal", "Austin", author_name="Ana")
    reply = decision_told(message, NOW)
    assert reply.heading == "Your message of healing is on the map now"
    assert '"We heal"\nAna, Austin' in reply.text
    assert reply.buttons[0][0].payload == '/find_nearby{"choice": "messages"}'


def test_a_rejected_entry_is_told_why_and_can_be_changed(session: Session) -> None:
    event = full_event(session, status="rejected")
    event.review_note = "Falta la hora."
    reply = decision_told(event, NOW)
    assert reply.heading == "Tu evento no se publicó"
    assert "“Círculo de paz”" in reply.text and "Falta la hora." in reply.text
    [[change]] = reply.buttons
    assert change == Button("Cambiarlo", f'/my_submissions{{"choice": "change:{event.code}"}}')
    assert len(change.payload.encode()) <= 64
