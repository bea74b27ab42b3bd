"""The outbox: no answer is lost, none is sent twice without need, and their order holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine

from actions.healing_map.encryption import cipher
from actions.healing_map.models import UnsentAnswer
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

pytestmark = pytest.mark.usefixtures("short_pauses", "errors")

ANA, BEN, EVA = User(7, "Ana"), User(8, "Ben"), User(9, "Eva", "es")
GROUP = Chat(-1001, "Neighbors")
PIN = {"latitude": 41.87, "longitude": -87.62, "title": "Field Museum", "address": "1400 S. Lake"}


NOON = datetime(2021, 1, 15, 18, tzinfo=timezone.utc)
DAY = timedelta(days=1)
HELD_SECONDS = 12


class Clock:
    """The clock that all processes look at; it goes on unless stopped, and can be set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._stopped_at: datetime | None = None

    def now(self) -> datetime:
        return (self._stopped_at or datetime.now(timezone.utc)) + self.ahead

    def stop(self) -> None:
        """Stand at noon."""
        self._stopped_at = NOON


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

    async def stores(self, user: User, *messages: str | dict[str, Any]) -> Any:
        """Store an answer to somebody, in the language of the phone, and do not send it yet."""
        described = [it if isinstance(it, dict) else {"text": it} for it in messages]
        said, destination = Said(described, user.language_code or "en"), Destination(user.id)
        return await self.transactions.run(
            self.outbox.keep, f"telegram:{user.id}", destination, said
        )

    async def answers(self, user: User, *messages: str | dict[str, Any]) -> None:
        """Store an answer and begin to send it."""
        held = await self.stores(user, *messages)
        self.outbox.send(f"telegram:{user.id}", held)

    async def looks(self, user: User) -> None:
        """Send somebody what is due, and wait until that is done."""
        self.outbox.send(f"telegram:{user.id}", None)
        await self.outbox.finish(5)

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


async def until(ready: Callable[[], bool]) -> None:
    """Wait for what becomes of the stored answers."""
    for _ in range(2000):
        if ready():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("did not happen")


async def emptied(engine: Engine) -> None:
    """Wait until nothing is left to be sent."""
    await until(lambda: not rows(engine))


def seconds_to_wait(engine: Engine, clock: Clock) -> list[float]:
    """In how many seconds the answers are due for whoever looks then."""
    with engine.connect() as connection:
        due = connection.execute(select(UnsentAnswer.due_at).order_by(UnsentAnswer.id))
        return [(moment - clock.now()).total_seconds() for moment in due.scalars()]


def holders(engine: Engine) -> list[str]:
    return [row.holder for row in rows(engine)]


async def put_off(engine: Engine, clock: Clock) -> list[float]:
    """Wait until no answer is in anybody's hands, and return in how many seconds each is due."""
    await until(lambda: not any(holders(engine)))
    return seconds_to_wait(engine, clock)


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
    assert not process.outbox._lines and not process.outbox._in_hand


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
    channel.api.hang_next("sendMessage")
    clock.stop()
    slow, other = Process(channel, engine), Process(channel, engine)
    async with slow.at_work():
        await slow.answers(ANA, "One")
        for _ in range(6):
            clock.ahead += timedelta(seconds=3)
            await until(lambda: seconds_to_wait(engine, clock) == [HELD_SECONDS])
        await other.looks(ANA)
        assert channel.api.texts(ANA.id) == []
        slow.is_killed()


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


@on_telegram()
async def test_an_answer_that_was_taken_over_is_not_taken_over_at_once_by_a_third(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    first, second, third = [Process(channel, engine) for _ in range(3)]
    await first.stores(ANA, "One")
    clock.ahead += timedelta(seconds=31)
    channel.api.hang_next("sendMessage")
    second.outbox.send("telegram:7", None)
    await channel.api.wait_until(lambda: channel.api.calls[-1].method == "sendMessage")
    await third.looks(ANA)
    assert channel.api.texts(ANA.id) == []
    second.is_killed()


@on_telegram()
async def test_of_an_answer_whose_process_was_killed_at_its_end_only_the_last_comes_again(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.hang_next("sendVenue", performed=True)
    first, second = Process(channel, engine), Process(channel, engine)
    await first.answers(ANA, "One", "Two", {"custom": {"pin": PIN}})
    await channel.api.wait_for_sent(3)
    first.is_killed()
    clock.ahead += timedelta(seconds=31)
    await second.looks(ANA)
    methods = [call.method for call in channel.api.sent]
    assert methods == ["sendMessage", "sendMessage", "sendVenue", "sendVenue"]


@on_telegram()
async def test_after_an_error_of_ours_the_answer_is_taken_up_again_and_the_error_is_logged(
    channel: Channel,
    engine: Engine,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    errors: Callable[[], list[str]],
) -> None:
    channel.api.text(ANA, "hi")
    process = Process(channel, engine)
    with monkeypatch.context() as broken:
        broken.setattr(Sender, "attempt", None)
        await process.answers(ANA, "One")
        await process.outbox.finish(5)
    assert errors() == ["answer not sent now: TypeError"]
    clock.ahead += timedelta(seconds=31)
    await process.looks(ANA)
    assert channel.api.texts(ANA.id) == ["One"]


@on_telegram()
async def test_a_look_that_fails_is_logged_and_not_the_last(
    channel: Channel,
    engine: Engine,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    errors: Callable[[], list[str]],
) -> None:
    channel.api.text(ANA, "hi")
    await Process(channel, engine).stores(ANA, "One")
    clock.ahead += timedelta(seconds=31)
    with monkeypatch.context() as broken:
        broken.setattr(posting, "_AT_A_LOOK", "many")
        async with Process(channel, engine).at_work():
            await until(lambda: bool(caplog.records))
            broken.undo()
            await emptied(engine)
    assert set(errors()) == {"outbox not looked through: ValueError"}
    assert channel.api.texts(ANA.id) == ["One"]


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


@on_telegram()
async def test_answers_that_wait_behind_another_follow_it_without_a_pause(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    process = Process(channel, engine)
    held, *_ = [await process.stores(ANA, str(number)) for number in range(10)]
    process.outbox.send("telegram:7", held)
    await process.outbox.finish(5)
    assert channel.api.texts(ANA.id) == [str(number) for number in range(10)]


@on_telegram()
async def test_an_answer_that_waits_behind_another_is_in_nobodys_hands_and_due(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    clock.stop()
    process = Process(channel, engine)
    assert await process.stores(ANA, "One")
    assert await process.stores(ANA, "Two") is None
    assert holders(engine)[1] == ""
    assert seconds_to_wait(engine, clock) == [HELD_SECONDS, 0]


@on_telegram()
async def test_an_answer_that_has_to_wait_keeps_nobody_from_sending_what_a_killed_process_left(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    for user in (ANA, BEN):
        channel.api.text(user, "hi")
    channel.api.fail_next("sendMessage", 429, retry_after=100, chat_id=ANA.id)
    killed = Process(channel, engine)
    await killed.answers(ANA, "One")
    await put_off(engine, clock)
    await killed.stores(BEN, "Hello")
    killed.is_killed()
    clock.ahead += timedelta(seconds=31)
    async with Process(channel, engine).at_work():
        await channel.api.wait_until(lambda: channel.api.texts(BEN.id) == ["Hello"])
    assert channel.api.texts(ANA.id) == []


# What is sent again, and what is not


@pytest.mark.parametrize(
    ("age", "pause"), [(0, 2), (5, 5), (60, 10)], ids=["at first", "later", "at last"]
)
@on_telegram()
async def test_while_telegram_cannot_be_reached_an_answer_waits_as_long_again_as_it_is_old(
    channel: Channel,
    engine: Engine,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    age: int,
    pause: int,
) -> None:
    monkeypatch.setattr(posting, "_FIRST_PAUSE_SECONDS", 2.0)
    monkeypatch.setattr(posting, "_LONGEST_PAUSE_SECONDS", 10.0)
    clock.stop()
    process = Process(channel, engine)
    held = await process.stores(ANA, "One")
    clock.ahead += timedelta(seconds=age)
    monkeypatch.setattr(channel.bot, "_base_url", f"http://127.0.0.1:{free_port()}/bot")
    process.outbox.send("telegram:7", held)
    assert await put_off(engine, clock) == [pause]
    process.is_killed()


@on_telegram()
async def test_the_rest_of_an_answer_waits_as_long_as_telegram_asks_and_then_anybody_sends_it(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.fail_next("sendVenue", 429, retry_after=7)
    clock.stop()
    first, second = Process(channel, engine), Process(channel, engine)
    await first.answers(ANA, "One", {"custom": {"pin": PIN}})
    assert await put_off(engine, clock) == [7]
    first.is_killed()
    clock.ahead += timedelta(seconds=6)
    await second.looks(ANA)
    assert [call.method for call in channel.api.sent] == ["sendMessage"]
    clock.ahead += timedelta(seconds=1)
    async with second.at_work():
        await emptied(engine)
    assert [call.method for call in channel.api.sent] == ["sendMessage", "sendVenue"]


@on_telegram()
async def test_answers_that_wait_for_the_same_moment_are_all_sent_then(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    clock.stop()
    first = Process(channel, engine)
    channel.api.fail_next("sendMessage", 429, retry_after=7, times=2)
    for user in (ANA, BEN):
        channel.api.text(user, "hi")
        await first.answers(user, "Hello")
    assert await put_off(engine, clock) == [7, 7]
    first.is_killed()
    clock.ahead += timedelta(seconds=7)
    second = Process(channel, engine)
    for user in (ANA, BEN):
        await second.looks(user)
        assert channel.api.texts(user.id) == ["Hello"]


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
async def test_what_cannot_be_drawn_is_apologized_for(
    channel: Channel, engine: Engine, errors: Callable[[], list[str]]
) -> None:
    channel.api.text(EVA, "hola")
    process = Process(channel, engine)
    await process.answers(EVA, {"custom": {"picture": {"caption": "no picture"}}})
    await process.outbox.finish(5)
    assert channel.api.texts(EVA.id) == [words_of("failure", "es")]
    assert errors() == ["answer cannot be drawn: KeyError"]


@on_telegram()
async def test_an_answer_is_given_up_after_a_day(
    channel: Channel, engine: Engine, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    channel.api.text(ANA, "hi")
    await Process(channel, engine).stores(ANA, "Yesterday")
    clock.ahead += DAY + timedelta(seconds=1)
    async with Process(channel, engine).at_work():
        await emptied(engine)
    assert channel.api.texts(ANA.id) == []
    assert caplog.messages == ["answers given up after a day: number=1"]


@on_telegram()
async def test_an_answer_is_sent_until_a_day_is_over(
    channel: Channel, engine: Engine, clock: Clock
) -> None:
    clock.stop()
    channel.api.text(ANA, "hi")
    await Process(channel, engine).stores(ANA, "Yesterday")
    clock.ahead += DAY
    async with Process(channel, engine).at_work():
        await emptied(engine)
    assert channel.api.texts(ANA.id) == ["Yesterday"]


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


@on_telegram()
async def test_a_stop_that_has_no_time_left_waits_for_nothing(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.delay("sendMessage", 0.3)
    process = Process(channel, engine)
    await process.answers(ANA, "One")
    await process.outbox.finish(-1)
    assert channel.api.texts(ANA.id) == [] and len(rows(engine)) == 1
