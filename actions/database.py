"""What the actions reach for outside of themselves: the database, and a geocoder if one is set."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import Engine

from actions.healing_map.database import open_database
from actions.healing_map.geocoder import DEFAULT_URL as DEFAULT_GEOCODER_URL
from actions.healing_map.geocoder import Geocoder

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
