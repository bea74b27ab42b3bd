"""Notices: what is still to be told to the staff and the submitters.

A notice is written in the transaction of what it tells of, so that none is lost, and is deleted
when it was sent. It may be sent twice, if a process ends in the middle, but never not at all.
Nothing here commits.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from actions.healing_map.models import Entry, Event, Message, Notice
from actions.healing_map.store import entry_table, submitter_of

log = logging.getLogger(__name__)

_HELD = timedelta(minutes=1)
"""How long a notice that was taken is nobody else's; while it is being sent, that is renewed."""

_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=1)
_MOST_TRIES = 40
"""For a submitter, in a day and a half. The staff's are never given up: an entry that nobody
hears of would wait for ever."""


def tell_submitter(session: Session, entry: Entry, now: datetime) -> None:
    """Have the submitter told of the decision on an entry, if it has one."""
    if submitter_of(entry):
        session.add(
            Notice(
                audience="submitter",
                entry_table=entry_table(entry),
                code=entry.code,
                revision=entry.revision,
                outcome=entry.status,
                created_at=now,
                due_at=now,
            )
        )


def take(session: Session, audience: str, now: datetime) -> Notice | None:
    """Return the notice that is due first; until it is done, no other process takes it.

    Args:
        session: the caller commits before sending.
        audience: "staff" or "submitter".
        now: the present moment.
    """
    first = (
        select(Notice)
        .where(Notice.audience == audience, Notice.due_at <= now)
        .order_by(Notice.due_at, Notice.id)
        .limit(1)
    )
    notice: Notice | None = session.execute(first).scalar_one_or_none()
    if notice is None:
        return None
    is_untaken = (Notice.id == notice.id) & (Notice.due_at == notice.due_at)
    taken = session.execute(
        update(Notice)
        .where(is_untaken)
        .values(due_at=_later_by(_HELD, now))
        .execution_options(synchronize_session=False)
    )
    if not taken.rowcount:
        return None
    session.refresh(notice)
    return notice


def keep(session: Session, notice: Notice, now: datetime) -> None:
    """Let a notice that was taken be nobody else's for as long again."""
    session.execute(
        update(Notice)
        .where(Notice.id == notice.id)
        .values(due_at=_later_by(_HELD, now))
        .execution_options(synchronize_session=False)
    )


def subject(session: Session, notice: Notice) -> Entry | None:
    """Return the entry that a notice tells of; None when things have moved on since.

    That is when it was deleted, changed or withdrawn, and for the staff when it was decided.
    """
    table = Event if notice.entry_table == "event" else Message
    query = select(table).where(
        table.code == notice.code,
        table.revision == notice.revision,
        table.status == (notice.outcome or "pending"),
    )
    entry: Entry | None = session.execute(query).scalar_one_or_none()
    return entry


def done(session: Session, notice: Notice) -> None:
    """Delete a notice: it was sent, or nobody needs it any more."""
    session.execute(delete(Notice).where(Notice.id == notice.id))


def later(session: Session, notice: Notice, now: datetime) -> None:
    """Note that a notice could not be sent: it is tried again after a pause, or given up."""
    tries = notice.tries + 1
    if notice.audience == "submitter" and tries >= _MOST_TRIES:
        log.warning("notice given up: tries=%d code=%s", tries, notice.code)
        done(session, notice)
        return
    pause = min(_FIRST_PAUSE * 2 ** min(notice.tries, 20), _LONGEST_PAUSE)
    session.execute(
        update(Notice)
        .where(Notice.id == notice.id)
        .values(tries=tries, due_at=_later_by(pause, now))
        .execution_options(synchronize_session=False)
    )


def _later_by(pause: timedelta, now: datetime) -> datetime:
    """Return the moment after a pause, in UTC: Chicago's time repeats an hour in autumn."""
    return now.astimezone(timezone.utc) + pause
