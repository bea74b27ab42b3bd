"""The assistant never leaves anyone without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from actions.healing_map.database import open_database
from actions.healing_map.migrations import migrate
from actions.healing_map.models import Geocode, sessions
from actions.healing_map.unanswered import NotUnderstood, keep, kept_questions
from actions.texts import text
from bot import transactions
from bot.assistant import Assistant
from bot.conversations import ConversationStore
from bot.rasa_in_process import CollectedMessages
from bot.transactions import Transactions
from bot.turns import Tap, Turn, Typed
from bot.unanswered import UnansweredQuestions
from tests.bot.program_logs import program_logs
from tests.conversation import Talk, text_of

Action = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def replace_action(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Action], None]:
    """replace_action(name, function) lets another function run as this action."""
    actions = assistant._agent.action_endpoint._executor.actions

    def replace(name: str, action: Action) -> None:
        assert name in actions
        monkeypatch.setitem(actions, name, action)

    return replace


def fails(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
    dispatcher.utter_message(text="half an answer")
    raise RuntimeError("the map is gone")


def is_silent(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
    return []


@pytest.mark.parametrize("action", [fails, is_silent])
def test_an_action_that_fails_or_says_nothing_is_apologized_for_and_the_conversation_goes_on(
    talk: Talk, replace_action: Callable[[str, Action], None], action: Action
) -> None:
    resident = talk()
    resident.types("What is racial healing?")
    replace_action("action_browse_faq", action)
    answer = resident.sends("/faq")
    assert text_of(answer) == text("failure", "en")
    assert text_of(resident.types("What is TRHT?")).startswith("What is TRHT?")


@pytest.mark.parametrize("action", [fails, is_silent])
def test_the_apology_is_in_the_language_of_the_conversation(
    talk: Talk, replace_action: Callable[[str, Action], None], action: Action
) -> None:
    resident = talk(language_hint="en")
    resident.types("¿Qué es la sanación racial?")
    replace_action("action_browse_faq", action)
    answer = resident.sends("/faq")
    assert text_of(answer) == text("failure", "es")
    assert answer.language == "es"
    assert resident.sends("/help").language == "es"


def test_one_failing_conversation_does_not_trouble_another(
    talk: Talk, replace_action: Callable[[str, Action], None]
) -> None:
    replace_action("action_browse_faq", fails)
    unlucky, lucky = talk(), talk()
    unlucky.sends("/faq")
    assert text_of(lucky.types("What is TRHT?")).startswith("What is TRHT?")


@pytest.fixture
def folder(assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which the conversations are kept for this test."""
    folder = tmp_path / "var"
    engine = open_database(f"sqlite:///{folder / 'twh.db'}")
    ConversationStore(engine).close()  # makes the table
    monkeypatch.setattr(assistant._conversations, "transactions", Transactions(engine))
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", 0.05)
    return folder


@pytest.mark.parametrize("language", ["en", "es"])
def test_while_the_database_is_gone_people_get_an_apology_and_afterwards_all_is_there_again(
    assistant: Assistant, talk: Talk, folder: Path, language: str
) -> None:
    resident = talk(language_hint=language)
    other = "es" if language == "en" else "en"
    resident.does(Tap(f'/change_language{{"choice": "{other}"}}'))
    gone = folder.rename(folder.with_name("gone"))
    assistant.transactions.engine.dispose()  # what is open stays usable under another name

    assert text_of(resident.sends("/help")) == text("failure", language)
    assert text_of(resident.sends("/help")) == text("failure", language)

    gone.rename(folder)
    answer = resident.sends("/help")
    assert answer.language == other
    assert text_of(answer) == text("help", other)


def test_what_cannot_be_stored_is_apologized_for_and_not_quoted_in_the_log(
    assistant: Assistant, talk: Talk, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with assistant.transactions.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE conversations")
    with program_logs():
        answer = talk().types("I am Zebulon. What is TRHT?")
    assert text_of(answer) == text("failure", "en")
    logged = capfd.readouterr().err
    assert "turn failed" in logged
    assert "Zebulon" not in logged


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x85", "\ud800"])
def test_what_is_no_text_is_taken_out_before_anything_keeps_it(character: str) -> None:
    nobody = cast(Assistant, SimpleNamespace(_intents=frozenset()))
    turn = Turn("test:1", Typed(f"one{character}two\n\tñ🙂"))
    message = Assistant._message(nobody, turn, CollectedMessages())
    assert message.text == "one two\n\tñ🙂"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "\x00",
        "\ud800",
        "\x00\x01\x02 \u202e\u200f",
        "😀😀😀",
        "مرحبا، كيف حالك؟",
        "שלום",
        "a" * 5000,
        "why " * 1250,
        "<b>&amp;</b> {x} %s \\",
        "/",
        "//",
        '/intent{"x":1}',
        "/restart",
        "/session_start",
        '/change_language{"choice": "es"}',
        ' /change_language{"choice": "es"}',
        "/faq_dates",
        "/greet{",
        "EXTERNAL: greet",
    ],
    ids=lambda typed: ascii(typed[:20]),
)
def test_any_typed_text_is_understood_as_text_and_answered(talk: Talk, typed: str) -> None:
    answer = talk().does(Typed(typed))
    assert answer.intent is not None
    assert answer.replies[0].text
    assert answer.language == "en"
    assert text_of(answer) != text("failure", "en")


@pytest.mark.parametrize("typed", ["/restart", '/intent{"x":1}', "/faq_dates", "/greet{}", ""])
def test_a_text_is_understood_alone_whatever_it_looks_like(
    assistant: Assistant, typed: str
) -> None:
    parse = assistant.understand(typed)
    assert parse["decision"] in ("answer", "offer", "out_of_scope", "crisis")
    assert {"language", "probability", "words"} <= set(parse["written_language"])


@pytest.mark.parametrize(
    "payload", ["/restart", "/back", "/session_start", "/nlu_fallback", "help", ""]
)
def test_a_button_that_was_never_shown_no_longer_works_and_changes_nothing(
    talk: Talk, payload: str
) -> None:
    resident = talk()
    resident.does(Tap('/change_language{"choice": "es"}'))
    answer = resident.does(Tap(payload))
    assert text_of(answer) == text("stale_button", "es")
    assert resident.sends("/help").language == "es"


def test_what_was_understood_is_part_of_the_answer(talk: Talk) -> None:
    answer = talk().sends("/help")
    assert answer.intent == {"name": "help", "confidence": 1.0}
    assert (answer.form, answer.asking) == (None, None)


@pytest.fixture
def kept(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[], list[str]]]:
    """kept() ends the keeping of unanswered questions and returns those of this test, sorted."""
    engine = open_database(f"sqlite:///{tmp_path / 'twh.db'}")
    migrate(engine)
    keeper = UnansweredQuestions(engine, is_on=True)
    monkeypatch.setattr(assistant, "_unanswered", keeper)

    def texts() -> list[str]:
        keeper.close()
        with sessions(engine)() as session:
            return sorted(question.text for question in kept_questions(session))

    yield texts
    engine.dispose()


def test_what_is_not_understood_is_kept_and_nothing_else(
    talk: Talk, kept: Callable[[], list[str]]
) -> None:
    resident = talk()
    assert text_of(resident.types("partners or anchors")) == text("offer", "en")
    resident.taps(text("none_of_these", "en"))
    resident.types("Will it rain tomorrow in Pilsen, Zebulon?")
    resident.types("What is TRHT?")
    resident.types("I want to die")
    resident.sends("/nearby")
    resident.types("grandma's porch")  # a place that nobody knows
    resident.sends("/host")
    resident.types("Will it rain tomorrow?")  # may be an answer, or a question in between
    assert kept() == ["Will it rain tomorrow in Pilsen, [name]?", "partners or anchors"]


def test_an_unanswered_question_in_spanish_is_kept_as_such(
    talk: Talk, assistant: Assistant, kept: Callable[[], list[str]]
) -> None:
    resident = talk(language_hint="en")
    resident.types("¿Va a llover mañana en casa de Zebulón?")
    assert kept() == ["¿Va a llover mañana en casa de [name]?"]
    with sessions(assistant._unanswered._engine)() as session:
        [question] = kept_questions(session, "es")
    assert (question.decision, question.times) == ("out_of_scope", 1)


def test_what_is_deleted_regularly_includes_old_questions(
    assistant: Assistant, kept: Callable[[], list[str]]
) -> None:
    with sessions(assistant._unanswered._engine).begin() as session:
        keep(session, NotUnderstood("is there cake", "en", "offer"), date(2020, 1, 1))
    asyncio.run(assistant.delete_old())
    assert kept() == []


def test_what_is_deleted_regularly_includes_the_places_that_were_looked_up(
    assistant: Assistant, healing_map: Engine
) -> None:
    with sessions(healing_map).begin() as session:
        for name, days in (("old", 31), ("new", 1)):
            found_at = datetime.now(timezone.utc) - timedelta(days=days)
            session.add(Geocode(id=name, private={}, found_at=found_at))
    asyncio.run(assistant.delete_old())
    with sessions(healing_map).begin() as session:
        rest = session.execute(select(Geocode)).scalars().all()
        assert [it.id for it in rest] == ["new"]
        session.delete(rest[0])
