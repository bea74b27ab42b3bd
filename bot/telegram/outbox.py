"""The outbox: answers, from the moment that their turn is stored until Telegram has them.

An answer is stored in the transaction of its turn, sent at once, and deleted when it was sent.
Those of one conversation go out in their order, whichever process they are from: only the first
of them is ever taken.

What Telegram perhaps got is not sent again (see sender.py). Only when a process ends in the middle
of sending, another one, or the next, takes the answer over after a while, and sends again the one
message that it was at: an answer twice is better than none.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement, Delete, Update
from telegram.error import RetryAfter

from actions.clock import real_now
from actions.healing_map.encryption import cipher
from actions.healing_map.models import UnsentAnswer
from actions.texts import text
from bot.assistant import Said
from bot.replies import Reply, replies_from
from bot.telegram.render import Outgoing
from bot.telegram.request import NotSent
from bot.telegram.sender import Outcome, Sender, halt_seconds, outgoing
from bot.telegram.updates import Destination
from bot.transactions import Transactions, patiently

log = logging.getLogger(__name__)

_HELD = timedelta(seconds=12)
"""How long an answer is nobody else's. While it is being sent that is renewed at every look, but
not at the stop any more: the last look and the 8 s in which a process finishes have to fit in."""

_LOOK_AGAIN_SECONDS = 2.0
_AT_A_LOOK = 100
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_GIVEN_UP = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """An answer that this process, and no other, may send.

    Attributes:
        id: of the answer.
        holder: names this taking of it; another process that takes it over changes the name.
        destination: where it goes.
        said: what it says.
        sent: how many of its messages were sent already.
        created_at: when it was stored.
    """

    id: int
    holder: str
    destination: Destination
    said: Said
    sent: int
    created_at: datetime


class Outbox:
    """Keeps answers and sends them."""

    def __init__(self, transactions: Transactions, sender: Sender) -> None:
        self._transactions = transactions
        self._sender = sender
        self._lines: dict[asyncio.Task[None], str] = {}
        self._in_hand: set[str] = set()

    def keep(
        self, connection: Connection, conversation: str, destination: Destination, said: Said
    ) -> Held | None:
        """Store an answer in the caller's transaction.

        Returns:
            the answer, to be sent by `send` after the commit; None where others go first.
        """
        conversation, now, holder = cipher().fingerprint(conversation), real_now(), _new_holder()
        earlier = select(UnsentAnswer.id).where(UnsentAnswer.conversation == conversation)
        is_first = connection.execute(earlier.limit(1)).first() is None
        values = {
            "conversation": conversation,
            "private": {"destination": vars(destination), "said": vars(said)},
            "sent": 0,
            "holder": holder if is_first else "",
            "due_at": now + _HELD if is_first else now,
            "created_at": now,
        }
        [key] = connection.execute(insert(UnsentAnswer).values(**values)).inserted_primary_key
        return Held(key, holder, destination, said, 0, now) if is_first else None

    def send(self, conversation: str, held: Held | None) -> None:
        """Begin to send what waits for a conversation, with the answer that `keep` returned."""
        self._begin(cipher().fingerprint(conversation), held)

    async def run(self, stopped: asyncio.Event) -> None:
        """Take over, until the stop, what a process left that ended or could not send."""
        while not stopped.is_set():
            try:
                for conversation in await self._transactions.run(self._look, [*self._in_hand]):
                    if conversation not in self._lines.values():
                        self._begin(conversation, None)
            except Exception as error:
                log.error("outbox not looked through", exc_info=error)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stopped.wait(), _LOOK_AGAIN_SECONDS)

    async def finish(self, seconds: float) -> None:
        """Wait for what is being sent, at most so long; the next process sends the rest."""
        if self._lines:
            _, rest = await asyncio.wait(list(self._lines), timeout=max(seconds, 0))
            for task in rest:
                task.cancel()

    def _begin(self, conversation: str, held: Held | None) -> None:
        task = asyncio.create_task(self._send_line(conversation, held))
        self._lines[task] = conversation
        task.add_done_callback(self._lines.pop)

    def _look(self, connection: Connection, in_hand: list[str]) -> Sequence[str]:
        """Renew what is in hand, and return the conversations for which an answer is due."""
        now = real_now()
        if in_hand:
            ours = UnsentAnswer.holder.in_(in_hand)
            connection.execute(update(UnsentAnswer).where(ours).values(due_at=now + _HELD))
        too_old = delete(UnsentAnswer).where(UnsentAnswer.created_at < now - _GIVEN_UP)
        given_up = connection.execute(too_old).rowcount
        if given_up:
            log.warning("answers given up after a day: number=%d", given_up)
        firsts = select(func.min(UnsentAnswer.id)).group_by(UnsentAnswer.conversation)
        is_due = UnsentAnswer.id.in_(firsts) & (UnsentAnswer.due_at <= now)
        due = select(UnsentAnswer.conversation).where(is_due).limit(_AT_A_LOOK)
        found: Sequence[str] = connection.execute(due).scalars().all()
        return found

    async def _send_line(self, conversation: str, held: Held | None) -> None:
        """Send a conversation's answers one after the other, until none is due."""
        try:
            held = held or await self._transactions.run(self._take, conversation)
            while held:
                await asyncio.sleep(await self._send(held))
                held = await self._transactions.run(self._take, conversation)
        except Exception as error:
            log.error("answer not sent now", exc_info=error)

    def _take(self, connection: Connection, conversation: str) -> Held | None:
        """Take the first answer of a conversation, if it is due."""
        its = select(UnsentAnswer).where(UnsentAnswer.conversation == conversation)
        row = connection.execute(its.order_by(UnsentAnswer.id).limit(1)).first()
        if row is None or row.due_at > real_now():
            return None
        holder = _new_holder()
        is_same = (UnsentAnswer.id == row.id) & (UnsentAnswer.holder == row.holder)
        as_seen = update(UnsentAnswer).where(is_same, UnsentAnswer.due_at == row.due_at)
        taken = connection.execute(as_seen.values(holder=holder, due_at=real_now() + _HELD))
        if not taken.rowcount:
            return None
        destination, said = Destination(**row.private["destination"]), Said(**row.private["said"])
        return Held(row.id, holder, destination, said, row.sent, row.created_at)

    async def _send(self, held: Held) -> float:
        """Send an answer, and return after how many seconds to go on with the conversation."""
        self._in_hand.add(held.holder)
        try:
            return await self._send_messages(held)
        finally:
            self._in_hand.discard(held.holder)

    async def _send_messages(self, held: Held) -> float:
        messages = await _messages_of(held)
        for number in range(held.sent, len(messages)):
            destination = held.destination.without_reply() if number else held.destination
            try:
                outcome = await self._sender.attempt(destination, messages[number])
            except (RetryAfter, NotSent) as error:
                return await self._put_off(held, error)
            if outcome is Outcome.REFUSED:
                break  # the rest would hang in the air
            is_last = number + 1 == len(messages)
            if not is_last and not await self._change(held, sent=number + 1):
                return 0  # this process slept too long: another one is sending the rest
        await self._execute(delete(UnsentAnswer).where(_is_ours(held)))
        return 0

    async def _put_off(self, held: Held, error: RetryAfter | NotSent) -> float:
        """Let an answer wait that Telegram surely did not get, and return for how many seconds."""
        now = real_now()
        if isinstance(error, RetryAfter):
            seconds = halt_seconds(error)
        else:
            age = (now - held.created_at).total_seconds()
            seconds = min(max(age, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
        await self._change(held, holder="", due_at=now + timedelta(seconds=seconds))
        return seconds

    async def _change(self, held: Held, **values: Any) -> bool:
        """Note how far an answer is, and tell whether it is still in this process's hands."""
        return await self._execute(update(UnsentAnswer).where(_is_ours(held)).values(**values))

    async def _execute(self, change: Delete | Update) -> bool:
        # What was sent has to be noted, however long that takes: it would be sent again.
        return await patiently(lambda: self._transactions.run(_changes_anything, change))


def _is_ours(held: Held) -> ColumnElement:
    """Return the condition for an answer that nobody has taken over."""
    return (UnsentAnswer.id == held.id) & (UnsentAnswer.holder == held.holder)


def _new_holder() -> str:
    return str(uuid.uuid4())


def _changes_anything(connection: Connection, change: Delete | Update) -> bool:
    return bool(connection.execute(change).rowcount)


async def _messages_of(held: Held) -> list[Outgoing]:
    try:
        replies = await replies_from(held.said.messages)
    except Exception as error:
        log.error("answer cannot be drawn", exc_info=error)
        replies = [Reply(text("failure", held.said.language))]
    return outgoing(held.destination, replies)
