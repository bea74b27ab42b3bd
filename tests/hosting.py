"""What conversation tests of the two forms share: what came of a submission, and who may see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from actions.clock import CHICAGO, now
from actions.healing_map.drafts import EventDraft, MessageDraft
from actions.healing_map.encryption import cipher
from actions.healing_map.models import CODE_LENGTH, ENTRIES, sessions
from actions.healing_map.review import approve, find
from actions.healing_map.store import (
    CODE_ALPHABET,
    draft_of,
    entry_by_code,
)
from bot.assistant import Answer
from tests.conversation import Conversation, text_of

EVANSTON = (42.05, -87.69)
"""Outside of the city."""


def in_december(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of the campaign's first month."""
    return datetime(2020, 12, day, hour, minute, tzinfo=CHICAGO)


def says_all(answer: Answer, *parts: str) -> bool:
    """Tell whether an answer has all these words in it."""
    return all(part in text_of(answer) for part in parts)


def filled_until(
    asking: str, resident: Conversation, wish: str, answers: Mapping[str, str]
) -> Conversation:
    """Let somebody wish for a form, and answer step by step until something is asked for."""
    answer = resident.types(wish)
    while answer.asking != asking:
        assert answer.asking is not None
        answer = resident.types(answers[answer.asking])
    return resident


def question_in(answer: Answer) -> str:
    """Return the last paragraph, which is the question that a form has open."""
    return text_of(answer).rsplit("\n\n", maxsplit=1)[-1]


def code_in(answer: Answer) -> str:
    """Return the code that a submission is answered with."""
    [code] = re.findall(rf"\b[{CODE_ALPHABET}]{{{CODE_LENGTH}}}\b", text_of(answer))
    return code


def event_in(engine: Engine, code: str) -> EventDraft:
    """Return what the map holds of an event, private or not."""
    with sessions(engine)() as session:
        event = entry_by_code(session, code)
        assert event is not None
        return draft_of(event)


def message_in(engine: Engine, code: str) -> MessageDraft:
    """Return what the map holds of a message, private or not."""
    with sessions(engine)() as session:
        message = entry_by_code(session, code)
        assert message is not None
        return draft_of(message)


def status_in(engine: Engine, code: str) -> str:
    """Return how far an entry is."""
    with sessions(engine)() as session:
        status: str = find(session, code).status
        return status


def approve_in(engine: Engine, code: str) -> None:
    """Let the staff approve an entry."""
    with sessions(engine).begin() as session:
        approve(session, code, now())


def number_sent(engine: Engine, resident: Conversation) -> int:
    """Return how many entries of somebody the map holds, in whatever status."""
    owner = cipher().fingerprint(resident.id)
    with sessions(engine)() as session:
        numbers = [
            session.execute(select(func.count()).where(table.owner == owner)).scalar_one()
            for table in ENTRIES
        ]
    return sum(numbers)
