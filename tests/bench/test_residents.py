"""Tests of the people whom the benchmarks let write, and of what is read from a process's log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from itertools import repeat

import pytest

from tests.bench.residents import KNOWN, TAP, UNSEEN, Deed, Residents, some
from tests.bench.telegram import TurnLine, percentile_95, turns_in
from tests.bot.telegram.channel import bot_of
from tests.fakes.bot_api import BotApi

Story = Callable[[BotApi, Residents], Awaitable[None]]


def told(story: Story, people: int) -> None:
    """Let so many people write to a bot that answers what the story lets it answer."""

    async def tell() -> None:
        async with BotApi() as api:
            residents = Residents(api, people)
            async with residents.listening():
                await story(api, residents)

    asyncio.run(tell())


async def answer(api: BotApi, update_id: int) -> None:
    """Answer an update as the bot."""
    content = api.delivered(update_id)
    message = content.get("message") or content["callback_query"]["message"]
    async with bot_of(api) as bot:
        await bot.send_message(message["chat"]["id"], "Hello")


def test_an_update_takes_until_the_next_message_to_its_chat_and_to_no_other() -> None:
    async def story(api: BotApi, residents: Residents) -> None:
        first, second = residents.do(), residents.do()
        await answer(api, second.number)
        await residents.until_answered(1)
        assert first.ended is None
        assert second.ended is not None and second.seconds > 0
        with pytest.raises(ValueError, match="not answered"):
            _ = first.seconds

    told(story, 2)


def test_a_second_message_to_an_answered_update_answers_nothing_else() -> None:
    async def story(api: BotApi, residents: Residents) -> None:
        done = residents.do()
        await answer(api, done.number)
        await residents.until_answered(0)
        ended = done.ended
        await answer(api, done.number)
        later = residents.do()
        await asyncio.sleep(0.1)
        assert done.ended == ended
        assert residents.unanswered == 1 and later.ended is None

    told(story, 1)


def test_everybody_begins_with_start_and_taps_only_on_what_they_were_sent() -> None:
    async def story(api: BotApi, residents: Residents) -> None:
        start = residents.do()
        assert api.delivered(start.number)["message"]["text"] == "/start"
        await answer(api, start.number)
        await residents.until_answered(0)
        tap = residents.do(Deed(TAP, "/faq_dates"))
        query = api.delivered(tap.number)["callback_query"]
        assert query["data"] == "/faq_dates" and query["message"]["text"] == "Hello"

    told(story, 1)


def test_an_even_pace_waits_for_no_answer() -> None:
    async def story(api: BotApi, residents: Residents) -> None:
        done = await residents.evenly(repeat(None, 5), a_second=50)
        assert residents.unanswered == 5
        assert done[-1].began - done[0].began >= 0.07

    told(story, 5)


def test_a_busy_pace_keeps_to_its_number_of_unanswered_updates() -> None:
    async def story(api: BotApi, residents: Residents) -> None:
        going_on = asyncio.create_task(residents.busily(3, at_most=2))
        await asyncio.sleep(0.1)
        assert residents.unanswered == 2
        await answer(api, api.unconfirmed[0])
        assert len(await going_on) == 3

    told(story, 3)


def test_unseen_texts_are_none_of_the_known_ones() -> None:
    known, unseen = some(KNOWN, 2_000), some(UNSEEN, 2_000)
    assert not {it.says for it in known} & {it.says for it in unseen}
    assert known == some(KNOWN, 2_000) != some(KNOWN, 2_000, seed=2)


def test_the_log_tells_when_a_turn_ended_and_how_long_it_took() -> None:
    printed = (
        "time=2026-01-02T03:04:05.250+00:00 level=INFO logger=bot.assistant update=1007 "
        "event=turn intent=faq_dates replies=1 ms=12.5\n"
        "time=2026-01-02T03:04:06.250+00:00 level=INFO logger=bot.assistant update=1008 "
        'event="turn taken before"\n'
    )
    moment = datetime(2026, 1, 2, 3, 4, 5, 250_000, timezone.utc).timestamp()
    assert turns_in(printed) == {1007: TurnLine(moment, 12.5)}


def test_95_percent_of_the_values_do_not_exceed_the_percentile() -> None:
    assert percentile_95([float(it) for it in range(101)]) == 95.0
