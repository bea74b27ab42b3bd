"""What the tables refuse, and how they keep time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from actions.clock import CHICAGO
from actions.healing_map.models import Event
from tests.actions.healing_map.making import put_event, put_message


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "party"},
        {"format": "by mail"},
        {"status": "maybe"},
        {"language": "fr"},
        {"host_type": "robot"},
        {"accessibility": "perhaps"},
        {"address_visibility": "friends"},
        {"title": ""},
        {"title": "x" * 121},
        {"description": "x" * 2001},
        {"code": "H7K"},
        {"latitude": 91.0},
        {"latitude": None},
        {"shown_latitude": None, "shown_longitude": None},
        {"owner": None},
        {"longitude": -180.5},
        {"shown_latitude": None},
        {"ends_at": datetime(2020, 12, 1, tzinfo=timezone.utc)},
        {"host_name": None},
    ],
    ids=str,
)
def test_the_database_itself_refuses_an_event_that_cannot_be(
    session: Session, wrong: dict[str, Any]
) -> None:
    event = put_event(session)
    for column, value in wrong.items():
        setattr(event, column, value)
    with pytest.raises(DBAPIError):
        session.flush()


def test_two_events_never_share_a_code(session: Session) -> None:
    first, second = put_event(session), put_event(session)
    second.code = first.code
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_empty_message_is_refused(session: Session) -> None:
    put_message(session, "We heal.").text = ""
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2020-12-12T21:00:00+00:00", "2020-12-12T15:00:00-06:00"),
        ("2020-12-12T15:00:00-06:00", "2020-12-12T15:00:00-06:00"),
        ("2020-07-04T12:00:00+02:00", "2020-07-04T05:00:00-05:00"),
        # The hour that comes twice, at the end of daylight saving time.
        ("2020-11-01T01:30:00-05:00", "2020-11-01T01:30:00-05:00"),
        ("2020-11-01T01:30:00-06:00", "2020-11-01T01:30:00-06:00"),
    ],
)
def test_a_moment_is_read_in_chicagos_time(session: Session, given: str, read: str) -> None:
    event = put_event(session, starts_at=datetime.fromisoformat(given))
    session.commit()
    session.expire_all()
    assert event.starts_at.isoformat() == read
    assert event.starts_at.tzinfo is CHICAGO


def test_a_moment_is_stored_in_utc(session: Session) -> None:
    put_event(session, starts_at=datetime(2020, 12, 12, 15, 0, tzinfo=CHICAGO))
    stored = session.execute(text("SELECT starts_at FROM events")).scalar_one()
    assert str(stored).startswith("2020-12-12 21:00:00")


def test_a_moment_without_an_offset_is_refused(session: Session) -> None:
    event = put_event(session)
    event.ends_at = event.ends_at.replace(tzinfo=None) + timedelta(days=1)
    with pytest.raises(StatementError, match="without an offset"):
        session.flush()
    session.rollback()
    assert session.query(Event).count() == 0
