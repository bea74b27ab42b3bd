"""The maps that tests of security work on are those of the other tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.models import sessions
from tests.actions.healing_map.conftest import (  # noqa: F401
    empty_database,
    engine,
    postgres_url,
    session,
)
from tests.bot.conftest import short_pauses  # noqa: F401


@pytest.fixture
def map_session(own_map: Engine) -> Iterator[Session]:
    """A session on an empty map where the kind of database makes no difference."""
    with sessions(own_map)() as session:  # noqa: F811
        yield session
