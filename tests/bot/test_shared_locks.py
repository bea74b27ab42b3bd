"""Locks over a real Redis: who holds them, what a killed process leaves, and Redis being gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from redis import Redis
from redis.exceptions import RedisError

from bot import shared_locks
from bot.shared_locks import SharedLocks
from tests.processes import free_port
from tests.redis import RedisServer, redis_server


@asynccontextmanager
async def processes(url: str, count: int = 2) -> AsyncIterator[list[SharedLocks]]:
    """The locks of so many processes."""
    locks = [SharedLocks(url) for _ in range(count)]
    yield locks
    for each in locks:
        await each._redis.close()


def keys(server: RedisServer) -> list[bytes]:
    with Redis.from_url(server.url) as client:
        return list(client.keys())


def seconds_left(server: RedisServer) -> float:
    """How long the only lock lasts if nobody renews it."""
    with Redis.from_url(server.url) as client:
        return client.pttl(*client.keys()) / 1000


def shorten(server: RedisServer, seconds: float) -> None:
    """Let the only lock run out so soon."""
    with Redis.from_url(server.url) as client:
        assert client.pexpire(*client.keys(), int(seconds * 1000))


def tell(server: RedisServer, story: Callable[[list[SharedLocks]], Awaitable[None]]) -> None:
    """Run a story of two processes that share a server, and look that it leaves no lock."""

    async def run() -> None:
        async with processes(server.url) as both:
            await story(both)

    asyncio.run(run())
    assert keys(server) == []


def test_turns_of_one_conversation_wait_for_each_other_over_processes(
    shared_redis: RedisServer,
) -> None:
    inside = most_inside = done = 0

    async def turn(locks: SharedLocks) -> None:
        nonlocal inside, most_inside, done
        async with locks.lock("one"):
            inside += 1
            most_inside = max(most_inside, inside)
            await asyncio.sleep(0.002)
            inside -= 1
            done += 1

    async def story(both: list[SharedLocks]) -> None:
        await asyncio.gather(*[turn(both[number % 2]) for number in range(20)])

    tell(shared_redis, story)
    assert (most_inside, done) == (1, 20)


def test_within_a_process_it_is_first_come_first_served(shared_redis: RedisServer) -> None:
    order: list[int] = []

    async def story(both: list[SharedLocks]) -> None:
        async def turn(number: int) -> None:
            async with both[0].lock("one"):
                order.append(number)

        await asyncio.gather(*[turn(number) for number in range(10)])

    tell(shared_redis, story)
    assert order == list(range(10))


def test_another_conversation_does_not_wait(shared_redis: RedisServer) -> None:
    async def story(both: list[SharedLocks]) -> None:
        async with both[0].lock("one"):
            await asyncio.wait_for(hold(both[1], "two"), 5)

    tell(shared_redis, story)


async def hold(locks: SharedLocks, conversation: str) -> None:
    async with locks.lock(conversation):
        pass


def test_a_lock_names_nobody(shared_redis: RedisServer) -> None:
    async def story(both: list[SharedLocks]) -> None:
        async with both[0].lock("telegram:5512345678"):
            [key] = keys(shared_redis)
            assert b"5512345678" not in key

    tell(shared_redis, story)


def test_the_lock_of_a_killed_process_runs_out(shared_redis: RedisServer) -> None:
    async def story(both: list[SharedLocks]) -> None:
        killed, other = both
        lock = killed.lock("one")
        await lock.__aenter__()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()  # what would renew it
        waiting = asyncio.create_task(hold(other, "one"))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        assert 0 < seconds_left(shared_redis) <= shared_locks._LIFETIME_SECONDS
        shorten(shared_redis, 0.1)
        await asyncio.wait_for(waiting, 20)

    tell(shared_redis, story)


def test_a_lock_is_renewed_while_its_turn_lasts(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_locks, "_RENEW_SECONDS", 0.05)

    async def story(both: list[SharedLocks]) -> None:
        async with both[0].lock("one"):
            shorten(shared_redis, 5)
            while seconds_left(shared_redis) <= 5:
                await asyncio.sleep(0.01)
            waiting = asyncio.create_task(hold(both[1], "one"))
            await asyncio.sleep(0.1)
            assert not waiting.done()
        await asyncio.wait_for(waiting, 20)

    tell(shared_redis, story)


def test_a_lock_that_ran_out_is_not_taken_from_who_has_it_now(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_locks, "_LIFETIME_SECONDS", 0.1)
    monkeypatch.setattr(shared_locks, "_RENEW_SECONDS", 60)

    async def story(both: list[SharedLocks]) -> None:
        slow, quick = both
        async with slow.lock("one"):
            await asyncio.sleep(0.2)
            monkeypatch.setattr(shared_locks, "_LIFETIME_SECONDS", 10)
            holding = quick.lock("one")
            await asyncio.wait_for(holding.__aenter__(), 5)
        assert len(keys(shared_redis)) == 1
        await holding.__aexit__(None, None, None)

    tell(shared_redis, story)


def test_nobody_waits_for_ever_for_a_lock_of_another_process(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_locks, "_WAIT_SECONDS", 0.1)

    async def story(both: list[SharedLocks]) -> None:
        async with both[0].lock("one"):
            await asyncio.wait_for(hold(both[1], "one"), 5)
            assert len(keys(shared_redis)) == 1  # still the first one's

    tell(shared_redis, story)


def test_without_redis_the_work_goes_on_and_that_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shared_locks, "_LEFT_ALONE_SECONDS", 0.05)

    async def story() -> None:
        async with processes(server.url, 1) as [locks]:
            await hold(locks, "one")
            server.stop()
            for _ in range(3):
                await hold(locks, "one")
                await asyncio.sleep(0.06)
            server.start()
            await asyncio.sleep(0.06)
            async with locks.lock("one"):
                assert len(keys(server)) == 1

    with redis_server() as server, caplog.at_level(logging.WARNING):
        asyncio.run(story())
    messages = [record.getMessage() for record in caplog.records]
    assert messages[0].startswith("Redis does not answer")
    assert messages[1:] == ["Redis answers again"]


def test_a_redis_that_goes_while_a_lock_is_held_does_not_fail_the_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_locks, "_RENEW_SECONDS", 0.02)

    async def story() -> None:
        async with processes(server.url, 1) as [locks], locks.lock("one"):
            server.stop()
            await asyncio.sleep(0.1)

    with redis_server() as server:
        asyncio.run(story())


def test_a_check_tells_whether_the_server_answers(shared_redis: RedisServer) -> None:
    asyncio.run(SharedLocks(shared_redis.url).check())
    with pytest.raises((RedisError, OSError)):
        asyncio.run(SharedLocks(f"redis://127.0.0.1:{free_port()}").check())
