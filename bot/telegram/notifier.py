"""Sends the notices that wait: cards to the staff's chat, decisions to the submitters."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from telegram.error import RetryAfter, TelegramError

from actions.clock import now
from actions.database import in_transaction
from actions.healing_map import notices
from actions.healing_map.models import AUDIENCES, Notice
from actions.healing_map.review import marks_of
from actions.healing_map.store import submitter_of
from bot.replies import Reply
from bot.review_words import decision_told
from bot.telegram.review_card import card_of
from bot.telegram.sender import Sender, halt_seconds
from bot.telegram.updates import private_chat_of

log = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 2.0
_AFTER_FAILURE_SECONDS = 30.0
_KEEP_SECONDS = 20.0
"""How often a notice that is being sent is kept from the other processes: Telegram's limit for
groups may let it wait for a minute and more."""


@dataclass(frozen=True)
class _Letter:
    """A notice, and what it says to which chat; without a chat it can be told nobody."""

    notice: Notice
    chat_id: int | None
    replies: tuple[Reply, ...] = ()


class Notifier:
    """Sends notices as they are written, whichever process writes them."""

    def __init__(self, sender: Sender, staff_chat: int | None) -> None:
        """Set the staff's chat; while there is none, what is for the staff waits."""
        self._sender = sender
        self._staff_chat = staff_chat

    async def run(self, stopped: asyncio.Event) -> None:
        """Send until the stop; what is being sent then is sent to its end."""
        audiences = [it for it in AUDIENCES if it != "staff" or self._staff_chat is not None]
        # Side by side, because Telegram lets a group have only 20 messages a minute.
        await asyncio.gather(*[self._serve(audience, stopped) for audience in audiences])

    async def _serve(self, audience: str, stopped: asyncio.Event) -> None:
        while not stopped.is_set():
            try:
                pause = await self._send_next(audience)
            except Exception as error:
                log.error("notices for %s not sent", audience, exc_info=error)
                pause = _AFTER_FAILURE_SECONDS
            if pause:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(stopped.wait(), pause)

    async def _send_next(self, audience: str) -> float:
        """Send the notice that is due first, and return after how many seconds to go on."""
        letter = await self._take(audience)
        if letter is None:
            return _LOOK_AGAIN_SECONDS
        if letter.chat_id is not None:
            try:
                async with _kept(letter.notice):
                    await self._sender.try_once(letter.chat_id, letter.replies)
            except TelegramError as error:
                log.warning("notice for %s not sent: reason=%s", audience, type(error).__name__)
                await in_transaction(notices.later, letter.notice, now())
                return halt_seconds(error) if isinstance(error, RetryAfter) else _LOOK_AGAIN_SECONDS
        await in_transaction(notices.done, letter.notice)
        return 0

    async def _take(self, audience: str) -> _Letter | None:
        # Taken in a transaction of its own: a notice that cannot be read must not block the rest.
        notice = await in_transaction(notices.take, audience, now())
        return await in_transaction(self._letter, notice) if notice else None

    def _letter(self, session: Session, notice: Notice) -> _Letter:
        entry = notices.subject(session, notice)
        if entry is None:
            return _Letter(notice, None)
        if notice.audience == "staff":
            card = card_of(entry, marks_of(session, entry), now())
            return _Letter(notice, self._staff_chat, tuple(card))
        chat_id = private_chat_of(submitter_of(entry))
        return _Letter(notice, chat_id, (decision_told(entry, now()),))


@asynccontextmanager
async def _kept(notice: Notice) -> AsyncIterator[None]:
    """Keep a notice from the other processes as long as the block lasts."""
    keeping = asyncio.create_task(_keep(notice))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


async def _keep(notice: Notice) -> None:
    while True:
        await asyncio.sleep(_KEEP_SECONDS)
        try:
            await in_transaction(notices.keep, notice, now())
        except SQLAlchemyError as error:
            log.warning("notice not kept: reason=%s", type(error).__name__)
