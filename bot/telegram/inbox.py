"""The updates that are handled already, so that each takes effect once.

Telegram itself is the queue: it keeps an update for a day until it is acknowledged, and delivers
it again, in order, after a process was killed. So nothing is stored when an update arrives. That
it is handled is noted in the very transaction that stores its effects, and only then it is
acknowledged: an update either took effect and is known, or comes again, to whichever process.
"""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from telegram import Update

from actions.clock import real_now
from actions.healing_map.encryption import cipher
from actions.healing_map.models import HandledUpdate
from bot.assistant import TakenBefore

DAYS_KEPT = 3
"""How long a handled update is known; Telegram delivers it again for one day at most."""


def key_of(update: Update) -> str:
    """Return the fingerprint by which an update is known when it is delivered again."""
    return cipher().fingerprint(json.dumps(update.to_dict(), sort_keys=True))


def is_handled(connection: Connection, key: str) -> bool:
    """Tell whether the effects of an update are stored."""
    query = select(HandledUpdate.id).where(HandledUpdate.id == key)
    return connection.execute(query).first() is not None


def note_handled(connection: Connection, key: str) -> None:
    """Note that the effects of an update are stored, in the transaction that stores them.

    Raises:
        TakenBefore: they are stored already; the transaction must not be.
    """
    try:
        connection.execute(insert(HandledUpdate).values(id=key, handled_at=real_now()))
    except IntegrityError:
        raise TakenBefore from None


def delete_old(connection: Connection) -> int:
    """Forget the updates that can no longer be delivered again, and return their number."""
    old = delete(HandledUpdate).where(HandledUpdate.handled_at < real_now() - timedelta(DAYS_KEPT))
    deleted: int = connection.execute(old).rowcount
    return deleted
