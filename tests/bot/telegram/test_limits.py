"""Telegram's limits for sending: kept so well that a strict Telegram refuses nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.telegram import limits
from bot.telegram.limits import TelegramLimits
from bot.telegram.request import AiohttpRequest
from tests.fakes.bot_api import BotApi, Chat, User
from tests.fakes.checks import Limits

ANA, BEN = User(7, "Ana"), User(8, "Ben")
GROUP = Chat(-1001, "Neighbors")


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Much less time for Telegram's limits of a chat, and for ours, which leave room for a machine
    that is busy.
    """
    monkeypatch.setattr(Limits, "OVERALL", (1000, 0.1))
    for name, count, seconds in (("CHAT", 5, 0.5), ("GROUP", 6, 1.5)):
        monkeypatch.setattr(Limits, name, (count, seconds))
        monkeypatch.setattr(limits, f"_{name}", (count, seconds + 0.5))


@asynccontextmanager
async def bot_within_limits(api: BotApi, limiter: TelegramLimits | None = None) -> AsyncIterator:
    """The bot as the service makes it."""
    bot: ExtBot[None] = ExtBot(
        api.token,
        base_url=api.base_url,
        request=AiohttpRequest(64),
        get_updates_request=AiohttpRequest(2),
        rate_limiter=limiter or TelegramLimits(),
    )
    async with bot:
        yield bot


Story = Callable[[BotApi, Any], Awaitable[None]]


def on_a_strict_telegram(story: Story) -> Callable[[], None]:
    """Make a plain test of a coroutine that is given the fake and the bot."""

    async def tell() -> None:
        async with BotApi(enforce_limits=True) as api, bot_within_limits(api) as bot:
            for user in (ANA, BEN):
                api.text(user, "hi")
                api.text(user, "hi", GROUP)
            await story(api, bot)

    def test() -> None:
        asyncio.run(tell())

    test.__name__ = story.__name__
    return test


async def send(bot: Any, chat_id: int, words: Iterable[object]) -> None:
    """Say many things at once in a chat."""
    await asyncio.gather(*[bot.send_message(chat_id, f"{it}") for it in words])


def refused(api: BotApi) -> list[str]:
    return [call.error for call in api.calls if call.error]


@on_a_strict_telegram
async def test_a_chat_gets_a_few_messages_at_once_and_the_rest_slowly_in_order(
    api: BotApi, bot: Any
) -> None:
    started = time.monotonic()
    await send(bot, ANA.id, range(12))
    assert time.monotonic() - started >= 2
    assert not refused(api)
    assert api.texts(ANA.id) == [str(number) for number in range(12)]


@on_a_strict_telegram
async def test_a_chat_that_has_to_wait_holds_up_no_other(api: BotApi, bot: Any) -> None:
    many = asyncio.create_task(send(bot, ANA.id, range(12)))
    await api.wait_for_sent(5)
    await send(bot, BEN.id, ["hello"])
    assert len(api.texts(ANA.id)) == 5
    await many


@on_a_strict_telegram
async def test_a_group_gets_fewer_in_a_minute(api: BotApi, bot: Any) -> None:
    started = time.monotonic()
    await asyncio.gather(send(bot, GROUP.id, range(7)), send(bot, ANA.id, range(7)))
    assert time.monotonic() - started >= 2
    assert not refused(api)
    assert api.texts(GROUP.id) == [str(number) for number in range(7)]


def test_in_truth_thirty_messages_a_second_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    moments: list[float] = []

    async def go() -> None:
        moments.append(time.monotonic())

    async def story() -> None:
        limiter = TelegramLimits()
        await asyncio.gather(
            *[
                limiter.process_request(go, (), {}, "sendMessage", {"chat_id": number}, None)
                for number in range(100, 150)
            ]
        )

    asyncio.run(story())
    assert all(late - early >= 0.99 for early, late in zip(moments, moments[30:], strict=False))
    assert moments[-1] - moments[0] < 3.2  # 1.6 where nothing else is to be done


@on_a_strict_telegram
async def test_a_chat_that_telegram_refuses_rests_as_long_as_it_says(api: BotApi, bot: Any) -> None:
    api.fail_next("sendMessage", 429, retry_after=2, chat_id=ANA.id)
    started = time.monotonic()
    with pytest.raises(RetryAfter):
        await bot.send_message(ANA.id, "too early")
    again = asyncio.create_task(bot.send_message(ANA.id, "again"))
    await bot.send_message(BEN.id, "hello")
    assert not again.done()
    await again
    assert time.monotonic() - started >= 2


@on_a_strict_telegram
async def test_when_telegram_refuses_several_chats_at_once_all_rest(api: BotApi, bot: Any) -> None:
    for number in (101, 102, 103):
        api.text(User(number), "hi")
        api.fail_next("sendMessage", 429, retry_after=2, chat_id=number)
    started = time.monotonic()
    for number in (101, 102):
        with pytest.raises(RetryAfter):
            await bot.send_message(number, "too much")
    await bot.send_message(ANA.id, "not yet at rest")
    assert time.monotonic() - started < 2
    with pytest.raises(RetryAfter):
        await bot.send_message(103, "too much")
    await bot.send_message(BEN.id, "hello")
    assert time.monotonic() - started >= 2


@on_a_strict_telegram
async def test_what_is_no_message_never_waits(api: BotApi, bot: Any) -> None:
    tap = api.tap(ANA, 1, data="/x")
    waiting = asyncio.create_task(send(bot, ANA.id, range(12)))
    await api.wait_for_sent(5)
    [update] = [it for it in await bot.get_updates() if it.update_id == tap]
    await bot.answer_callback_query(update.callback_query.id)
    await bot.send_chat_action(ANA.id, "typing")
    await bot.get_chat(ANA.id)
    assert len(api.texts(ANA.id)) == 5
    waiting.cancel()


@on_a_strict_telegram
async def test_somebody_who_gives_up_waiting_holds_up_nobody(api: BotApi, bot: Any) -> None:
    await send(bot, ANA.id, range(5))
    for _ in range(3):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(bot.send_message(ANA.id, "given up"), 0.01)
    await bot.send_message(ANA.id, "last")
    assert api.texts(ANA.id) == [*"01234", "last"]


def test_chats_that_are_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_REMEMBERED_CHATS", 10)

    async def story() -> None:
        limiter = TelegramLimits()
        async with BotApi() as api, bot_within_limits(api, limiter) as bot:
            for user in (User(number) for number in range(100, 110)):
                api.text(user, "hi")
                await bot.send_message(user.id, "hello")
            await asyncio.sleep(limits._CHAT[1] + 0.1)
            api.text(ANA, "hi")
            await bot.send_message(ANA.id, "hello")
            assert len(limiter._chats) == 1

    asyncio.run(story())
