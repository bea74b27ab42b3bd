"""Makes events and messages for tests; what a test does not say is ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions.clock import CHICAGO
from actions.healing_map.drafts import EventDraft, MessageDraft
from actions.healing_map.models import Event, Message
from actions.healing_map.store import add

NOW = datetime(2020, 12, 8, 10, 0, tzinfo=CHICAGO)

WOODSON_LIBRARY = (41.72085, -87.64326)
"""In Washington Heights."""
FIELD_MUSEUM = (41.8663, -87.617)
"""In the Near South Side."""

ANA, BEN = "telegram:7", "telegram:8"
AT_HOME: dict[str, Any] = {
    "host_name": "Ana Reyes",
    "host_type": "individual",
    "address": "8100 S. Vernon Ave.",
    "contact": "ana@example.org",
    "latitude": 41.7423,
    "longitude": -87.6201,
}
"""An event at Ana's home, in Chatham."""
PRIVATE = AT_HOME | {"address_visibility": "area_only"}
"""The same, of which she shows only the area."""


def in_hours(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def event_draft(
    title: str = "Book club", at: Sequence[float | None] = WOODSON_LIBRARY, **fields: Any
) -> EventDraft:
    """An event of two hours that starts tomorrow, at a public address."""
    starts_at = fields.pop("starts_at", in_hours(24))
    ordinary: dict[str, Any] = {
        "kind": "learning",
        "format": "in_person",
        "ends_at": starts_at + timedelta(hours=2),
        "host_name": "Neighbors",
        "host_type": "organization",
        "language": "en",
        "address_visibility": "public",
        "latitude": at[0],
        "longitude": at[1],
    }
    return EventDraft(title=title, starts_at=starts_at, **(ordinary | fields))


def virtual_draft(title: str = "Online circle", area: str = "", **fields: Any) -> EventDraft:
    return event_draft(title, (None, None), format="virtual", area=area, **fields)


def put_event(session: Session, title: str = "Book club", *at: float, **fields: Any) -> Event:
    """Put an approved event on the map."""
    status, submitter = fields.pop("status", "approved"), fields.pop("submitter", "")
    now = fields.pop("now", NOW)
    draft = event_draft(title, at or WOODSON_LIBRARY, **fields)
    return add(session, draft, now, status, submitter=submitter)


def put_message(session: Session, text: str, area: str = "", **fields: Any) -> Message:
    """Put an approved message on the map."""
    status, submitter = fields.pop("status", "approved"), fields.pop("submitter", "")
    now, language = fields.pop("now", NOW), fields.pop("language", "en")
    draft = MessageDraft(text, language, area=area, **fields)
    return add(session, draft, now, status, submitter=submitter)
