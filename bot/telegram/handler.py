"""Handles updates: each once, those of one conversation in order, others side by side."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy.engine import Connection
from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatType

from actions.texts import text
from bot import metrics
from bot.assistant import Assistant, Said, TakenBefore
from bot.language import language_to_begin
from bot.locks import ConversationLocks
from bot.logs import about_update
from bot.replies import Reply
from bot.telegram.floods import Floods, Line
from bot.telegram.inbox import is_handled, key_of, note_handled
from bot.telegram.outbox import Held, Outbox
from bot.telegram.sender import Sender
from bot.telegram.staff import StaffChat
from bot.telegram.updates import Destination, Me, Request, conversation_of, read_update
from bot.transactions import patiently

log = logging.getLogger(__name__)

_IN_GROUP = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class UpdateRecord:
    """Notes that an update is handled, and keeps what is said to it, in one transaction.

    Attributes:
        key: by which the update is known.
        conversation: that it belongs to.
        destination: where the answer goes.
        outbox: which sends the answer.
    """

    key: str
    conversation: str
    destination: Destination
    outbox: Outbox

    def is_taken(self, connection: Connection) -> bool:
        """Tell whether the update was handled before."""
        return is_handled(connection, self.key)

    def store(self, connection: Connection, said: Said) -> Held | None:
        """Note that the update is handled, and keep the answer (see Outbox.keep).

        Raises:
            TakenBefore: it was handled before.
        """
        note_handled(connection, self.key)
        return self.outbox.keep(connection, self.conversation, self.destination, said)


class UpdateHandler:
    """Turns updates into tasks that never fail."""

    def __init__(
        self,
        assistant: Assistant,
        sender: Sender,
        outbox: Outbox,
        me: Me,
        staff: StaffChat | None = None,
    ) -> None:
        """Set who answers; without a chat of the staff nobody reviews on Telegram."""
        self._staff = staff
        self._assistant = assistant
        self._transactions = assistant.transactions
        self._sender = sender
        self._outbox = outbox
        self._me = me
        self._order = ConversationLocks()
        self._floods = Floods()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._excuses: set[asyncio.Task[None]] = set()

    def submit(self, update: Update) -> asyncio.Task[None]:
        """Return the task that handles the update: the same when it comes again meanwhile.

        When it ends, all effects of the update are stored, and Telegram may forget it. If it comes
        again after that, it is known by its record.
        """
        number = update.update_id
        task = self._running.get(number)
        if task is None:
            task = self._running[number] = asyncio.create_task(self._handle(update))
            task.add_done_callback(lambda _: self._running.pop(number))
        return task

    @property
    def is_full(self) -> bool:
        """Whether so much waits that Telegram had better keep the rest for a while."""
        return self._floods.is_full

    def make_room(self) -> None:
        """Leave unread what one person sent too much of: nobody else gets through."""
        self._floods.make_room()

    async def finish(self, seconds: float) -> None:
        """Wait for the tasks that are running and for their answers, at most so long."""
        end = time.monotonic() + seconds
        if self._running:
            await asyncio.wait([*self._running.values()], timeout=seconds)
        await self._outbox.finish(end - time.monotonic())

    async def _handle(self, update: Update) -> None:
        with about_update(update.update_id), metrics.UPDATES_WAITING.track_inprogress():
            try:
                await self._take(update)
            except Exception as error:
                log.error("update failed", exc_info=error)

    async def _take(self, update: Update) -> None:
        if update.my_chat_member:
            await self._greet_group(update, update.my_chat_member)
            return
        if self._staff and await self._review(update, self._staff):
            return
        spinner_ended = asyncio.create_task(self._end_spinner(update))
        request = read_update(update, self._me)
        if request:
            await self._answer(update, request)
        await spinner_ended

    async def _end_spinner(self, update: Update) -> None:
        if update.callback_query:
            await self._sender.answer_tap(update.callback_query.id)

    async def _answer(self, update: Update, request: Request) -> None:
        turn, destination = request.turn, request.destination
        with self._floods.line(turn.conversation, destination.is_private) as line:
            if line.is_left_unread:
                metrics.UPDATES_UNREAD.inc()
                return
            record = UpdateRecord(key_of(update), turn.conversation, destination, self._outbox)
            async with self._order.lock(turn.conversation):
                if not await line.may_go(lambda: self._say_it_takes_longer(request)):
                    await self._leave_unread(update, request, line)
                    return
                async with self._sender.typing(destination):
                    held = await self._assistant.take(turn, record, lambda _: self._excuse(request))
        self._outbox.send(turn.conversation, held)

    async def _say_it_takes_longer(self, request: Request) -> None:
        self._begin_to_say(request, "flood_slowed", await self._language_of(request))

    async def _leave_unread(self, update: Update, request: Request, line: Line) -> None:
        """Acknowledge an update without a turn, and tell the person where the reading stopped.

        That it is unread is stored only where that is told, so that a flood is over soon. After a
        kill the next process may read the rest after all.
        """
        metrics.UPDATES_UNREAD.inc()
        if line.has_to_tell():
            language, message = await self._language_of(request), update.effective_message
            said = Said([{"text": text("flood_unread", language)}], language)
            reply_to = None if update.callback_query or message is None else message.message_id
            destination = replace(request.destination, reply_to=reply_to)
            await self._say(update, request.turn.conversation, destination, said)

    async def _language_of(self, request: Request) -> str:
        return await patiently(lambda: self._assistant.language_of(request.turn))

    def _excuse(self, request: Request) -> None:
        """Begin to say why there is no answer yet; nothing can be stored now, not even that."""
        language = language_to_begin(request.turn.language_hint)
        self._begin_to_say(request, "delayed", language)

    def _begin_to_say(self, request: Request, words: str, language: str) -> None:
        """Begin to say what is no answer: it would be out of date once it could be sent again."""
        task = asyncio.create_task(
            self._sender.send(request.destination, [Reply(text(words, language))])
        )
        self._excuses.add(task)
        task.add_done_callback(self._excuses.discard)

    async def _review(self, update: Update, staff: StaffChat) -> bool:
        """Let the staff's chat deal with what concerns it, and tell whether this did.

        It may do so again when a process ends in the middle: a decision holds only once.
        """
        if not staff.is_origin_of(update):
            return False
        key = key_of(update)
        if await self._patiently(is_handled, key):
            return True
        if not await staff.handle(update):
            return False
        await self._patiently(note_handled, key)
        return True

    async def _greet_group(self, update: Update, change: ChatMemberUpdated) -> None:
        """Say in a group that the bot was added to when it answers there."""
        was_in = change.old_chat_member.status in _IN_GROUP
        is_in = change.new_chat_member.status in _IN_GROUP
        if change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and is_in and not was_in:
            language = language_to_begin(change.from_user.language_code)
            said = Said([{"text": text("group_only_words", language)}], language)
            conversation = conversation_of(change.chat, change.from_user.id)
            await self._say(update, conversation, Destination(change.chat.id), said)

    async def _say(
        self, update: Update, conversation: str, destination: Destination, said: Said
    ) -> None:
        """Say something to an update that needs no turn, once."""
        record = UpdateRecord(key_of(update), conversation, destination, self._outbox)
        with suppress(TakenBefore):
            self._outbox.send(conversation, await self._patiently(record.store, said))

    async def _patiently(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        return await patiently(lambda: self._transactions.run(work, *arguments))
