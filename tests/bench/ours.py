"""Our set-up: the assistant in this process, on a file of SQLite, encrypted as in production."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Engine

from actions.clock import now
from actions.database import use_database
from actions.healing_map.database import open_database
from actions.healing_map.encryption import use_secret
from actions.healing_map.migrations import migrate
from actions.healing_map.sample import load_sample
from bot.assistant import Assistant
from bot.conversations import ConversationStore
from bot.training import ensure_model
from bot.unanswered import UnansweredQuestions

SECRET = "a secret of the benchmarks' own"
"""Opens the maps of the benchmarks; none of them reads or makes the key file of this machine."""


def sample_map(file: Path) -> Engine:
    """Make a database with the sample map, and return it."""
    use_secret(SECRET)
    engine = open_database(f"sqlite:///{file}")
    migrate(engine)
    load_sample(engine, now())
    return engine


@contextmanager
def our_assistant(folder: Path) -> Iterator[Assistant]:
    """Run the assistant on the sample map, as `twh run` does.

    Args:
        folder: takes the database.

    Raises:
        bot.errors.CommandError: there is no model yet, and it could not be trained.
    """
    engine = sample_map(folder / "ours.db")
    use_database(engine)
    unanswered = UnansweredQuestions(engine, is_on=True)
    assistant = Assistant(ensure_model(), ConversationStore(engine), unanswered)
    try:
        yield assistant
    finally:
        assistant.close()
        engine.dispose()
