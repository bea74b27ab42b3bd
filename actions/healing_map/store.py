"""Stores events and messages, changes them, and finds them by their code or their submitter.

A submitter is a person as the channel knows them; which channels there are is not known here.

Nothing here commits: whoever opened the session decides when all that belongs together is done.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from actions.healing_map.areas import area_of
from actions.healing_map.database import insert_into
from actions.healing_map.drafts import (
    EntryDraft,
    EventDraft,
    InvalidDraft,
    MessageDraft,
    without_direction_marks,
)
from actions.healing_map.encryption import cipher
from actions.healing_map.grid import cell_of
from actions.healing_map.models import (
    CODE_LENGTH,
    ENTRIES,
    INDIVIDUAL,
    Entry,
    Event,
    Message,
    Notice,
)
from actions.healing_map.public import shown_point, shows_place
from actions.texts import text

CODE_ALPHABET = "2346789CDFGHJKMNPQRTVWX"
"""At most one of each group of look-alikes (0 O, 1 I L, 5 S, 8 B, 2 Z), and no vowels, so that no
code is a word. Six of 23 make 148 million codes."""

_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")
_CODES_A_QUERY = 500
"""SQLite takes at most 999 values in a query in its older versions."""

_NO_PLACE = {"address": "", "latitude": None, "longitude": None}


def add(
    session: Session,
    draft: EntryDraft,
    now: datetime,
    status: str = "pending",
    *,
    submitter: str = "",
    submission: str | None = None,
) -> Entry:
    """Store a new entry under a new code, and tell the staff of it if somebody submitted it.

    Args:
        session: what is stored takes effect when the caller commits.
        draft: what the entry holds; an event or a message follows from its type.
        now: the moment of submission.
        status: one of models.STATUSES.
        submitter: who it belongs to; empty for what the staff puts in.
        submission: names the form that sent it. The form may send it again: then the entry
            that is stored already is returned as it is.

    Raises:
        InvalidDraft: the draft cannot be stored.
    """
    _check(draft)
    table = Event if isinstance(draft, EventDraft) else Message
    code = new_codes(session, 1).pop()
    # Of two processes that store one submission at once, the database lets one; a savepoint
    # to try it in would need a transaction that Python's SQLite driver does not begin.
    insert = insert_into(session, table).values(
        **column_values(draft, submitter),
        code=code,
        status=status,
        submitted_at=now,
        updated_at=now,
        owner=cipher().fingerprint(submitter) if submitter else "",
        submission=submission,
    )
    stored = session.execute(insert.on_conflict_do_nothing(index_elements=["submission"]))
    is_new = bool(stored.rowcount)
    is_it = table.code == code if is_new else table.submission == submission
    entry: Entry = session.execute(select(table).where(is_it)).scalar_one()
    if is_new and submitter and status == "pending":
        _tell_staff(session, entry, now)
    return entry


def resubmit(
    session: Session,
    entry: Entry,
    draft: EntryDraft,
    now: datetime,
    *,
    submission: str | None = None,
) -> None:
    """Put a draft in the place of what an entry holds; it waits for the staff again.

    Args:
        session: what is stored takes effect when the caller commits.
        entry: that is changed.
        draft: what it is to hold.
        now: the moment of the change.
        submission: names the form that sent the change. The form may send it again: then nothing
            is changed, because the staff may have decided on the change already.

    Raises:
        InvalidDraft: the draft cannot be stored.
    """
    if submission and entry.submission == submission:
        return
    _check(draft)
    content = column_values(draft, submitter_of(entry))
    if submission:
        content["submission"] = submission
    _change(session, entry, now, status="pending", review_note="", **content)
    _tell_staff(session, entry, now)


def withdraw(session: Session, entry: Entry, now: datetime) -> None:
    """Take an entry off the map, as its submitter wishes."""
    _change(session, entry, now, status="withdrawn")


def entries_of(session: Session, submitter: str) -> list[Entry]:
    """Return all that somebody submitted, in whatever status, the newest first."""
    entries = [
        entry
        for table in ENTRIES
        for entry in session.execute(select(table).where(_is_of(table, submitter))).scalars()
    ]
    return sorted(entries, key=lambda entry: (entry.submitted_at, entry.id), reverse=True)


def entry_of(session: Session, submitter: str, code: str) -> Entry | None:
    """Return somebody's own entry with a code; None for an unknown one and for others' entries."""
    owner = cipher().fingerprint(submitter)
    return next((it for it in _with_code(session, code) if it.owner == owner), None)


def pending_number(session: Session, submitter: str) -> int:
    """Return how many entries of somebody wait for their review."""
    return sum(_number(session, table, submitter, "pending") for table in ENTRIES)


def has_published(session: Session, submitter: str) -> bool:
    """Tell whether anything that somebody submitted is public."""
    return any(_number(session, table, submitter, "approved") > 0 for table in ENTRIES)


def submitter_of(entry: Entry) -> str:
    """Return who submitted an entry; empty where it is not known."""
    submitter: str = entry.private.get("chat", "")
    return submitter


def forget_person(
    session: Session, submitter: str, published: Literal["remove", "anonymize"], now: datetime
) -> None:
    """Delete all that somebody submitted; what is public stays, nameless, if they want it to.

    Of what stays nothing leads to the person. An organization keeps its name and its public
    address; an individual loses both, and the event is shown in its area.
    """
    for entry in entries_of(session, submitter):
        _delete_notices(session, entry)
        if published == "anonymize" and entry.status == "approved":
            _anonymize(entry, now)
        else:
            session.delete(entry)
    session.flush()


def entry_by_code(session: Session, code: str) -> Entry | None:
    """Return the entry with a code, in whatever status; a code may be typed in small letters."""
    return next(_with_code(session, code), None)


def draft_of(entry: Entry) -> Any:
    """Return what an entry holds, private or not: the EventDraft of an event, likewise a message.

    It can be changed with dataclasses.replace.
    """
    draft = EventDraft if isinstance(entry, Event) else MessageDraft
    return draft(**{field.name: held(entry, field.name) for field in fields(draft)})


def held(entry: Entry | Row, name: str) -> Any:
    """Return what an entry holds under a field's name, wherever it is kept."""
    private = entry.private
    return private[name] if name in private else getattr(entry, name, "")


def is_code(code: str) -> bool:
    """Tell whether a text could be a code."""
    return _CODE.fullmatch(code) is not None


def code_in(words: str) -> str:
    """Return the code that stands in a text, in capitals; "" for none.

    What is all digits could be any number: it counts only where nothing else does.
    """
    codes = (word for word in re.findall(r"\w+", words.upper()) if is_code(word))
    return min(codes, key=str.isdecimal, default="")


def column_values(draft: EntryDraft, submitter: str = "") -> dict[str, Any]:
    """Return the columns that follow from a draft and its submitter.

    They are the draft's fields, the area, the shown point, and all that is private.
    """
    # Not dataclasses.asdict: it copies every value, which took a fifth of an import's time.
    values = {field.name: _as_stored(getattr(draft, field.name)) for field in fields(draft)}
    if not draft.area and draft.latitude is not None and draft.longitude is not None:
        values["area"] = area_of(draft.latitude, draft.longitude) or ""
    point = shown_point(draft, values["area"])
    latitude, longitude = point or (None, None)
    private = {"chat": submitter, "contact": values.pop("contact", "")}
    if not shows_place(draft):
        for name in _NO_PLACE.keys() & values.keys():
            private[name], values[name] = values[name], _NO_PLACE[name]
    return {
        **values,
        "shown_latitude": latitude,
        "shown_longitude": longitude,
        "shown_cell": cell_of(*point) if point else None,
        "private": {name: value for name, value in private.items() if value not in ("", None)},
    }


def new_codes(session: Session, number: int) -> set[str]:
    """Return so many codes that nothing on the map has."""
    codes: set[str] = set()
    while len(codes) < number:
        candidates = {_random_code() for _ in range(number - len(codes))}
        codes |= candidates - _taken_codes(session, candidates)
    return codes


def entry_table(entry: Entry) -> str:
    """Return "event" or "message", as a notice names the table of its entry."""
    return "event" if isinstance(entry, Event) else "message"


def _as_stored(value: Any) -> Any:
    return without_direction_marks(value) if isinstance(value, str) else value


def _taken_codes(session: Session, codes: Iterable[str]) -> set[str]:
    asked = list(codes)
    taken: set[str] = set()
    for start in range(0, len(asked), _CODES_A_QUERY):
        some = asked[start : start + _CODES_A_QUERY]
        for table in ENTRIES:
            taken.update(session.execute(select(table.code).where(table.code.in_(some))).scalars())
    return taken


def _random_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _change(session: Session, entry: Entry, now: datetime, **values: Any) -> None:
    """Set columns of an entry and count the change.

    Every column is set, also one that seems to hold the value already: the staff may have
    approved the entry since it was read, and that must not stay with another content.
    """
    table = type(entry)
    session.execute(
        update(table)
        .where(table.id == entry.id)
        .values(**values, updated_at=now, revision=table.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(entry)


def _tell_staff(session: Session, entry: Entry, now: datetime) -> None:
    notice = Notice(
        audience="staff",
        entry_table=entry_table(entry),
        code=entry.code,
        revision=entry.revision,
        created_at=now,
        due_at=now,
    )
    session.add(notice)


def _delete_notices(session: Session, entry: Entry) -> None:
    is_about = (Notice.entry_table == entry_table(entry)) & (Notice.code == entry.code)
    session.execute(delete(Notice).where(is_about))


def _anonymize(entry: Entry, now: datetime) -> None:
    draft = _nameless_event(entry) if isinstance(entry, Event) else _nameless_message(entry)
    for column, value in column_values(draft).items():
        setattr(entry, column, value)
    entry.owner = ""
    entry.submission = None
    entry.updated_at = now


def _nameless_event(event: Event) -> EventDraft:
    draft: EventDraft = draft_of(event)
    draft = replace(draft, contact="")
    if event.host_type == INDIVIDUAL:
        host_name = text("nameless_host", event.language)
        draft = replace(draft, host_name=host_name, address_visibility="area_only")
    if shows_place(draft):
        return draft
    # The middle of the area stands for the place, which an event in person cannot be without.
    point = None if event.format == "virtual" else shown_point(draft, event.area)
    latitude, longitude = point or (None, None)
    return replace(draft, address="", latitude=latitude, longitude=longitude)


def _nameless_message(message: Message) -> MessageDraft:
    draft: MessageDraft = draft_of(message)
    return replace(draft, author_name="", latitude=None, longitude=None)


def _is_of(table: Any, submitter: str) -> ColumnElement:
    # A fingerprint also of nobody, whom nothing belongs to: imported entries have an empty owner.
    return table.owner == cipher().fingerprint(submitter)


def _number(session: Session, table: Any, submitter: str, status: str) -> int:
    query = select(func.count()).where(_is_of(table, submitter), table.status == status)
    number: int = session.execute(query).scalar_one()
    return number


def _check(draft: EntryDraft) -> None:
    problems = draft.problems()
    if problems:
        raise InvalidDraft(problems)


def _with_code(session: Session, code: str) -> Iterator[Entry]:
    code = code.strip().upper()
    if is_code(code):
        for table in ENTRIES:
            yield from session.execute(select(table).where(table.code == code)).scalars()
