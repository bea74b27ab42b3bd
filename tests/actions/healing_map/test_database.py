"""Opening the database, and the one line that says why it cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

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
    assert "not a database" in refusal(f"sqlite:///{path}")
    assert path.read_text(encoding="utf-8") == letter


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
