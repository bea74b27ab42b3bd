"""Characters that are not seen, that turn the writing around, or that are only half of one."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.exchange import export_events, import_events
from actions.healing_map.models import Event
from actions.healing_map.public import public_view
from actions.healing_map.review import marks_of
from actions.healing_map.store import draft_of, resubmit
from bot.review_words import all_of
from bot.turns import Command, Content, Tap, Typed
from tests.actions.healing_map.making import NOW, event_draft, put_event, put_message
from tests.actions.healing_map.test_exchange import csv_file
from tests.conversation import Talk
from tests.hosting import code_in, message_in
from tests.security.hostile import is_answered

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the writing around until they are taken back, also in words beside them."""

TURNED = f"\u202eevil{DIRECTIONS} title"
PLAIN = "evil title"
TEXTS = ("title", "description", "host_name", "contact", "address")


def test_nothing_on_the_map_turns_the_writing_around(map_session: Session) -> None:
    event = put_event(map_session, **dict.fromkeys(TEXTS, TURNED))
    view = public_view(event)
    assert {view.title, view.description, view.host_name, view.address} == {PLAIN}
    assert event.private["contact"] == PLAIN
    shown = all_of(event, marks_of(map_session, event), NOW)
    assert not set(DIRECTIONS) & set(shown + "".join(export_events(map_session, "csv")))


def test_a_change_and_an_import_turn_nothing_around_either(map_session: Session) -> None:
    event = put_event(map_session)
    resubmit(map_session, event, event_draft(TURNED), NOW)
    assert draft_of(event).title == PLAIN
    import_events(map_session, csv_file({"title": TURNED}), NOW)
    titles = map_session.execute(select(Event.title).order_by(Event.id)).scalars().all()
    assert titles == [PLAIN, PLAIN]


def test_a_message_of_healing_turns_nothing_around(talk: Talk, healing_map: Engine) -> None:
    author = talk()
    for said in ("I want to leave a message of healing", f"We are {DIRECTIONS}one city"):
        author.types(said)
    for said in (f"Ana {DIRECTIONS}", "skip", "yes"):
        author.types(said)
    message = message_in(healing_map, code_in(author.taps("Submit")))
    assert not set(DIRECTIONS) & set(message.text + message.author_name)


def test_other_writing_keeps_its_marks(map_session: Session) -> None:
    """Right-to-left marks, joiners and the parts of one emoji belong to the words themselves."""
    written = "سلام\u200f می\u200cخواهم 👩\u200d👩\u200d👧 e\u0301"
    assert put_event(map_session, written).title == written
    assert put_message(map_session, written).text == written


def test_what_is_hidden_between_the_letters_is_looked_at_all_the_same(
    map_session: Session,
) -> None:
    """A phone number with something invisible in it is one for whoever reads it."""
    for hidden in ("\u200b", "\u2060", "\ufeff", "\u00ad", "\u202c"):
        number = hidden.join("773-555-0123")
        event = put_event(map_session, description=f"Call {number}", status="pending")
        assert ("phone", "description") in [
            (mark.kind, mark.where) for mark in marks_of(map_session, event)
        ]


@pytest.mark.parametrize("half", ["\ud83d", "\udd4a", "\ud800\x00", "a\udfffb", "\udfff" * 4096])
def test_half_a_character_is_answered_in_every_kind_of_turn(talk: Talk, half: str) -> None:
    turns: tuple[Content, ...] = (
        Typed(half),
        Typed(f"book clubs near {half}"),
        Command("start", half),
        Command(half),
        Tap(half),
        Tap('/find_nearby{"choice": ' + json.dumps(half[:2]) + "}"),
        Tap('/resume_draft{"choice": ' + json.dumps(half[:2]) + "}"),
    )
    somebody = talk()
    assert all(is_answered(somebody.does(turn)) for turn in turns)


def test_half_a_character_in_an_answer_is_not_stored(talk: Talk, healing_map: Engine) -> None:
    author = talk()
    author.types("I want to leave a message of healing")
    author.types("We are \ud83d one \x00 city \x1b[2J")
    for said in ("skip", "skip", "yes"):
        author.types(said)
    written = message_in(healing_map, code_in(author.taps("Submit"))).text
    assert written.isprintable() and "one city" in " ".join(written.split())
