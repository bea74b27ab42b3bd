"""What the actions reach for outside of themselves: the database, and a geocoder if one is set.

The environment is read here because the stock action server knows no other settings.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import Engine

from actions.healing_map.database import open_database
from actions.healing_map.geocoder import DEFAULT_URL as DEFAULT_GEOCODER_URL
from actions.healing_map.geocoder import Geocoder
from actions.healing_map.models import sessions

_Result = TypeVar("_Result")

DEFAULT_URL = f"sqlite:///{Path(__file__).resolve().parent.parent / 'var' / 'twh.db'}"

_engine: Engine | None = None


@lru_cache(maxsize=1)
def _geocoder(engine: Engine, url: str) -> Geocoder:
    """Keep one geocoder, because it keeps the pause between requests."""
    return Geocoder(engine, url)


def geocoder() -> Geocoder | None:
    """Return the geocoder that TWH_GEOCODER names.

    None by default: no address leaves the machine.
    """
    if os.environ.get("TWH_GEOCODER", "").strip() != "nominatim":
        return None
    return _geocoder(database(), os.environ.get("TWH_GEOCODER_URL") or DEFAULT_GEOCODER_URL)


def use_database(engine: Engine) -> None:
    """Let the actions share the process's database."""
    global _engine
    _engine = engine


def database() -> Engine:
    """Return the shared database or, for the stock action server, the one of DATABASE_URL.

    Raises:
        DatabaseError: it cannot be opened.
    """
    if _engine is None:
        use_database(open_database(os.environ.get("DATABASE_URL") or DEFAULT_URL))
    assert _engine is not None
    return _engine


async def in_transaction(work: Callable[..., _Result], *arguments: Any) -> _Result:
    """Do work in the database, all of it or nothing: in a thread, while other turns go on.

    Args:
        work: is called with a session and the arguments; what it returns stays readable.
        arguments: for the work.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be used; nothing is stored.
    """

    def transaction() -> _Result:
        with sessions(database()).begin() as session:
            return work(session, *arguments)

    return await asyncio.to_thread(transaction)
