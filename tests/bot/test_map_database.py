"""The database is made ready with its key: given, made, in memory only, or the wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.healing_map import encryption
from actions.healing_map.database import IN_MEMORY
from actions.healing_map.encryption import cipher
from actions.healing_map.models import sessions
from actions.healing_map.store import draft_of, entry_by_code
from bot import map_database
from bot.errors import CommandError
from bot.map_database import open_map
from tests.actions.healing_map.making import put_event


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'twh.db'}"


@pytest.fixture
def key_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without TWH_SECRET_KEY, and where its key file would be."""
    folder = tmp_path / "keys"
    monkeypatch.delenv("TWH_SECRET_KEY")
    monkeypatch.setattr(map_database, "secret_key", lambda: encryption.secret_key(folder))
    return folder


def test_what_is_private_is_read_again_with_the_same_key(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWH_SECRET_KEY", "correct horse battery")
    with sessions(open_map(url)).begin() as session:
        code = put_event(session, contact="dana@example.org").code
    with sessions(open_map(url))() as session:
        event = entry_by_code(session, code)
        assert event is not None
        assert draft_of(event).contact == "dana@example.org"


def test_a_wrong_key_is_said_in_one_line_before_anything_is_stored(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWH_SECRET_KEY", "correct horse battery")
    open_map(url)
    monkeypatch.setenv("TWH_SECRET_KEY", "a key of somebody else")
    with pytest.raises(CommandError) as refused:
        open_map(url)
    assert str(refused.value).startswith(
        "TWH_SECRET_KEY is not the key that this database was written with; "
    )
    assert "\n" not in str(refused.value)


def test_the_key_that_is_made_is_said_once(
    url: str, key_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_map(url)
    said = capsys.readouterr().err
    assert str(key_folder / "secret.key") in said
    assert "apart from the database" in said
    assert len(said.splitlines()) == 1
    assert (key_folder / "secret.key").read_text(encoding="utf-8").strip() not in said
    open_map(url)
    assert capsys.readouterr().err == ""


def test_a_lost_key_file_is_noticed(url: str, key_folder: Path) -> None:
    open_map(url)
    (key_folder / "secret.key").unlink()
    with pytest.raises(CommandError, match="not the key"):
        open_map(url)


def test_a_damaged_key_file_is_said_in_one_line(url: str, key_folder: Path) -> None:
    key_folder.mkdir()
    (key_folder / "secret.key").touch()
    with pytest.raises(CommandError, match=r"secret\.key should have 16 characters") as refused:
        open_map(url)
    assert "\n" not in str(refused.value)


def test_a_database_in_memory_needs_no_key_file(key_folder: Path) -> None:
    open_map(IN_MEMORY)
    first = cipher().fingerprint("telegram:7")
    open_map(IN_MEMORY)
    assert cipher().fingerprint("telegram:7") != first
    assert not key_folder.exists()
