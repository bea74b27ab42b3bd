"""The database's tables: made once, brought up to date, and the same as the models say."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import Engine

from actions.healing_map.database import open_database
from actions.healing_map.encryption import WrongKey, use_secret
from actions.healing_map.key_check import check_key
from actions.healing_map.migrations import VERSION_TABLE, MigrationError, migrate
from actions.healing_map.models import Base, Event, Message, sessions
from actions.healing_map.store import draft_of, resubmit
from tests.actions.healing_map.making import NOW, put_event


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


EVENT_OF_0002: dict[str, Any] = {
    "code": "H7K2QM",
    "kind": "learning",
    "title": "Book club",
    "description": "",
    "starts_at": "2020-12-12 21:00:00.000000",
    "ends_at": "2020-12-12 23:00:00.000000",
    "format": "in_person",
    "address": "8100 S. Vernon Ave.",
    "address_visibility": "area_only",
    "latitude": 41.7423,
    "longitude": -87.6201,
    "area": "Chatham",
    "host_name": "Neighbors",
    "host_type": "individual",
    "contact": "dana@example.org",
    "join_url": "",
    "accessibility": "unknown",
    "language": "en",
    "status": "approved",
    "submitted_at": "2020-12-08 16:00:00.000000",
    "updated_at": "2020-12-08 16:00:00.000000",
    "shown_latitude": 41.74019,
    "shown_longitude": -87.61589,
    "shown_cell": 131704619,
}
MESSAGE_OF_0002 = {
    **{"code": "H7K2QN", "text": "We heal.", "author_name": "", "area": "Chatham"},
    **{"latitude": 41.7423, "longitude": -87.6201, "language": "en", "status": "approved"},
    **{"submitted_at": "2020-12-08 16:00:00.000000", "updated_at": "2020-12-08 16:00:00.000000"},
    **{"shown_latitude": 41.74019, "shown_longitude": -87.61589, "shown_cell": 131704619},
}

GEOCODE_OF_0002 = {
    **{"query": "grandma's house", "name": "Grandma's", "latitude": 41.8571, "longitude": -87.66},
    **{"found_at": "2020-12-08 16:00:00.000000"},
}


def put_row(engine: Engine, table: str, row: dict[str, Any]) -> None:
    values = ", ".join(f":{name}" for name in row)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)


@pytest.fixture
def engine_of_0002(empty_database: str) -> Iterator[Engine]:
    """A database that version 0.2.0 wrote: at home, in a library, online; and messages."""
    engine = open_database(empty_database)
    migrate(engine, "0002")
    put_row(engine, "events", EVENT_OF_0002)
    library = {"code": "H7K2QP", "address_visibility": "public", "shown_latitude": 41.7423}
    put_row(engine, "events", EVENT_OF_0002 | library)
    nowhere = dict.fromkeys(
        ("latitude", "longitude", "shown_latitude", "shown_longitude", "shown_cell")
    )
    online = {"code": "H7K2QR", "format": "virtual", "address": "", "contact": "", "area": ""}
    put_row(engine, "events", EVENT_OF_0002 | nowhere | online)
    put_row(engine, "messages", MESSAGE_OF_0002)
    put_row(engine, "messages", MESSAGE_OF_0002 | nowhere | {"code": "H7K2QT"})
    yield engine
    engine.dispose()


def test_what_was_private_in_an_older_database_is_encrypted_and_nothing_is_lost(
    engine_of_0002: Engine,
) -> None:
    migrate(engine_of_0002)
    with sessions(engine_of_0002)() as session:
        home, library, online = session.execute(select(Event).order_by(Event.id)).scalars()
        draft = draft_of(home)
        assert (draft.address, draft.contact) == ("8100 S. Vernon Ave.", "dana@example.org")
        assert (draft.latitude, draft.longitude) == (41.7423, -87.6201)
        assert (home.address, home.latitude, home.longitude) == ("", None, None)
        assert (library.address, library.latitude) == ("8100 S. Vernon Ave.", 41.7423)
        assert library.private == {"contact": "dana@example.org"}
        assert online.private == {}
        assert {(it.owner, it.submission, it.revision) for it in (home, library, online)} == {
            ("", None, 1)
        }
        here, elsewhere = session.execute(select(Message).order_by(Message.id)).scalars()
        assert (here.latitude, here.private) == (None, {"latitude": 41.7423, "longitude": -87.6201})
        assert (draft_of(here).latitude, elsewhere.private) == (41.7423, {})
    with engine_of_0002.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM events WHERE code = 'H7K2QM'")).all())
    for private in ("Vernon", "dana@", "41.7423", "87.6201"):
        assert private not in rows


def test_an_older_database_ends_with_the_tables_of_the_models(engine_of_0002: Engine) -> None:
    migrate(engine_of_0002)
    migrated = _constraints(engine_of_0002)
    with engine_of_0002.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    Base.metadata.drop_all(engine_of_0002)
    Base.metadata.create_all(engine_of_0002)
    assert _constraints(engine_of_0002) == migrated


def test_an_older_database_is_bound_to_the_key_that_encrypted_it(engine_of_0002: Engine) -> None:
    migrate(engine_of_0002)
    use_secret("quite another secret")
    with pytest.raises(WrongKey):
        check_key(engine_of_0002)


def test_entries_are_added_and_changed_in_an_older_database(engine_of_0002: Engine) -> None:
    migrate(engine_of_0002)
    with sessions(engine_of_0002).begin() as session:
        event = put_event(session, submitter="telegram:7")
        resubmit(session, event, draft_of(event), NOW)
        assert event.revision == 2
        assert event.id not in (1, 2, 3)


def test_a_file_of_an_older_version_keeps_nothing_private_in_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "map.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine, "0002")
    put_row(engine, "events", EVENT_OF_0002)
    put_row(engine, "geocodes", GEOCODE_OF_0002)
    assert b"Vernon" in path.read_bytes() + path.with_name("map.db-wal").read_bytes()
    migrate(engine)
    engine.dispose()
    assert [it.name for it in tmp_path.iterdir()] == ["map.db"]
    private_numbers = [struct.pack(">d", number) for number in (41.7423, 41.8571)]
    for private in (b"Vernon", b"dana@example.org", b"grandma", *private_numbers):
        assert private not in path.read_bytes()


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
