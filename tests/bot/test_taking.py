"""Turns that may be delivered again, to this process or to another: each takes effect once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.engine import Connection, Engine

from actions import database
from actions.clock import now
from actions.database import use_database
from actions.healing_map.database import open_database
from actions.healing_map.migrations import migrate
from actions.healing_map.models import Event, Message, Notice, sessions
from actions.healing_map.review import approve, find
from actions.healing_map.store import is_code
from actions.texts import text
from bot import transactions
from bot.assistant import Assistant, Said, TakenBefore
from bot.conversations import ConversationStore
from bot.locks import ConversationLocks
from bot.turns import Command, Content, Tap, Turn, Typed
from tests.conversation import Conversation, text_of


class Killed(BaseException):
    """The process ends here."""


class Records:
    """What a channel stores: one row a turn, and what was said to it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            connection.execute(sql("CREATE TABLE records (name TEXT PRIMARY KEY, said TEXT)"))

    @property
    def said(self) -> dict[str, str]:
        """What was said, by the name of the turn."""
        with self._engine.connect() as connection:
            rows = connection.execute(sql("SELECT name, said FROM records")).all()
        return {row.name: row.said for row in rows}


class Noting:
    """The record of one turn."""

    def __init__(self, name: str, is_killed: bool = False) -> None:
        """Name the turn; the process may be killed before anything of it is stored."""
        self._name = name
        self._is_killed = is_killed

    def is_taken(self, connection: Connection) -> bool:
        query = sql("SELECT 1 FROM records WHERE name = :name")
        return connection.execute(query, {"name": self._name}).first() is not None

    def store(self, connection: Connection, said: Said) -> str:
        if self._is_killed:
            raise Killed
        words = "\n".join(message.get("text") or "" for message in said.messages)
        stored = connection.execute(
            sql("INSERT INTO records VALUES (:name, :said) ON CONFLICT DO NOTHING"),
            {"name": self._name, "said": words},
        )
        if not stored.rowcount:
            raise TakenBefore
        return words


class NoLocks(ConversationLocks):
    """Locks as two processes have them that share none: they keep nobody apart."""

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        yield


@pytest.fixture
def here(assistant: Assistant, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """The assistant over an empty database of this test's own, SQLite or PostgreSQL."""
    monkeypatch.setattr(database, "_engine", None)
    use_database(engine)
    store = ConversationStore(engine, assistant._agent.domain)
    monkeypatch.setattr(assistant, "_conversations", store)
    monkeypatch.setattr(assistant._agent, "tracker_store", store)
    monkeypatch.setattr(assistant._agent.processor, "tracker_store", store)
    return assistant


@pytest.fixture
def unlocked(here: Assistant, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """The same as if its turns ran in several processes that share nothing but the database."""
    monkeypatch.setattr(here, "_locks", NoLocks())
    return here


@pytest.fixture
def records(engine: Engine) -> Records:
    """An empty table of records."""
    return Records(engine)


def waits(error: Exception) -> None:
    """Expect that nobody waits long."""
    pytest.fail("waited")


async def take(
    assistant: Assistant, name: str, content: Content, chat: str = "test:taking"
) -> str | None:
    turn = Turn(chat, content, update_id=name)
    said: str | None = await assistant.take(turn, Noting(name), waits)
    return said


def take_now(assistant: Assistant, name: str, content: Content, chat: str) -> str | None:
    return asyncio.run(take(assistant, name, content, chat))


def dies_at(assistant: Assistant, name: str, content: Content, chat: str) -> None:
    """Let the process be killed when the turn's own effects are there, but not the turn's."""
    turn = Turn(chat, content, update_id=name)
    with pytest.raises(Killed):
        asyncio.run(assistant.take(turn, Noting(name, is_killed=True), waits))


SPANISH = Tap('/change_language{"choice": "es"}')


def test_what_is_said_is_recorded_with_the_turn(here: Assistant, records: Records) -> None:
    said = take_now(here, "one", Command("help"), "test:taking")
    assert said == text("help", "en")
    assert records.said == {"one": said}


def test_a_turn_that_comes_again_changes_nothing(here: Assistant, records: Records) -> None:
    chat = "test:taking"
    take_now(here, "one", SPANISH, chat)
    take_now(here, "two", Tap('/change_language{"choice": "en"}'), chat)
    before = records.said
    assert take_now(here, "one", SPANISH, chat) is None
    assert records.said == before
    assert take_now(here, "three", Command("help"), chat) == text("help", "en")


def test_of_a_turn_that_comes_to_many_processes_at_once_one_takes_effect(
    unlocked: Assistant, records: Records
) -> None:
    async def story() -> list[str | None]:
        return list(
            await asyncio.gather(*[take(unlocked, "one", Command("help")) for _ in range(6)])
        )

    assert [said for said in asyncio.run(story()) if said] == [text("help", "en")]
    assert records.said == {"one": text("help", "en")}


def test_turns_in_several_processes_at_once_are_all_kept(
    unlocked: Assistant, records: Records
) -> None:
    """Each begins with the state that all before it left; none is lost under another."""

    async def story(chat: str) -> None:
        turns = [SPANISH, Command("message"), Typed("zzz qqq xxx"), Command("about")]
        names = [f"{chat} {number}" for number in range(len(turns))]
        await asyncio.gather(
            *[take(unlocked, *each, chat) for each in zip(names, turns, strict=True)]
        )
        tracker = await unlocked._conversations.retrieve(chat)
        assert tracker is not None
        assert tracker.get_slot("language_chosen") is True
        assert tracker.active_loop_name == "message_form" or tracker.get_slot("message_draft")

    for round_ in range(5):
        asyncio.run(story(f"test:round {round_}"))
    assert len(records.said) == 20


def test_a_turn_that_fails_is_apologized_for_and_leaves_the_conversation_as_it_was(
    here: Assistant, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = "test:taking"
    take_now(here, "one", SPANISH, chat)

    async def fail(message: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(here._agent.processor, "handle_turn", fail)
        assert take_now(here, "two", Command("help"), chat) == text("failure", "en")
    assert take_now(here, "two", Command("help"), chat) is None
    assert take_now(here, "three", Command("help"), chat) == text("help", "es")


# A process that is killed between what an action stores and the end of its turn


class Host:
    """Somebody who submits; each tap and word is stored like any other turn."""

    def __init__(self, assistant: Assistant, chat: str = "telegram:77") -> None:
        self.assistant = assistant
        self.talk = Conversation(assistant)
        self.talk.id = self.chat = chat

    def at_the_summary(self) -> Content:
        """Answer all that the message form asks; the tap that submits it is returned."""
        for said in ("/message", "We heal together, block by block.", "skip", "skip", "yes"):
            self.talk.sends(said) if said.startswith("/") else self.talk.types(said)
        return Tap(self.talk.buttons["Submit"])

    def submits(self) -> str:
        """Submit a message, and return its code."""
        return code_in(text_of(self.talk.does(self.at_the_summary())))

    def taps(self, title: str) -> Content:
        """The tap on a button of the last answer, still to be done."""
        return Tap(self.talk.buttons[title])

    def redelivered(self, content: Content) -> str:
        """Be killed in the middle of a turn, which then comes again; what is said is returned."""
        dies_at(self.assistant, "turn", content, self.chat)
        said = take_now(self.assistant, "turn", content, self.chat)
        assert said is not None
        return said


def code_in(said: str) -> str:
    [code] = {word for word in said.replace(".", " ").split() if is_code(word)}
    return code


def everything(engine: Engine) -> list[Any]:
    with sessions(engine)() as session:
        return [*session.query(Event).all(), *session.query(Message).all()]


def notices(engine: Engine) -> list[tuple[str, int]]:
    with sessions(engine)() as session:
        return [(it.audience, it.revision) for it in session.query(Notice).order_by(Notice.id)]


@pytest.mark.usefixtures("records")
def test_a_submission_is_stored_once(here: Assistant, engine: Engine) -> None:
    host = Host(here)
    said = host.redelivered(host.at_the_summary())
    [entry] = everything(engine)
    assert code_in(said) == entry.code
    assert notices(engine) == [("staff", 1)]


@pytest.mark.usefixtures("records")
def test_a_change_is_made_once_also_when_the_staff_was_quicker(
    here: Assistant, engine: Engine
) -> None:
    host = Host(here)
    code = host.submits()
    host.talk.types(code)
    host.talk.taps(text("change_button", "en"))
    submit = host.taps("Submit")
    dies_at(here, "turn", submit, host.chat)
    with sessions(engine).begin() as session:
        approve(session, code, now(), revision=2)
    said = take_now(here, "turn", submit, host.chat)
    assert said and code in said
    with sessions(engine)() as session:
        entry = find(session, code)
        assert (entry.status, entry.revision) == ("approved", 2)
    assert notices(engine) == [("staff", 1), ("staff", 2), ("submitter", 2)]


@pytest.mark.usefixtures("records")
def test_a_withdrawal_is_made_once(here: Assistant, engine: Engine) -> None:
    host = Host(here)
    code = host.submits()
    host.talk.does(Tap(f'/my_submissions{{"choice": "withdraw:{code}"}}'))
    said = host.redelivered(host.taps(text("yes_button", "en")))
    [entry] = everything(engine)
    assert (entry.status, entry.revision) == ("withdrawn", 2)
    assert said == text("withdrawn", "en", title="We heal together, block by block.")


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.usefixtures("records")
def test_a_deletion_that_was_interrupted_is_finished_and_says_the_same(
    here: Assistant, engine: Engine, published: bool
) -> None:
    host = Host(here)
    code = host.submits()
    if published:
        with sessions(engine).begin() as session:
            approve(session, code, now())
    host.talk.sends("/delete")
    button = "delete_anonymize_button" if published else "delete_confirm_button"
    said = host.redelivered(host.taps(text(button, "en")))
    assert said == text("delete_done_nameless" if published else "delete_done", "en")
    assert [entry.owner for entry in everything(engine)] == ([""] if published else [])
    assert asyncio.run(here._conversations.retrieve(host.chat)) is None


# A database that is gone


@pytest.fixture
def folder(assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the database of the conversations, in a hurry to be told."""
    folder = tmp_path / "var"
    engine = open_database(f"sqlite:///{folder / 'twh.db'}")
    migrate(engine)
    Records(engine)
    store = ConversationStore(engine, assistant._agent.domain)
    monkeypatch.setattr(assistant, "_conversations", store)
    monkeypatch.setattr(assistant._agent, "tracker_store", store)
    monkeypatch.setattr(assistant._agent.processor, "tracker_store", store)
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", 0.1)
    return folder


def test_a_database_that_is_gone_is_waited_for_and_the_turn_is_taken_when_it_is_back(
    assistant: Assistant, folder: Path
) -> None:
    delays: list[Exception] = []
    on_delay: Callable[[Exception], None] = delays.append
    chat = "test:taking"
    take_now(assistant, "one", SPANISH, chat)

    async def story() -> str | None:
        gone = folder.rename(folder.with_name("gone"))
        assistant.transactions.engine.dispose()
        turn = Turn(chat, Command("help"), update_id="two")
        taking = asyncio.create_task(assistant.take(turn, Noting("two"), on_delay))
        while not delays:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        assert not taking.done()
        gone.rename(folder)
        said: str | None = await taking
        return said

    assert asyncio.run(story()) == text("help", "es")
    assert len(delays) == 1
