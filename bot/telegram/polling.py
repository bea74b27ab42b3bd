"""Fetches updates by long polling, and confirms one only after it was handled.

python-telegram-bot's own updater confirms a batch as soon as it is fetched: when the process is
killed, up to 267 of 300 waiting updates are lost (measured with 22.8).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram import Bot, Update
from telegram.constants import PollingLimit
from telegram.error import NetworkError, TelegramError

from bot import metrics
from bot.health import TELEGRAM, Readiness
from bot.telegram.handler import UpdateHandler
from bot.telegram.retries import Retries
from bot.telegram.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

LONG_POLL_SECONDS = 20
_LATE_SECONDS = 4.0
"""How much later than promised an answer may come; then the connection counts as dead, so that a
network that went and came back without a word stops us for less than 30 s."""

_LOOK_AGAIN_SECONDS = 0.1
_CONFIRM_SECONDS = 1.0  # the process is about to end


class Polling:
    """Fetches and hands over updates until it is stopped."""

    def __init__(self, bot: Bot, handler: UpdateHandler, readiness: Readiness) -> None:
        self._bot = bot
        self._handler = handler
        self._readiness = readiness
        self._tasks: dict[int, asyncio.Future[None]] = {}
        self._retries = Retries("fetching updates")

    async def run(self) -> None:
        """Fetch for ever; network failures are waited out.

        Raises:
            InvalidToken: Telegram refuses the token.
        """
        while True:
            try:
                await self._bot.delete_webhook()
                break
            except TelegramError as error:
                await self._retries.wait(error)
        while True:
            try:
                await self._fetch()
            except TelegramError as error:
                await self._retries.wait(error)

    async def confirm(self) -> None:
        """Tell Telegram what was handled; what was not comes again at the next start."""
        offset = self._offset()
        if offset is not None:
            try:
                await self._bot.get_updates(
                    offset, limit=1, timeout=0, read_timeout=_CONFIRM_SECONDS
                )
            except TelegramError as error:
                log.warning("updates not confirmed: reason=%s", type(error).__name__)

    def _offset(self) -> int | None:
        """Return the first update that is not handled yet; None when nothing is to be confirmed.

        None also lets Telegram start a new count of updates, as it does after a quiet week.
        """
        unfinished = [number for number, task in self._tasks.items() if not task.done()]
        if unfinished:
            return min(unfinished)
        return max(self._tasks) + 1 if self._tasks else None

    async def _fetch(self) -> None:
        offset = self._offset()
        updates = await self._get_updates(offset)
        self._retries.note_success()
        self._readiness.note(TELEGRAM)
        metrics.LAST_CONTACT.set_to_current_time()
        if offset is not None:
            self._tasks = {n: task for n, task in self._tasks.items() if n >= offset}
        has_new = self._hand_over(updates)
        if len(updates) == PollingLimit.MAX_LIMIT:
            # More comes only when some of these are handled, and there may be others behind.
            self._handler.make_room()
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        elif not has_new:
            await self._wait_for_any()

    async def _get_updates(self, offset: int | None) -> Sequence[Update]:
        try:
            return await self._bot.get_updates(
                offset,
                timeout=LONG_POLL_SECONDS,
                read_timeout=_LATE_SECONDS,
                allowed_updates=ALLOWED_UPDATES,
            )
        except TelegramError:
            raise
        except Exception:
            return await self._get_readable_updates(offset)

    async def _get_readable_updates(self, offset: int | None) -> list[Update]:
        """Fetch again, and pass over what python-telegram-bot cannot read: it would come for ever.

        By itself it throws the whole batch away.

        Raises:
            TelegramError: there are none, also where something else answers in Telegram's place.
        """
        asked = {"allowed_updates": list(ALLOWED_UPDATES)} | ({"offset": offset} if offset else {})
        updates = []
        answer = await self._bot.do_api_request("getUpdates", asked)
        if not isinstance(answer, list):
            raise NetworkError("This is no list of updates")
        for raw in answer:
            try:
                updates.append(Update.de_json(raw, self._bot))
            except Exception as error:
                log.warning("update cannot be read: reason=%s", type(error).__name__)
                self._pass_over(raw)
        return updates

    def _pass_over(self, raw: Any) -> None:
        if not isinstance(raw, dict) or "update_id" not in raw:
            raise NetworkError("This is no update")
        passed_over: asyncio.Future[None] = asyncio.Future()
        passed_over.set_result(None)
        self._tasks[raw["update_id"]] = passed_over

    def _hand_over(self, updates: Sequence[Update]) -> bool:
        """Start a task for each new update, and return whether there was one."""
        new = [update for update in updates if update.update_id not in self._tasks]
        for update in new:
            self._tasks[update.update_id] = self._handler.submit(update)
        return bool(new)

    async def _wait_for_any(self) -> None:
        """Wait until something can be confirmed, but not long: other chats may have written."""
        unfinished = [task for task in self._tasks.values() if not task.done()]
        if unfinished:
            await asyncio.wait(
                unfinished, timeout=_LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
