"""One process at a time: a transaction that no other such transaction runs beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

_LOCK = 7_748_001
"""The map's own number among PostgreSQL's advisory locks; any will do that nobody else uses."""


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that waits for, and holds up, every other such one.

    Raises:
        sqlalchemy.exc.OperationalError: SQLite's time limit for waiting has passed.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection
