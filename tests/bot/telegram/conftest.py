"""A map of its own for every test of the channel that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from actions import database
from actions.healing_map.database import open_database
from actions.healing_map.migrations import migrate


@pytest.fixture
def own_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty map in a file, which the process shares as long as the test runs."""
    engine = open_database(f"sqlite:///{tmp_path / 'map.db'}")
    migrate(engine)
    monkeypatch.setattr(database, "_engine", engine)
    yield engine
    engine.dispose()
