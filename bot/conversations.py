"""Keeps the conversations in the database: one row each, of a size that does not grow.

Rasa's own store writes a row for each event and replays them all at every turn, so that a turn
costs more the longer one talks. Here, what lies further back than the last few turns is folded
into the values it left behind (slots, the open form), which is all that the rules look at.
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
from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, delete, insert, select
from sqlalchemy import update as sql_update
from sqlalchemy.engine import Connection, Engine

KEPT_TURNS = 3
"""How many turns stay word for word; the rules look no further back."""

DAYS_KEPT = 30
"""After so many days without a message a conversation is deleted, as /privacy says."""

_METADATA = MetaData()
_CONVERSATIONS = Table(
    "conversations",
    _METADATA,
    Column("id", String(120), primary_key=True),
    Column("events", Text, nullable=False),
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
        """Make the table where it is missing."""
        super().__init__(domain)
        self._engine = engine
        self._threads = ThreadPoolExecutor(1 if engine.dialect.name == "sqlite" else 8, "database")
        _METADATA.create_all(engine)

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


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(tzinfo=None)


def _write(connection: Connection, conversation: str, events: str) -> None:
    values = {"events": events, "updated_at": _now()}
    table = _CONVERSATIONS
    changed = connection.execute(
        sql_update(table).where(table.c.id == conversation).values(**values)
    )
    if not changed.rowcount:
        connection.execute(insert(table).values(id=conversation, **values))


def _read(connection: Connection, conversation: str) -> str | None:
    query = select(_CONVERSATIONS.c.events).where(_CONVERSATIONS.c.id == conversation)
    return connection.execute(query).scalar_one_or_none()


def _delete(connection: Connection, conversation: str) -> None:
    connection.execute(delete(_CONVERSATIONS).where(_CONVERSATIONS.c.id == conversation))


def _delete_before(connection: Connection, moment: datetime) -> int:
    old = delete(_CONVERSATIONS).where(_CONVERSATIONS.c.updated_at < moment)
    return connection.execute(old).rowcount
