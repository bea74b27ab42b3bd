"""Keeps what the assistant did not understand, so that it can be taught: what was asked, never who.

Texts are masked before anything is stored, and encrypted all the same, because masking is not
perfect. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from actions.healing_map.database import insert_into
from actions.healing_map.encryption import cipher
from actions.healing_map.masking import masked, says_something
from actions.healing_map.models import Unanswered
from actions.healing_map.wording import key_of

DAYS_KEPT = 30
"""After so many days without being asked again a question is deleted, as /privacy says."""

MOST_KEPT = 10_000
"""Different questions; a flood of nonsense must not fill the disk."""


@dataclass(frozen=True)
class NotUnderstood:
    """A text that was not understood.

    Attributes:
        typed: as it was typed.
        language: "en" or "es".
        decision: one of models.NOT_UNDERSTOOD.
        offers: the intents that were offered, the likeliest first.
    """

    typed: str
    language: str
    decision: str
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeptQuestion:
    """A question as it is kept.

    Attributes:
        text: masked.
        language: "en" or "es".
        decision: one of models.NOT_UNDERSTOOD, as it was the last time.
        offers: the intents that were offered then, the likeliest first.
        times: how often it was asked.
        first_day, last_day: in Chicago.
    """

    text: str
    language: str
    decision: str
    offers: tuple[str, ...]
    times: int
    first_day: date
    last_day: date


def keep(session: Session, said: NotUnderstood, today: date) -> None:
    """Keep a text, or count it where the same one is kept already.

    One that says nothing but what was masked is not kept, nor is a new one beyond MOST_KEPT.

    Args:
        session: what is stored takes effect when the caller commits.
        said: the text.
        today: the day in Chicago.
    """
    text = masked(said.typed)
    if not says_something(text):
        return
    row = cipher().fingerprint(key_of(text))
    latest = {
        "language": said.language,
        "decision": said.decision,
        "last_day": today,
        "private": {"text": text, "offers": list(said.offers)},
    }
    again = {**latest, "times": Unanswered.times + 1}
    counted = session.execute(
        update(Unanswered)
        .where(Unanswered.id == row)
        .values(again)
        .execution_options(synchronize_session=False)
    )
    if counted.rowcount or _number(session) >= MOST_KEPT:
        return
    # Another process may have inserted it just now.
    new = insert_into(session, Unanswered).values(id=row, times=1, first_day=today, **latest)
    session.execute(new.on_conflict_do_update(index_elements=["id"], set_=again))


def kept_questions(session: Session, language: str | None = None) -> list[KeptQuestion]:
    """Return what is kept, the most frequent first; with a language, what was asked in it."""
    query = select(Unanswered).order_by(
        Unanswered.times.desc(), Unanswered.last_day.desc(), Unanswered.id
    )
    if language:
        query = query.where(Unanswered.language == language)
    return [_kept_question(row) for row in session.execute(query).scalars()]


def delete_old(session: Session, today: date) -> int:
    """Delete what was not asked again for DAYS_KEPT days, and return how many texts that was."""
    old = delete(Unanswered).where(Unanswered.last_day < today - timedelta(days=DAYS_KEPT))
    old = old.execution_options(synchronize_session=False)
    deleted: int = session.execute(old).rowcount
    return deleted


def _number(session: Session) -> int:
    number: int = session.execute(select(func.count()).select_from(Unanswered)).scalar_one()
    return number


def _kept_question(row: Unanswered) -> KeptQuestion:
    return KeptQuestion(
        row.private["text"],
        row.language,
        row.decision,
        tuple(row.private["offers"]),
        row.times,
        row.first_day,
        row.last_day,
    )
