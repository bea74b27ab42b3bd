"""Handles updates: each once, those of one conversation in order, others side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatType

from actions.texts import LANGUAGES, text
from bot.assistant import Assistant
from bot.language import language_of_hint
from bot.rasa_in_process import ConversationLocks
from bot.replies import Reply
from bot.telegram.sender import Sender
from bot.telegram.staff import StaffChat
from bot.telegram.updates import Destination, Me, Request, read_update

log = logging.getLogger(__name__)

_REMEMBERED = 10_000
_IN_GROUP = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)


class UpdateHandler:
    """Turns updates into tasks that never fail."""

    def __init__(
        self, assistant: Assistant, sender: Sender, me: Me, staff: StaffChat | None = None
    ) -> None:
        """Set who answers; without a chat of the staff nobody reviews on Telegram."""
        self._staff = staff
        self._assistant = assistant
        self._sender = sender
        self._me = me
        self._order = ConversationLocks()
        self._tasks: OrderedDict[int, asyncio.Task[None]] = OrderedDict()

    def submit(self, update: Update) -> asyncio.Task[None]:
        """Return the task that handles the update: the same when it is delivered again."""
        task = self._tasks.get(update.update_id)
        if task is None:
            task = asyncio.create_task(self._handle(update))
            self._tasks[update.update_id] = task
            self._forget_oldest()
        return task

    async def finish(self, seconds: float) -> None:
        """Wait for the tasks that are running, at most so long."""
        running = [task for task in self._tasks.values() if not task.done()]
        if running:
            await asyncio.wait(running, timeout=seconds)

    def _forget_oldest(self) -> None:
        while len(self._tasks) > _REMEMBERED and next(iter(self._tasks.values())).done():
            self._tasks.popitem(last=False)

    async def _handle(self, update: Update) -> None:
        try:
            if update.my_chat_member:
                await self._greet_group(update.my_chat_member)
                return
            if self._staff and await self._staff.handle(update):
                return
            spinner_ended = asyncio.create_task(self._end_spinner(update))
            request = read_update(update, self._me)
            if request:
                await self._answer(request, spinner_ended)
            await spinner_ended
        except Exception as error:
            log.error("update failed: update=%s", update.update_id, exc_info=error)

    async def _end_spinner(self, update: Update) -> None:
        if update.callback_query:
            await self._sender.answer_tap(update.callback_query.id)

    async def _answer(self, request: Request, spinner_ended: asyncio.Task[None]) -> None:
        # The place in the line is taken first, so that a later text cannot overtake a tap.
        async with self._order.lock(request.turn.conversation):
            await spinner_ended
            async with self._sender.typing(request.destination):
                answer = await self._assistant.handle(request.turn)
            await self._sender.send(request.destination, answer.replies)

    async def _greet_group(self, change: ChatMemberUpdated) -> None:
        """Say in a group that the bot was added to when it answers there."""
        was_in = change.old_chat_member.status in _IN_GROUP
        is_in = change.new_chat_member.status in _IN_GROUP
        if change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and is_in and not was_in:
            language = language_of_hint(change.from_user.language_code) or LANGUAGES[0]
            words = Reply(text("group_only_words", language))
            await self._sender.send(Destination(change.chat.id), [words])
