"""What lies on the disk: nothing in the database's files tells what is private."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.healing_map.database import open_database
from actions.healing_map.migrations import migrate
from actions.healing_map.models import sessions
from actions.healing_map.store import add, forget_person
from bot.conversations import ConversationStore
from tests.actions.healing_map.making import NOW, event_draft

CHAT = "telegram:5512345678"
CONTACT, ADDRESS, LATITUDE, LONGITUDE = "dana@example.org", "8100 S. Vernon", 41.742318, -87.620127
PRIVATE = (CONTACT, ADDRESS, str(LATITUDE), str(LONGITUDE), "5512345678")


def bytes_of(folder: Path) -> bytes:
    """The database's file, its log of changes, and whatever else lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def numbers_in(content: bytes) -> list[float]:
    """The coordinates that stand somewhere in a file as SQLite writes numbers."""
    return [number for number in (LATITUDE, LONGITUDE) if struct.pack(">d", number) in content]


def conversation() -> DialogueStateTracker:
    """A conversation in which all that is private was typed."""
    slots = {"address": ADDRESS, "contact": CONTACT, "point": [LATITUDE, LONGITUDE]}
    tracker = DialogueStateTracker(CHAT, Domain.empty().slots)
    tracker.update_with_events(
        [
            ActionExecuted("action_listen"),
            UserUttered(f"At {ADDRESS}, write to {CONTACT}", {"name": "inform"}),
            *(SlotSet(name, value) for name, value in slots.items()),
            ActionExecuted("action_listen"),
        ],
        Domain.empty(),
    )
    return tracker


def test_neither_the_file_nor_its_log_tells_what_is_private(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'twh.db'}")
    migrate(engine)
    draft = event_draft(
        "Kitchen table talk",
        (LATITUDE, LONGITUDE),
        address=ADDRESS,
        address_visibility="area_only",
        contact=CONTACT,
    )
    with sessions(engine).begin() as session:
        add(session, draft, NOW, submitter=CHAT)
    asyncio.run(ConversationStore(engine, Domain.empty()).save(conversation()))

    content = bytes_of(tmp_path)
    assert len(list(tmp_path.iterdir())) >= 2, "the log of changes was not looked into"
    assert b"Kitchen table talk" in content
    assert [private for private in PRIVATE if private.encode() in content] == []
    assert numbers_in(content) == []
    engine.dispose()
    assert [private for private in PRIVATE if private.encode() in bytes_of(tmp_path)] == []


def test_a_number_that_is_stored_openly_would_be_found(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'twh.db'}")
    migrate(engine)
    with sessions(engine).begin() as session:
        add(session, event_draft("Talk", (LATITUDE, LONGITUDE)), NOW)
    assert numbers_in(bytes_of(tmp_path)) == [LATITUDE, LONGITUDE]
    engine.dispose()


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'twh.db'}")
    migrate(engine)
    with sessions(engine).begin() as session:
        add(session, event_draft("Kitchen table talk"), NOW, submitter=CHAT)
    with sessions(engine).begin() as session:
        forget_person(session, CHAT, "remove", NOW)
    engine.dispose()
    assert b"Kitchen table talk" not in bytes_of(tmp_path)
