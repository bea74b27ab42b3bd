"""Sends replies, and knows what each of Telegram's refusals asks for."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import Enum
from typing import Any

from telegram import Bot, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.replies import File, Pin, Reply
from bot.telegram.render import (
    Outgoing,
    OutgoingButtons,
    OutgoingEdit,
    OutgoingPicture,
    OutgoingText,
    messages_of,
)
from bot.telegram.request import NotSent
from bot.telegram.updates import Destination

log = logging.getLogger(__name__)

_TRIES = 5
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_HALT_SECONDS = 120
_TYPING_AFTER_SECONDS = 0.7
_TYPING_LASTS_SECONDS = 4.5  # Telegram shows it for 5 s


class Outcome(Enum):
    """What came of an attempt to send a message."""

    SENT = "sent"
    PERHAPS_SENT = "perhaps sent"
    REFUSED = "refused"


class Sender:
    """Sends to Telegram. Failures are not raised to the caller, but dealt with or logged."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, destination: Destination, replies: Iterable[Reply]) -> None:
        """Send the replies in order; what cannot be delivered ends the sending."""
        for number, message in enumerate(outgoing(destination, replies)):
            if number:
                destination = destination.without_reply()
            if not await self.deliver(destination, message):
                return

    async def try_once(self, chat_id: int, replies: Iterable[Reply]) -> None:
        """Send the replies in order, for a caller that tries again later by itself.

        Raises:
            telegram.error.TelegramError: one could not be sent, or perhaps was not.
        """
        destination = Destination(chat_id)
        for message in outgoing(destination, replies):
            await self._send_once(destination, message, is_html=True)

    async def answer_tap(self, callback_query_id: str, words: str | None = None) -> None:
        """End the spinner on a tapped button; when that fails, the tap still counts.

        Args:
            callback_query_id: Telegram's number for the tap.
            words: shown for a moment to who tapped, at most 200 characters.
        """
        try:
            await self._bot.answer_callback_query(callback_query_id, words)
        except TelegramError as error:
            log.info("tap not answered: reason=%s", type(error).__name__)

    @asynccontextmanager
    async def typing(self, destination: Destination) -> AsyncIterator[None]:
        """Show "typing" while the block runs, if it takes long enough to be noticed."""
        task = asyncio.create_task(self._show_typing(destination))
        try:
            yield
        finally:
            task.cancel()

    async def _show_typing(self, destination: Destination) -> None:
        await asyncio.sleep(_TYPING_AFTER_SECONDS)
        while True:
            try:
                await self._bot.send_chat_action(
                    destination.chat_id,
                    ChatAction.TYPING,
                    message_thread_id=destination.thread_id,
                )
            except TelegramError:
                return
            await asyncio.sleep(_TYPING_LASTS_SECONDS)

    async def deliver(self, destination: Destination, message: Outgoing) -> bool:
        """Send one message, or change one, and return whether that was done.

        It is tried a few times, for a caller that has not stored what it sends.
        """
        for attempt in range(_TRIES):
            try:
                return await self.attempt(destination, message) is Outcome.SENT
            except RetryAfter as error:
                await asyncio.sleep(halt_seconds(error))
            except NotSent:
                await asyncio.sleep(_FIRST_PAUSE_SECONDS * 2**attempt)
        log.warning("message not delivered: tries=%d", _TRIES)
        return False

    async def attempt(self, destination: Destination, message: Outgoing) -> Outcome:
        """Try once to send one message, or to change one, and return what came of it.

        To be repeated only after one of the errors below: Telegram has no way to tell a
        repetition, so one after a lost answer would show the message twice.

        Raises:
            NotSent: Telegram cannot have got it.
            RetryAfter: Telegram wants a pause first.
        """
        try:
            await self._send_readably(destination, message)
            return Outcome.SENT
        except (NotSent, RetryAfter):
            raise
        except BadRequest as error:
            if "not modified" not in error.message:
                log.warning("message refused by Telegram: reason=%s", _reason(error))
            return Outcome.REFUSED
        except Forbidden:
            log.info("message not delivered: the person blocked the bot or left")
            return Outcome.REFUSED
        except TelegramError as error:
            log.warning("message perhaps not delivered: reason=%s", type(error).__name__)
            return Outcome.PERHAPS_SENT

    async def _send_readably(self, destination: Destination, message: Outgoing) -> None:
        """Send a message, without its markup where Telegram cannot read that."""
        try:
            await self._send_once(destination, message, is_html=True)
        except BadRequest as error:
            if "parse entities" not in error.message:
                raise
            await self._send_once(destination, message, is_html=False)

    async def _send_once(self, destination: Destination, message: Outgoing, is_html: bool) -> None:
        chat_id, common = destination.chat_id, _parameters(destination)
        if isinstance(message, OutgoingText):
            await self._bot.send_message(
                chat_id,
                message.html if is_html else message.plain,
                parse_mode=ParseMode.HTML if is_html else None,
                reply_markup=message.keyboard,
                **common,
            )
        elif isinstance(message, OutgoingEdit):
            await self._bot.edit_message_text(
                message.html if is_html else message.plain,
                chat_id,
                message.message_id,
                parse_mode=ParseMode.HTML if is_html else None,
            )
        elif isinstance(message, OutgoingButtons):
            await self._bot.edit_message_reply_markup(
                chat_id, message.message_id, reply_markup=message.keyboard
            )
        elif isinstance(message, OutgoingPicture):
            picture = message.picture
            await self._bot.send_photo(
                chat_id,
                picture.content,
                caption=picture.caption,
                reply_markup=message.keyboard,
                **common,
            )
        elif isinstance(message, Pin):
            place = (message.latitude, message.longitude, message.title, message.address)
            await self._bot.send_venue(chat_id, *place, **common)
        elif isinstance(message, File):
            content = message.content.encode()
            await self._bot.send_document(chat_id, content, filename=message.name, **common)


def outgoing(destination: Destination, replies: Iterable[Reply]) -> list[Outgoing]:
    """Return the messages by which replies are sent to a destination, in order."""
    return [message for reply in replies for message in messages_of(reply, destination.is_private)]


def _parameters(destination: Destination) -> dict[str, Any]:
    reply_to = destination.reply_to
    parameters = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
    return {"message_thread_id": destination.thread_id, "reply_parameters": parameters}


def _reason(error: BadRequest) -> str:
    """Return what Telegram says up to where it quotes the message, as "Can't parse entities"."""
    return re.split(r"[:\"]| '", error.message)[0]


def halt_seconds(error: RetryAfter) -> float:
    """Return how long Telegram asks to wait, in seconds."""
    halt = error.retry_after
    seconds = halt.total_seconds() if isinstance(halt, timedelta) else float(halt)
    return min(seconds, _LONGEST_HALT_SECONDS)
