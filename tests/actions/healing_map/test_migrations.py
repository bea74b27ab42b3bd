"""The database's tables: made once, brought up to date, and the same as the models say."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from actions.healing_map.database import open_database
from actions.healing_map.migrations import VERSION_TABLE, MigrationError, migrate
from actions.healing_map.models import Base, sessions
from tests.actions.healing_map.making import put_event


def test_the_migrated_tables_are_those_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrated_constraints_are_those_of_the_models(empty_database: str) -> None:
    engine = open_database(empty_database)
    Base.metadata.create_all(engine)
    from_models = _constraints(engine)
    Base.metadata.drop_all(engine)
    migrate(engine)
    assert _constraints(engine) == from_models
    engine.dispose()


def _constraints(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    inspector = inspect(engine)
    return {
        table: sorted(inspector.get_check_constraints(table), key=lambda check: check["name"])
        for table in Base.metadata.tables
    }


def test_a_second_migration_changes_nothing_and_keeps_what_is_stored(engine: Engine) -> None:
    with sessions(engine).begin() as session:
        put_event(session, "Peace circle")
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT title FROM events")).scalars().all() == [
            "Peace circle"
        ]


def test_tables_of_others_stay_as_they_are(empty_database: str) -> None:
    engine = open_database(empty_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE conversations (id TEXT)"))
        connection.execute(text("INSERT INTO conversations VALUES ('me')"))
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM conversations")).scalars().all() == ["me"]
    engine.dispose()


def test_processes_that_start_at_once_make_the_tables_once(empty_database: str) -> None:
    program = (
        "import sys; from actions.healing_map.database import open_database;"
        "from actions.healing_map.migrations import migrate; migrate(open_database(sys.argv[1]))"
    )
    together = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_database], stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in together:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    engine = open_database(empty_database)
    assert {"events", "messages"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_a_database_of_a_newer_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="newer version"):
        migrate(engine)


def test_a_migration_that_fails_leaves_nothing_half_done(empty_database: str) -> None:
    engine = open_database(empty_database)
    with engine.begin() as connection:
        # In the way of the second table.
        connection.execute(text("CREATE TABLE messages (id INTEGER)"))
    with pytest.raises(Exception, match="messages"):
        migrate(engine)
    assert "events" not in inspect(engine).get_table_names()
    engine.dispose()
