"""What somebody submitted: theirs alone, stored once, and told to the staff."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.drafts import InvalidDraft, MessageDraft
from actions.healing_map.exchange import export_events, import_events
from actions.healing_map.models import Event, Message, Notice, sessions
from actions.healing_map.store import (
    add,
    draft_of,
    entries_of,
    entry_of,
    has_published,
    pending_number,
    resubmit,
    submitter_of,
    withdraw,
)
from tests.actions.healing_map.making import (
    ANA,
    BEN,
    NOW,
    PRIVATE,
    event_draft,
    in_hours,
    put_event,
    put_message,
)


def notices(session: Session) -> list[tuple[str, str, str, int, str]]:
    """Who is to be told what, in the order of writing."""
    found = session.execute(select(Notice).order_by(Notice.id)).scalars()
    return [(it.audience, it.entry_table, it.code, it.revision, it.outcome) for it in found]


def test_an_entry_knows_its_submitter_and_the_table_does_not_name_them(session: Session) -> None:
    event = add(session, event_draft(), NOW, submitter=ANA)
    assert submitter_of(event) == ANA
    row = session.execute(text("SELECT owner, private FROM events")).one()
    assert len(row.owner) == 64
    assert "telegram" not in row.owner + row.private


def test_what_the_staff_puts_in_belongs_to_nobody(session: Session) -> None:
    event, message = put_event(session), put_message(session, "We heal.")
    assert (event.owner, submitter_of(event), message.owner) == ("", "", "")
    assert entries_of(session, "") == []
    assert entry_of(session, "", event.code) is None
    assert not has_published(session, "")
    assert notices(session) == []


def test_the_exact_place_that_is_not_shown_is_kept_encrypted_and_given_back(
    session: Session,
) -> None:
    event = put_event(session, **PRIVATE, submitter=ANA)
    assert (event.address, event.latitude, event.longitude) == ("", None, None)
    stored = str(session.execute(text("SELECT * FROM events")).one())
    for private in ("Vernon", "41.7423", "87.6201", "ana@", ANA):
        assert private not in stored
    session.commit()
    session.expire_all()
    draft = draft_of(event)
    assert {name: getattr(draft, name) for name in PRIVATE} == PRIVATE


def test_a_public_place_stays_readable_and_its_contact_does_not(session: Session) -> None:
    event = put_event(session, address="9525 S. Halsted St.", contact="dana@example.org")
    assert (event.address, event.latitude) == ("9525 S. Halsted St.", 41.72085)
    assert event.private == {"contact": "dana@example.org"}


def test_where_a_message_was_written_is_kept_encrypted(session: Session) -> None:
    message = put_message(session, "We heal.", latitude=41.7423, longitude=-87.6201)
    assert (message.latitude, message.longitude, message.area) == (None, None, "Chatham")
    draft = draft_of(message)
    assert (draft.latitude, draft.longitude) == (41.7423, -87.6201)


def test_a_place_that_becomes_public_or_private_moves(session: Session) -> None:
    event = put_event(session, **PRIVATE, submitter=ANA)
    resubmit(session, event, replace(draft_of(event), address_visibility="public"), NOW)
    assert (event.address, event.latitude) == (PRIVATE["address"], PRIVATE["latitude"])
    assert event.private == {"contact": PRIVATE["contact"], "chat": ANA}
    resubmit(session, event, replace(draft_of(event), address_visibility="area_only"), NOW)
    assert (event.address, event.latitude) == ("", None)
    assert draft_of(event).address == PRIVATE["address"]


def test_somebody_finds_their_own_entries_the_newest_first(session: Session) -> None:
    first = put_event(session, "First", submitter=ANA, status="rejected")
    third = put_event(session, "Third", submitter=ANA, now=in_hours(2))
    second = put_message(session, "Second", submitter=ANA, now=in_hours(1), status="withdrawn")
    put_event(session, "Ben's", submitter=BEN)
    put_event(session, "Nobody's")
    assert entries_of(session, ANA) == [third, second, first]
    assert entries_of(session, "telegram:9") == []


def test_nobody_finds_the_entry_of_another_by_its_code(session: Session) -> None:
    event = put_event(session, submitter=ANA)
    message = put_message(session, "We heal.", submitter=ANA)
    assert entry_of(session, ANA, event.code.lower()) is event
    assert entry_of(session, ANA, message.code) is message
    assert entry_of(session, BEN, event.code) is None
    assert entry_of(session, BEN, message.code) is None
    assert entry_of(session, ANA, "nonsense") is None


def test_an_event_and_a_message_with_one_code_are_each_found_by_their_owner(
    session: Session,
) -> None:
    event, message = put_event(session, submitter=ANA), put_message(session, "Hi", submitter=BEN)
    message.code = event.code
    assert entry_of(session, ANA, event.code) is event
    assert entry_of(session, BEN, event.code) is message


def test_only_what_waits_counts_as_pending_and_only_what_is_approved_as_published(
    session: Session,
) -> None:
    for status in ("pending", "rejected", "withdrawn"):
        put_event(session, status=status, submitter=ANA)
    put_message(session, "We heal.", status="pending", submitter=ANA)
    put_message(session, "Ben's", submitter=BEN)
    assert pending_number(session, ANA) == 2
    assert pending_number(session, BEN) == 0
    assert not has_published(session, ANA)
    assert has_published(session, BEN)


def test_the_staff_is_told_of_every_submission_but_not_of_what_it_put_in(session: Session) -> None:
    event = add(session, event_draft(), NOW, submitter=ANA)
    message = add(session, MessageDraft("We heal.", "en"), NOW, submitter=BEN)
    put_event(session, "Imported", status="pending")
    put_event(session, "Approved already", submitter=ANA)
    assert notices(session) == [
        ("staff", "event", event.code, 1, ""),
        ("staff", "message", message.code, 1, ""),
    ]
    due = session.execute(select(Notice.due_at, Notice.created_at, Notice.tries)).first()
    assert tuple(due) == (NOW, NOW, 0)


def test_a_submission_that_is_sent_twice_is_stored_once(session: Session) -> None:
    def send(title: str, hours: int) -> Event:
        draft = event_draft(title)
        return add(session, draft, in_hours(hours), submitter=ANA, submission="form-1")

    first, again = send("Book club", 0), send("Book club, once more", 1)
    assert again is first
    assert (first.title, first.submitted_at, first.revision) == ("Book club", NOW, 1)
    assert len(entries_of(session, ANA)) == len(notices(session)) == 1


def test_a_message_that_is_sent_twice_is_stored_once(session: Session) -> None:
    draft = MessageDraft("We heal.", "en")
    sent = [add(session, draft, NOW, submitter=ANA, submission="x") for _ in range(2)]
    assert sent[0] is sent[1]
    assert len(entries_of(session, ANA)) == 1


def test_other_submissions_are_stored_beside_it(session: Session) -> None:
    for submission in ("form-1", "form-2", None, None):
        add(session, event_draft(), NOW, submitter=ANA, submission=submission)
    assert len(entries_of(session, ANA)) == 4


def test_one_submission_in_two_sessions_at_once_is_stored_once(engine: Engine) -> None:
    def send(number: int) -> str:
        with sessions(engine).begin() as session:
            draft = event_draft(f"From session {number}")
            return add(session, draft, NOW, submitter=ANA, submission="form-1").code

    with ThreadPoolExecutor(8) as threads:
        codes = set(threads.map(send, range(16)))
    with sessions(engine)() as session:
        assert {entry.code for entry in entries_of(session, ANA)} == codes
        assert len(codes) == len(notices(session)) == 1


def test_a_submission_that_is_not_committed_leaves_nothing(engine: Engine) -> None:
    with sessions(engine)() as session:
        add(session, event_draft(), NOW, submitter=ANA, submission="form-1")
    with sessions(engine)() as session:
        assert entries_of(session, ANA) == []
        assert notices(session) == []


def test_what_is_submitted_again_waits_again_as_the_next_revision(session: Session) -> None:
    event = put_event(session, **PRIVATE, submitter=ANA, status="rejected")
    event.review_note = "There is a phone number in the title."
    draft = replace(draft_of(event), title="Reading circle", contact="ana@example.org")
    resubmit(session, event, draft, in_hours(1))
    assert (event.title, event.status, event.review_note) == ("Reading circle", "pending", "")
    assert (event.revision, event.submitted_at, event.updated_at) == (2, NOW, in_hours(1))
    assert draft_of(event) == draft
    assert submitter_of(event) == ANA
    assert entry_of(session, ANA, event.code) is event
    assert notices(session) == [("staff", "event", event.code, 2, "")]


def test_a_message_is_submitted_again(session: Session) -> None:
    message = put_message(session, "We heal.", submitter=ANA)
    resubmit(session, message, MessageDraft("We listen.", "en"), in_hours(1))
    assert (message.text, message.status, message.revision) == ("We listen.", "pending", 2)


def test_a_form_that_sends_its_change_again_changes_nothing(session: Session) -> None:
    event = put_event(session, **PRIVATE, submitter=ANA, status="rejected")
    resubmit(session, event, event_draft("Reading circle"), NOW, submission="form-2")
    event.status = "approved"  # as the staff decided meanwhile
    resubmit(session, event, event_draft("Reading circle"), in_hours(1), submission="form-2")
    assert (event.status, event.revision, event.updated_at) == ("approved", 2, NOW)
    assert notices(session) == [("staff", "event", event.code, 2, "")]
    resubmit(session, event, event_draft("Book club"), in_hours(2), submission="form-3")
    assert (event.title, event.status, event.revision) == ("Book club", "pending", 3)


def test_what_cannot_be_stored_is_not_submitted_again(session: Session) -> None:
    event = put_event(session, submitter=ANA)
    with pytest.raises(InvalidDraft):
        resubmit(session, event, event_draft("x" * 3000), in_hours(1))
    assert (event.title, event.status, event.revision) == ("Book club", "approved", 1)
    assert notices(session) == []


def test_a_withdrawn_entry_is_the_next_revision_and_nobody_is_told(session: Session) -> None:
    message = put_message(session, "We heal.", submitter=ANA)
    withdraw(session, message, in_hours(1))
    assert (message.status, message.revision) == ("withdrawn", 2)
    assert message.updated_at == in_hours(1)
    assert notices(session) == []


@pytest.mark.parametrize("change", ["resubmit", "withdraw"])
def test_an_approval_made_meanwhile_does_not_stay_with_what_was_changed(
    engine: Engine, change: str
) -> None:
    with sessions(engine).begin() as session:
        code = put_event(session, submitter=ANA, status="pending").code
    with sessions(engine)() as session:
        event = entry_of(session, ANA, code)
        assert isinstance(event, Event)
        session.commit()  # ends the reading, as of a form that was opened a while ago
        with sessions(engine).begin() as staff:
            staff.execute(update(Event).values(status="approved"))
        if change == "resubmit":
            resubmit(session, event, event_draft("Something else"), in_hours(1))
        else:
            withdraw(session, event, in_hours(1))
        session.commit()
    with sessions(engine)() as session:
        status = "pending" if change == "resubmit" else "withdrawn"
        assert session.execute(select(Event.status)).scalar_one() == status


def test_an_import_leaves_an_entry_with_its_submitter(session: Session) -> None:
    event = put_event(session, **PRIVATE, submitter=ANA)
    content = "".join(export_events(session, "csv")).replace("Book club", "Reading circle")
    import_events(session, content.encode(), in_hours(1))
    session.expire_all()
    assert event.title == "Reading circle"
    assert submitter_of(event) == ANA
    assert entries_of(session, ANA) == [event]


def test_a_status_that_the_staff_sets_is_no_revision(session: Session) -> None:
    message: Message = put_message(session, "We heal.", status="pending", submitter=ANA)
    message.status = "approved"
    session.flush()
    assert message.revision == 1
