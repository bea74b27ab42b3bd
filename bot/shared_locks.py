"""Locks that several processes share through Redis, so that they do not do the same turn at once.

They only save work. Two processes that both handle a turn of one conversation, because Redis is
gone or a lock ran out, store it once all the same: see ConversationStore.commit and the inbox.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from actions.healing_map.encryption import cipher
from bot.locks import ConversationLocks

log = logging.getLogger(__name__)

_LIFETIME_SECONDS = 10.0
"""How long the lock of a process that was killed holds up the others."""

_RENEW_SECONDS = 3.0
_WAIT_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.02
_ANSWER_SECONDS = 2.0
_LEFT_ALONE_SECONDS = 5.0
"""How long a Redis that does not answer is not asked again: each turn would wait for it."""


class SharedLocks(ConversationLocks):
    """Lets the turns of one conversation wait in line, also those of other processes."""

    def __init__(self, redis_url: str) -> None:
        """Set the server; it is first asked for the first lock.

        Raises:
            ValueError: the URL is none of Redis.
        """
        super().__init__()
        self._redis = Redis.from_url(
            redis_url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
        )
        self._gone_until = 0.0

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        """Hold the conversation's lock: in this process first come, first served."""
        async with super().lock(conversation), self._shared(conversation):
            yield

    async def check(self) -> None:
        """Ask the server for an answer.

        Raises:
            redis.exceptions.RedisError: it does not give one.
        """
        async with self._redis as redis:
            await redis.ping()

    @asynccontextmanager
    async def _shared(self, conversation: str) -> AsyncIterator[None]:
        key = f"together-we-heal:{cipher().fingerprint(conversation)}"
        lock = Lock(self._redis, key, timeout=_LIFETIME_SECONDS, sleep=_LOOK_AGAIN_SECONDS)
        if not await self._acquire(lock):
            yield
            return
        renewing = asyncio.create_task(_renew(lock))
        try:
            yield
        finally:
            renewing.cancel()
            # A lock that is not ours any more is another's now, and one that is left runs out.
            with suppress(RedisError, OSError):
                await lock.release()

    async def _acquire(self, lock: Lock) -> bool:
        """Return whether the lock is ours; without Redis nobody waits for it."""
        if time.monotonic() < self._gone_until:
            return False
        try:
            is_ours: bool = await lock.acquire(blocking_timeout=_WAIT_SECONDS)
        except (RedisError, OSError) as error:
            if not self._gone_until:
                log.warning(
                    "Redis does not answer, going on without: reason=%s", type(error).__name__
                )
            self._gone_until = time.monotonic() + _LEFT_ALONE_SECONDS
            return False
        if self._gone_until:
            log.warning("Redis answers again")
            self._gone_until = 0.0
        return is_ours


async def _renew(lock: Lock) -> None:
    """Keep a lock while its turn lasts; one that was lost is not fought for."""
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        try:
            await lock.reacquire()
        except LockError:
            return
        except (RedisError, OSError):
            continue  # perhaps Redis is back before it runs out
