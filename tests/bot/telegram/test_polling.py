"""Long polling: an update is confirmed only after it was handled, and failures are waited out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot
from telegram.error import InvalidToken

from bot.health import Readiness
from bot.telegram import polling as polling_module
from bot.telegram import retries
from bot.telegram.handler import UpdateHandler
from bot.telegram.polling import Polling
from bot.telegram.request import AiohttpRequest
from bot.telegram.updates import ALLOWED_UPDATES
from tests.background import in_background
from tests.bot.telegram.channel import FAILING, Channel, on_telegram
from tests.fakes.bot_api import BotApi, Chat, User
from tests.fakes.methods import Call

pytestmark = pytest.mark.usefixtures("short_pauses")

ANA, BEN = User(7, "Ana"), User(8, "Ben")


@asynccontextmanager
async def polling(channel: Channel, handler: UpdateHandler | None = None) -> AsyncIterator[Polling]:
    """A poller at work; at the end it is killed, so that it confirms nothing more."""
    poller = Polling(channel.bot, handler or channel.handler, Readiness({}))
    async with in_background(poller.run()):
        yield poller


def polls(api: BotApi) -> list[Call]:
    return [call for call in api.calls if call.method == "getUpdates"]


async def further_polls(api: BotApi, count: int) -> None:
    """Wait until Telegram was asked so many times more."""
    before = len(polls(api))
    await api.wait_until(lambda: len(polls(api)) >= before + count)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


@on_telegram()
async def test_updates_are_answered_and_then_confirmed(channel: Channel) -> None:
    for user in (ANA, BEN):
        channel.api.text(user, "hi")
    async with polling(channel):
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
        channel.api.text(ANA, "again")
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
        await channel.handler.finish(5)
    assert channel.api.texts(ANA.id) == ["You: hi", "You: again"]
    assert channel.api.texts(BEN.id) == ["You: hi"]


@on_telegram()
async def test_an_update_is_confirmed_only_after_it_was_handled(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    update_id = channel.api.text(ANA, "slow")
    async with polling(channel):
        await hold.begins()
        await further_polls(channel.api, 3)
        assert channel.api.unconfirmed == [update_id]
        hold.release()
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    assert channel.parrot.heard == ["slow"]


@on_telegram()
async def test_a_slow_turn_holds_up_nobody_else(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    slow = channel.api.text(ANA, "slow")
    async with polling(channel):
        await hold.begins()
        quick = channel.api.text(BEN, "quick")
        await channel.api.wait_for_sent(1, lambda call: call.params["chat_id"] == BEN.id)
        await further_polls(channel.api, 2)
        assert channel.api.unconfirmed == [slow, quick]
        hold.release()
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    assert channel.parrot.heard == ["slow", "quick"]


@on_telegram()
async def test_what_was_not_handled_when_the_process_was_killed_comes_again(
    channel: Channel,
) -> None:
    channel.api.text(ANA, "done")
    async with polling(channel):
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
        hold = channel.parrot.hold("lost")
        lost = channel.api.text(ANA, "lost")
        await hold.begins()
        channel.kill()
    assert channel.api.unconfirmed == [lost]
    hold.release()
    async with polling(channel, channel.new_handler()):
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    assert channel.parrot.heard == ["done", "lost", "lost"]


@on_telegram()
async def test_at_the_stop_what_was_handled_is_confirmed(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    async with polling(channel) as poller:
        channel.api.text(BEN, "quick")
        await channel.api.wait_for_sent()
        slow = channel.api.text(ANA, "slow")
        await hold.begins()
    await poller.confirm()
    assert channel.api.unconfirmed == [slow]
    hold.release()
    await channel.handler.finish(5)
    await poller.confirm()
    assert channel.api.unconfirmed == []


@on_telegram()
async def test_a_stop_before_anything_came_confirms_nothing(channel: Channel) -> None:
    async with polling(channel) as poller:
        await channel.api.wait_until(lambda: channel.api.calls[-1].method == "deleteWebhook")
    waiting = channel.api.text(ANA, "while stopped")
    await poller.confirm()
    assert channel.api.unconfirmed == [waiting]


@on_telegram()
async def test_a_confirmation_that_fails_does_no_harm(channel: Channel) -> None:
    async with polling(channel) as poller:
        channel.api.text(ANA, "hi")
        await channel.api.wait_for_sent()
    channel.api.fail_next("getUpdates", 502)
    await poller.confirm()


@on_telegram()
async def test_an_update_that_cannot_be_handled_does_not_come_again_for_ever(
    channel: Channel,
) -> None:
    channel.api.text(ANA, FAILING)
    async with polling(channel):
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)


@on_telegram()
async def test_in_a_quiet_time_any_number_of_an_update_is_taken(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a quiet week Telegram begins a new count, with a smaller number perhaps."""
    monkeypatch.setattr(polling_module, "LONG_POLL_SECONDS", 1)
    async with polling(channel):
        channel.api.text(ANA, "before")
        await channel.api.wait_until(lambda: [] in [poll.result for poll in polls(channel.api)])
        *_, quiet = polls(channel.api)
        channel.api.text(ANA, "after")
        await channel.api.wait_for_sent(2)
    following = polls(channel.api)[polls(channel.api).index(quiet) + 1]
    assert "offset" in quiet.params
    assert "offset" not in following.params


@on_telegram()
async def test_it_asks_for_the_kinds_of_update_that_it_reads(channel: Channel) -> None:
    async with polling(channel):
        channel.api.text(ANA, "hi")
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
        channel.api.channel_post(Chat(-1009, "News", "channel"), "Today")
        assert channel.api.unconfirmed == []
    asked = [call.params["allowed_updates"] for call in polls(channel.api)]
    assert asked == [list(ALLOWED_UPDATES)] * len(asked)


@on_telegram()
async def test_a_webhook_that_was_set_before_is_removed(channel: Channel) -> None:
    await channel.bot.set_webhook("http://127.0.0.1:9/hook")
    async with polling(channel):
        channel.api.text(ANA, "hi")
        await channel.api.wait_for_sent()


@pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")
@on_telegram()
async def test_an_update_that_cannot_be_read_is_passed_over(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """By itself python-telegram-bot throws the whole batch away, again and again."""
    caplog.set_level(logging.INFO, "bot")
    channel.api.text(BEN, "before")
    channel.api.raw({"message": {"chat": {"id": "my name is Rosa"}}})
    channel.api.text(ANA, "after")
    async with polling(channel):
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
        channel.api.raw({"message": {"chat": {"id": "my name is Rosa"}}})
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    assert channel.parrot.heard == ["before", "after"]
    ours = {it.getMessage() for it in caplog.records if it.name.startswith("bot")}
    assert ours == {"update cannot be read: reason=KeyError"}


Breakage = Callable[[BotApi], None]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda api: api.fail_next("getUpdates", 409),
        lambda api: api.fail_next("getUpdates", 502),
        lambda api: api.fail_next("getUpdates", 500),
        lambda api: api.fail_next("getUpdates", 400),
        lambda api: api.fail_next("getUpdates", 429, retry_after=1),
        lambda api: api.cut_next("getUpdates"),
        lambda api: api.fail_next("deleteWebhook", 502),
    ],
    ids=["409", "502", "500", "400", "429", "cut", "502 at first"],
)
def test_failures_of_telegram_are_survived(break_it: Breakage) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        break_it(channel.api)
        channel.api.text(ANA, "hi")
        async with polling(channel):
            await channel.api.wait_until(lambda: not channel.api.unconfirmed)
            await channel.handler.finish(5)
        assert channel.api.texts(ANA.id) == ["You: hi"]

    story()


@on_telegram()
async def test_a_failure_that_lasts_is_said_once_and_its_end_once(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    channel.api.fail_next("getUpdates", 502, times=5)
    async with polling(channel):
        channel.api.text(ANA, "hi")
        await channel.api.wait_for_sent()
    begin, end = messages(caplog)
    assert begin == "fetching updates fails, trying on: reason=NetworkError"
    assert end == "fetching updates works again: failures=5 seconds=0"


class OddRequest(AiohttpRequest):
    """Gets answers that Telegram would not give, before it gets Telegram's."""

    def __init__(self, odd: list[object]) -> None:
        super().__init__(2)
        self._odd = odd

    async def do_request(self, url: str, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Answer in Telegram's place, as long as there is something odd."""
        if "/getUpdates" in url and self._odd:
            return 200, json.dumps({"ok": True, "result": self._odd.pop()}).encode()
        return await super().do_request(url, *arguments, **options)


@on_telegram()
async def test_answers_that_are_no_updates_are_waited_out(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    odd: list[object] = [5, "x", {"a": 1}, [5], [None], [{}], [[1]]]
    requests = {"request": AiohttpRequest(4), "get_updates_request": OddRequest(odd * 2)}
    bot = Bot(channel.api.token, base_url=channel.api.base_url, **requests)
    async with bot as channel.bot, polling(channel):
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    await channel.handler.finish(5)
    assert channel.api.texts(ANA.id) == ["You: hi"]


@on_telegram()
async def test_pauses_grow_while_a_failure_lasts(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(retries, "_FIRST_PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(retries, "_LONGEST_PAUSE_SECONDS", 10.0)
    channel.api.fail_next("getUpdates", 502, times=6)
    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "sleep", note)
        async with polling(channel):
            await further_polls(channel.api, 6)
    assert [pause for pause in pauses if pause >= 1] == [1, 2, 4, 8, 10, 10]


@on_telegram()
async def test_a_token_that_is_refused_ends_the_polling(channel: Channel) -> None:
    channel.api.token = "123:ANOTHER"
    with pytest.raises(InvalidToken):
        await Polling(channel.bot, channel.handler, Readiness({})).run()
