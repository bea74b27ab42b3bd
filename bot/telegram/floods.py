"""Keeps who sends much too much from slowing the others, and tells them what becomes of it.

Telegram is the queue (see inbox.py): it keeps what is not acknowledged. So somebody who goes too
fast is only slowed: each further turn waits until it is its time, and nothing is lost.

That has an end where it is at the cost of others. By long polling Telegram hands out the oldest 100
unacknowledged updates; when those of one conversation fill that batch, nobody else gets through. In
a group Telegram posts everybody's messages one after the other, so that a person who is made to
wait makes all wait. Then, and only then, what is too much is left unread, and never in silence: an
answer at that place in the conversation says that nothing further was read, and when to send it
again. So somebody who really typed or forwarded that much knows what is missing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """How fast a person may go: so many turns at once, and then one in so many seconds."""

    burst: int
    seconds: float


_IN_PRIVATE = Pace(20, 1.0)  # Telegram lets us send one message a second to a chat
_IN_GROUPS = Pace(10, 6.0)  # and 20 a minute to all people of a group

_UNREAD_SECONDS = 60.0
"""How long a conversation is left unread at least; the text "flood_unread" says so."""

_MANY_WAITING = 10
"""A conversation with more turns in line than this is in the way of others."""

_MOST_WAITING = 500
_REMEMBERED = 1000


class Line:
    """The turns of one conversation that wait."""

    def __init__(self, is_private: bool) -> None:
        """Set the pace: in groups nobody is made to wait, because others would wait as well."""
        self.waiting = 0
        self._is_private = is_private
        self._pace = _IN_PRIVATE if is_private else _IN_GROUPS
        self._rested_at = 0.0  # when the whole burst is allowed again
        self._read_in_a_row = 0
        self._unread = asyncio.Event()
        self._read_again_at = 0.0
        self._is_slow_told = self._is_unread_told = False

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to be remembered."""
        return not self.waiting and max(self._rested_at, self._read_again_at) <= time.monotonic()

    @property
    def has_had_its_share(self) -> bool:
        """Whether as many turns were read as anybody may send at once, and still others wait."""
        return self.waiting > _MANY_WAITING and self._read_in_a_row >= self._pace.burst

    @property
    def is_left_unread(self) -> bool:
        """Whether nothing is read at present, and the person knows it."""
        return self._unread.is_set() and self._is_unread_told

    def join(self) -> None:
        """Count a turn that has arrived, and forgive who has paused."""
        if not self.waiting and self._read_again_at <= time.monotonic():
            self._unread.clear()
        if not self.waiting and self._rested_at <= time.monotonic():
            self._is_slow_told = False
            self._read_in_a_row = 0
        self.waiting += 1

    def leave_unread(self) -> None:
        """Read nothing of what waits, nor of what comes in the next minute."""
        if not self._unread.is_set():
            self._unread.set()
            self._read_again_at = time.monotonic() + _UNREAD_SECONDS
            self._is_unread_told = False

    async def may_go(self, on_slowed: Callable[[], Awaitable[None]]) -> bool:
        """Wait until the next turn may be taken, and tell whether it is to be read at all.

        Args:
            on_slowed: is awaited when the person has not been told yet that this takes longer.
        """
        if not self._unread.is_set() and self._seconds_to_wait() > 0:
            if not self._is_private:
                self.leave_unread()
            elif not self._is_slow_told:
                self._is_slow_told = True
                await on_slowed()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._unread.wait(), self._seconds_to_wait())
        if self._unread.is_set():
            return False
        self._read_in_a_row += 1
        self._rested_at = max(self._rested_at, time.monotonic()) + self._pace.seconds
        return True

    def has_to_tell(self) -> bool:
        """Tell, once, whether the person has to be told that nothing is read any more."""
        is_told, self._is_unread_told = self._is_unread_told, True
        return not is_told

    def _seconds_to_wait(self) -> float:
        allowed = (self._pace.burst - 1) * self._pace.seconds
        return self._rested_at - allowed - time.monotonic()


class Floods:
    """The lines of all conversations."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._waiting = 0

    @property
    def is_full(self) -> bool:
        """Whether so much waits that Telegram had better keep the rest for a while."""
        return self._waiting >= _MOST_WAITING

    @contextmanager
    def line(self, conversation: str, is_private: bool) -> Iterator[Line]:
        """Count a turn as waiting, from its arrival until the end of the block."""
        line = self._line(conversation, is_private)
        line.join()
        self._waiting += 1
        try:
            yield line
        finally:
            line.waiting -= 1
            self._waiting -= 1

    def make_room(self) -> None:
        """Leave unread what waits in the longest line of those that have had their share."""
        lines = [line for line in self._lines.values() if line.has_had_its_share]
        if lines:
            max(lines, key=lambda line: line.waiting).leave_unread()

    def _line(self, conversation: str, is_private: bool) -> Line:
        line = self._lines.get(conversation)
        if line is None:
            if len(self._lines) >= _REMEMBERED:
                self._lines = {name: it for name, it in self._lines.items() if not it.is_idle}
            line = self._lines[conversation] = Line(is_private)
        return line
