"""The command `twh review`: what waits for the staff's review, and the decision on it.

The submitter hears of a decision from the running service, which finds it in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.clock import now
from actions.event_words import entry_name
from actions.healing_map import review
from actions.healing_map.models import Entry, Event, sessions
from actions.healing_map.review import (
    REASON_LENGTH,
    AlreadyDecided,
    ReviewError,
    UnknownCode,
    UnusableReason,
)
from actions.healing_map.store import entry_table
from bot.errors import CommandError
from bot.review_words import all_of, heading_of, marks_in_words

_LONGEST_TITLE = 60
_WIDEST_KIND = 13


def list_waiting(engine: Engine) -> Iterator[str]:
    """Yield a line for each entry that waits, the oldest first."""
    with sessions(engine)() as session:
        entries = review.waiting(session)
        for entry in entries:
            yield _line(session, entry)
    if not entries:
        yield "Nothing is waiting."


def show(engine: Engine, code: str) -> str:
    """Return all of an entry, in whatever status.

    Raises:
        CommandError: there is no such entry.
    """
    with _saying_why(code), sessions(engine)() as session:
        entry = review.find(session, code)
        whole = all_of(entry, review.marks_of(session, entry), now())
        return f"{heading_of(entry)} · {entry.status}\n{whole}"


def approve(engine: Engine, code: str) -> str:
    """Make an entry public, and return a line that says so.

    Raises:
        CommandError: there is no such entry, or it does not wait for a decision.
    """
    entry = _decide(engine, code, lambda session: review.approve(session, code, now()))
    return f"Approved {_named(entry)}: it is public now."


def reject(engine: Engine, code: str, reason: str) -> str:
    """Keep an entry off the map, and return a line that says so.

    Raises:
        CommandError: there is no such entry, it does not wait for a decision, or the reason
            cannot be used.
    """
    entry = _decide(engine, code, lambda session: review.reject(session, code, reason, now()))
    return f"Rejected {_named(entry)}: {entry.review_note}"


def _decide(engine: Engine, code: str, decision: Callable[[Session], Entry]) -> Entry:
    with _saying_why(code), sessions(engine).begin() as session:
        return decision(session)


@contextmanager
def _saying_why(code: str) -> Iterator[None]:
    """Say in one line what the review has against a command."""
    try:
        yield
    except UnknownCode:
        raise CommandError(
            f"There is no submission with the code {code!r}; `twh review list` shows what waits."
        ) from None
    except UnusableReason:
        raise CommandError(
            f"--reason should have 1 to {REASON_LENGTH} characters in one line."
        ) from None
    except AlreadyDecided as error:
        raise CommandError(
            f"{code.upper()} is {error.status} already; nothing was changed."
        ) from None
    except ReviewError:
        raise CommandError(
            f"{code.upper()} was changed just now; look again with `twh review show`."
        ) from None


def _line(session: Session, entry: Entry) -> str:
    columns = [
        entry.code,
        f"{entry_table(entry):7}",
        f"{entry.submitted_at:%Y-%m-%d %H:%M}",
        f"{entry.kind if isinstance(entry, Event) else '':{_WIDEST_KIND}}",
        _short(entry_name(entry)),
    ]
    marks = review.marks_of(session, entry)
    if marks:
        columns.append(f"[{marks_in_words(marks)}]")
    return "  ".join(columns)


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]} …"


def _named(entry: Entry) -> str:
    return f"{entry_table(entry)} {entry.code} ({entry_name(entry)})"
