"""Brings the map's tables up to date, one step in migration_steps/versions after the other.

A change of models.py needs a new step there; a test compares the two. The folder of the steps is
no package, because Rasa imports every module of the packages that hold actions.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.engine import Engine

from actions.healing_map.locking import exclusive

VERSION_TABLE = "healing_map_version"
_STEPS = Path(__file__).parent / "migration_steps"


class MigrationError(Exception):
    """The database cannot be brought up to date; the text says why."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Make the tables in an empty database, or change those of an older program.

    All steps happen in one transaction, and of two processes that start at once, one waits.

    Raises:
        MigrationError: the database was made by a newer program than this one.
    """
    config = Config()
    # Alembic reads % in options as the beginning of a variable.
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    with exclusive(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise MigrationError(
                f"The database was made by a newer version of this program ({error}). "
                "Update the program, or use another database."
            ) from None
