"""Opens the database that DATABASE_URL names."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
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

from actions.healing_map.encryption import KEY_DIRECTORY

IN_MEMORY = "sqlite://"
"""The URL of an empty database that ends with the process."""

_BUSY_SECONDS = 10
_PATIENCE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
"""How soon a server that is gone without a word is noticed; by default after a quarter of an hour.
In seconds, but tcp_user_timeout in milliseconds (see PostgreSQL's libpq)."""

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
    if address.get_backend_name() == "postgresql":
        patience = {name: it for name, it in _PATIENCE.items() if name not in address.query}
        return create_engine(address, pool_pre_ping=True, connect_args=patience, **_COMMON)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, **_COMMON)
    if not address.database:
        return create_engine(
            address, poolclass=StaticPool, connect_args={"check_same_thread": False}, **_COMMON
        )
    _make_folder(Path(address.database).parent)
    engine = create_engine(
        address,
        # Without a pool every session would open the file anew, 0.5 to 0.9 ms.
        poolclass=QueuePool,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        **_COMMON,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    """Make a folder for its owner only; an older version made var/ for all to read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.resolve() == KEY_DIRECTORY:
        with suppress(PermissionError):
            folder.chmod(0o700)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Let readers and the writer work side by side, only their owner read the files, every commit
    reach the disk, and what is deleted be overwritten.
    """
    _write_ahead(connection)
    _make_private(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")


def _write_ahead(connection: Any) -> None:
    """Switch to write-ahead logging, also while other processes open the same new file.

    SQLite waits by itself for most locks, but not for a writer's in this case: of eight processes
    that opened a new file at once, one in a hundred was told that the database is locked.
    """
    ends_at = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends_at:
                raise
            time.sleep(0.02)


def _make_private(connection: Any) -> None:
    """Let only their owner read the database's files, unless they are not this user's to change.

    SQLite gives the files beside a database the same mode when it makes them.
    """
    _, _, path = connection.execute("PRAGMA database_list").fetchone()
    for name in (path, f"{path}-wal", f"{path}-shm") if path else ():
        with suppress(FileNotFoundError, PermissionError):
            Path(name).chmod(0o600)
