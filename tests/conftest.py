"""What all tests share: one trained model and one assistant a run, and conversations with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy.engine import Engine

from bot.logs import prepare_libraries

prepare_libraries()

# Also for the programs that tests start; no test reads or makes the key file of this machine.
os.environ["TWH_SECRET_KEY"] = "a secret of the tests' own"

# The same examples every time: what fails on one machine fails on all.
settings.register_profile("the same every time", derandomize=True)
settings.load_profile("the same every time")

from actions import database  # noqa: E402
from actions.clock import CHICAGO, set_now  # noqa: E402
from actions.database import use_database  # noqa: E402
from actions.healing_map import encryption  # noqa: E402
from actions.healing_map.database import IN_MEMORY, open_database  # noqa: E402
from actions.healing_map.migrations import migrate  # noqa: E402
from actions.healing_map.models import sessions  # noqa: E402
from actions.healing_map.sample import load_sample  # noqa: E402
from actions.healing_map.store import forget_person  # noqa: E402
from actions.people import person_of  # noqa: E402
from bot.assistant import Assistant  # noqa: E402
from bot.conversations import ConversationStore  # noqa: E402
from bot.training import ensure_model  # noqa: E402
from bot.unanswered import UnansweredQuestions  # noqa: E402
from tests.conversation import Conversation, Talk  # noqa: E402

DURING_THE_CAMPAIGN = datetime(2020, 12, 8, 10, 0, tzinfo=CHICAGO)


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the present training data, trained if need be."""
    return ensure_model()


@pytest.fixture(scope="session")
def healing_map() -> Engine:
    """The database in memory that the assistant works on, with the sample map."""
    engine = open_database(IN_MEMORY)
    migrate(engine)
    load_sample(engine, DURING_THE_CAMPAIGN)
    use_database(engine)
    return engine


@pytest.fixture(scope="session")
def empty_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty map, to be copied: making its tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("map") / "empty.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def own_map(empty_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty map in a file, which the process works on as long as the test runs."""
    engine = open_database(f"sqlite:///{shutil.copy(empty_map, tmp_path / 'map.db')}")
    monkeypatch.setattr(database, "_engine", engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def assistant(model: Path, healing_map: Engine) -> Iterator[Assistant]:
    """The assistant over the sample map."""
    unanswered = UnansweredQuestions(healing_map, is_on=False)
    assistant = Assistant(model, ConversationStore(healing_map), unanswered)
    yield assistant
    assistant.close()


@pytest.fixture
def talk(assistant: Assistant, healing_map: Engine) -> Iterator[Talk]:
    """Begin a new conversation: talk() or talk(language_hint="es").

    What is submitted in it is taken off the map again.
    """
    use_database(healing_map)  # another test may have opened a map of its own
    begun: list[Conversation] = []

    def begin(language_hint: str | None = None) -> Conversation:
        begun.append(Conversation(assistant, language_hint))
        return begun[-1]

    yield begin
    with sessions(healing_map).begin() as session:
        for conversation in begun:
            forget_person(session, person_of(conversation.id), "remove", DURING_THE_CAMPAIGN)


@pytest.fixture(autouse=True)
def key_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what a test sets as the process's key end with the test."""
    monkeypatch.setattr(encryption, "_cipher", encryption.cipher())


@pytest.fixture(autouse=True)
def during_the_campaign() -> Iterator[None]:
    """Stop the clock on a Tuesday morning in the second week of the campaign as published."""
    set_now(DURING_THE_CAMPAIGN)
    with pytest.MonkeyPatch.context() as environment:
        for variable in ("TWH_CAMPAIGN_START", "TWH_CAMPAIGN_END", "TWH_CONTACT"):
            environment.delenv(variable, raising=False)
        yield
    set_now(None)
