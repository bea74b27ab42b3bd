"""Stores events and messages, changes them, and finds them by their code.

Nothing here commits: whoever opened the session decides when all that belongs together is done.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.healing_map.areas import area_of
from actions.healing_map.drafts import EventDraft, InvalidDraft, MessageDraft
from actions.healing_map.grid import cell_of
from actions.healing_map.models import CODE_LENGTH, Event, Message
from actions.healing_map.public import shown_point

CODE_ALPHABET = "2346789CDFGHJKMNPQRTVWX"
"""At most one of each group of look-alikes (0 O, 1 I L, 5 S, 8 B, 2 Z), and no vowels, so that no
code is a word. Six of 23 make 148 million codes."""

_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")
_CODES_A_QUERY = 500
"""SQLite takes at most 999 values in a query in its older versions."""

Entry = TypeVar("Entry", Event, Message)


def add_event(session: Session, draft: EventDraft, now: datetime, status: str = "pending") -> Event:
    """Store a new event under a new code.

    Raises:
        InvalidDraft: the draft cannot be stored.
    """
    return _add(session, Event, draft, now, status)


def add_message(
    session: Session, draft: MessageDraft, now: datetime, status: str = "pending"
) -> Message:
    """Store a new message under a new code.

    Raises:
        InvalidDraft: the draft cannot be stored.
    """
    return _add(session, Message, draft, now, status)


def update_event(event: Event, draft: EventDraft, now: datetime) -> None:
    """Put a draft in the place of what an event holds; code and status stay.

    Raises:
        InvalidDraft: the draft cannot be stored.
    """
    _update(event, draft, now)


def update_message(message: Message, draft: MessageDraft, now: datetime) -> None:
    """Put a draft in the place of what a message holds; code and status stay.

    Raises:
        InvalidDraft: the draft cannot be stored.
    """
    _update(message, draft, now)


def set_status(entry: Event | Message, status: str, now: datetime) -> None:
    """Give an entry another status, one of models.STATUSES."""
    entry.status = status
    entry.updated_at = now


def event_by_code(session: Session, code: str) -> Event | None:
    """Return the event with a code, in whatever status; a code may be typed in small letters."""
    return _by_code(session, Event, code)


def message_by_code(session: Session, code: str) -> Message | None:
    """Return the message with a code, in whatever status."""
    return _by_code(session, Message, code)


def draft_of_event(event: Event) -> EventDraft:
    """Return what an event holds as a draft, to change with dataclasses.replace."""
    return EventDraft(**{field.name: getattr(event, field.name) for field in fields(EventDraft)})


def draft_of_message(message: Message) -> MessageDraft:
    """Return what a message holds as a draft, to change with dataclasses.replace."""
    return MessageDraft(
        **{field.name: getattr(message, field.name) for field in fields(MessageDraft)}
    )


def is_code(code: str) -> bool:
    """Tell whether a text could be a code."""
    return _CODE.fullmatch(code) is not None


def column_values(draft: EventDraft | MessageDraft) -> dict[str, Any]:
    """Return the columns that follow from a draft: its fields, the area and the shown point."""
    area = draft.area
    if not area and draft.latitude is not None and draft.longitude is not None:
        area = area_of(draft.latitude, draft.longitude) or ""
    point = shown_point(draft, area)
    latitude, longitude = point or (None, None)
    return {
        **asdict(draft),
        "area": area,
        "shown_latitude": latitude,
        "shown_longitude": longitude,
        "shown_cell": cell_of(*point) if point else None,
    }


def new_codes(session: Session, table: type[Entry], number: int) -> set[str]:
    """Return so many codes that nothing in the table has."""
    codes: set[str] = set()
    while len(codes) < number:
        candidates = {_random_code() for _ in range(number - len(codes))}
        codes |= candidates - taken_codes(session, table, candidates)
    return codes


def taken_codes(session: Session, table: type[Entry], codes: Iterable[str]) -> set[str]:
    """Return those of the codes that an entry in the table has already."""
    asked = list(codes)
    taken: set[str] = set()
    for start in range(0, len(asked), _CODES_A_QUERY):
        some = asked[start : start + _CODES_A_QUERY]
        taken.update(session.execute(select(table.code).where(table.code.in_(some))).scalars())
    return taken


def _random_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _add(
    session: Session,
    table: type[Entry],
    draft: EventDraft | MessageDraft,
    now: datetime,
    status: str,
) -> Entry:
    _check(draft)
    entry = table(
        **column_values(draft),
        code=new_codes(session, table, 1).pop(),
        status=status,
        submitted_at=now,
        updated_at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def _update(entry: Event | Message, draft: EventDraft | MessageDraft, now: datetime) -> None:
    _check(draft)
    for column, value in column_values(draft).items():
        setattr(entry, column, value)
    entry.updated_at = now


def _check(draft: EventDraft | MessageDraft) -> None:
    problems = draft.problems()
    if problems:
        raise InvalidDraft(problems)


def _by_code(session: Session, table: type[Entry], code: str) -> Entry | None:
    code = code.strip().upper()
    if not is_code(code):
        return None
    return session.execute(select(table).where(table.code == code)).scalar_one_or_none()
