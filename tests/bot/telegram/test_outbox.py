"""The outbox: no answer is lost, none is sent twice without need, and their order holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from actions.healing_map.encryption import cipher
from actions.pictures import city_picture
from actions.texts import text as words_of
from bot.assistant import Said
from bot.telegram import outbox as posting
from bot.telegram.outbox import Outbox
from bot.telegram.sender import Sender
from bot.telegram.updates import Destination
from bot.transactions import Transactions
from tests.bot.telegram.channel import Channel, bot_of, on_telegram, taking_over
from tests.fakes.bot_api import BotApi, Chat, User
from tests.processes import free_port

pytestmark = pytest.mark.usefixtures("short_pauses")

ANA, BEN = User(7, "Ana"), User(8, "Ben")
GROUP = Chat(-1001, "Neighbors")
PIN = {"latitude": 41.87, "longitude": -87.62, "title": "Field Museum", "address": "1400 S. Lake"}


class Clock:
    """The clock that all processes look at; it goes on, and can be set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock in a test's hands."""
    clock = Clock()
    monkeypatch.setattr(posting, "real_now", clock.now)
    return clock


class Process:
    """What one process has of the outbox."""

    def __init__(self, channel: Channel, engine: Engine) -> None:
        self.transactions = Transactions(engine)
        self.outbox = Outbox(self.transactions, Sender(channel.bot))

    async def stores(self, user: User, *messages: str | dict[str, Any], chat: int = 0) -> Any:
        """Store an answer to somebody, without beginning to send it."""
        described = [it if isinstance(it, dict) else {"text": it} for it in messages]
        said, destination = Said(described, "en"), Destination(chat or user.id)
        return await self.transactions.run(
            self.outbox.keep, f"telegram:{user.id}", destination, said
        )

    async def answers(self, user: User, *messages: str | dict[str, Any]) -> None:
        """Store an answer and begin to send it."""
        held = await self.stores(user, *messages)
        self.outbox.send(f"telegram:{user.id}", held)

    def is_killed(self) -> None:
        """End in the middle of everything."""
        for task in self.outbox._lines:
            task.cancel()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Take over meanwhile what other processes left."""
        async with taking_over(self.outbox):
            yield
        await self.outbox.finish(5)


def rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM outbox ORDER BY id")).all())


async def emptied(engine: Engine) -> None:
    """Wait until nothing is left to be sent."""
    for _ in range(2000):
        if not rows(engine):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("answers are left")


@on_telegram()
async def test_an_answer_is_sent_at_once_and_leaves_nothing(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    process = Process(channel, engine)
    await process.answers(ANA, "One", {"text": "Two", "custom": {"pin": PIN}})
    await process.outbox.finish(5)
    methods = [call.method for call in channel.api.sent]
    assert methods == ["sendMessage", "sendMessage", "sendVenue"]
    assert channel.api.texts(ANA.id) == ["One", "Two"]
    assert rows(engine) == []


@on_telegram()
async def test_what_is_stored_names_nobody_and_tells_nothing(
    channel: Channel, engine: Engine
) -> None:
    await Process(channel, engine).stores(User(5512345678, "Rosa"), "Rosa's house")
    [row] = rows(engine)
    assert row.conversation == cipher().fingerprint("telegram:5512345678")
    assert "Rosa's house" in cipher().decrypt(row.private)
    for private in ("5512345678", "Rosa"):
        assert private not in str(tuple(row))


@on_telegram()
async def test_only_the_first_message_points_to_the_question(
    channel: Channel, engine: Engine
) -> None:
    asked = channel.api.message_id(channel.api.text(ANA, "@test_bot hi", GROUP))
    process = Process(channel, engine)
    here = Destination(GROUP.id, reply_to=asked)
    said = Said([{"text": "One"}, {"text": "Two"}], "en")
    held = await process.transactions.run(process.outbox.keep, "a", here, said)
    process.outbox.send("a", held)
    await process.outbox.finish(5)
    first, second = channel.api.sent
    assert first.result["reply_to_message"]["message_id"] == asked
    assert "reply_to_message" not in second.result


@on_telegram()
async def test_a_picture_is_drawn_when_it_is_sent(channel: Channel, engine: Engine) -> None:
    channel.api.text(ANA, "hi")
    picture = city_picture({"Loop": {"dialogue": 2}}, "en", "The city")
    process = Process(channel, engine)
    await process.answers(ANA, {"custom": {"picture": picture}}, "Next")
    assert len(cipher().decrypt(rows(engine)[0].private)) < 500
    await process.outbox.finish(5)
    photo, text_behind = channel.api.sent
    assert photo.method == "sendPhoto" and photo.files[0][1].startswith(b"\x89PNG")
    assert (photo.text, text_behind.text) == ("The city", "Next")


# A process that ends


@on_telegram()
async def test_an_answer_of_a_process_that_was_killed_before_sending_is_sent_by_another(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    await Process(channel, engine).stores(ANA, "One", "Two")
    async with Process(channel, engine).at_work():
        await asyncio.sleep(0.1)
        assert channel.api.texts(ANA.id) == []  # the other may be about to send it
        clock.ahead += timedelta(seconds=31)
        await emptied(engine)
    assert channel.api.texts(ANA.id) == ["One", "Two"]


@on_telegram()
async def test_of_an_answer_whose_process_was_killed_in_the_middle_only_the_rest_is_sent(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    """And the message that it was at, which Telegram perhaps got."""
    channel.api.text(ANA, "hi")
    first = Process(channel, engine)
    await first.answers(ANA, "One", "Two", "Three")
    await channel.api.wait_until(lambda: channel.api.texts(ANA.id) == ["One"])
    channel.api.hang_next("sendMessage", performed=True)
    await channel.api.wait_until(lambda: channel.api.texts(ANA.id) == ["One", "Two"])
    first.is_killed()
    clock.ahead += timedelta(seconds=31)
    async with Process(channel, engine).at_work():
        await emptied(engine)
    assert channel.api.texts(ANA.id) == ["One", "Two", "Two", "Three"]


@on_telegram()
async def test_what_takes_long_to_send_is_not_taken_over(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.delay("sendMessage", 2.0)
    slow, other = Process(channel, engine), Process(channel, engine)
    async with slow.at_work(), other.at_work():
        await slow.answers(ANA, "One")
        for _ in range(6):
            clock.ahead += timedelta(seconds=3)
            before = [row.due_at for row in rows(engine)]
            while before and [row.due_at for row in rows(engine)] == before:
                await asyncio.sleep(0.01)
        await emptied(engine)
    assert channel.api.texts(ANA.id) == ["One"]


@on_telegram()
async def test_a_process_that_slept_too_long_leaves_the_rest_to_who_took_over(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.delay("sendMessage", 1.0)
    sleeper = Process(channel, engine)
    await sleeper.answers(ANA, "One", "Two")
    clock.ahead += timedelta(seconds=31)
    async with Process(channel, engine).at_work():
        await emptied(engine)
    await sleeper.outbox.finish(5)
    assert channel.api.texts(ANA.id) == ["One", "One", "Two"]


# Order


@on_telegram()
async def test_answers_to_one_person_go_out_in_order_whichever_process_they_are_from(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.delay("sendMessage", 0.01)
    processes = [Process(channel, engine), Process(channel, engine)]
    for number in range(20):
        await processes[number % 2].answers(ANA, str(number))
    async with processes[0].at_work(), processes[1].at_work():
        await emptied(engine)
    assert channel.api.texts(ANA.id) == [str(number) for number in range(20)]


@on_telegram()
async def test_the_last_of_two_processes_to_come_does_not_leave_its_answer_lying(
    channel: Channel, engine: Engine
) -> None:
    """Nobody looks again in this test: whoever comes last has to see that it is its turn."""
    for user in (ANA, BEN):
        channel.api.text(user, "hi")
    one, other = Process(channel, engine), Process(channel, engine)
    for number in range(40):
        user = (ANA, BEN)[number % 2]
        await asyncio.gather(one.answers(user, f"a{number}"), other.answers(user, f"b{number}"))
    for _ in range(2):
        await one.outbox.finish(5)
        await other.outbox.finish(5)
    assert rows(engine) == []
    assert len(channel.api.texts(ANA.id)) == len(channel.api.texts(BEN.id)) == 40


@on_telegram()
async def test_an_answer_that_has_to_wait_holds_up_those_behind_it_and_nobody_else(
    channel: Channel, engine: Engine
) -> None:
    for user in (ANA, BEN):
        channel.api.text(user, "hi")
    channel.api.fail_next("sendMessage", 429, retry_after=1, chat_id=ANA.id)
    process = Process(channel, engine)
    async with process.at_work():
        await process.answers(ANA, "One")
        await channel.api.wait_until(lambda: channel.api.calls[-1].method == "sendMessage")
        await process.answers(ANA, "Two")
        await process.answers(BEN, "Hello")
        await channel.api.wait_until(lambda: channel.api.texts(BEN.id) == ["Hello"])
        assert channel.api.texts(ANA.id) == []
        await emptied(engine)
    assert channel.api.texts(ANA.id) == ["One", "Two"]


# What is sent again, and what is not


@on_telegram()
async def test_while_telegram_cannot_be_reached_an_answer_waits(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    port = free_port()
    async with bot_of(channel.api) as bot:
        nowhere = Process(channel, engine)
        bot._base_url = f"http://127.0.0.1:{port}/bot{channel.api.token}"
        nowhere.outbox._sender = Sender(bot)
        async with nowhere.at_work():
            await nowhere.answers(ANA, "One")
            await asyncio.sleep(0.2)
            assert len(rows(engine)) == 1
            async with BotApi(port=port) as back:
                back.text(ANA, "hi")
                await back.wait_for_sent()
                await emptied(engine)
                assert back.texts(ANA.id) == ["One"]


@on_telegram()
async def test_what_telegram_perhaps_got_is_not_sent_again(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.cut_next("sendMessage")
    process = Process(channel, engine)
    async with process.at_work():
        await process.answers(ANA, "One", "Two")
        await emptied(engine)
        clock.ahead += timedelta(seconds=31)
        await asyncio.sleep(0.1)
    assert channel.api.texts(ANA.id) == ["One", "Two"]


@on_telegram()
async def test_what_telegram_refuses_ends_an_answer_and_the_next_is_sent(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.fail_next("sendMessage", 400, "Bad Request: message is too strange")
    process = Process(channel, engine)
    await process.answers(ANA, "One", "Two")
    await process.answers(ANA, "Three")
    await process.outbox.finish(5)
    assert channel.api.texts(ANA.id) == ["Three"]
    assert rows(engine) == []


@on_telegram()
async def test_who_blocked_the_bot_leaves_nothing_behind(channel: Channel, engine: Engine) -> None:
    channel.api.text(ANA, "hi")
    channel.api.block(ANA)
    process = Process(channel, engine)
    await process.answers(ANA, "One", "Two")
    await process.outbox.finish(5)
    assert rows(engine) == [] and channel.api.texts(ANA.id) == []


@on_telegram()
async def test_what_cannot_be_drawn_is_apologized_for(channel: Channel, engine: Engine) -> None:
    channel.api.text(ANA, "hi")
    process = Process(channel, engine)
    await process.answers(ANA, {"custom": {"picture": {"caption": "no picture"}}})
    await process.outbox.finish(5)
    assert channel.api.texts(ANA.id) == [words_of("failure", "en")]


@on_telegram()
async def test_an_answer_is_given_up_after_a_day(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    await Process(channel, engine).stores(ANA, "Yesterday")
    clock.ahead += timedelta(days=1, seconds=1)
    async with Process(channel, engine).at_work():
        await emptied(engine)
    assert channel.api.texts(ANA.id) == []


@on_telegram()
async def test_a_stop_waits_for_what_is_being_sent_but_not_for_ever(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.delay("sendMessage", 0.1)
    process = Process(channel, engine)
    await process.answers(ANA, "One")
    await process.outbox.finish(5)
    assert channel.api.texts(ANA.id) == ["One"]
    channel.api.hang_next("sendMessage")
    await process.answers(ANA, "Two")
    await asyncio.wait_for(process.outbox.finish(0.2), 20)
    assert len(rows(engine)) == 1
