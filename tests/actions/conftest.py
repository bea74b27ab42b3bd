"""What tests of the actions share: a map of their own, on the disk."""

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
    """An empty map, which the actions work on for the time of a test."""
    engine = open_database(f"sqlite:///{tmp_path / 'map.db'}")
    migrate(engine)
    monkeypatch.setattr(database, "_engine", engine)
    yield engine
    engine.dispose()
