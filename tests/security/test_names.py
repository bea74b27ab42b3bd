"""Names and codes that would be paths or statements, if anything took them for such."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.database import use_database
from actions.healing_map.models import Event, Message
from actions.healing_map.review import reject
from actions.healing_map.search import public_event
from actions.healing_map.store import entries_of, entry_by_code, entry_of
from bot import review_commands, terminal
from bot.assistant import Assistant
from bot.errors import CommandError
from bot.turns import Tap
from tests.actions.healing_map.making import NOW, put_event, put_message
from tests.conversation import Talk
from tests.map_entries import event_on
from tests.security.hostile import CODES, SQL, stored_in

PATHS = ("../../../etc/passwd", "/etc/passwd", "..\\..\\x", "con", "a/b", ".ics")
SOMEBODY = "telegram:4711"


def test_what_looks_like_a_statement_is_stored_as_text(session: Session) -> None:
    for text in SQL:
        fields = dict.fromkeys(("title", "description", "host_name", "contact", "address"), text)
        event = put_event(session, **fields)
        message = put_message(session, text, author_name=text)
        rejected = reject(session, put_event(session, status="pending").code, text, NOW)
        session.commit()
        assert {event.title, event.description, event.host_name, event.address} == {text}
        assert event.private["contact"] == text
        assert (message.text, message.author_name, rejected.review_note) == (text,) * 3
    tables = inspect(session.get_bind()).get_table_names()
    assert {Event.__tablename__, Message.__tablename__} <= set(tables)


def test_a_name_that_looks_like_a_statement_is_nobody_else(session: Session) -> None:
    put_event(session, submitter=SOMEBODY)
    assert not any(entries_of(session, text) for text in SQL)
    assert len(entries_of(session, SOMEBODY)) == 1


def test_what_is_no_code_finds_nothing(session: Session) -> None:
    put_event(session, submitter=SOMEBODY)
    session.commit()
    for code in CODES:
        assert entry_by_code(session, code) is None
        assert public_event(session, code) is None
        assert entry_of(session, SOMEBODY, code) is None


@pytest.mark.parametrize("command", ["show", "approve", "reject"])
def test_the_command_line_refuses_what_is_no_code_in_one_line(
    own_map: Engine, command: str
) -> None:
    before = stored_in(own_map)
    reason = ("No",) if command == "reject" else ()
    for code in CODES:
        with pytest.raises(CommandError) as refused:
            getattr(review_commands, command)(own_map, code, *reason)
        assert str(refused.value).isprintable()
    assert stored_in(own_map) == before


def test_a_file_is_named_by_its_code_and_not_by_its_title(talk: Talk, healing_map: Engine) -> None:
    for title in PATHS:
        with event_on(healing_map, title=title) as code:
            answer = talk().does(Tap(f'/find_nearby{{"choice": "show:{code}"}}'))
        (file,) = [reply.file for reply in answer.replies if reply.file]
        assert file.name == f"{code}.ics"


def test_the_terminal_writes_beside_its_history_and_nowhere_else(
    assistant: Assistant, healing_map: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    lines = iter(["healing events in the Loop tomorrow", "1", ""])
    monkeypatch.setattr("sys.stdin", _Lines(lines))
    monkeypatch.setattr(terminal, "_CONVERSATION", "terminal:in a folder of its own")
    use_database(healing_map)
    with event_on(healing_map, title=PATHS[0]) as code:
        asyncio.run(terminal.chat(assistant, folder / "history", "en"))
    assert [it for it in tmp_path.rglob("*") if it.is_file()] == [folder / f"{code}.ics"]


class _Lines:
    """Standard input that is no terminal."""

    def __init__(self, lines: Any) -> None:
        self._lines = lines

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return next(self._lines)
