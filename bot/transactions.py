"""Work in the database that waits while the database is out of reach, and is never half done."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from actions.healing_map.database import is_out_of_reach

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 20.0
"""How long people wait for an answer before they are told why there is none."""

_SERVER_THREADS = 8
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0

_Result = TypeVar("_Result")


class Transactions:
    """Does work in one database, each piece in one transaction: all of it or nothing.

    The database is reached in threads of its own, so that a slow disk holds up nobody else: one
    thread for SQLite, which has one writer anyway, several for a server.
    """

    def __init__(self, engine: Engine) -> None:
        """Set the database; what is done in it is work that is given a Connection."""
        self.engine = engine
        threads = 1 if engine.dialect.name == "sqlite" else _SERVER_THREADS
        self._threads = ThreadPoolExecutor(threads, "database")
        self._out_of_reach_since: float | None = None

    async def run(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        """Do work that is called with a connection and the arguments, and return its result.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be used; nothing is stored.
        """

        def transaction() -> _Result:
            with self.engine.begin() as connection:
                return work(connection, *arguments)

        try:
            result = await asyncio.get_running_loop().run_in_executor(self._threads, transaction)
        except SQLAlchemyError as error:
            self._note_trouble(error)
            raise
        self._note_success()
        return result

    def close(self) -> None:
        """Wait for what is being written, and let the database go."""
        self._threads.shutdown()
        self.engine.dispose()

    def _note_trouble(self, error: SQLAlchemyError) -> None:
        if is_out_of_reach(error) and self._out_of_reach_since is None:
            log.warning("database out of reach, trying on: reason=%s", type(error).__name__)
            self._out_of_reach_since = time.monotonic()

    def _note_success(self) -> None:
        if self._out_of_reach_since is not None:
            seconds = time.monotonic() - self._out_of_reach_since
            log.warning("database in reach again: seconds=%.0f", seconds)
            self._out_of_reach_since = None


async def patiently(
    work: Callable[[], Awaitable[_Result]],
    on_delay: Callable[[SQLAlchemyError], None] | None = None,
) -> _Result:
    """Do work that needs the database; while that is out of reach, try again and again.

    Args:
        work: may be done again after it failed.
        on_delay: is called once, after PATIENCE_SECONDS, with the last error; what it raises
            ends the waiting.

    Raises:
        Exception: whatever the work raises for another reason.
    """
    started, pause = time.monotonic(), _FIRST_PAUSE_SECONDS
    while True:
        try:
            return await work()
        except SQLAlchemyError as error:
            if not is_out_of_reach(error):
                raise
            if on_delay and time.monotonic() - started >= PATIENCE_SECONDS:
                on_delay(error)
                on_delay = None
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
