"""The sample map: invented events and messages, each marked as such, for trying things out.

They stand in data/sample_map with days counted from the one on which they are loaded, so that
there is always something upcoming, and something past.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.clock import CHICAGO
from actions.healing_map.areas import AREAS
from actions.healing_map.drafts import EventDraft, MessageDraft
from actions.healing_map.locking import exclusive
from actions.healing_map.models import ENTRIES, Event, Message
from actions.healing_map.store import add
from actions.texts import DATA, read_yaml

SAMPLE_MAP = DATA / "sample_map"
"""The folder of the sample's two files."""


def load_sample(engine: Engine, now: datetime) -> bool:
    """Put the sample on an empty map, approved; return whether the map was empty.

    Of two processes that do so at once, one does it.

    Raises:
        UnreadableData: one of its files is no YAML.
    """
    with exclusive(engine) as connection, Session(connection, future=True) as session:
        if not _is_empty(session):
            return False
        today = now.astimezone(CHICAGO).date()
        for entry in read_yaml(SAMPLE_MAP / "events.yml"):
            submitted_at = _moment(today, min(entry["day"], 0) - 7, "12:00")
            add(session, _event(entry, today), submitted_at, status="approved")
        for entry in read_yaml(SAMPLE_MAP / "messages.yml"):
            submitted_at = _moment(today, entry["day"], "12:00")
            add(session, _message(entry), submitted_at, status="approved")
        session.commit()
        return True


def remove_sample(engine: Engine) -> None:
    """Take the sample off a map, and nothing else: it is known by its titles, hosts and texts."""
    events, messages = read_yaml(SAMPLE_MAP / "events.yml"), read_yaml(SAMPLE_MAP / "messages.yml")
    titles, hosts = {it["title"] for it in events}, {it["host"] for it in events}
    with exclusive(engine) as connection:
        is_sample = Event.title.in_(titles) & Event.host_name.in_(hosts)
        connection.execute(delete(Event).where(is_sample))
        connection.execute(delete(Message).where(Message.text.in_({it["text"] for it in messages})))


def _is_empty(session: Session) -> bool:
    return all(session.execute(select(table.id).limit(1)).first() is None for table in ENTRIES)


def _event(entry: dict[str, Any], today: date) -> EventDraft:
    latitude, longitude = _point(entry)
    return EventDraft(
        kind=entry["kind"],
        title=entry["title"],
        starts_at=_moment(today, entry["day"], entry["from"]),
        ends_at=_moment(today, entry["day"], entry["to"]),
        format=entry["format"],
        host_name=entry["host"],
        host_type=entry["host_type"],
        language=entry["language"],
        address_visibility="public" if "point" in entry else "area_only",
        description=entry["description"],
        address=entry.get("address", ""),
        latitude=latitude,
        longitude=longitude,
        area=entry.get("area", ""),
        join_url=entry.get("join_url", ""),
        accessibility=entry["accessibility"],
    )


def _message(entry: dict[str, Any]) -> MessageDraft:
    return MessageDraft(
        text=entry["text"],
        language=entry["language"],
        author_name=entry.get("author", ""),
        area=entry["area"],
    )


def _point(entry: dict[str, Any]) -> tuple[float, float]:
    if "point" in entry:
        latitude, longitude = entry["point"]
        return latitude, longitude
    area = next(area for area in AREAS if area.name == entry["area"])
    return area.latitude, area.longitude


def _moment(today: date, days: int, clock: str) -> datetime:
    return datetime.combine(today + timedelta(days=days), time.fromisoformat(clock), CHICAGO)
