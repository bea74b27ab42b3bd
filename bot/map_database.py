"""Makes the database ready for a command: its key, its tables, and the two fitting together."""

from __future__ import annotations

import secrets
import sys

from sqlalchemy.engine import Engine

from actions.healing_map.database import IN_MEMORY, DatabaseError, open_database
from actions.healing_map.encryption import UnusableKey, WrongKey, secret_key, use_secret
from actions.healing_map.key_check import check_key
from actions.healing_map.migrations import MigrationError, migrate
from bot.errors import CommandError


def open_map(database_url: str) -> Engine:
    """Open the database with its tables up to date, and let the process encrypt with its key.

    Raises:
        CommandError: the database or its key cannot be used.
    """
    try:
        _use_key(database_url)
        engine = open_database(database_url)
        migrate(engine)
        check_key(engine)
        return engine
    except (DatabaseError, MigrationError, UnusableKey, WrongKey) as error:
        raise CommandError(str(error)) from None


def _use_key(database_url: str) -> None:
    if database_url == IN_MEMORY:
        # It ends with the process, and so may its key.
        use_secret(secrets.token_urlsafe(32))
        return
    secret = secret_key()
    use_secret(secret.text)
    if secret.is_new:
        print(
            f"Warning: made the key {secret.source}, which alone opens the private data. "
            "Keep it apart from the database, and keep a copy.",
            file=sys.stderr,
        )
