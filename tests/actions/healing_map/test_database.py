"""Opening the database, and the one line that says why it cannot be opened."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from actions.healing_map import database
from actions.healing_map.database import IN_MEMORY, DatabaseError, open_database


def refusal(url: str) -> str:
    with pytest.raises(DatabaseError) as refused:
        open_database(url)
    return str(refused.value)


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "twh.db"
    open_database(f"sqlite:///{path}").dispose()
    assert path.is_file()


def test_readers_and_the_writer_work_side_by_side_and_deleted_rows_are_overwritten(
    tmp_path: Path,
) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'twh.db'}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # full
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: mode_of(path) for path in folder.iterdir()}


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else's work in a new file: SQLite waits by itself for most locks, not for this."""
    with closing(sqlite3.connect(tmp_path / "map.db", check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_a_new_file_is_waited_for_while_another_process_works_on_it(
    begun: sqlite3.Connection, tmp_path: Path
) -> None:
    threading.Timer(0.2, begun.rollback).start()
    open_database(f"sqlite:///{tmp_path / 'map.db'}").dispose()
    assert begun.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_new_file_is_not_waited_for_without_end(
    begun: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)
    with pytest.raises(DatabaseError, match="database is locked"):
        open_database(f"sqlite:///{tmp_path / 'map.db'}")


def test_nobody_else_on_the_machine_reads_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    engine = open_database(f"sqlite:///{folder / 'twh.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (note TEXT)"))
    assert mode_of(folder) == 0o700
    assert modes_in(folder) == dict.fromkeys(["twh.db", "twh.db-wal", "twh.db-shm"], 0o600)
    engine.dispose()


def test_what_an_older_version_let_everybody_read_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "var"
    first = open_database(f"sqlite:///{folder / 'twh.db'}")
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE notes (note TEXT)"))
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)
    monkeypatch.setattr(database, "KEY_DIRECTORY", folder)
    second = open_database(f"sqlite:///{folder / 'twh.db'}")
    assert mode_of(folder) == 0o700
    assert modes_in(folder) == dict.fromkeys(["twh.db", "twh.db-wal", "twh.db-shm"], 0o600)
    first.dispose()
    second.dispose()


@pytest.mark.parametrize("name", ["twh.db", ":memory:"])
def test_a_folder_of_others_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    open_database(f"sqlite:///{name}").dispose()
    assert mode_of(tmp_path) == 0o755


def test_a_database_in_memory_is_one_for_all_connections() -> None:
    engine = open_database(IN_MEMORY)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (note TEXT)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar() == 0


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(f"sqlite:///{tmp_path}")


def test_a_file_of_something_else_is_no_database_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    letter = "Dear neighbor,\n" * 200
    path.write_text(letter, encoding="utf-8")
    path.chmod(0o644)
    assert "not a database" in refusal(f"sqlite:///{path}")
    assert path.read_text(encoding="utf-8") == letter
    assert mode_of(path) == 0o644


def test_a_path_through_a_file_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "DATABASE_URL" in refusal(f"sqlite:///{tmp_path}/file/twh.db")


@pytest.mark.parametrize(
    "url",
    [
        "nodriver://user:hunter2@127.0.0.1/name",
        "sqlite+nodriver:///twh.db",
        "postgresql://user:hunter2@127.0.0.1:1/name",
        "postgresql//user:hunter2@127.0.0.1/name",
        "postgresql://user:hunter2@127.0.0.1:port/name",
        "no address at all",
    ],
)
def test_the_reason_is_one_line_without_the_password(url: str) -> None:
    reason = refusal(url)
    assert reason
    assert "\n" not in reason
    assert "hunter2" not in reason


_PATIENCE = {"connect_timeout": "5", "tcp_user_timeout": "10000", "keepalives_idle": "10"}


def parameters_of(url: str) -> dict[str, str]:
    """What a connection to PostgreSQL was opened with."""
    engine = open_database(url)
    with engine.connect() as connection:
        found: dict[str, str] = connection.connection.get_dsn_parameters()
    engine.dispose()
    return found


@pytest.mark.parametrize("through", ["network", "socket"])
def test_a_server_that_is_gone_without_a_word_is_noticed_soon(
    postgres_url: str, through: str
) -> None:
    engine = open_database(postgres_url)
    with engine.connect() as connection:
        folder = connection.execute(text("SHOW unix_socket_directories")).scalar()
    engine.dispose()
    url = make_url(postgres_url)
    if through == "socket":
        query = {"host": folder, "port": str(url.port)}
        url = url.set(host=None, port=None, query=query)
    opened = parameters_of(url.render_as_string(hide_password=False))
    assert opened["host"] == (folder if through == "socket" else "127.0.0.1")
    assert _PATIENCE.items() <= opened.items()


def test_what_the_url_says_of_patience_holds(postgres_url: str) -> None:
    opened = parameters_of(f"{postgres_url}?connect_timeout=30")
    assert opened["connect_timeout"] == "30"
    assert opened["tcp_user_timeout"] == "10000"
