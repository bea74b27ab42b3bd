"""Hands a finished draft over to the Healing Map, where it waits for review."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.clock import now
from actions.database import in_transaction
from actions.forms.draft import Draft
from actions.healing_map.drafts import EntryDraft
from actions.healing_map.store import (
    add,
    entry_of,
    pending_number,
    resubmit,
)
from actions.people import person_of

MOST_PENDING = 10
"""How many submissions of one person may wait for review at once."""


class Full(Exception):
    """As many of this person's submissions wait for review as may wait at once."""


class Gone(Exception):
    """What was to be changed is no longer there, or never was this person's."""


async def is_full(conversation: str) -> bool:
    """Tell whether as many of a person's submissions wait as may wait at once."""
    return await in_transaction(pending_number, person_of(conversation)) >= MOST_PENDING


async def submit(conversation: str, draft: Draft, entry: EntryDraft) -> str:
    """Store an entry under its draft's key, or the change of one, and return its code.

    Raises:
        Full: too many others of theirs wait already; nothing is stored.
        Gone: there is nothing of this person's to change.
        sqlalchemy.exc.SQLAlchemyError: the database cannot be used; nothing is stored.
    """
    return await in_transaction(_store, person_of(conversation), draft, entry)


def _store(session: Session, person: str, draft: Draft, entry: EntryDraft) -> str:
    if draft.editing:
        stored = entry_of(session, person, draft.editing)
        if stored is None:
            raise Gone
        resubmit(session, stored, entry, now(), submission=draft.id)
    else:
        stored = add(session, entry, now(), submitter=person, submission=draft.id)
    # Counted afterwards, so that what is stored already can be sent again.
    if not draft.editing and pending_number(session, person) > MOST_PENDING:
        raise Full
    code: str = stored.code
    return code
