"""The one place that decides what of an entry everybody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Row

from actions.healing_map.areas import AREAS
from actions.healing_map.drafts import EntryDraft, EventDraft
from actions.healing_map.models import Event, Message

Point = tuple[float, float]

_CENTRES: dict[str, Point] = {
    area.name: (round(area.latitude, 5), round(area.longitude, 5)) for area in AREAS
}


@dataclass(frozen=True)
class PublicEvent:
    """An event without what is private; the fields are those of models.Event.

    Attributes:
        address: empty where the host shows only the area.
        latitude: of the shown point: the exact one where the host shows it, otherwise the
            middle of the area; None for a virtual event without an area. Likewise longitude.
        exact: the point is where the event takes place, not only in the same area.
    """

    code: str
    kind: str
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    format: str
    address: str
    latitude: float | None
    longitude: float | None
    exact: bool
    area: str
    host_name: str
    host_type: str
    join_url: str
    accessibility: str
    language: str
    updated_at: datetime


@dataclass(frozen=True)
class PublicMessage:
    """A message of healing as everybody may read it; the fields are those of models.Message."""

    code: str
    text: str
    author_name: str
    area: str
    latitude: float | None
    longitude: float | None
    language: str
    submitted_at: datetime


def public_view(event: Event | Row) -> PublicEvent:
    """Return what everybody may see of an approved event, given as such or as a row.

    Each value is named here, so that none becomes public because it is stored under that name.
    """
    open_address = event.address_visibility == "public"
    return PublicEvent(
        code=event.code,
        kind=event.kind,
        title=event.title,
        description=event.description,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        format=event.format,
        address=event.address if open_address else "",
        latitude=event.shown_latitude,
        longitude=event.shown_longitude,
        exact=open_address and event.latitude is not None,
        area=event.area,
        host_name=event.host_name,
        host_type=event.host_type,
        join_url=event.join_url,
        accessibility=event.accessibility,
        language=event.language,
        updated_at=event.updated_at,
    )


def public_message(message: Message | Row) -> PublicMessage:
    """Return what everybody may see of an approved message."""
    return PublicMessage(
        code=message.code,
        text=message.text,
        author_name=message.author_name,
        area=message.area,
        latitude=message.shown_latitude,
        longitude=message.shown_longitude,
        language=message.language,
        submitted_at=message.submitted_at,
    )


def shows_place(draft: EntryDraft) -> bool:
    """Tell whether everybody may know the exact place: only that of an event at a public address.

    Everything else is shown in its area, and its exact place is stored encrypted.
    """
    return isinstance(draft, EventDraft) and draft.address_visibility == "public"


def shown_point(draft: EntryDraft, area: str) -> Point | None:
    """Return the point that everybody may know of an entry in the given community area.

    That is the exact place if it is shown, or else the middle of the area; None for an entry
    without an area.
    """
    if shows_place(draft) and draft.latitude is not None and draft.longitude is not None:
        return draft.latitude, draft.longitude
    return _CENTRES.get(area)
