"""Keeps to Telegram's limits for sending, so that Telegram need not refuse.

In the place of python-telegram-bot's own AIORateLimiter (22.8), which knows no limit for a private
chat, halts every chat when Telegram refuses one, and lets any request that ends take that halt
away. Of 89 messages to 80 chats, 10 of them to one, a Telegram that is strict refused it 11, and
this none.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from heapq import nlargest
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.telegram.sender import halt_seconds

# How many messages in how many seconds (core.telegram.org/bots/faq); in one chat a little less
# than Telegram allows, because what is sent evenly does not arrive evenly.
_OVERALL = (30, 1.0)
_CHAT = (5, 5.1)
_GROUP = (20, 61.0)

_HALTED_CHATS = 3
"""When Telegram refuses so many chats at the same time, all have to wait: it is one of its limits
for the whole bot, which a refusal does not tell from that of a chat."""

_REMEMBERED_CHATS = 1000
_METHODS = ("send", "edit")
_NO_MESSAGE = "sendChatAction"


class Window:
    """At most so many events in any span of so many seconds."""

    def __init__(self, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._last: deque[float] = deque(maxlen=count)

    def opens_at(self) -> float:
        """Return the moment of time.monotonic() from which on there is room for one more."""
        return self._last[0] + self._seconds if len(self._last) == self._last.maxlen else 0.0

    def add(self) -> None:
        """Count one that happens now."""
        self._last.append(time.monotonic())

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened in the span that ends now."""
        return not self._last or self._last[-1] + self._seconds <= time.monotonic()


class _Chat:
    """The messages of one chat."""

    def __init__(self, chat_id: int) -> None:
        limits = (_CHAT, _GROUP) if chat_id < 0 else (_CHAT,)
        self.windows = [Window(*limit) for limit in limits]
        self.halted_until = 0.0
        self.line = asyncio.Lock()

    def opens_at(self) -> float:
        """Return the moment from which on a message may be sent here."""
        return max(self.halted_until, *(window.opens_at() for window in self.windows))

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to be remembered."""
        is_halted = self.halted_until > time.monotonic()
        is_quiet = all(window.is_empty for window in self.windows)
        return is_quiet and not is_halted and not self.line.locked()


class TelegramLimits(BaseRateLimiter[None]):
    """Lets messages go when Telegram takes them: those of a chat in the order in which they come,
    and none waits because of another chat's limit.
    """

    def __init__(self) -> None:
        self._chats: dict[int, _Chat] = {}
        self._room = asyncio.Semaphore(_OVERALL[0])
        self._halted_until = 0.0
        self._line = asyncio.Lock()

    async def initialize(self) -> None:
        """Do nothing (see the parent class)."""

    async def shutdown(self) -> None:
        """Do nothing (see the parent class)."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:
        """Make a request when its turn has come; only what shows in a chat has to wait.

        Raises:
            RetryAfter: Telegram refuses all the same. The chat then rests as long as it says;
                whether to try again is the caller's decision.
        """
        if not endpoint.startswith(_METHODS) or endpoint == _NO_MESSAGE or "chat_id" not in data:
            return await callback(*args, **kwargs)
        chat = self._chat(int(data["chat_id"]))
        # A chat has one message on its way or in the common line at a time. So they stay in
        # order, and a long answer to one person goes out in between the answers to the others.
        async with chat.line:
            await self._wait_for_turn(chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                chat.halted_until = time.monotonic() + halt_seconds(error)
                self._halt_if_for_all()
                raise
            finally:
                self._give_back_room()

    def _halt_if_for_all(self) -> None:
        halts = nlargest(_HALTED_CHATS, (chat.halted_until for chat in self._chats.values()))
        if len(halts) == _HALTED_CHATS:
            self._halted_until = halts[-1]

    async def _wait_for_turn(self, chat: _Chat) -> None:
        await _wait_until(chat.opens_at)
        async with self._line:
            await self._room.acquire()
            try:
                await _wait_until(lambda: self._halted_until)
            except asyncio.CancelledError:
                self._room.release()
                raise
            for window in chat.windows:
                window.add()

    def _give_back_room(self) -> None:
        """Make room for another message, a second after one has surely arrived.

        When it arrived nobody knows: between the sending and Telegram's answer. Counted from the
        sending, the first of 30 may arrive late and the 31st in time, which is one too many.
        """
        _, seconds = _OVERALL
        asyncio.get_running_loop().call_later(seconds, self._room.release)

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= _REMEMBERED_CHATS:
                self._chats = {n: it for n, it in self._chats.items() if not it.is_idle}
            chat = self._chats[chat_id] = _Chat(chat_id)
        return chat


async def _wait_until(opens_at: Callable[[], float]) -> None:
    """Wait for a moment that may be put off meanwhile."""
    while (seconds := opens_at() - time.monotonic()) > 0:
        await asyncio.sleep(seconds)
