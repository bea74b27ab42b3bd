"""What was not understood: kept masked and encrypted, counted, and forgotten again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map import unanswered
from actions.healing_map.database import open_database
from actions.healing_map.masking import MOST_CHARACTERS
from actions.healing_map.migrations import migrate
from actions.healing_map.models import sessions
from actions.healing_map.unanswered import (
    DAYS_KEPT,
    KeptQuestion,
    NotUnderstood,
    delete_old,
    keep,
    kept_questions,
)

TODAY = date(2020, 12, 8)


def said(typed: str, language: str = "en", *offers: str) -> NotUnderstood:
    return NotUnderstood(typed, language, "offer" if offers else "out_of_scope", offers)


def texts(session: Session, language: str | None = None) -> list[str]:
    return [question.text for question in kept_questions(session, language)]


def test_a_question_is_kept_with_what_was_offered_and_the_day(session: Session) -> None:
    keep(session, said("can I bring Zeb's dog", "en", "faq_dates", "faq_host"), TODAY)
    assert kept_questions(session) == [
        KeptQuestion(
            text="can I bring [name] dog",
            language="en",
            decision="offer",
            offers=("faq_dates", "faq_host"),
            times=1,
            first_day=TODAY,
            last_day=TODAY,
        )
    ]


def test_a_question_is_cut(session: Session) -> None:
    keep(session, said("dogs " * 1000), TODAY)
    [kept] = texts(session)
    assert 0 < len(kept) <= MOST_CHARACTERS


def test_the_same_question_counts_up_and_the_last_day_and_offers_count(session: Session) -> None:
    keep(session, said("¿Puedo llevar a mi perro?", "es", "faq_dates"), TODAY)
    keep(session, said("puedo llevar a mi perro", "es"), TODAY + timedelta(days=3))
    [question] = kept_questions(session)
    assert (question.text, question.times) == ("puedo llevar a mi perro", 2)
    assert (question.decision, question.offers) == ("out_of_scope", ())
    assert (question.first_day, question.last_day) == (TODAY, TODAY + timedelta(days=3))


def test_questions_that_differ_in_what_is_masked_are_the_same(session: Session) -> None:
    keep(session, said("call me at 773-555-0199 about dogs"), TODAY)
    keep(session, said("Call me at 312-555-0123 about dogs!"), TODAY)
    assert [question.times for question in kept_questions(session)] == [2]


@pytest.mark.parametrize("typed", ["", "773-555-0199", "4100 S. Ellis Ave", "😀", "\x00\ud800"])
def test_a_text_that_says_nothing_once_it_is_masked_is_not_kept(
    session: Session, typed: str
) -> None:
    keep(session, said(typed), TODAY)
    assert kept_questions(session) == []


def test_the_most_frequent_question_comes_first_and_languages_can_be_told_apart(
    session: Session,
) -> None:
    for typed in ("is there cake", "is there wifi", "is there wifi", "is there parking"):
        keep(session, said(typed), TODAY)
    keep(session, said("is there parking"), TODAY + timedelta(days=1))
    keep(session, said("¿hay pastel?", "es"), TODAY)
    assert texts(session)[:2] == ["is there parking", "is there wifi"]
    assert sorted(texts(session)[2:]) == ["is there cake", "¿hay pastel?"]
    assert texts(session, "es") == ["¿hay pastel?"]


def test_a_question_is_deleted_when_it_was_not_asked_again_for_so_many_days(
    session: Session,
) -> None:
    keep(session, said("is there cake"), TODAY)
    keep(session, said("is there wifi"), TODAY)
    keep(session, said("is there wifi"), TODAY + timedelta(days=1))
    assert delete_old(session, TODAY + timedelta(days=DAYS_KEPT)) == 0
    assert delete_old(session, TODAY + timedelta(days=DAYS_KEPT + 1)) == 1
    assert texts(session) == ["is there wifi"]


def test_a_flood_does_not_fill_the_table_but_what_is_there_still_counts(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "MOST_KEPT", 2)
    for typed in ("is there cake", "is there wifi", "is there parking", "is there wifi"):
        keep(session, said(typed), TODAY)
    assert {it.text: it.times for it in kept_questions(session)} == {
        "is there cake": 1,
        "is there wifi": 2,
    }


def test_of_several_that_keep_the_same_question_at_once_every_one_counts(engine: Engine) -> None:
    def keep_one(number: int) -> None:
        with sessions(engine).begin() as session:
            keep(session, said(f"is there cake for {number + 10}"), TODAY)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(keep_one, range(40)))
    with sessions(engine)() as session:
        assert [question.times for question in kept_questions(session)] == [40]


def test_the_database_holds_no_conversation_no_hour_and_no_readable_text(engine: Engine) -> None:
    with sessions(engine).begin() as session:
        keep(session, said("can I bring my parrot Polly", "en", "faq_dates"), TODAY)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM unanswered")).mappings().one()
    assert set(row) == {
        *("id", "language", "decision", "times", "first_day", "last_day", "private")
    }
    assert {str(row["first_day"]), str(row["last_day"])} == {"2020-12-08"}
    for word in ("parrot", "Polly", "faq_dates"):
        assert word not in str(row)


def test_no_file_of_the_database_tells_what_was_asked(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'twh.db'}")
    migrate(engine)
    with sessions(engine).begin() as session:
        keep(session, said("can I bring my parrot"), TODAY)
    assert len(list(tmp_path.iterdir())) >= 2, "the log of changes was not looked into"
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"out_of_scope" in content
    assert b"parrot" not in content
    engine.dispose()
