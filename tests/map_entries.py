"""Entries that a test puts on the map that conversations are about, and takes off again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Engine

from actions.healing_map.models import sessions
from tests.actions.healing_map.making import put_event, put_message

LOOP = (41.8819, -87.6278)

HIDDEN_HOUSE: dict[str, Any] = {
    "title": "Porch circle",
    "kind": "connections",
    "address": "5312 W. Secret Ct., apt 3",
    "address_visibility": "area_only",
    "latitude": 41.89876,
    "longitude": -87.76543,
    "contact": "porch@example.org",
}
"""A house in Austin, of which the host shows only the area."""

HIDDEN_WORDS = ("Secret", "41.898", "41.899", "87.765", "porch@example.org")
"""What of it nobody may see."""


@contextmanager
def event_on(engine: Engine, status: str = "approved", **fields: Any) -> Iterator[str]:
    """Put an event, tomorrow in the Loop unless it is said, on the map and give its code."""
    maker = sessions(engine)
    with maker.begin() as session:
        event = put_event(session, fields.pop("title", "Supper"), *LOOP, status=status, **fields)
    try:
        yield event.code
    finally:
        with maker.begin() as session:
            session.delete(event)


@contextmanager
def message_on(engine: Engine, text: str, status: str = "approved", **fields: Any) -> Iterator[str]:
    """Put a message of healing on the map and give its code."""
    maker = sessions(engine)
    with maker.begin() as session:
        message = put_message(session, text, status=status, **fields)
    try:
        yield message.code
    finally:
        with maker.begin() as session:
            session.delete(message)
