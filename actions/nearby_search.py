"""What somebody is looking for on the map, kept from turn to turn."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from actions.clock import CHICAGO
from actions.healing_map.dates import Span
from actions.healing_map.dates.spans import whole_days
from actions.healing_map.places import Place
from actions.healing_map.query import Query
from actions.healing_map.search import NEARBY_MILES, PAGE, EventSearch, Search

RINGS_MILES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""How far is looked: an event is looked for within 5 miles, and wider when that is asked for."""


@dataclass(frozen=True)
class NearbySearch:
    """A search as the conversation has shaped it so far; it lives in the slot `search`.

    Attributes:
        place: where; None for the whole city.
        kinds, formats: only these; empty for all.
        starts_after, starts_before: ISO moments with offset; None for upcoming without an end.
        within_miles: how far from a point.
        wants_messages: messages of healing rather than events.
        offset: how many were shown before.
        shown: the codes of those that were shown last, in their order.
        candidates: the places between which the person has to choose.
        asks_place: whether the person was asked for a place.
    """

    place: Place | None = None
    kinds: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    starts_after: str | None = None
    starts_before: str | None = None
    within_miles: float = NEARBY_MILES
    wants_messages: bool = False
    offset: int = 0
    shown: tuple[str, ...] = ()
    candidates: tuple[Place, ...] = ()
    asks_place: bool = False

    @classmethod
    def from_slot(cls, value: dict[str, Any] | None) -> NearbySearch:
        """Return the search that the slot holds; a new one for an empty slot."""
        if not value:
            return cls()
        places = [_place_from(place) for place in value["candidates"]]
        tuples = {name: tuple(value[name]) for name in ("kinds", "formats", "shown")}
        place = _place_from(value["place"]) if value["place"] else None
        return cls(**{**value, **tuples, "place": place, "candidates": tuple(places)})

    def to_slot(self) -> dict[str, Any]:
        """Return the search as JSON can hold it."""
        return asdict(self)

    def at(self, place: Place | None) -> NearbySearch:
        """Return the search at another place, from the first page."""
        return replace(self, place=place, candidates=(), asks_place=False, offset=0)

    def refined(self, query: Query, goes_on: bool = False) -> NearbySearch:
        """Return the search with what a sentence says; what it does not say stays.

        A sentence that names a new place begins a new search, unless it only goes on with this one
        ("and in Pilsen?") or a place was asked for.
        """
        goes_on = goes_on or self.asks_place
        names_place = bool(query.place.matches) or query.whole_city
        before = self if goes_on or not names_place else NearbySearch()
        says_of_events = query.kinds or query.formats or query.span
        wanted_messages = goes_on and before.wants_messages and not says_of_events
        starts_after, starts_before = before.starts_after, before.starts_before
        if query.span:
            starts_after, starts_before = _window(query.span.start, query.span.end)
        return replace(
            before,
            place=None if query.whole_city else before.place,
            kinds=query.kinds or before.kinds,
            formats=query.formats or before.formats,
            starts_after=starts_after,
            starts_before=starts_before,
            within_miles=query.within_miles or before.within_miles,
            wants_messages=query.wants_messages or wanted_messages,
            offset=0,
        )

    def wider(self) -> NearbySearch:
        """Return the search within the next wider ring; for an area, around its middle."""
        if self.place and self.place.areas:
            return replace(self.around_middle(), within_miles=NEARBY_MILES)
        wider = next((ring for ring in RINGS_MILES if ring > self.within_miles), RINGS_MILES[-1])
        return replace(self, within_miles=wider, offset=0)

    def nearer(self) -> NearbySearch:
        """Return the search within the next smaller ring; for an area, around its middle."""
        if self.place and self.place.areas:
            return replace(self.around_middle(), within_miles=RINGS_MILES[0])
        smaller = [ring for ring in RINGS_MILES if ring < self.within_miles]
        return replace(self, within_miles=max(smaller, default=RINGS_MILES[0]), offset=0)

    def around_middle(self) -> NearbySearch:
        """Return the search around a point: for an area, around its middle."""
        if self.place is None or not self.place.areas:
            return self
        return self.at(replace(self.place, areas=()))

    def time(self, now: datetime) -> Span | None:
        """Return the time that is looked at, from today on where no beginning was named."""
        end = _moment(self.starts_before)
        if end is None:
            return None
        start = _moment(self.starts_after) or now.replace(hour=0, minute=0, second=0, microsecond=0)
        if start.time() == time() and (end.time() == time() or end <= now):
            last_day = (end - timedelta(microseconds=1)).date()
            return whole_days(start.date(), last_day + timedelta(days=1))
        return Span(start, end, whole_day=False)

    @property
    def is_widest(self) -> bool:
        """Whether there is nothing left to widen."""
        has_areas = bool(self.place and self.place.areas)
        return self.place is None or (not has_areas and self.within_miles >= RINGS_MILES[-1])

    def event_search(self, now: datetime) -> EventSearch:
        """Return what the map is asked: only what is still to come, unless a time was named."""
        return EventSearch(
            kinds=self.kinds,
            starts_after=_moment(self.starts_after) or now,
            starts_before=_moment(self.starts_before),
            formats=_with_hybrid(self.formats),
            **self._where_and_page(),
        )

    def message_search(self) -> Search:
        """Return what the map is asked for messages of healing."""
        return Search(**self._where_and_page())

    def _where_and_page(self) -> dict[str, Any]:
        values: dict[str, Any] = {"limit": PAGE, "offset": self.offset}
        if self.place is None:
            return values
        if self.place.areas:
            return {**values, "areas": self.place.areas}
        point = {"latitude": self.place.latitude, "longitude": self.place.longitude}
        return {**values, **point, "within_miles": self.within_miles}


def _place_from(value: dict[str, Any]) -> Place:
    return Place(**{**value, "areas": tuple(value["areas"])})


def _window(start: datetime, end: datetime | None) -> tuple[str, str]:
    """Return from when to when events count; a moment alone means that day."""
    midnight = start.astimezone(CHICAGO).replace(hour=0, minute=0, second=0, microsecond=0)
    return start.isoformat(), (end or midnight + timedelta(days=1)).isoformat()


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso).astimezone(CHICAGO) if iso else None


def _with_hybrid(formats: tuple[str, ...]) -> tuple[str, ...]:
    """A hybrid event is both online and in person."""
    return (*formats, "hybrid") if formats else ()
