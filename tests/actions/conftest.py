"""What tests of the actions share: a map of their own, on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from actions import database
from actions.healing_map.database import open_database
from actions.healing_map.migrations import migrate


@pytest.fixture(scope="session")
def empty_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty map, to be copied: making its tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("map") / "empty.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def own_map(empty_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty map, which the actions work on for the time of a test."""
    path = shutil.copy(empty_map, tmp_path / "map.db")
    engine = open_database(f"sqlite:///{path}")
    monkeypatch.setattr(database, "_engine", engine)
    yield engine
    engine.dispose()
