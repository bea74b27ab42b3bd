"""The staff's review: what waits for it, and the decision on an entry.

A decision holds for the revision that the reviewer saw, and only once: of two that come at the
same time, one takes effect and the other is told so. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from actions.healing_map.drafts import UNSTORABLE
from actions.healing_map.models import ENTRIES, Entry, Event, Message
from actions.healing_map.notices import tell_submitter
from actions.healing_map.screening import Mark, marks
from actions.healing_map.store import entry_by_code

REASON_LENGTH = 300
"""Characters of the reason for a rejection, at most."""

_DUPLICATE_DAYS = 30


class ReviewError(Exception):
    """A decision cannot be taken; nothing was changed."""


class UnknownCode(ReviewError):
    """No entry has the code (any more)."""


class UnusableReason(ReviewError):
    """A reason is empty, longer than REASON_LENGTH, or cannot be shown."""


class ChangedSince(ReviewError):
    """The entry was changed after the revision that the reviewer saw, and waits anew."""


class AlreadyDecided(ReviewError):
    """The entry does not wait for a decision.

    Attributes:
        status: "approved", "rejected", or "withdrawn" by its submitter.
    """

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


def waiting(session: Session) -> list[Entry]:
    """Return all that waits for the review, the oldest submission first."""
    entries = [
        entry
        for table in ENTRIES
        for entry in session.execute(select(table).where(table.status == "pending")).scalars()
    ]
    return sorted(entries, key=lambda entry: (entry.submitted_at, entry.code))


def find(session: Session, code: str) -> Entry:
    """Return the entry with a code, in whatever status; small letters will do.

    Raises:
        UnknownCode: there is none.
    """
    entry = entry_by_code(session, code)
    if entry is None:
        raise UnknownCode(code)
    return entry


def find_waiting(session: Session, code: str, revision: int | None = None) -> Entry:
    """Return the entry with a code if it can be decided.

    Args:
        session: to read with.
        code: of the entry.
        revision: that the reviewer saw; None for the present one.

    Raises:
        UnknownCode: there is no such entry.
        AlreadyDecided: it does not wait for a decision.
        ChangedSince: it was changed after that revision.
    """
    entry = find(session, code)
    if entry.status == "withdrawn":
        raise AlreadyDecided(entry.status)
    if revision not in (None, entry.revision):
        raise ChangedSince(entry.code)
    if entry.status != "pending":
        raise AlreadyDecided(entry.status)
    return entry


def marks_of(session: Session, entry: Entry) -> tuple[Mark, ...]:
    """Return what the first look marks, and with which other entry this one shares its text."""
    return (*marks(entry), *_duplicate(session, entry))


def approve(session: Session, code: str, now: datetime, revision: int | None = None) -> Entry:
    """Make an entry public, have its submitter told, and return it.

    Args:
        session: what is stored takes effect when the caller commits.
        code: of the entry.
        now: the moment of the decision.
        revision: that the reviewer saw; None for the present one.

    Raises:
        UnknownCode: there is no such entry.
        AlreadyDecided: it does not wait for a decision.
        ChangedSince: it was changed after that revision.
    """
    return _decide(session, code, "approved", "", now, revision)


def reject(
    session: Session, code: str, reason: str, now: datetime, revision: int | None = None
) -> Entry:
    """Keep an entry off the map, have its submitter told why, and return it.

    Args:
        session: what is stored takes effect when the caller commits.
        code: of the entry.
        reason: in 1 to REASON_LENGTH characters, which its submitter is told.
        now: the moment of the decision.
        revision: that the reviewer saw; None for the present one.

    Raises:
        UnusableReason: the reason is not of that length, or cannot be shown.
        UnknownCode: there is no such entry.
        AlreadyDecided: it does not wait for a decision.
        ChangedSince: it was changed after that revision.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_LENGTH or UNSTORABLE.search(reason):
        raise UnusableReason(f"{len(reason)} characters")
    return _decide(session, code, "rejected", reason, now, revision)


def _decide(
    session: Session, code: str, status: str, reason: str, now: datetime, revision: int | None
) -> Entry:
    entry = find_waiting(session, code, revision)
    table, seen = type(entry), entry.revision
    decided = session.execute(
        update(table)
        .where(table.id == entry.id, table.status == "pending", table.revision == seen)
        .values(status=status, review_note=reason, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    if not decided.rowcount:
        find_waiting(session, code, seen)  # says what came in between
        raise ChangedSince(code)
    entry = find(session, code)
    tell_submitter(session, entry, now)
    return entry


def _duplicate(session: Session, entry: Entry) -> Iterator[Mark]:
    """Yield a mark if an entry of the last 30 days has the same text; the latest is named.

    Somebody's own event at another time is a repetition and no duplicate.
    """
    table = type(entry)
    if isinstance(entry, Event):
        is_same = [
            func.lower(Event.title) == func.lower(entry.title),
            func.lower(Event.description) == func.lower(entry.description),
            or_(Event.starts_at == entry.starts_at, Event.owner != entry.owner),
        ]
    else:
        is_same = [func.lower(Message.text) == func.lower(entry.text)]
    other = (
        select(table.code)
        .where(table.id != entry.id, table.status != "withdrawn", *is_same)
        .where(table.submitted_at >= entry.submitted_at - timedelta(days=_DUPLICATE_DAYS))
        .order_by(table.submitted_at.desc(), table.id.desc())
        .limit(1)
    )
    code = session.execute(other).scalar_one_or_none()
    if code:
        yield Mark("duplicate", code)
