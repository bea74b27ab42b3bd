"""Backups, made as docs/several-machines.md tells: taken during writing, and read again."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from actions.healing_map.encryption import VARIABLE
from actions.healing_map.models import Event, sessions
from bot.errors import CommandError
from bot.map_database import open_map
from tests.actions.healing_map.making import put_event
from tests.postgres import binaries, postgres

_TOGETHER = 3
"""Events that one transaction puts on the map: a backup has all of them or none."""


class Writer:
    """Puts events on a map until it is stopped."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.has_written = threading.Event()
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            with sessions(self._engine).begin() as session:
                for _ in range(_TOGETHER):
                    put_event(session, contact="ana@example.org", submitter="telegram:55")
            self.has_written.set()


@contextmanager
def being_written(engine: Engine) -> Iterator[None]:
    """Have a map written to meanwhile."""
    writer = Writer(engine)
    thread = threading.Thread(target=writer.run)
    thread.start()
    assert writer.has_written.wait(20)
    yield
    writer.stopped.set()
    thread.join()


def contacts_in(engine: Engine) -> list[str]:
    """Return the decrypted contacts of all events."""
    with sessions(engine)() as session:
        return [event.private["contact"] for event in session.execute(select(Event)).scalars()]


def assert_is_whole(engine: Engine) -> None:
    """See that a restored map can be read, holds no half transaction, and can be written to."""
    contacts = contacts_in(engine)
    assert contacts and set(contacts) == {"ana@example.org"}
    assert len(contacts) % _TOGETHER == 0
    with sessions(engine).begin() as session:
        put_event(session, contact="ana@example.org")
    assert len(contacts_in(engine)) == len(contacts) + 1
    engine.dispose()


def test_a_file_is_backed_up_while_it_is_written(tmp_path: Path) -> None:
    engine = open_map(f"sqlite:///{tmp_path / 'twh.db'}")
    with (
        being_written(engine),
        sqlite3.connect(tmp_path / "twh.db") as source,
        sqlite3.connect(tmp_path / "backup.db") as target,
    ):
        source.backup(target)  # what ".backup" does
    engine.dispose()
    assert_is_whole(open_map(f"sqlite:///{tmp_path / 'backup.db'}"))


@pytest.fixture
def postgres_url() -> Iterator[str]:
    with postgres() as url:
        yield url


def test_a_server_is_dumped_while_it_is_written_and_restored_elsewhere(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = binaries()
    assert folder
    tools = (folder / "initdb").resolve().parent
    dump, elsewhere = tmp_path / "twh.dump", postgres_url.removesuffix("postgres") + "elsewhere"
    engine = open_map(postgres_url)
    with being_written(engine):
        subprocess.run([tools / "pg_dump", "-Fc", "-f", dump, postgres_url], check=True)
    engine.dispose()
    server = create_engine(postgres_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE elsewhere"))
    options = ["--exit-on-error", "--single-transaction", "--no-owner"]
    subprocess.run([tools / "pg_restore", *options, "-d", elsewhere, dump], check=True)
    with monkeypatch.context() as environment:
        environment.setenv(VARIABLE, "a key of another machine")
        with pytest.raises(
            CommandError, match="is not the key that this database was written with"
        ):
            open_map(elsewhere)
    assert_is_whole(open_map(elsewhere))
