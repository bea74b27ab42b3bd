"""The locks of conversations, within one process."""

from __future__ import annotations

import asyncio

from bot.locks import ConversationLocks


def test_turns_of_one_conversation_go_first_come_first_served() -> None:
    async def scenario() -> tuple[list[int], int]:
        locks, order, inside, most_inside = ConversationLocks(), [], 0, 0

        async def turn(number: int) -> None:
            nonlocal inside, most_inside
            async with locks.lock("one"):
                inside += 1
                most_inside = max(most_inside, inside)
                for _ in range(number % 3):
                    await asyncio.sleep(0)
                order.append(number)
                inside -= 1

        await asyncio.gather(*(turn(number) for number in range(20)))
        return order, most_inside

    assert asyncio.run(scenario()) == (list(range(20)), 1)


def test_whoever_waits_is_woken_at_once() -> None:
    async def scenario() -> None:
        locks = ConversationLocks()

        async def turn() -> None:
            async with locks.lock("one"):
                await asyncio.sleep(0)

        await asyncio.wait_for(asyncio.gather(*(turn() for _ in range(5))), timeout=5)

    asyncio.run(scenario())


def test_another_conversation_does_not_wait() -> None:
    async def scenario() -> None:
        locks = ConversationLocks()
        async with locks.lock("slow"), locks.lock("quick"):
            pass

    asyncio.run(asyncio.wait_for(scenario(), timeout=5))


def test_locks_that_nobody_holds_are_forgotten() -> None:
    async def scenario() -> ConversationLocks:
        locks = ConversationLocks()

        async def turn(conversation: str, fails: bool) -> None:
            async with locks.lock(conversation):
                await asyncio.sleep(0)
                if fails:
                    raise ValueError

        turns = [turn(f"chat {n % 5}", fails=n % 2 == 0) for n in range(50)]
        await asyncio.gather(*turns, return_exceptions=True)
        return locks

    locks = asyncio.run(scenario())
    assert not locks._locks
    assert not locks._users


def test_a_turn_that_is_cancelled_while_it_waits_holds_nobody_up() -> None:
    async def scenario() -> ConversationLocks:
        locks = ConversationLocks()

        async def turn() -> None:
            async with locks.lock("one"):
                await asyncio.sleep(0)

        async with locks.lock("one"):
            cancelled, waiting = asyncio.create_task(turn()), asyncio.create_task(turn())
            await asyncio.sleep(0)
            cancelled.cancel()
        await asyncio.wait_for(waiting, timeout=5)
        assert cancelled.cancelled()
        return locks

    assert not asyncio.run(scenario())._locks
