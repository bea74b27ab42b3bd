"""Notices a wrong key at the start, before anything is stored that the right one cannot open."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine

from actions.healing_map.encryption import VARIABLE, WrongKey, cipher
from actions.healing_map.locking import exclusive
from actions.healing_map.models import EncryptionCheck

_TEXT = "Together we heal."


def check_key(engine: Engine) -> None:
    """Try the process's key on a migrated database; an empty one is bound to this key.

    Raises:
        WrongKey: the database was written with another key; the text says what to do.
    """
    with exclusive(engine) as connection:
        stored = connection.execute(select(EncryptionCheck.value)).scalar_one_or_none()
        if stored is None:
            value = cipher().encrypt(_TEXT)
            connection.execute(insert(EncryptionCheck.__table__).values(id=1, value=value))
            return
        try:
            cipher().decrypt(stored)
        except WrongKey:
            raise WrongKey(
                f"{VARIABLE} is not the key that this database was written with; "
                "set the one of then (without the variable it is read from var/secret.key), "
                "or use another database."
            ) from None
