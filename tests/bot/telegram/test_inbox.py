"""Which updates are handled: noted once, known again, and forgotten when they cannot come again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from telegram import Update

from bot.assistant import TakenBefore
from bot.telegram import inbox
from bot.telegram.inbox import DAYS_KEPT, delete_old, is_handled, key_of, note_handled
from bot.transactions import Transactions
from tests.bot.telegram.channel import Channel, on_telegram
from tests.bot.telegram.test_webhook import update_of
from tests.fakes.bot_api import User

ANA, BEN = User(7, "Ana"), User(8, "Ben")


@pytest.fixture
def database(engine: Engine) -> Iterator[Transactions]:
    """An empty database."""
    database = Transactions(engine)
    yield database
    database.close()


def key(user: User, words: str, update_id: int = 1) -> str:
    update = Update.de_json(update_of(user, words, update_id), None)
    return key_of(update)


@on_telegram()
async def test_an_update_that_is_delivered_again_has_the_same_key(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.tap(ANA, 1, data="/faq_dates")
    first, second = await channel.updates(), await channel.updates()
    assert [key_of(update) for update in first] == [key_of(update) for update in second]
    assert len({key_of(update) for update in first}) == 2


def test_a_number_that_is_used_again_for_something_else_is_another_update() -> None:
    assert len({key(ANA, "hi"), key(ANA, "ho"), key(BEN, "hi"), key(ANA, "hi", 2)}) == 4


def test_an_update_whose_fields_come_in_another_order_is_the_same() -> None:
    """So they may, those that came into Telegram after our library's version."""
    sent = update_of(ANA, "hi")
    fields = {"brand_new": 1, "newer_still": 2}
    keys = {
        key_of(Update.de_json(sent | {"message": sent["message"] | ordered}, None))
        for ordered in (fields, dict(reversed(fields.items())))
    }
    assert len(keys) == 1


def test_a_key_tells_nothing_of_what_was_written() -> None:
    assert key(ANA, "hi") == key(ANA, "hi")
    assert "Ana" not in key(ANA, "hi") and len(key(ANA, "hi" * 1000)) == 64


def test_an_update_is_noted_once(database: Transactions) -> None:
    async def story() -> None:
        assert not await database.run(is_handled, "a")
        await database.run(note_handled, "a")
        assert await database.run(is_handled, "a")
        assert not await database.run(is_handled, "b")
        with pytest.raises(TakenBefore):
            await database.run(note_handled, "a")

    asyncio.run(story())


def test_of_many_that_note_it_at_once_one_does(database: Transactions) -> None:
    async def story() -> list[BaseException | None]:
        noting = [database.run(note_handled, "a") for _ in range(20)]
        return await asyncio.gather(*noting, return_exceptions=True)

    results = asyncio.run(story())
    assert results.count(None) == 1
    assert sum(isinstance(result, TakenBefore) for result in results) == 19


def test_it_is_forgotten_after_days_in_which_it_might_have_come_again(
    database: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime(2021, 1, 15, 12, tzinfo=timezone.utc)

    async def story() -> None:
        for name, age in (("old", DAYS_KEPT + 0.01), ("new", DAYS_KEPT)):
            monkeypatch.setattr(inbox, "real_now", lambda age=age: today - timedelta(days=age))
            await database.run(note_handled, name)
        monkeypatch.setattr(inbox, "real_now", lambda: today)
        assert await database.run(delete_old) == 1
        assert not await database.run(is_handled, "old")
        assert await database.run(is_handled, "new")

    asyncio.run(story())
    assert DAYS_KEPT >= 1  # Telegram delivers again for a day


def test_nothing_but_the_key_and_the_moment_is_kept(database: Transactions) -> None:
    asyncio.run(database.run(note_handled, key(ANA, "hi")))
    with database.engine.connect() as connection:
        [row] = connection.execute(text("SELECT * FROM handled_updates")).all()
    assert set(row._mapping) == {"id", "handled_at"}
    assert row.id == key(ANA, "hi")
