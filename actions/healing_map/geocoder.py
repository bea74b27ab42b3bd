"""Asks Nominatim for a place that the tables do not know; off unless TWH_GEOCODER says so.

Nominatim's usage policy allows one request a second for a whole application and asks to keep
results (operations.osmfoundation.org/policies/nominatim), hence the limiter and the cache. What
people look for may be where they live: the cache tells it to nobody, and forgets it.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import AioHTTPAdapter
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import AsyncRateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location
from sqlalchemy import delete
from sqlalchemy.engine import Connection, Engine

from actions.healing_map.areas import in_service_area
from actions.healing_map.encryption import cipher
from actions.healing_map.models import Geocode, sessions
from actions.healing_map.places import Place
from actions.healing_map.query import plain_letters

log = logging.getLogger(__name__)

DEFAULT_URL = "https://nominatim.openstreetmap.org"

DAYS_KEPT = 30
"""How long it is remembered what a text means."""

_USER_AGENT = "together-we-heal-chicago"
_SECONDS = 3.0
_PAUSE_SECONDS = 1.0
_CHICAGO_BOX = ((41.64, -87.95), (42.03, -87.52))
_MOST_CHARACTERS = 120
_LONGEST_NAME = 200
_NO_SENSE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What geopy and this module raise for an answer that is no answer of Nominatim's."""


class Geocoder:
    """Finds places by Nominatim. It never raises: a failure is a place that was not found."""

    def __init__(self, engine: Engine, url: str = DEFAULT_URL) -> None:
        """Remember results in the database; `url` is the server's address."""
        self._sessions = sessions(engine)
        self._url = urlsplit(url)
        self._ssl = ssl.create_default_context()
        self._request = AsyncRateLimiter(
            self._request_now,
            min_delay_seconds=_PAUSE_SECONDS,
            max_retries=0,
            swallow_exceptions=False,
        )

    async def find(self, text: str, now: datetime) -> Place | None:
        """Return the place in the service area that a text names; takes at most 3 s."""
        query = _storable(" ".join(plain_letters(text[:_MOST_CHARACTERS]).split()))
        if not query:
            return None
        remembered = await asyncio.to_thread(self._remembered, query)
        if remembered:
            return _place_from(remembered)
        try:
            place = await asyncio.wait_for(self._ask(query), _SECONDS)
        except (GeopyError, asyncio.TimeoutError, *_NO_SENSE) as error:
            log.warning("geocoder does not answer: reason=%s", type(error).__name__)
            return None
        await asyncio.to_thread(self._remember, query, place, now)
        return place

    async def _ask(self, query: str) -> Place | None:
        found = await self._request(
            query, viewbox=_CHICAGO_BOX, bounded=True, country_codes="us", timeout=_SECONDS
        )
        if found is None or not in_service_area(found.latitude, found.longitude):
            return None
        name = ", ".join(found.address.split(", ")[:2])[:_LONGEST_NAME]
        return Place(name, "geocoder", found.latitude, found.longitude)

    async def _request_now(self, query: str, **options: Any) -> Location | None:
        """Ask over a connection of its own, so that none is left open at the end."""
        async with Nominatim(
            user_agent=_USER_AGENT,
            adapter_factory=AioHTTPAdapter,
            ssl_context=self._ssl,
            scheme=self._url.scheme,
            domain=f"{self._url.netloc}{self._url.path}".rstrip("/"),
        ) as nominatim:
            return await nominatim.geocode(query, **options)

    def _remembered(self, query: str) -> Geocode | None:
        with self._sessions() as session:
            remembered: Geocode | None = session.get(Geocode, cipher().fingerprint(query))
        return remembered

    def _remember(self, query: str, place: Place | None, now: datetime) -> None:
        """Keep what was found, or that nothing was."""
        found: dict[str, Any] = {}
        if place:
            found = {"name": place.name, "latitude": place.latitude, "longitude": place.longitude}
        with self._sessions.begin() as session:
            session.merge(Geocode(id=cipher().fingerprint(query), private=found, found_at=now))


def delete_old(connection: Connection, now: datetime) -> int:
    """Forget what was found more than DAYS_KEPT days ago, and return how many texts that was."""
    old = delete(Geocode).where(Geocode.found_at < now - timedelta(days=DAYS_KEPT))
    deleted: int = connection.execute(old).rowcount
    return deleted


def _storable(text: str) -> str:
    """Leave out what neither an address of the web nor a database can hold."""
    return "".join(character for character in text if character.isprintable())


def _place_from(geocode: Geocode) -> Place | None:
    return Place(kind="geocoder", **geocode.private) if geocode.private else None
