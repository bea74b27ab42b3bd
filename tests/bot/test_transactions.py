"""Work in the database: all of it or nothing, and waiting while the database is out of reach."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot import transactions
from bot.transactions import Transactions, patiently

pytestmark = pytest.mark.usefixtures("short_pauses")

NOTES = "CREATE TABLE notes (words TEXT)"


@pytest.fixture
def database(engine: Engine) -> Iterator[Transactions]:
    """A database with a table of notes."""
    with engine.begin() as connection:
        connection.execute(text(NOTES))
    database = Transactions(engine)
    yield database
    database.close()


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Transactions]:
    """SQLite that says at once that it is locked, with a table of notes."""
    engine = create_engine(
        f"sqlite:///{tmp_path / 'hasty.db'}",
        connect_args={"timeout": 0, "check_same_thread": False},
        future=True,
    )
    with engine.begin() as connection:
        connection.execute(text(NOTES))
    database = Transactions(engine)
    yield database
    database.close()


def write(connection: Connection, words: str) -> None:
    connection.execute(text("INSERT INTO notes VALUES (:words)"), {"words": words})


def notes(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT words FROM notes ORDER BY words")).scalars())


def write_and_fail(connection: Connection) -> None:
    write(connection, "half")
    raise ValueError


def test_work_is_done_and_its_result_returned(database: Transactions) -> None:
    async def story() -> list[str]:
        await database.run(write, "one")
        return await database.run(notes)

    assert asyncio.run(story()) == ["one"]


def test_work_that_fails_leaves_nothing(database: Transactions) -> None:
    async def story() -> list[str]:
        with pytest.raises(ValueError):
            await database.run(write_and_fail)
        return await database.run(notes)

    assert asyncio.run(story()) == []


def test_many_at_once_are_all_done(database: Transactions) -> None:
    async def story() -> list[str]:
        await asyncio.gather(*[database.run(write, str(number)) for number in range(40)])
        return await database.run(notes)

    assert asyncio.run(story()) == sorted(map(str, range(40)))


def writing(database: Transactions) -> Callable[[], Awaitable[None]]:
    return lambda: database.run(write, "late")


def test_a_lock_is_waited_for(hasty: Transactions, caplog: pytest.LogCaptureFixture) -> None:
    delays: list[SQLAlchemyError] = []

    async def story() -> list[str]:
        other = sqlite3.connect(hasty.engine.url.database or "")
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(patiently(writing(hasty), delays.append))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        other.rollback()
        other.close()
        await waiting
        return await hasty.run(notes)

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(story()) == ["late"]
    assert not delays
    begin, end = [record.getMessage() for record in caplog.records]
    assert begin.startswith("database out of reach") and end.startswith("database in reach again")


def test_a_long_delay_is_told_once_and_the_work_done_all_the_same(
    hasty: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", 0.05)
    delays: list[SQLAlchemyError] = []

    async def story() -> list[str]:
        other = sqlite3.connect(hasty.engine.url.database or "")
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(patiently(writing(hasty), delays.append))
        while not delays:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        other.rollback()
        other.close()
        await waiting
        return await hasty.run(notes)

    assert asyncio.run(story()) == ["late"]
    assert len(delays) == 1


def test_a_delay_can_be_the_end_of_it(hasty: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", 0.05)

    def give_up(error: SQLAlchemyError) -> None:
        raise TimeoutError

    async def story() -> None:
        other = sqlite3.connect(hasty.engine.url.database or "")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            await patiently(writing(hasty), give_up)
        other.close()

    asyncio.run(story())


def test_what_no_waiting_helps_is_raised_at_once(database: Transactions) -> None:
    async def story() -> None:
        with pytest.raises(ValueError):
            await patiently(lambda: database.run(write_and_fail))

    asyncio.run(story())


def test_a_full_disk_stores_nothing_by_halves_and_the_work_is_done_when_there_is_room(
    hasty: Transactions,
) -> None:
    most_pages = 2

    def limit(connection: Any, record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {most_pages}")

    event.listen(hasty.engine, "connect", limit)
    hasty.engine.dispose()

    def write_much(connection: Connection) -> None:
        write(connection, "small")
        write(connection, "large" * 10_000)

    async def story() -> list[str]:
        nonlocal most_pages
        waiting = asyncio.create_task(patiently(lambda: hasty.run(write_much)))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        assert await hasty.run(notes) == []
        most_pages = 1_000
        hasty.engine.dispose()
        await waiting
        return await hasty.run(notes)

    assert [len(words) for words in asyncio.run(story())] == [50_000, 5]


@pytest.fixture
def server(postgres_url: str) -> Iterator[Engine]:
    """Where the door of a database can be shut from: another database of the same server."""
    url = make_url(postgres_url).set(database="template1")
    engine = create_engine(url, poolclass=NullPool, future=True, isolation_level="AUTOCOMMIT")
    yield engine
    with engine.connect() as connection:
        connection.execute(text("ALTER DATABASE postgres ALLOW_CONNECTIONS true"))


END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'"


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_a_server_that_ends_all_connections_as_in_a_restart_is_waited_for(
    database: Transactions, server: Engine
) -> None:
    async def story() -> list[str]:
        await database.run(write, "before")
        with server.connect() as connection:
            connection.execute(text("ALTER DATABASE postgres ALLOW_CONNECTIONS false"))
            connection.execute(text(END_ALL))
            waiting = asyncio.create_task(patiently(writing(database)))
            await asyncio.sleep(0.2)
            assert not waiting.done()
            connection.execute(text("ALTER DATABASE postgres ALLOW_CONNECTIONS true"))
        await waiting
        return await database.run(notes)

    assert asyncio.run(story()) == ["before", "late"]


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_in_the_middle_of_the_work_costs_only_time(
    database: Transactions, server: Engine
) -> None:
    tries = 0

    def write_twice(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        write(connection, "one")
        if tries == 1:
            with server.connect() as other:
                other.execute(text(END_ALL))
        write(connection, "two")

    async def story() -> list[str]:
        await patiently(lambda: database.run(write_twice))
        return await database.run(notes)

    assert asyncio.run(story()) == ["one", "two"]
    assert tries == 2
