"""Opens the database that DATABASE_URL names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

IN_MEMORY = "sqlite://"
"""The URL of an empty database that ends with the process."""

_BUSY_SECONDS = 10
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_COMMON = {"future": True, "hide_parameters": True}
"""SQLAlchemy's 2.0 style, and no values of statements in errors: they hold what people wrote."""


class DatabaseError(Exception):
    """The database cannot be used; the text says why, without any password."""


def open_database(url: str) -> Engine:
    """Return an engine whose database has answered once.

    Raises:
        DatabaseError: the database cannot be opened.
    """
    try:
        address = make_url(url)
        engine = _engine(address)
        with engine.connect():
            return engine
    except (ArgumentError, ValueError):
        # Not quoted: the URL may hold a password.
        raise DatabaseError(
            "DATABASE_URL should be like sqlite:///var/twh.db or postgresql://user@host/name."
        ) from None
    except (ImportError, OSError) as error:
        raise DatabaseError(f"DATABASE_URL cannot be used: {error}") from None
    except DBAPIError as error:
        raise DatabaseError(
            f"The database {address.render_as_string(hide_password=True)} "
            f"cannot be opened: {reason_of(error)}"
        ) from None


def reason_of(error: DBAPIError) -> str:
    """Return what the database itself says about an error, in one line."""
    return str(error.orig).strip().splitlines()[0]


def is_out_of_reach(error: SQLAlchemyError) -> bool:
    """Tell whether what failed may succeed later: the database is locked, full, gone for now."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (OperationalError, InterfaceError, NoConnectionFree))


def insert_into(session: Session, table: Any) -> Any:
    """Return an INSERT into a model's table that can say what to do with a row that is there."""
    return _INSERTS[session.get_bind().dialect.name](table.__table__)


def _engine(address: URL) -> Engine:
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, **_COMMON)
    if not address.database:
        return create_engine(
            address, poolclass=StaticPool, connect_args={"check_same_thread": False}, **_COMMON
        )
    Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        # Without a pool every session would open the file anew, 0.5 to 0.9 ms.
        poolclass=QueuePool,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        **_COMMON,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Let readers and the writer work side by side, every commit reach the disk, and what is
    deleted be overwritten.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
