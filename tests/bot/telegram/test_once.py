"""Updates through kills and redeliveries: acknowledged when stored, applied once, answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine
from telegram import Update

from actions.texts import text
from bot import transactions
from bot.telegram import outbox as posting
from bot.telegram.handler import UpdateHandler
from bot.telegram.outbox import Outbox
from bot.telegram.sender import Sender
from bot.telegram.updates import Me
from tests.bot.telegram.channel import Channel, Parrot, on_telegram, taking_over
from tests.fakes.bot_api import Chat, User

pytestmark = pytest.mark.usefixtures("short_pauses", "errors")

ANA, BEN = User(7, "Ana"), User(8, "Ben")
GROUP = Chat(-1001, "Neighbors")


class Process:
    """One process: its own memory, over a database that it shares."""

    def __init__(self, channel: Channel, engine: Engine) -> None:
        self.parrot = Parrot(engine)
        sender = Sender(channel.bot)
        self.outbox = Outbox(self.parrot.transactions, sender)
        me = Me(channel.bot.id, channel.bot.username)
        self.handler = UpdateHandler(self.parrot, sender, self.outbox, me)  # type: ignore[arg-type]

    async def handles(self, *updates: Update) -> None:
        """Handle updates until Telegram may forget them."""
        await asyncio.gather(*[self.handler.submit(update) for update in updates])

    async def handles_and_is_killed(self, update: Update) -> None:
        """Handle an update, and end when its answer is stored and not yet on its way."""
        self.outbox._begin = lambda conversation, held: None  # type: ignore[method-assign]
        await self.handles(update)

    def is_killed(self) -> None:
        """End in the middle of everything."""
        for task in (*self.handler._running.values(), *self.outbox._lines):
            task.cancel()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Take over meanwhile what killed processes left."""
        async with taking_over(self.outbox):
            yield
        await self.handler.finish(5)


def after(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the outbox's clock be so much later."""
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    monkeypatch.setattr(posting, "real_now", lambda: moment)


def waiting_answers(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sql("SELECT count(*) FROM outbox")).scalar_one())


@on_telegram()
async def test_an_update_may_be_forgotten_when_it_is_stored_and_not_yet_answered(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.hang_next("sendMessage")
    process = Process(channel, engine)
    await asyncio.wait_for(process.handles(*await channel.updates()), 20)
    assert channel.api.texts(ANA.id) == [] and waiting_answers(engine) == 1
    process.is_killed()


@on_telegram()
async def test_an_update_that_comes_to_two_processes_at_once_is_answered_once(
    channel: Channel, engine: Engine
) -> None:
    for user in (ANA, BEN):
        for words in ("one", "two", "three"):
            channel.api.text(user, words)
    updates = await channel.updates()
    processes = [Process(channel, engine) for _ in range(3)]
    await asyncio.gather(*[process.handles(*updates) for process in processes])
    for process in processes:
        await process.handler.finish(5)
    for user in (ANA, BEN):
        assert channel.api.texts(user.id) == ["You: one", "You: two", "You: three"]


@on_telegram()
async def test_after_a_kill_before_the_turn_is_stored_it_is_handled_when_it_comes_again(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "one")
    channel.api.text(ANA, "two")
    updates = await channel.updates()
    first, second = Process(channel, engine), Process(channel, engine)
    hold = first.parrot.hold("one")
    handling = [first.handler.submit(update) for update in updates]
    await hold.begins()
    first.is_killed()
    await asyncio.gather(*handling, return_exceptions=True)
    await second.handles(*updates)
    await second.handler.finish(5)
    assert channel.api.texts(ANA.id) == ["You: one", "You: two"]


@on_telegram()
async def test_after_a_kill_between_storing_and_sending_the_answer_comes_once(
    channel: Channel, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.api.text(ANA, "one")
    [update] = await channel.updates()
    first, second = Process(channel, engine), Process(channel, engine)
    await first.handles_and_is_killed(update)
    async with second.at_work():
        await second.handles(update)
        assert second.parrot.heard == []
        after(31, monkeypatch)
        await channel.api.wait_for_sent()
        await second.handles(update)
    assert channel.api.texts(ANA.id) == ["You: one"]
    assert waiting_answers(engine) == 0


@on_telegram()
async def test_a_later_answer_waits_for_the_one_that_a_killed_process_left(
    channel: Channel, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.api.text(ANA, "one")
    channel.api.text(ANA, "two")
    one, two = await channel.updates()
    first, second = Process(channel, engine), Process(channel, engine)
    await first.handles_and_is_killed(one)
    async with second.at_work():
        await second.handles(two)
        await asyncio.sleep(0.1)
        assert channel.api.texts(ANA.id) == []
        after(31, monkeypatch)
        await channel.api.wait_for_sent(2)
    assert channel.api.texts(ANA.id) == ["You: one", "You: two"]


@on_telegram()
async def test_an_update_whose_acknowledgement_was_lost_is_not_handled_again(
    channel: Channel, engine: Engine
) -> None:
    channel.api.text(ANA, "one")
    channel.api.tap(ANA, 1, data="/faq_dates")
    updates = await channel.updates()
    first = Process(channel, engine)
    await first.handles(*updates)
    await first.handler.finish(5)
    second = Process(channel, engine)
    await second.handles(*updates)
    await second.handler.finish(5)
    assert second.parrot.heard == []
    assert channel.api.texts(ANA.id) == ["You: one", "You: /faq_dates"]


@on_telegram()
async def test_another_update_under_a_number_that_was_there_is_answered(
    channel: Channel, engine: Engine
) -> None:
    """So a local Bot API server may begin to count anew."""
    channel.api.text(ANA, "one")
    [update] = await channel.updates()
    await Process(channel, engine).handles(update)
    again = update.to_dict()
    again["message"]["text"] = "other"
    process = Process(channel, engine)
    await process.handles(Update.de_json(again, channel.bot))
    assert process.parrot.heard == ["other"]
    await process.handler.finish(5)


@on_telegram()
async def test_a_group_is_told_once_when_the_assistant_answers(
    channel: Channel, engine: Engine
) -> None:
    channel.api.membership(ANA, "left", "member", GROUP)
    updates = await channel.updates()
    for process in (Process(channel, engine), Process(channel, engine)):
        await process.handles(*updates)
        await process.handler.finish(5)
    assert len(channel.api.texts(GROUP.id)) == 1


@on_telegram()
async def test_kills_at_any_moment_lose_nothing_and_keep_the_order(
    channel: Channel, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the message that a killed process was sending may come twice."""
    people = [User(number, f"P{number}") for number in range(20, 26)]
    said = [str(number) for number in range(8)]
    for words in said:
        for user in people:
            channel.api.text(user, words)
    updates = await channel.updates()
    channel.api.delay("sendMessage", 0.003)
    for number in range(6):
        process = Process(channel, engine)
        tasks = [process.handler.submit(update) for update in updates]
        await asyncio.sleep(0.01 + 0.02 * number)
        process.is_killed()
        await asyncio.gather(*tasks, return_exceptions=True)
    last = Process(channel, engine)
    await last.handles(*updates)
    async with last.at_work():
        after(31, monkeypatch)
        while waiting_answers(engine):
            await asyncio.sleep(0.01)
    for user in people:
        texts = channel.api.texts(user.id)
        assert list(dict.fromkeys(texts)) == [f"You: {words}" for words in said]
        assert texts == sorted(texts)


# A database that is gone


@on_telegram()
async def test_while_the_database_is_gone_nothing_is_acknowledged_and_people_hear_why(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", 0.1)
    file = Path(channel.engine.url.database or "")
    away = file.parent.with_name(f"{file.parent.name}-away")
    channel.api.text(User(9, "Eva", "es"), "uno")
    channel.api.text(User(9, "Eva", "es"), "dos")
    process = Process(channel, channel.engine)
    updates = await channel.updates()
    file.parent.rename(away)
    channel.engine.dispose()
    handling = [process.handler.submit(update) for update in updates]
    await channel.api.wait_for_sent()
    await asyncio.sleep(0.2)
    assert channel.api.texts(9) == [text("delayed", "es")]
    assert not any(task.done() for task in handling)
    away.rename(file.parent)
    await asyncio.wait_for(asyncio.gather(*handling), 20)
    await process.handler.finish(5)
    assert channel.api.texts(9) == [text("delayed", "es"), "You: uno", "You: dos"]
