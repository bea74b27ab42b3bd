"""The staff's review: what waits, and decisions that hold once and for what was seen."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map import review
from actions.healing_map.models import Event, Message, Notice, sessions
from actions.healing_map.review import (
    REASON_LENGTH,
    AlreadyDecided,
    ChangedSince,
    ReviewError,
    UnknownCode,
    UnusableReason,
    approve,
    find,
    marks_of,
    reject,
    waiting,
)
from actions.healing_map.screening import Mark
from actions.healing_map.search import public_event
from actions.healing_map.store import draft_of, resubmit, withdraw
from tests.actions.healing_map.making import NOW, in_hours, put_event, put_message

LATER = NOW + timedelta(hours=1)


def submit_event(session: Session, title: str = "Book club", **fields: Any) -> Event:
    """An event that somebody has submitted."""
    return put_event(session, title, **({"status": "pending", "submitter": "telegram:55"} | fields))


def submit_message(session: Session, text: str = "Peace", **fields: Any) -> Message:
    """A message that somebody has submitted."""
    return put_message(
        session, text, **({"status": "pending", "submitter": "telegram:55"} | fields)
    )


def notices_for_submitters(session: Session) -> list[Notice]:
    query = select(Notice).where(Notice.audience == "submitter").order_by(Notice.id)
    return list(session.execute(query).scalars())


def test_what_waits_is_listed_oldest_first(session: Session) -> None:
    second = submit_message(session, now=in_hours(-1))
    third = submit_event(session)
    first = submit_event(session, "Walk", now=in_hours(-2))
    put_event(session, "On the map already")
    assert [entry.code for entry in waiting(session)] == [first.code, second.code, third.code]


def test_a_code_is_found_in_small_letters_whatever_it_is_of(session: Session) -> None:
    event, message = submit_event(session), submit_message(session)
    assert find(session, event.code.lower()) is event
    assert find(session, f" {message.code} ") is message


@pytest.mark.parametrize("code", ["", "KX7M2Q", "1", "' OR 1=1", "KX7M2Q" * 1000])
def test_a_code_of_nothing_is_unknown(session: Session, code: str) -> None:
    for decide in (find, lambda session, code: approve(session, code, LATER)):
        with pytest.raises(UnknownCode):
            decide(session, code)


def test_an_approved_event_is_public(session: Session) -> None:
    event = submit_event(session)
    assert public_event(session, event.code) is None
    approved = approve(session, event.code, LATER)
    assert (approved.status, approved.updated_at) == ("approved", LATER)
    assert public_event(session, event.code)


def test_a_rejection_keeps_the_reason(session: Session) -> None:
    message = submit_message(session)
    rejected = reject(session, message.code, "  It names\nsomebody. ", LATER)
    assert (rejected.status, rejected.review_note) == ("rejected", "It names somebody.")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * (REASON_LENGTH + 1), "a\x00b", "a\ud800b"])
def test_a_reason_that_cannot_be_used_decides_nothing(session: Session, reason: str) -> None:
    event = submit_event(session)
    with pytest.raises(UnusableReason):
        reject(session, event.code, reason, LATER)
    assert find(session, event.code).status == "pending"


def test_the_longest_reason_is_taken_whole(session: Session) -> None:
    event = submit_event(session)
    assert reject(session, event.code, "é" * REASON_LENGTH, LATER).review_note == "é" * 300


@pytest.mark.parametrize("outcome", ["approved", "rejected"])
def test_a_notice_of_a_decision_is_written_for_the_submitter(
    session: Session, outcome: str
) -> None:
    event = submit_event(session)
    if outcome == "approved":
        approve(session, event.code, LATER)
    else:
        reject(session, event.code, "Why not", LATER)
    [notice] = notices_for_submitters(session)
    assert (notice.code, notice.entry_table) == (event.code, "event")
    assert (notice.revision, notice.outcome, notice.due_at) == (1, outcome, LATER)


def test_of_what_has_no_submitter_nobody_is_told(session: Session) -> None:
    approve(session, submit_event(session, submitter="").code, LATER)
    assert notices_for_submitters(session) == []


@pytest.mark.parametrize("status", ["approved", "rejected", "withdrawn"])
def test_what_does_not_wait_cannot_be_decided(session: Session, status: str) -> None:
    event = submit_event(session, status=status)
    for decide in (lambda: approve(session, event.code, LATER), lambda: no(session, event)):
        with pytest.raises(AlreadyDecided) as refusal:
            decide()
        assert refusal.value.status == status
    assert find(session, event.code).status == status
    assert notices_for_submitters(session) == []


def no(session: Session, event: Event, revision: int | None = None) -> Event | Message:
    return reject(session, event.code, "No", LATER, revision)


def test_a_decision_on_an_older_revision_does_not_hold(session: Session) -> None:
    event = submit_event(session)
    resubmit(session, event, replace(draft_of(event), title="Another"), NOW)
    for decide in (
        lambda: approve(session, event.code, LATER, revision=1),
        lambda: no(session, event, revision=1),
    ):
        with pytest.raises(ChangedSince):
            decide()
    assert approve(session, event.code, LATER, revision=2).title == "Another"


def test_an_older_card_of_a_decided_entry_says_that_it_was_changed(session: Session) -> None:
    event = submit_event(session)
    resubmit(session, event, draft_of(event), NOW)
    approve(session, event.code, LATER, revision=2)
    with pytest.raises(ChangedSince):
        approve(session, event.code, LATER, revision=1)


def test_what_was_withdrawn_is_said_to_be_so_whatever_was_seen(session: Session) -> None:
    event = submit_event(session)
    withdraw(session, event, NOW)
    with pytest.raises(AlreadyDecided, match="withdrawn"):
        approve(session, event.code, LATER, revision=1)


def test_a_change_after_the_reading_is_noticed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner changes the event after the reviewer's process has read it."""
    with sessions(engine).begin() as session:
        code = submit_event(session).code
    find_waiting = review.find_waiting

    def find_before_the_change(*arguments: Any) -> Event | Message:
        entry = find_waiting(*arguments)
        monkeypatch.setattr(review, "find_waiting", find_waiting)
        with sessions(engine).begin() as other:
            its = find(other, code)
            resubmit(other, its, replace(draft_of(its), title="Changed"), NOW)
        return entry

    monkeypatch.setattr(review, "find_waiting", find_before_the_change)
    with sessions(engine)() as session, pytest.raises(ChangedSince):
        approve(session, code, LATER)
    with sessions(engine)() as session:
        assert find(session, code).status == "pending"


def test_of_two_decisions_at_the_same_time_one_holds(engine: Engine) -> None:
    with sessions(engine).begin() as session:
        codes = [submit_event(session, f"Event {number}").code for number in range(10)]
    together = threading.Barrier(2)
    outcomes: dict[str, list[str]] = {code: [] for code in codes}

    def decide_all(status: str) -> None:
        for code in codes:
            together.wait(10)
            try:
                with sessions(engine).begin() as session:
                    if status == "approved":
                        approve(session, code, LATER, revision=1)
                    else:
                        reject(session, code, "No", LATER, revision=1)
                outcomes[code].append(status)
            except ReviewError as error:
                outcomes[code].append(f"already {error}")

    threads = [threading.Thread(target=decide_all, args=[it]) for it in ("approved", "rejected")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions(engine)() as session:
        for code in codes:
            status = find(session, code).status
            assert sorted(outcomes[code]) == sorted([status, f"already {status}"])
        assert len(notices_for_submitters(session)) == len(codes)


def test_a_decision_and_its_notice_are_stored_together_or_not_at_all(engine: Engine) -> None:
    with sessions(engine).begin() as session:
        code = submit_event(session).code
    with sessions(engine)() as session:
        approve(session, code, LATER)
        session.rollback()
    with sessions(engine)() as session:
        assert find(session, code).status == "pending"
        assert notices_for_submitters(session) == []


def test_the_same_text_as_another_of_the_last_30_days_is_marked(session: Session) -> None:
    older = submit_message(session, "We heal together", now=NOW - timedelta(days=29))
    newer = submit_message(session, "we heal TOGETHER")
    assert marks_of(session, newer) == (Mark("duplicate", older.code),)


def test_an_older_a_withdrawn_or_another_text_is_no_duplicate(session: Session) -> None:
    submit_message(session, "We heal", now=NOW - timedelta(days=31))
    submit_message(session, "We heal", status="withdrawn")
    submit_message(session, "We healed")
    assert marks_of(session, submit_message(session, "We heal")) == ()


def test_an_event_is_a_duplicate_by_title_and_description(session: Session) -> None:
    first = submit_event(session, description="Read with us", submitter="telegram:55")
    same = submit_event(session, description="Read with us", submitter="telegram:56")
    other = submit_event(session, description="Cook with us")
    assert marks_of(session, same) == (Mark("duplicate", first.code),)
    assert marks_of(session, other) == ()


def test_ones_own_event_on_another_day_is_a_repetition_and_no_duplicate(session: Session) -> None:
    submit_event(session)
    assert marks_of(session, submit_event(session, starts_at=in_hours(24 * 7))) == ()
    assert marks_of(session, submit_event(session, starts_at=in_hours(24))) != ()


def test_the_marks_of_the_first_look_come_with_it(session: Session) -> None:
    message = submit_message(session, "Call 773-555-0142")
    assert marks_of(session, message) == (Mark("phone", "text"),)
