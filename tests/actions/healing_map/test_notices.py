"""Notices: what is due, taken once, tried again, and dropped when things have moved on."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.clock import CHICAGO
from actions.healing_map import notices
from actions.healing_map.models import Event, Notice, sessions
from actions.healing_map.notices import done, keep, later, subject, take
from actions.healing_map.review import approve, reject
from actions.healing_map.store import draft_of, forget_person, resubmit, withdraw
from tests.actions.healing_map.making import NOW, in_hours, put_event, put_message

A_MINUTE = timedelta(minutes=1)


def submit(session: Session, now: datetime = NOW, submitter: str = "telegram:55") -> Event:
    """An event that somebody has submitted, of which the staff is told."""
    return put_event(session, status="pending", submitter=submitter, now=now)


def left(session: Session) -> list[Notice]:
    return list(session.execute(select(Notice).order_by(Notice.id)).scalars())


def test_a_submission_is_due_for_the_staff_and_the_first_comes_first(session: Session) -> None:
    second, first = submit(session), submit(session, in_hours(-1))
    assert [taken.code for taken in (take(session, "staff", NOW), take(session, "staff", NOW))] == [
        first.code,
        second.code,
    ]
    assert take(session, "staff", NOW) is None


def test_nothing_is_taken_before_it_is_due(session: Session) -> None:
    submit(session, in_hours(1))
    assert take(session, "staff", NOW) is None
    assert take(session, "staff", in_hours(1))


def test_an_audience_is_given_only_what_is_for_it(session: Session) -> None:
    approve(session, submit(session).code, NOW)
    assert take(session, "submitter", NOW)
    assert take(session, "submitter", NOW) is None
    assert take(session, "staff", NOW)


def test_what_was_taken_and_not_done_comes_again_after_a_minute(session: Session) -> None:
    submit(session)
    taken = take(session, "staff", NOW)
    assert take(session, "staff", NOW + A_MINUTE / 2) is None
    again = take(session, "staff", NOW + A_MINUTE)
    assert taken and again and taken.id == again.id


def test_what_is_kept_stays_taken(session: Session) -> None:
    submit(session)
    taken = take(session, "staff", NOW)
    assert taken
    keep(session, taken, NOW + A_MINUTE / 2)
    session.expire_all()
    assert take(session, "staff", NOW + A_MINUTE) is None
    assert take(session, "staff", NOW + 1.5 * A_MINUTE)


@pytest.mark.parametrize(
    "start",
    [
        datetime(2020, 11, 1, 1, 59, 30, tzinfo=CHICAGO),  # one o'clock comes again after this
        datetime(2020, 11, 1, 1, 30, tzinfo=CHICAGO, fold=1),
    ],
)
def test_a_minute_is_no_longer_and_no_shorter_when_the_clocks_go_back(
    session: Session, start: datetime
) -> None:
    def after(span: timedelta) -> datetime:
        return (start.astimezone(timezone.utc) + span).astimezone(CHICAGO)

    submit(session, start)
    taken = take(session, "staff", start)
    assert taken
    assert take(session, "staff", after(A_MINUTE / 2)) is None
    assert take(session, "staff", after(A_MINUTE))
    later(session, taken, start)
    session.expire_all()
    assert taken.due_at == after(timedelta(seconds=10))


def test_what_another_process_has_taken_meanwhile_is_left_to_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions(engine).begin() as session:
        submit(session)

    def update_after_the_others(table: type[Notice]) -> object:
        monkeypatch.setattr(notices, "update", update)
        with sessions(engine).begin() as others:
            assert take(others, "staff", NOW)
        return update(table)

    monkeypatch.setattr(notices, "update", update_after_the_others)
    with sessions(engine).begin() as session:
        assert take(session, "staff", NOW) is None


def test_what_is_done_is_gone(session: Session) -> None:
    submit(session)
    notice = take(session, "staff", NOW)
    assert notice
    done(session, notice)
    assert left(session) == []


def test_what_could_not_be_sent_is_tried_again_after_ever_longer_pauses(session: Session) -> None:
    submit(session)
    moment, pauses = NOW, []
    for _ in range(12):
        notice = take(session, "staff", moment)
        assert notice
        later(session, notice, moment)
        session.expire_all()
        pauses.append(notice.due_at - moment)
        moment = notice.due_at
    assert pauses[:3] == [timedelta(seconds=seconds) for seconds in (10, 20, 40)]
    assert pauses == sorted(pauses) and pauses[-1] == timedelta(hours=1)


def test_a_submitter_is_given_up_and_the_log_names_only_the_code(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    event = submit(session)
    approve(session, event.code, NOW)
    moment, tries = NOW, 0
    caplog.set_level(logging.INFO, "actions")
    while notice := take(session, "submitter", moment):
        later(session, notice, moment)
        moment += timedelta(hours=1)
        session.expire_all()
        tries += 1
    assert tries == 40
    assert [record.getMessage() for record in caplog.records] == [
        f"notice given up: tries=40 code={event.code}"
    ]
    assert [notice.audience for notice in left(session)] == ["staff"]


def test_the_staff_are_never_given_up(session: Session) -> None:
    submit(session)
    moment = NOW
    for _ in range(200):
        notice = take(session, "staff", moment)
        assert notice
        later(session, notice, moment)
        moment += timedelta(hours=1)
        session.expire_all()


def test_the_subject_is_the_entry(session: Session) -> None:
    event = submit(session)
    message = put_message(session, "Peace", status="pending", submitter="telegram:56")
    subjects = [subject(session, notice) for notice in left(session)]
    assert subjects == [event, message]


def test_a_card_is_out_of_date_once_the_entry_was_decided(session: Session) -> None:
    approve(session, submit(session).code, NOW)
    [card, told] = left(session)
    assert subject(session, card) is None
    assert subject(session, told)


def test_a_card_is_out_of_date_once_the_entry_was_changed(session: Session) -> None:
    event = submit(session)
    resubmit(session, event, draft_of(event), NOW)
    old, new = left(session)
    assert subject(session, old) is None
    assert subject(session, new) is event


def test_a_card_is_out_of_date_once_the_entry_was_withdrawn(session: Session) -> None:
    withdraw(session, submit(session), NOW)
    assert [subject(session, notice) for notice in left(session)] == [None]


def test_a_decision_is_out_of_date_once_the_entry_was_changed(session: Session) -> None:
    event = submit(session)
    reject(session, event.code, "Too short", NOW)
    resubmit(session, event, draft_of(event), NOW)
    assert [subject(session, it) for it in left(session) if it.audience == "submitter"] == [None]


def test_nothing_is_told_of_what_was_deleted(session: Session) -> None:
    event = submit(session)
    approve(session, event.code, NOW)
    session.delete(event)
    session.flush()
    assert [subject(session, notice) for notice in left(session)] == [None, None]


def test_a_person_who_had_everything_deleted_is_told_nothing_more(session: Session) -> None:
    approve(session, submit(session).code, NOW)
    forget_person(session, "telegram:55", "anonymize", NOW)
    assert left(session) == []
