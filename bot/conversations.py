"""Keeps the conversations in the database: one row each, of a size that does not grow.

Rasa's own store writes a row for each event and replays them all at every turn, so that a turn
costs more the longer one talks. Here, what lies further back than the last few turns is folded
into the values it left behind (slots, the open form), which is all that the rules look at.

What people type may hold contacts and addresses, and the id is their number at Telegram. So the
row is encrypted, and its id is the fingerprint of the conversation's id.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, delete, func, insert, select
from sqlalchemy import update as sql_update
from sqlalchemy.engine import Connection, Engine

from actions.healing_map.encryption import cipher
from actions.healing_map.locking import exclusive

KEPT_TURNS = 3
"""How many turns stay word for word; the rules look no further back."""

DAYS_KEPT = 30
"""After so many days without a message a conversation is deleted, as /privacy says."""

_METADATA = MetaData()
_CONVERSATIONS = Table(
    "conversations",
    _METADATA,
    Column("id", String(120), primary_key=True),  # a fingerprint
    Column("events", Text, nullable=False),  # encrypted
    Column("updated_at", DateTime, nullable=False, index=True),  # UTC
)

Events = list[dict[str, Any]]
_Result = TypeVar("_Result")


def fold_old_events(events: Events) -> Events:
    """Return events that lead to the same state, with only the last few turns in full."""
    restarts = [index for index, event in enumerate(events) if event["event"] == "restart"]
    events = events[restarts[-1] + 1 :] if restarts else events
    user_turns = [index for index, event in enumerate(events) if event["event"] == "user"]
    if len(user_turns) <= KEPT_TURNS:
        return events
    first_kept = user_turns[-KEPT_TURNS]
    cut = max(index for index in range(first_kept) if _is_listening(events[index]))
    return [*_state_after(events[:cut]), *events[cut:]]


def _is_listening(event: dict[str, Any]) -> bool:
    return event["event"] == "action" and event["name"] == "action_listen"


def _state_after(events: Events) -> Events:
    """Return the events that matter still: each slot's last value and the open form."""
    lasting: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        if event["event"] == "slot":
            lasting["slot", event["name"]] = event
        elif event["event"] == "active_loop":
            lasting["active_loop", ""] = event
        elif event["event"] in ("reset_slots", "session_started"):
            lasting.clear()
    return list(lasting.values())


class ConversationStore(TrackerStore):
    """Rasa's tracker store over the table of conversations.

    The database is reached in worker threads, so that a slow disk holds up nobody else: one
    thread for SQLite, which has one writer anyway, several for a server.
    """

    def __init__(self, engine: Engine, domain: Domain | None = None) -> None:
        """Make the table where it is missing, and encrypt what version 0.2.0 left in it."""
        super().__init__(domain)
        self._engine = engine
        self._threads = ThreadPoolExecutor(1 if engine.dialect.name == "sqlite" else 8, "database")
        _METADATA.create_all(engine)
        with exclusive(engine) as connection:
            _encrypt_plain_rows(connection)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the conversation; one that was deleted leaves no row."""
        events = fold_old_events([event.as_dict() for event in tracker.events])
        if any(event["event"] == "user" for event in events):
            await self._in_thread(_write, tracker.sender_id, json.dumps(events))
        else:
            await self._in_thread(_delete, tracker.sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None for a new one."""
        events = await self._in_thread(_read, sender_id)
        if events is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(events), self.domain.slots)

    async def delete_old(self) -> int:
        """Delete the conversations that nobody went on with, and return their number."""
        return await self._in_thread(_delete_before, _now() - timedelta(days=DAYS_KEPT))

    def close(self) -> None:
        """Wait for what is being written, and let the database go."""
        self._threads.shutdown()
        self._engine.dispose()

    async def _in_thread(self, work: Callable[..., _Result], *args: Any) -> _Result:
        def transaction() -> _Result:
            with self._engine.begin() as connection:
                return work(connection, *args)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)


def number_of_conversations(engine: Engine, active_days: int | None = None) -> int:
    """Return how many conversations are stored.

    Args:
        engine: the database; the table is made where it is missing.
        active_days: count only those with a message in the last so many days.
    """
    _METADATA.create_all(engine)
    query = select(func.count()).select_from(_CONVERSATIONS)
    if active_days is not None:
        query = query.where(_CONVERSATIONS.c.updated_at >= _now() - timedelta(days=active_days))
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(tzinfo=None)


def _write(connection: Connection, conversation: str, events: str) -> None:
    row = cipher().fingerprint(conversation)
    values = {"events": cipher().encrypt(events), "updated_at": _now()}
    table = _CONVERSATIONS
    changed = connection.execute(sql_update(table).where(table.c.id == row).values(**values))
    if not changed.rowcount:
        connection.execute(insert(table).values(id=row, **values))


def _read(connection: Connection, conversation: str) -> str | None:
    row = cipher().fingerprint(conversation)
    query = select(_CONVERSATIONS.c.events).where(_CONVERSATIONS.c.id == row)
    events = connection.execute(query).scalar_one_or_none()
    return None if events is None else cipher().decrypt(events)


def _delete(connection: Connection, conversation: str) -> None:
    row = cipher().fingerprint(conversation)
    connection.execute(delete(_CONVERSATIONS).where(_CONVERSATIONS.c.id == row))


def _delete_before(connection: Connection, moment: datetime) -> int:
    old = delete(_CONVERSATIONS).where(_CONVERSATIONS.c.updated_at < moment)
    return connection.execute(old).rowcount


def _encrypt_plain_rows(connection: Connection) -> None:
    """Encrypt the rows of version 0.2.0, which are known by the bracket that JSON begins with.

    A row that 0.2.0 wrote while this version was already running elsewhere may be there twice;
    then the encrypted one stays.
    """
    table = _CONVERSATIONS
    for row in connection.execute(select(table).where(table.c.events.startswith("["))).all():
        connection.execute(delete(table).where(table.c.id == row.id))
        if _read(connection, row.id) is None:
            encrypted = {"id": cipher().fingerprint(row.id), "events": cipher().encrypt(row.events)}
            connection.execute(insert(table).values(**encrypted, updated_at=row.updated_at))
