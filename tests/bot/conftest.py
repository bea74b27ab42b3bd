"""Databases and a Redis server for the tests of what several processes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
