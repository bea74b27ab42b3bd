"""The commands `twh stats` and `twh unanswered`: what there is in numbers, and what was not
understood as candidates for the training data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.models import ENTRIES, STATUSES, Notice, sessions
from actions.healing_map.unanswered import DAYS_KEPT, KeptQuestion, kept_questions
from bot.conversations import number_of_conversations
from bot.files import write_file

_ACTIVE_DAYS = 7
_MOST_FREQUENT = 10
_NOTHING_OFFERED = "out_of_scope"
_DECISIONS = {"offer": "meanings were offered", "out_of_scope": "out of scope"}

_HEADER = f"""\
# What people asked in the last {DAYS_KEPT} days and the assistant did not understand.
# A person has to look at each line before it becomes training data: it stands under the intent
# that was offered first, which is only a guess. Move, reword or delete it, put ordinary words in
# the place of what was masked ([name], [number]), and delete what still tells who wrote it.
version: "3.1"
"""
_LIKE_AN_ENTITY = re.compile(r"\](?=[({])")
"""Rasa would read "[name](my son)" as an entity."""


def stats(engine: Engine) -> Iterator[str]:
    """Yield the lines of the report on what is stored, aligned."""
    with sessions(engine)() as session:
        events, messages = (_by_status(session, table) for table in ENTRIES)
        notices = session.execute(select(func.count()).select_from(Notice)).scalar_one()
        asked = kept_questions(session)
    yield from _table(
        [
            *_rows("events", events),
            *_rows("messages of healing", messages),
            ("waiting for review", events["pending"] + messages["pending"]),
            ("notices not sent yet", notices),
            ("conversations", number_of_conversations(engine)),
            (f"  active in {_ACTIVE_DAYS} days", number_of_conversations(engine, _ACTIVE_DAYS)),
            ("unanswered questions", len(asked)),
            *((f"  asked, {words}", _times(asked, it)) for it, words in _DECISIONS.items()),
        ]
    )
    if asked:
        yield ""
        yield "most frequent unanswered questions (times, language, decision)"
        yield from _most_frequent(asked[:_MOST_FREQUENT])


def export_unanswered(engine: Engine, language: str | None, name: str) -> None:
    """Write what was not understood into a file of training data, or to standard output for "-".

    Args:
        engine: the database.
        language: only what was asked in it; None for all.
        name: the file's path.

    Raises:
        CommandError: the file cannot be written.
    """
    with sessions(engine)() as session:
        write_file(name, [_HEADER, *_entries(kept_questions(session, language))])


def _by_status(session: Session, table: Any) -> dict[str, int]:
    query = select(table.status, func.count()).group_by(table.status)
    return dict.fromkeys(STATUSES, 0) | dict(session.execute(query).all())


def _rows(name: str, by_status: dict[str, int]) -> Iterator[tuple[str, int]]:
    yield name, sum(by_status.values())
    for status, number in by_status.items():
        yield f"  {status}", number


def _times(asked: Iterable[KeptQuestion], decision: str) -> int:
    return sum(question.times for question in asked if question.decision == decision)


def _table(rows: list[tuple[str, int]]) -> Iterator[str]:
    name_width = max(len(name) for name, _ in rows)
    number_width = max(len(str(number)) for _, number in rows)
    for name, number in rows:
        yield f"{name:{name_width}}  {number:{number_width}}"


def _most_frequent(asked: list[KeptQuestion]) -> Iterator[str]:
    times_width = max(len(str(question.times)) for question in asked)
    decision_width = max(len(question.decision) for question in asked)
    for question in asked:
        yield (
            f"{question.times:{times_width}}  {question.language}"
            f"  {question.decision:{decision_width}}  {question.text}"
        )


def _entries(asked: Iterable[KeptQuestion]) -> Iterator[str]:
    """Yield the pieces of the file's list: an entry for each intent in each language."""
    by_entry = sorted(asked, key=_entry_of)  # keeps the order within each
    yield "nlu:\n" if by_entry else "nlu: []\n"
    for (language, intent), some in groupby(by_entry, key=_entry_of):
        yield f"- intent: {intent}  # {language}\n  examples: |\n"
        for question in some:
            yield f"    - {_LIKE_AN_ENTITY.sub('] ', question.text)}\n"


def _entry_of(question: KeptQuestion) -> tuple[str, str]:
    return question.language, question.offers[0] if question.offers else _NOTHING_OFFERED
