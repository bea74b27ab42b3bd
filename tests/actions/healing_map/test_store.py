"""Storing, changing and finding events and messages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.drafts import InvalidDraft, MessageDraft
from actions.healing_map.models import sessions
from actions.healing_map.store import (
    CODE_ALPHABET,
    add,
    code_in,
    draft_of,
    entry_by_code,
    new_codes,
    resubmit,
)
from tests.actions.healing_map.making import (
    NOW,
    event_draft,
    in_hours,
    put_event,
    put_message,
    virtual_draft,
)


def test_what_was_submitted_is_found_by_its_code_and_waits_for_its_review(
    engine: Engine,
) -> None:
    draft = event_draft("Círculo de paz", description="Traiga una silla.", contact="773 555 0100")
    with sessions(engine).begin() as session:
        code = add(session, draft, NOW).code
    with sessions(engine)() as session:
        event = entry_by_code(session, code)
        assert event is not None
        assert draft_of(event) == replace(draft, area="Washington Heights")
        assert (event.status, event.submitted_at, event.updated_at) == ("pending", NOW, NOW)


def test_a_code_may_be_typed_in_small_letters_and_with_spaces(session: Session) -> None:
    event, message = put_event(session), put_message(session, "We heal.")
    assert entry_by_code(session, f" {event.code.lower()} ") is event
    assert entry_by_code(session, message.code.lower()) is message


@pytest.mark.parametrize("code", ["", "H7K2Q", "H7K2QMX", "0OIL1S", "H7K2Q\0", "' OR 1", "🕊" * 6])
def test_an_unknown_code_finds_nothing(session: Session, code: str) -> None:
    put_event(session)
    assert entry_by_code(session, code) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("what about H7K2QM?", "H7K2QM"),
        ("¿cómo va h7k2qm, por favor?", "H7K2QM"),
        ("I called 234678 about H7K2QM", "H7K2QM"),
        ("how is 234678 doing?", "234678"),
        ("H7K2QMX is too long, and H7K-2QM too short", ""),
        ("", ""),
    ],
)
def test_a_code_is_found_in_a_text(words: str, code: str) -> None:
    assert code_in(words) == code


def test_codes_are_short_unguessable_and_without_look_alikes(session: Session) -> None:
    codes = new_codes(session, 2000)
    assert len(codes) == 2000
    assert {len(code) for code in codes} == {6}
    assert set("".join(codes)) == set(CODE_ALPHABET)
    for alike in ("0O", "1IL", "5S", "8B", "2Z", "UV"):
        assert len(set(alike) & set(CODE_ALPHABET)) <= 1


def test_an_event_is_changed_and_keeps_its_code(session: Session) -> None:
    event = put_event(session, "Book club")
    code = event.code
    draft = replace(
        draft_of(event), title="Reading circle", latitude=41.8663, longitude=-87.617, area=""
    )
    resubmit(session, event, draft, in_hours(1))
    assert (event.title, event.area, event.code) == ("Reading circle", "Near South Side", code)
    assert (event.shown_latitude, event.shown_longitude) == (41.8663, -87.617)
    assert (event.status, event.submitted_at, event.updated_at) == ("pending", NOW, in_hours(1))


def test_what_cannot_be_stored_is_refused_with_every_reason(session: Session) -> None:
    with pytest.raises(InvalidDraft) as refused:
        add(session, event_draft("", kind="party"), NOW)
    assert [problem.split()[0] for problem in refused.value.problems] == ["kind", "title"]
    with pytest.raises(InvalidDraft):
        add(session, MessageDraft("", "en"), NOW)
    event = put_event(session)
    with pytest.raises(InvalidDraft):
        resubmit(session, event, event_draft("x" * 3000), NOW)
    assert event.title == "Book club"


def test_nothing_is_stored_before_the_caller_commits(engine: Engine) -> None:
    with sessions(engine)() as session:
        code = put_event(session).code
    with sessions(engine)() as session:
        assert entry_by_code(session, code) is None


def test_the_area_follows_from_the_point_unless_it_is_given(session: Session) -> None:
    assert put_event(session).area == "Washington Heights"
    assert put_event(session, area="Chatham").area == "Chatham"
    assert add(session, virtual_draft(), NOW).area == ""
