"""Who sends too much is slowed, and left unread only where others would have to wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

import pytest

from bot.telegram import floods as floods_module
from bot.telegram.floods import Floods, Line, Pace

PACE = Pace(5, 0.05)
_UNREAD_SECONDS = 0.5


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quicker pace, and a shorter pause."""
    monkeypatch.setattr(floods_module, "_IN_PRIVATE", PACE)
    # So slow that a test would end before somebody had waited.
    monkeypatch.setattr(floods_module, "_IN_GROUPS", Pace(PACE.burst, 60.0))
    monkeypatch.setattr(floods_module, "_UNREAD_SECONDS", _UNREAD_SECONDS)
    monkeypatch.setattr(floods_module, "_MANY_WAITING", 3)


class Person:
    """Somebody whose turns go through a line, and what they are told."""

    def __init__(self, floods: Floods, name: str = "ana", is_private: bool = True) -> None:
        self._floods = floods
        self._name, self._is_private = name, is_private
        self.told: list[str] = []

    async def sends(self, count: int) -> list[bool]:
        """Send so many turns at once, and return whether each was read."""
        order = asyncio.Lock()
        return await asyncio.gather(*[self._send(order) for _ in range(count)])

    async def _send(self, order: asyncio.Lock) -> bool:
        with self._floods.line(self._name, self._is_private) as line:
            async with order:
                return await self._takes(line)

    async def _takes(self, line: Line) -> bool:
        is_read = await line.may_go(self._hear_of_slowing)
        if not is_read and line.has_to_tell():
            self.told.append("unread")
        return is_read

    async def _hear_of_slowing(self) -> None:
        self.told.append("slowed")


def in_a_loop(story: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    def test() -> None:
        asyncio.run(asyncio.wait_for(story(), 30))

    test.__name__ = story.__name__
    return test


@in_a_loop
async def test_a_lively_person_does_not_wait() -> None:
    ana = Person(Floods())
    assert await ana.sends(PACE.burst) == [True] * PACE.burst
    assert ana.told == []  # who waits is told


@in_a_loop
async def test_who_goes_too_fast_is_slowed_and_told_once_and_nothing_is_lost() -> None:
    ana, started = Person(Floods()), time.monotonic()
    assert await ana.sends(PACE.burst + 10) == [True] * (PACE.burst + 10)
    assert time.monotonic() - started >= 9 * PACE.seconds
    assert ana.told == ["slowed"]


@in_a_loop
async def test_who_went_on_without_a_pause_is_not_told_again() -> None:
    ana = Person(Floods())
    for _ in range(3):
        await ana.sends(PACE.burst + 3)
    assert ana.told == ["slowed"]


@in_a_loop
async def test_who_paused_may_go_fast_again_and_is_told_again() -> None:
    ana = Person(Floods())
    await ana.sends(PACE.burst + 3)
    await asyncio.sleep((PACE.burst + 2) * PACE.seconds)
    await ana.sends(PACE.burst)
    assert ana.told == ["slowed"]
    await ana.sends(3)
    assert ana.told == ["slowed", "slowed"]


@in_a_loop
async def test_others_do_not_wait_for_who_is_slowed() -> None:
    floods = Floods()
    ana, ben = Person(floods), Person(floods, "ben")
    slowed = asyncio.create_task(ana.sends(PACE.burst + 20))
    await asyncio.sleep(PACE.seconds)
    assert all(await ben.sends(PACE.burst))
    assert not slowed.done()
    await slowed
    assert (ana.told, ben.told) == (["slowed"], [])


@in_a_loop
async def test_where_room_is_needed_the_longest_line_is_left_unread_at_once_and_told_once() -> None:
    floods = Floods()
    ana, ben = Person(floods), Person(floods, "ben")
    many = asyncio.create_task(ana.sends(PACE.burst + 100))
    few = asyncio.create_task(ben.sends(PACE.burst + 3))
    await asyncio.sleep(0.01)
    floods.make_room()
    were_read = await many
    assert were_read.index(False) == sum(were_read) < 100
    assert ana.told[-1] == "unread" and ana.told.count("unread") == 1
    assert all(await few) and ben.told == ["slowed"]


@in_a_loop
async def test_what_comes_in_the_pause_is_unread_as_well_and_is_read_after_it() -> None:
    floods = Floods()
    ana = Person(floods)
    many = asyncio.create_task(ana.sends(PACE.burst + 100))
    await asyncio.sleep(0.01)
    floods.make_room()
    await many
    assert await ana.sends(2) == [False, False]
    await asyncio.sleep(_UNREAD_SECONDS + 0.1)
    assert await ana.sends(2) == [True, True]
    assert ana.told.count("unread") == 1


@in_a_loop
async def test_who_is_left_unread_again_is_told_again() -> None:
    floods = Floods()
    ana = Person(floods)
    for _ in range(2):
        many = asyncio.create_task(ana.sends(PACE.burst + 100))
        await asyncio.sleep(0.01)
        floods.make_room()
        await many
        await asyncio.sleep(_UNREAD_SECONDS + 0.1)
    assert ana.told.count("unread") == 2


@in_a_loop
async def test_many_people_with_a_little_each_are_all_read() -> None:
    floods = Floods()
    people = [Person(floods, f"person {number}") for number in range(100)]
    sending = [asyncio.create_task(person.sends(3)) for person in people]
    await asyncio.sleep(0.01)
    floods.make_room()
    assert all(all(turns) for turns in await asyncio.gather(*sending))


@in_a_loop
async def test_room_is_made_where_nobody_waits() -> None:
    Floods().make_room()


@in_a_loop
async def test_in_a_group_nobody_is_made_to_wait() -> None:
    ana = Person(Floods(), is_private=False)
    assert await ana.sends(PACE.burst + 10) == [True] * PACE.burst + [False] * 10
    assert ana.told == ["unread"]


@in_a_loop
async def test_it_is_full_when_too_much_waits_and_not_afterwards() -> None:
    floods = Floods()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as waiting:
        patch.setattr(floods_module, "_MOST_WAITING", 3)
        for number in range(3):
            assert not floods.is_full
            waiting.enter_context(floods.line(f"person {number}", True))
        assert floods.is_full
        waiting.pop_all().close()
        assert not floods.is_full


@in_a_loop
async def test_who_was_quiet_is_forgotten() -> None:
    floods = Floods()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(floods_module, "_REMEMBERED", 10)
        for number in range(10):
            await Person(floods, f"person {number}").sends(1)
        await asyncio.sleep(2 * PACE.seconds)
        await Person(floods).sends(1)
        assert list(floods._lines) == ["ana"]
