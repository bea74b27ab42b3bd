"""People who send very much: through polling and webhook, to what they are told."""

from __future__ import annotations

import asyncio
import time

import pytest

from actions.texts import text
from bot.telegram import floods
from bot.telegram import webhook as webhook_module
from bot.telegram.floods import Pace
from tests.bot.telegram.channel import Channel, on_telegram
from tests.bot.telegram.test_polling import polling
from tests.bot.telegram.test_webhook import post, update_of, webhook
from tests.fakes.bot_api import Chat, User

ANA, BEN, EVA = User(7, "Ana"), User(8, "Ben"), User(9, "Eva", "es")
GROUP = Chat(-1001, "Neighbors")
PACE = Pace(5, 0.2)

pytestmark = pytest.mark.usefixtures("errors")


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quicker pace, also of sending."""
    monkeypatch.setattr(floods, "_IN_PRIVATE", PACE)
    monkeypatch.setattr(floods, "_IN_GROUPS", Pace(5, 10.0))
    monkeypatch.setattr(webhook_module, "_RETRY_AFTER_SECONDS", 0)


async def handle(channel: Channel) -> None:
    """Handle what waits as one process does, and send the answers."""
    await asyncio.gather(*[channel.handler.submit(it) for it in await channel.updates()])
    await channel.handler.finish(5)


def answers(channel: Channel, user: User) -> list[str]:
    return [it for it in channel.api.texts(user.id) if it.startswith("You: ")]


@on_telegram()
async def test_who_writes_too_fast_gets_every_answer_and_is_told_once(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "_IN_PRIVATE", Pace(5, 1.0))
    for number in range(8):
        channel.api.text(EVA, f"{number}")
    await handle(channel)
    assert answers(channel, EVA) == [f"You: {number}" for number in range(8)]
    assert channel.api.texts(EVA.id).count(text("flood_slowed", "es")) == 1
    assert len(channel.api.texts(EVA.id)) == 9


@on_telegram()
async def test_a_flood_by_polling_holds_up_nobody_else(channel: Channel) -> None:
    sent = [f"{number}" for number in range(300)]
    for words in sent:
        channel.api.text(ANA, words)
    channel.api.text(BEN, "hi")
    async with polling(channel):
        await channel.api.wait_for_sent(1, lambda call: call.params["chat_id"] == BEN.id)
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    await channel.handler.finish(5)
    read = [turn for turn in channel.parrot.heard if turn != "hi"]
    assert read == sent[: len(read)] and 5 <= len(read) < 100
    assert channel.api.texts(ANA.id).count(text("flood_unread", "en")) == 1


async def make_room_after_the_burst(channel: Channel) -> None:
    """Handle what waits, and leave unread what is too much once the burst has been read."""
    tasks = [channel.handler.submit(update) for update in await channel.updates()]
    while not all(task.done() for task in tasks[: PACE.burst]):
        await asyncio.sleep(0.01)
    channel.handler.make_room()
    await asyncio.gather(*tasks)
    await channel.handler.finish(5)


@on_telegram()
async def test_where_the_reading_stopped_is_shown(channel: Channel) -> None:
    numbers = [channel.api.text(ANA, f"{number}") for number in range(100)]
    await make_room_after_the_burst(channel)
    read = len(channel.parrot.heard)
    [told] = [it for it in channel.api.sent if it.text == text("flood_unread", "en")]
    first_unread = channel.api.message_id(numbers[read])
    assert told.params["reply_parameters"]["message_id"] == first_unread
    assert PACE.burst <= read < 100


@on_telegram()
async def test_taps_count_as_well_and_each_ends_its_spinner(channel: Channel) -> None:
    for _ in range(30):
        channel.api.tap(ANA, 999, data="/faq_dates")
    await make_room_after_the_burst(channel)
    spinners = [call for call in channel.api.sent if call.method == "answerCallbackQuery"]
    assert len(spinners) == 30
    told = channel.api.sent[-1]
    assert told.text == text("flood_unread", "en")
    assert "reply_parameters" not in told.params  # it would point to what the assistant said
    assert len(channel.parrot.heard) < 30


@on_telegram()
async def test_in_a_group_one_who_floods_is_answered_a_little_and_the_others_all(
    channel: Channel,
) -> None:
    for number in range(12):
        channel.api.text(ANA, f"/help {number}", GROUP)
    channel.api.text(BEN, "/help", GROUP)
    started = time.monotonic()
    await handle(channel)
    assert time.monotonic() - started < 10  # after so long the next of hers might be read
    assert len(channel.parrot.heard) == PACE.burst + 1
    assert channel.api.texts(GROUP.id).count(text("flood_unread", "en")) == 1


@on_telegram()
async def test_by_webhook_a_process_that_is_full_has_telegram_post_again(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "_MOST_WAITING", 2)
    holds = [channel.parrot.hold(f"slow {user.id}") for user in (ANA, BEN)]
    async with webhook(channel) as settings:
        for user in (ANA, BEN):
            channel.api.text(user, f"slow {user.id}")
        for hold in holds:
            await hold.begins()
        assert await post(settings, update_of(EVA, "hi")) == 503
        channel.api.text(EVA, "hello")
        await asyncio.sleep(0.05)
        assert "hello" not in channel.parrot.heard
        for hold in holds:
            hold.release()
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    await channel.handler.finish(5)
    assert channel.api.texts(EVA.id) == ["You: hello"]
