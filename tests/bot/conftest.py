"""Databases and a Redis server for what several processes share, short pauses, texts to edit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions import knowledge, texts
from actions.texts import DATA
from bot import transactions
from bot.telegram import notifier, outbox, retries
from tests.actions.healing_map.conftest import (  # noqa: F401
    empty_database,
    engine,
    postgres_url,
)
from tests.redis import RedisServer, redis_server


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    """A Redis server for the run."""
    with redis_server() as server:
        yield server


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again, and look again, after hundredths of a second instead of seconds."""
    for pauses in (transactions, retries, outbox):
        monkeypatch.setattr(pauses, "_FIRST_PAUSE_SECONDS", 0.01)
        monkeypatch.setattr(pauses, "_LONGEST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(retries, "_CONFLICT_PAUSE_SECONDS", 0.02)
    for looking in (outbox, notifier):
        monkeypatch.setattr(looking, "_LOOK_AGAIN_SECONDS", 0.02)


@pytest.fixture
def data_to_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of data/texts and data/nlu, which are read from there during the test."""
    for name in ("texts", "nlu"):
        shutil.copytree(DATA / name, tmp_path / "data" / name)
    for module in (texts, knowledge):
        monkeypatch.setattr(module, "DATA", tmp_path / "data")
    _forget_what_was_read()
    yield tmp_path / "data"
    _forget_what_was_read()


def _forget_what_was_read() -> None:
    for read in (texts.texts, knowledge.entries, knowledge.titles, knowledge.questions):
        read.cache_clear()
