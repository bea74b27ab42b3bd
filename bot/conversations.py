"""Keeps the conversations in the database: one row each, of a size that does not grow.

Rasa's own store writes a row for each event and replays them all at every turn, so that a turn
costs more the longer one talks. Here, what lies further back than the last few turns is folded
into the values it left behind (slots, the open form), which is all that the rules look at.

What people type may hold contacts and addresses, and the id is their number at Telegram. So the
row is encrypted, and its id is the fingerprint of the conversation's id.

Several processes may share the table. A turn is stored only if the row is still as the turn found
it, so that none is ever lost under another; whoever comes second begins its turn again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import Delete, Insert, Update

from actions.clock import real_now
from actions.healing_map.encryption import cipher
from actions.healing_map.locking import exclusive
from actions.healing_map.models import ChicagoTime
from bot.transactions import Transactions

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
    Column("updated_at", ChicagoTime, nullable=False, index=True),
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
    return (event["event"], event.get("name")) == ("action", "action_listen")


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


class MovedOn(Exception):
    """Another process has gone on with the conversation since it was read; nothing was stored."""


class StoredTracker(DialogueStateTracker):
    """A conversation that was read from its row.

    Attributes:
        row: what the row held; no other write ever makes it hold the same again.
    """

    row: str | None = None


class ConversationStore(TrackerStore):
    """Rasa's tracker store over the table of conversations.

    Attributes:
        transactions: where else something is stored together with a conversation.
    """

    def __init__(self, engine: Engine, domain: Domain | None = None) -> None:
        """Make the table where it is missing, and encrypt what version 0.2.0 left in it."""
        super().__init__(domain)
        self.transactions = Transactions(engine)
        _METADATA.create_all(engine)
        with exclusive(engine) as connection:
            _encrypt_plain_rows(connection)

    async def commit(
        self, tracker: DialogueStateTracker, also: Callable[[Connection], _Result]
    ) -> _Result:
        """Store the conversation and, in the same transaction, what `also` stores with it.

        A conversation that was deleted leaves no row.

        Returns:
            what `also` returned.

        Raises:
            MovedOn: another process has stored another turn since the conversation was read.
            Exception: whatever `also` raises; then nothing is stored.
        """
        events = fold_old_events([event.as_dict() for event in tracker.events])
        is_deleted = not any(event["event"] == "user" for event in events)
        content = None if is_deleted else json.dumps(events)
        row = tracker.row if isinstance(tracker, StoredTracker) else None

        def transaction(connection: Connection) -> _Result:
            result = also(connection)
            _replace(connection, tracker.sender_id, row, content)
            return result

        return await self.transactions.run(transaction)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the conversation alone, as Rasa does.

        Raises:
            MovedOn: another process has stored another turn since the conversation was read.
        """
        await self.commit(tracker, lambda connection: None)

    async def begin(
        self, sender_id: str, check: Callable[[Connection], None]
    ) -> DialogueStateTracker:
        """Return the conversation that a turn begins with, an empty one for a new one.

        Args:
            sender_id: names the conversation.
            check: looks first, in the same transaction, whether the turn is to be taken.

        Raises:
            Exception: whatever the check raises.
        """

        def transaction(connection: Connection) -> str | None:
            check(connection)
            return _read(connection, sender_id)

        row = await self.transactions.run(transaction)
        return self.init_tracker(sender_id) if row is None else self._tracker_of(sender_id, row)

    async def retrieve(self, sender_id: str) -> StoredTracker | None:
        """Return the conversation, or None for a new one."""
        row = await self.transactions.run(_read, sender_id)
        return None if row is None else self._tracker_of(sender_id, row)

    def _tracker_of(self, sender_id: str, row: str) -> StoredTracker:
        events = json.loads(cipher().decrypt(row))
        tracker = StoredTracker.from_dict(sender_id, events, self.domain.slots)
        assert isinstance(tracker, StoredTracker)
        tracker.row = row
        return tracker

    async def delete_old(self) -> int:
        """Delete the conversations that nobody went on with, and return their number."""
        return await self.transactions.run(_delete_before, real_now() - timedelta(days=DAYS_KEPT))

    def close(self) -> None:
        """Wait for what is being written, and let the database go."""
        self.transactions.close()


def number_of_conversations(engine: Engine, active_days: int | None = None) -> int:
    """Return how many conversations are stored.

    Args:
        engine: the database; the table is made where it is missing.
        active_days: count only those with a message in the last so many days.
    """
    _METADATA.create_all(engine)
    query = select(func.count()).select_from(_CONVERSATIONS)
    if active_days is not None:
        query = query.where(_CONVERSATIONS.c.updated_at >= real_now() - timedelta(days=active_days))
    with engine.connect() as connection:
        number: int = connection.execute(query).scalar_one()
    return number


def _replace(
    connection: Connection, conversation: str, row: str | None, content: str | None
) -> None:
    """Put a conversation in the place of the row that was read; None stands for no row."""
    if row is None and content is None:
        return
    table, key = _CONVERSATIONS, cipher().fingerprint(conversation)
    is_as_read = (table.c.id == key) & (table.c.events == row)
    change: Delete | Insert | Update
    if content is None:
        change = delete(table).where(is_as_read)
    else:
        values = {"events": cipher().encrypt(content), "updated_at": real_now()}
        if row is None:
            change = insert(table).values(id=key, **values)
        else:
            change = update(table).where(is_as_read).values(**values)
    try:
        if not connection.execute(change).rowcount:
            raise MovedOn
    except IntegrityError:
        raise MovedOn from None


def _read(connection: Connection, conversation: str) -> str | None:
    row = cipher().fingerprint(conversation)
    query = select(_CONVERSATIONS.c.events).where(_CONVERSATIONS.c.id == row)
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def _delete_before(connection: Connection, moment: datetime) -> int:
    old = delete(_CONVERSATIONS).where(_CONVERSATIONS.c.updated_at < moment)
    deleted: int = connection.execute(old).rowcount
    return deleted


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
