"""What came of a run: compared from what was stored and from what was sent."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from telegram import Update

from actions.healing_map.encryption import cipher
from actions.healing_map.models import Event, HandledUpdate, Message, sessions
from actions.healing_map.store import held
from actions.texts import text
from bot.telegram.inbox import key_of
from tests.chaos.chats import Step
from tests.chaos.people import Person
from tests.fakes.bot_api import BotApi

_TABLES: dict[str, type[Event] | type[Message]] = {"events": Event, "messages": Message}

_TURN = re.compile(r"update=(\d+) event=turn ")


@dataclass
class Figures:
    """What is counted of a run.

    Attributes:
        updates: how many came in.
        stored: of how many of them the effects are stored.
        lost: of how many they are not; and submissions that are missing or not as they were meant.
        twice: how many updates took effect twice, as the log says, which is written after that.
        submissions: how many are stored.
        doubled: how many of them too many.
        disordered: chats in which something took effect, or was answered, out of order.
        unanswered: updates that were never answered.
        silent: chats in which that happened.
        replies: how many were sent.
        repeated: how many of them were sent before.
        delays: how often somebody was told that an answer takes longer.
        problems: what is wrong, in words.
    """

    updates: int = 0
    stored: int = 0
    lost: int = 0
    twice: int = 0
    submissions: int = 0
    doubled: int = 0
    disordered: int = 0
    unanswered: int = 0
    silent: int = 0
    replies: int = 0
    repeated: int = 0
    delays: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Hearing:
    """How what was sent to somebody fits to what they did.

    Attributes:
        unanswered: the steps that were never answered.
        repeated: how many messages were sent again right after themselves.
        strange: what was sent at no place where it could belong, or again after something else.
    """

    unanswered: list[Step]
    repeated: int
    strange: list[str]


def compare(steps: Sequence[Step], heard: Sequence[str]) -> Hearing:
    """Find the steps that the messages answer, in their order."""
    left, previous = list(steps), ""
    unanswered: list[Step] = []
    strange: list[str] = []
    repeated = 0
    for words in heard:
        place = next((place for place, step in enumerate(left) if step.answer in words), None)
        if words == previous:
            repeated += 1
        elif place is None:
            strange.append(words)
        else:
            unanswered += left[:place]
            left, previous = left[place + 1 :], words
    return Hearing(unanswered + left, repeated, strange)


def figures_of(people: Sequence[Person], api: BotApi, engine: Engine, printed: str) -> Figures:
    """Compare what people did with what is stored, what they heard, and what processes printed."""
    figures = Figures()
    turns = Counter(_TURN.findall(printed))
    figures.twice = sum(number > 1 for number in turns.values())
    with sessions(engine)() as session:
        handled = dict(session.execute(select(HandledUpdate.id, HandledUpdate.handled_at)).all())
        for person in people:
            _count(figures, person, api, session, handled)
        for table in _TABLES.values():
            figures.submissions += len(_all(session, table))
    expected = sum(bool(person.script.table) for person in people)
    figures.doubled = max(figures.submissions - expected, figures.doubled)
    return figures


def _count(
    figures: Figures,
    person: Person,
    api: BotApi,
    session: Session,
    handled: dict[str, datetime],
) -> None:
    delay, name = text("delayed", "en"), person.user.first_name
    heard = [call.text or "" for call in person.heard]
    hearing = compare(person.script.steps, [words for words in heard if words != delay])
    moments = [handled.get(_key(api, number)) for number in person.updates]
    stored = [moment for moment in moments if moment]
    figures.updates += len(moments)
    figures.stored += len(stored)
    figures.lost += len(moments) - len(stored)
    figures.replies += len(heard)
    figures.delays += heard.count(delay)
    figures.repeated += hearing.repeated
    figures.unanswered += len(hearing.unanswered)
    figures.silent += bool(hearing.unanswered)
    if len(stored) < len(moments):
        figures.problems.append(f"{name}: {len(moments) - len(stored)} updates not stored")
    figures.problems += [f"{name}: not answered: {step.says!r}" for step in hearing.unanswered]
    disorder = [f"{name}: sent out of order: {words[:60]!r}" for words in hearing.strange]
    if stored != sorted(stored):
        disorder.append(f"{name}: stored out of order")
    if (last := _last_turns(session, person)) != person.updates[-len(last) or len(moments) :]:
        disorder.append(f"{name}: the conversation ends with {last} of {person.updates}")
    figures.disordered += bool(disorder)
    figures.problems += disorder
    if person.script.table:
        _count_submission(figures, person, session)


def _count_submission(figures: Figures, person: Person, session: Session) -> None:
    """Count what somebody submitted, which is known by its first field."""
    fields = person.script.submitted
    first = next(iter(fields))
    table = _TABLES[person.script.table]
    entries = [it for it in _all(session, table) if held(it, first) == fields[first]]
    figures.doubled += max(len(entries) - 1, 0)
    right = [it for it in entries if all(held(it, name) == fields[name] for name in fields)]
    if not right:
        figures.lost += 1
        found = [{name: held(it, name) for name in fields} for it in entries]
        figures.problems.append(f"{person.user.first_name}: {fields} is stored as {found}")
    if len(entries) > 1:
        figures.problems.append(f"{person.user.first_name}: submitted {len(entries)} times")


def _all(session: Session, table: type[Event] | type[Message]) -> list[Event | Message]:
    return list(session.execute(select(table)).scalars())


def _key(api: BotApi, update_id: int) -> str:
    update = Update.de_json(api.delivered(update_id))
    return key_of(update)


def _last_turns(session: Session, person: Person) -> list[int]:
    """Return the numbers of the updates that the stored conversation ends with."""
    key = cipher().fingerprint(f"telegram:{person.user.id}")
    query = sql("SELECT events FROM conversations WHERE id = :key")
    row = session.execute(query, {"key": key}).scalar_one_or_none()
    events = json.loads(cipher().decrypt(row)) if row else []
    return [int(event["message_id"]) for event in events if event["event"] == "user"]
