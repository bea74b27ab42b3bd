"""Locks that keep the turns of one conversation apart, within this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ConversationLocks:
    """Lets the turns of one conversation wait in line, woken at once when it is their turn.

    Rasa's own locks are not used: who waits for one of them looks again once a second, so that
    three quick messages take two seconds.
    """

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        """Hold the conversation's lock, first come, first served."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._users[conversation] = self._users.get(conversation, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[conversation] -= 1
            if not self._users[conversation]:
                del self._users[conversation], self._locks[conversation]
