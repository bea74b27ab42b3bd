"""Somebody who wants to be forgotten: nothing on the map leads to them any more."""

from __future__ import annotations

from typing import Literal

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from actions.healing_map.exchange import export_events, import_events
from actions.healing_map.models import Event, Message, Notice
from actions.healing_map.public import public_view
from actions.healing_map.store import (
    add,
    draft_of,
    entries_of,
    entry_by_code,
    forget_person,
    has_published,
    submitter_of,
)
from tests.actions.healing_map.making import (
    ANA,
    AT_HOME,
    BEN,
    NOW,
    event_draft,
    in_hours,
    put_event,
    put_message,
    virtual_draft,
)

CHATHAM = (41.74019, -87.61589)


def everything(session: Session) -> str:
    """All columns of all tables of the map, decrypted where they are encrypted."""
    entries = [
        *session.execute(select(Event)).scalars(),
        *session.execute(select(Message)).scalars(),
    ]
    return str(
        [{column.name: getattr(it, column.name) for column in it.__table__.c} for it in entries]
    )


@pytest.mark.parametrize("published", ["remove", "anonymize"])
@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_what_is_not_public_is_deleted(
    session: Session, published: Literal["remove", "anonymize"], status: str
) -> None:
    put_event(session, status=status, submitter=ANA)
    put_message(session, "We heal.", status=status, submitter=ANA)
    forget_person(session, ANA, published, NOW)
    assert everything(session) == "[]"


def test_what_is_public_is_deleted_where_they_want_it(session: Session) -> None:
    put_event(session, submitter=ANA)
    put_message(session, "We heal.", submitter=ANA)
    forget_person(session, ANA, "remove", NOW)
    assert everything(session) == "[]"


@pytest.mark.parametrize("visibility", ["public", "area_only"])
@pytest.mark.parametrize(
    ("language", "host"), [("en", "A neighbor"), ("es", "Una vecina o un vecino")]
)
def test_what_is_public_of_an_individual_stays_without_name_and_place(
    session: Session, visibility: str, language: str, host: str
) -> None:
    event = put_event(
        session,
        "Kitchen table talk",
        submitter=ANA,
        **AT_HOME,
        address_visibility=visibility,
        language=language,
    )
    forget_person(session, ANA, "anonymize", in_hours(1))
    session.commit()
    session.expire_all()
    view = public_view(event)
    assert (view.title, view.host_name, event.status) == ("Kitchen table talk", host, "approved")
    assert (view.address, view.area, view.exact) == ("", "Chatham", False)
    assert (view.latitude, view.longitude) == pytest.approx(CHATHAM, abs=1e-4)
    assert event.updated_at == in_hours(1)
    for private in ("Ana", "Vernon", "ana@", "41.7423", "87.6201", ANA, "telegram"):
        assert private not in everything(session)
    assert (event.owner, submitter_of(event)) == ("", "")
    assert entries_of(session, ANA) == []
    assert not has_published(session, ANA)


def test_an_organization_keeps_its_name_and_its_public_address(session: Session) -> None:
    fields = AT_HOME | {"host_name": "Woodson Library", "host_type": "organization"}
    event = put_event(session, submitter=ANA, **fields, address_visibility="public")
    forget_person(session, ANA, "anonymize", NOW)
    assert (event.host_name, event.address) == ("Woodson Library", "8100 S. Vernon Ave.")
    assert (event.latitude, event.longitude) == (41.7423, -87.6201)
    assert event.private == {}


def test_the_hidden_address_of_an_organization_goes(session: Session) -> None:
    fields = AT_HOME | {"host_name": "Safe House", "host_type": "organization"}
    event = put_event(session, submitter=ANA, **fields, address_visibility="area_only")
    forget_person(session, ANA, "anonymize", NOW)
    assert (event.host_name, event.area) == ("Safe House", "Chatham")
    for private in ("Vernon", "ana@", "41.7423", "87.6201"):
        assert private not in everything(session)


def test_a_virtual_event_stays_where_it_is_shown(session: Session) -> None:
    draft = virtual_draft(area="Pullman", host_type="individual", contact="ana@example.org")
    event = add(session, draft, NOW, "approved", submitter=ANA)
    nowhere = add(session, virtual_draft(), NOW, "approved", submitter=ANA)
    forget_person(session, ANA, "anonymize", NOW)
    assert (event.area, event.private, event.host_name) == ("Pullman", {}, "A neighbor")
    assert (nowhere.area, nowhere.private) == ("", {})
    assert draft_of(event).latitude is None


def test_a_message_stays_without_name_and_point(session: Session) -> None:
    message = put_message(
        session, "We heal.", author_name="Ana", submitter=ANA, latitude=41.7423, longitude=-87.6201
    )
    forget_person(session, ANA, "anonymize", NOW)
    assert (message.text, message.author_name, message.area) == ("We heal.", "", "Chatham")
    assert (message.private, message.owner) == ({}, "")


def test_what_there_was_to_tell_is_not_told_any_more(session: Session) -> None:
    add(session, event_draft(), NOW, submitter=ANA)
    published = put_event(session, submitter=ANA)
    other = add(session, event_draft(), NOW, submitter=BEN)
    told = Notice(
        audience="submitter",
        entry_table="event",
        code=published.code,
        revision=1,
        outcome="approved",
        created_at=NOW,
        due_at=NOW,
    )
    session.add(told)
    forget_person(session, ANA, "anonymize", NOW)
    assert session.execute(select(Notice.code)).scalars().all() == [other.code]


def test_everybody_else_keeps_what_is_theirs(session: Session) -> None:
    bens = put_event(session, submitter=BEN, **AT_HOME, address_visibility="area_only")
    imported = put_message(session, "Imported", author_name="Renee")
    forget_person(session, ANA, "remove", NOW)
    forget_person(session, "", "remove", NOW)
    assert entry_by_code(session, bens.code) is bens
    assert draft_of(bens).address == "8100 S. Vernon Ave."
    assert entry_by_code(session, imported.code) is imported


def test_a_form_that_sent_what_is_forgotten_is_not_remembered(session: Session) -> None:
    event = add(session, event_draft(), NOW, "approved", submitter=ANA, submission="form-1")
    forget_person(session, ANA, "anonymize", NOW)
    session.flush()
    assert event.submission is None


def test_a_nameless_event_can_still_be_exported_and_imported(session: Session) -> None:
    put_event(session, submitter=ANA, **AT_HOME, address_visibility="public")
    forget_person(session, ANA, "anonymize", NOW)
    content = "".join(export_events(session, "csv"))
    import_events(session, content.encode(), NOW)
    assert session.execute(text("SELECT count(*) FROM events")).scalar_one() == 1
