"""Finds what is near: approved events and messages, by place, time, kind and format.

The nearest of a million are found in growing circles around the point: each is one look into one
composite index, at the grid's cells that the circle touches, and the first circle that holds
enough entries ends the search. The statements are the same on SQLite and on PostgreSQL and need
no extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import cos, radians, sqrt
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from actions.healing_map.distance import box_around, miles_between
from actions.healing_map.grid import cells_of
from actions.healing_map.models import KINDS, Event, Message
from actions.healing_map.public import (
    Point,
    PublicEvent,
    PublicMessage,
    public_message,
    public_view,
)
from actions.healing_map.store import entry_by_code

NEARBY_MILES = 5.0
"""How far "near" reaches where nobody says otherwise."""

PAGE = 5
"""Hits in one answer: more would not fit on a phone."""

_FIRST_LOOK_MILES = 0.3
"""The first circle; it holds ten of a kind where the map has some 100,000 upcoming events."""

_WHOLE_GLOBE_MILES = 13_000.0

_SPARE = 20
"""How many entries more than wanted a look gives: it orders them by the distance on a flat map,
which differs from the globe's by less than 0.1%, too little to put one behind so many others."""


@dataclass(frozen=True)
class Search:
    """Where somebody looks among the approved entries, and which page of them they want.

    From a point the nearest come first.

    Attributes:
        latitude: of the point to search around, in degrees; likewise longitude.
        areas: names of community areas, instead of a point; neither means everywhere.
        within_miles: how far from the point; None for any distance.
        limit: the most hits to return, at least 1.
        offset: how many hits to pass over, for the next page.
    """

    latitude: float | None = None
    longitude: float | None = None
    areas: tuple[str, ...] = ()
    within_miles: float | None = NEARBY_MILES
    limit: int = PAGE
    offset: int = 0

    def __post_init__(self) -> None:
        """Refuse half a point, a point beside areas, and no page."""
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("A point needs a latitude and a longitude.")
        if self.latitude is not None and self.areas:
            raise ValueError("A search is around a point or in areas, not both.")
        if self.limit < 1 or self.offset < 0:
            raise ValueError("A page has at least one hit and begins at 0 or later.")


@dataclass(frozen=True)
class EventSearch(Search):
    """What somebody looks for among the approved events.

    Events that have not ended come first: from a point the nearest first, otherwise the soonest
    first. Then come those that are past, nearest or latest first.

    Attributes:
        kinds: of models.KINDS; empty for all.
        starts_after: leaves out events that began before; an event that is under way counts as
            beginning now.
        starts_before: leaves out events that begin then or later.
        formats: of models.FORMATS; empty for all.
    """

    kinds: tuple[str, ...] = ()
    starts_after: datetime | None = None
    starts_before: datetime | None = None
    formats: tuple[str, ...] = ()


_View = TypeVar("_View", PublicEvent, PublicMessage)


@dataclass(frozen=True)
class Hit(Generic[_View]):
    """An entry that was found, with the distance from the point, if there was one.

    The distance is that of the shown point, which may be the middle of the entry's area.
    """

    entry: _View
    miles: float | None


@dataclass(frozen=True)
class SearchResult(Generic[_View]):
    """One page of hits; `more` tells whether another follows."""

    hits: tuple[Hit[_View], ...]
    more: bool


@dataclass(frozen=True)
class Counts:
    """How the map grows: numbers of approved entries, past and upcoming.

    Attributes:
        events_by_kind: every kind, also one without events.
        events_by_area: only areas with events, the most first; "" stands for no area.
        kinds_by_area: for each of these areas the number of events of each kind that it has.
    """

    events: int
    events_by_kind: Mapping[str, int]
    events_by_area: Mapping[str, int]
    kinds_by_area: Mapping[str, Mapping[str, int]]
    messages: int


_Found = tuple[int, float | None]
"""An entry's id and its distance in miles."""

# Plain rows: the half of the time that mapping them to objects would take is not needed here.
_EVENTS: Any = Event.__table__.c
_MESSAGES: Any = Message.__table__.c


def search_events(
    session: Session, search: EventSearch, now: datetime
) -> SearchResult[PublicEvent]:
    """Return one page of what a search finds; a page past the last is empty."""
    wanted = search.offset + search.limit + 1
    found = _upcoming(session, search, now, wanted)
    if len(found) < wanted:
        found += _past(session, search, now, wanted - len(found))
    return _result(session, Event.__table__, public_view, search, found)


def nearest_beyond(session: Session, search: EventSearch, now: datetime) -> Hit[PublicEvent] | None:
    """Return the nearest upcoming event at any distance that fits a search around a point."""
    anywhere = replace(search, within_miles=None)
    found = _upcoming(session, anywhere, now, wanted=1)
    hits = _hits(session, Event.__table__, public_view, found)
    return hits[0] if hits else None


def public_event(session: Session, code: str) -> PublicEvent | None:
    """Return the approved event with this code as everybody may see it, or None."""
    entry = entry_by_code(session, code)
    is_public = isinstance(entry, Event) and entry.status == "approved"
    return public_view(entry) if is_public else None


def search_messages(session: Session, search: Search) -> SearchResult[PublicMessage]:
    """Return one page of what a search finds, without a point the newest first."""
    wanted = search.offset + search.limit + 1
    newest = _MESSAGES.submitted_at.desc()
    found = _find(session, _MESSAGES, search, [_MESSAGES.status == "approved"], newest, wanted)
    return _result(session, Message.__table__, public_message, search, found)


def counts(session: Session) -> Counts:
    """Count the approved events and messages."""
    rows = session.execute(
        select(_EVENTS.kind, _EVENTS.area, func.count())
        .where(_EVENTS.status == "approved")
        .group_by(_EVENTS.area, _EVENTS.kind)
    ).all()
    by_kind = dict.fromkeys(KINDS, 0)
    kinds_by_area: dict[str, dict[str, int]] = {}
    for kind, area, number in rows:
        by_kind[kind] += number
        kinds_by_area.setdefault(area, {})[kind] = number
    by_area = {area: sum(kinds.values()) for area, kinds in kinds_by_area.items()}
    messages = session.execute(
        select(func.count(_MESSAGES.id)).where(_MESSAGES.status == "approved")
    ).scalar_one()
    return Counts(
        events=sum(by_kind.values()),
        events_by_kind=by_kind,
        events_by_area=dict(sorted(by_area.items(), key=lambda item: (-item[1], item[0]))),
        kinds_by_area=kinds_by_area,
        messages=messages,
    )


def _upcoming(session: Session, search: EventSearch, now: datetime, wanted: int) -> list[_Found]:
    conditions = _filters(search)
    if search.starts_after is not None and search.starts_after > now:
        # That it ends later follows, and lets the index skip all before.
        conditions += [
            _EVENTS.starts_at >= search.starts_after,
            _EVENTS.ends_at > search.starts_after,
        ]
    else:
        conditions += [_EVENTS.ends_at > now]
    return _find(session, _EVENTS, search, conditions, _EVENTS.starts_at, wanted)


def _past(session: Session, search: EventSearch, now: datetime, wanted: int) -> list[_Found]:
    conditions = [*_filters(search), _EVENTS.ends_at <= now]
    if search.starts_after is not None:
        if search.starts_after >= now:
            return []
        conditions += [
            _EVENTS.starts_at >= search.starts_after,
            _EVENTS.ends_at > search.starts_after,
        ]
    return _find(session, _EVENTS, search, conditions, _EVENTS.starts_at.desc(), wanted)


def _filters(search: EventSearch) -> list[ColumnElement]:
    """Return the conditions that hold for upcoming and past events alike.

    Kinds are always said, as the indexes begin with status and kind.
    """
    conditions = [_EVENTS.status == "approved", _EVENTS.kind.in_(search.kinds or KINDS)]
    if search.starts_before is not None:
        conditions.append(_EVENTS.starts_at < search.starts_before)
    if search.formats:
        conditions.append(_EVENTS.format.in_(search.formats))
    return conditions


def _find(
    session: Session,
    columns: Any,
    search: Search,
    conditions: list[ColumnElement],
    order: ColumnElement,
    wanted: int,
) -> list[_Found]:
    """Return at most so many entries: the nearest to a point, or else the first in the order."""
    if search.latitude is not None and search.longitude is not None:
        point = (search.latitude, search.longitude)
        return _nearest(session, columns, point, search.within_miles, conditions, order, wanted)
    if search.areas:
        conditions = [*conditions, columns.area.in_(search.areas)]
    ids = session.execute(
        select(columns.id).where(*conditions).order_by(order, columns.id).limit(wanted)
    )
    return [(id_, None) for id_ in ids.scalars()]


def _nearest(
    session: Session,
    columns: Any,
    point: Point,
    within_miles: float | None,
    conditions: list[ColumnElement],
    order: ColumnElement,
    wanted: int,
) -> list[_Found]:
    """Return the nearest entries; those at one place stand in the order given."""
    in_cells = columns.shown_cell.in_(bindparam("cells", expanding=True))
    statement = (
        select(columns.id, columns.shown_latitude, columns.shown_longitude)
        .where(*conditions, in_cells)
        .order_by(_flat_distance(columns, point), order, columns.id)
        .limit(wanted + _SPARE)
    )
    farthest = _WHOLE_GLOBE_MILES if within_miles is None else within_miles
    radius = min(_FIRST_LOOK_MILES, farthest)
    while True:
        cells = cells_of(box_around(*point, radius))
        rows = session.execute(statement, {"cells": cells})
        found = [(id_, miles_between(*point, *place)) for id_, *place in rows]
        inside = [(id_, miles) for id_, miles in found if miles <= radius]
        if len(inside) >= wanted or radius == farthest:
            # A stable sort: entries at one place keep the order that the database gave them.
            return [*sorted(inside, key=lambda entry: entry[1])[:wanted]]
        radius = min(_wider(radius, len(inside), wanted), farthest)


def _wider(radius: float, found: int, wanted: int) -> float:
    """Guess the circle that holds enough: its area by what was found, and half as wide again."""
    return radius * 1.5 * sqrt(wanted / max(found, 0.25))


def _flat_distance(columns: Any, point: Point) -> ColumnElement:
    """Return the squared distance on a map that is flat around the point."""
    latitude, longitude = point
    north = columns.shown_latitude - latitude
    east = (columns.shown_longitude - longitude) * cos(radians(latitude))
    return north * north + east * east


def _result(
    session: Session,
    table: Table,
    view: Callable[[Any], _View],
    search: Search,
    found: list[_Found],
) -> SearchResult[_View]:
    """Return the wanted page of what was found, which has one more if another page follows."""
    end = search.offset + search.limit
    hits = _hits(session, table, view, found[search.offset : end])
    return SearchResult(hits, more=len(found) > end)


def _hits(
    session: Session, table: Table, view: Callable[[Any], _View], found: Iterable[_Found]
) -> tuple[Hit[_View], ...]:
    """Read what was found, in its order, without what has been taken off the map meanwhile."""
    miles = dict(found)
    rows = session.execute(select(table).where(table.c.id.in_(miles), table.c.status == "approved"))
    by_id = {row.id: row for row in rows}
    return tuple(Hit(view(by_id[id_]), miles[id_]) for id_ in miles if id_ in by_id)
