"""What is handed over to be kept, and that no turn suffers from it."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from actions.clock import set_now
from actions.healing_map.models import sessions
from actions.healing_map.unanswered import (
    DAYS_KEPT,
    KeptQuestion,
    NotUnderstood,
    keep,
    kept_questions,
)
from bot import unanswered
from bot.unanswered import UnansweredQuestions, not_understood_in
from tests.bot.program_logs import program_logs

SAID = NotUnderstood("is there cake for Zebulon", "en", "out_of_scope")
LANGUAGE = TextSlot("language", mappings=[{}], influence_conversation=False)


def kept_in(engine: Engine) -> list[KeptQuestion]:
    with sessions(engine)() as session:
        return kept_questions(session)


def turn(*events: Any, decision: str | None = "offer", written: str | None = "en") -> Any:
    """A tracker in which a text was just understood, after these events."""
    parse: dict[str, Any] = {"text": "is there cake", "intent": {"name": "nlu_fallback"}}
    if decision:
        language = {"language": written}
        parse |= {"decision": decision, "offers": ["faq_host"], "written_language": language}
    said = UserUttered("is there cake", parse["intent"], [], parse)
    return DialogueStateTracker.from_events("me", [*events, said], slots=[LANGUAGE])


@pytest.mark.parametrize("decision", ["offer", "out_of_scope"])
def test_what_was_not_understood_is_kept_with_what_was_offered(decision: str) -> None:
    said = NotUnderstood("is there cake", "en", decision, ("faq_host",))
    assert not_understood_in(turn(decision=decision)) == said


@pytest.mark.parametrize("decision", ["answer", "crisis", None])
def test_what_was_understood_a_crisis_and_a_tap_are_never_kept(decision: str | None) -> None:
    assert not_understood_in(turn(decision=decision)) is None


def test_nothing_is_kept_while_a_form_is_open() -> None:
    assert not_understood_in(turn(ActiveLoop("event_form"))) is None
    assert not_understood_in(turn(ActiveLoop("event_form"), ActiveLoop(None))) is not None


@pytest.mark.parametrize(
    ("written", "spoken", "kept"), [("es", "en", "es"), (None, "es", "es"), (None, None, "en")]
)
def test_the_language_is_that_of_the_text_or_else_of_the_conversation(
    written: str | None, spoken: str | None, kept: str
) -> None:
    said = not_understood_in(turn(SlotSet("language", spoken), written=written))
    assert said is not None
    assert said.language == kept


def test_a_conversation_without_any_text_has_nothing_to_keep() -> None:
    assert not_understood_in(DialogueStateTracker.from_events("me", [])) is None


def test_what_is_handed_over_is_kept_masked(own_map: Engine) -> None:
    keeper = UnansweredQuestions(own_map, is_on=True)
    keeper.keep(SAID)
    keeper.close()
    assert [question.text for question in kept_in(own_map)] == ["is there cake for [name]"]


def test_nobody_waits_for_a_database_that_is_busy(own_map: Engine) -> None:
    keeper = UnansweredQuestions(own_map, is_on=True)
    with own_map.connect() as busy:
        busy.exec_driver_sql("BEGIN IMMEDIATE")
        keeper.keep(SAID)
        assert kept_in(own_map) == []
        busy.rollback()
    keeper.close()
    assert len(kept_in(own_map)) == 1


def test_when_it_is_off_nothing_is_kept(own_map: Engine) -> None:
    keeper = UnansweredQuestions(own_map, is_on=False)
    keeper.keep(SAID)
    keeper.close()
    assert kept_in(own_map) == []


@pytest.mark.parametrize("is_on", [True, False])
def test_old_questions_are_deleted_whether_it_is_on_or_off(own_map: Engine, is_on: bool) -> None:
    today = unanswered._today()
    with sessions(own_map).begin() as session:
        keep(session, SAID, today - timedelta(days=DAYS_KEPT + 1))
        keep(session, NotUnderstood("is there wifi", "en", "offer"), today)
    keeper = UnansweredQuestions(own_map, is_on)
    assert asyncio.run(keeper.delete_old()) == 1
    keeper.close()
    assert [question.text for question in kept_in(own_map)] == ["is there wifi"]


def test_a_clock_that_was_set_for_a_conversation_changes_no_day(own_map: Engine) -> None:
    set_now(None)
    before = unanswered._today()
    keeper = UnansweredQuestions(own_map, is_on=True)
    set_now(datetime(2031, 1, 1))
    keeper.keep(SAID)
    assert asyncio.run(keeper.delete_old()) == 0
    keeper.close()
    [question] = kept_in(own_map)
    assert before <= question.first_day <= before + timedelta(days=1)
    assert question.first_day < date(2031, 1, 1)


def test_a_failure_is_logged_by_its_type_only_and_the_next_question_is_kept(
    own_map: Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: Any) -> None:
        raise ValueError(SAID.typed)

    keeper = UnansweredQuestions(own_map, is_on=True)
    with program_logs():
        with monkeypatch.context() as broken:
            broken.setattr(unanswered, "keep", fail)
            keeper.keep(SAID)
            keeper.close()
        keeper = UnansweredQuestions(own_map, is_on=True)
        keeper.keep(SAID)
        keeper.close()
    logged = capfd.readouterr().err
    assert logged.strip().endswith('event="unanswered question not kept" reason=ValueError')
    assert "Zebulon" not in logged
    assert len(kept_in(own_map)) == 1


def test_a_database_that_is_gone_troubles_nobody(
    own_map: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    with own_map.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unanswered")
    keeper = UnansweredQuestions(own_map, is_on=True)
    with program_logs():
        keeper.keep(SAID)
        keeper.close()
    logged = capfd.readouterr().err
    assert "OperationalError" in logged
    assert "cake" not in logged


def test_a_turn_that_ends_after_the_close_is_not_troubled(own_map: Engine) -> None:
    keeper = UnansweredQuestions(own_map, is_on=True)
    keeper.close()
    keeper.keep(SAID)
    assert kept_in(own_map) == []
