"""Reads where an event is, or from which part of the city somebody writes."""

from __future__ import annotations

import re
from typing import Any

from actions.forms.answers import Asked, Finding, Fit, Misfit, SideQuestion
from actions.forms.draft import Answers
from actions.healing_map.areas import area_of, in_service_area
from actions.healing_map.models import ADDRESS_LENGTH
from actions.healing_map.places import Place, find_places
from actions.healing_map.query import plain_letters

EXACT_KINDS = ("address", "intersection", "landmark", "geocoder")
_MOST_CHOICES = 5
_MOST_WORDS_OF_A_NAME = 6
_DETAIL = re.compile(r"\s*[,(]?\s*(?P<detail>[\w#][\w #.'’\-)]{0,40})\s*$")
_DETAIL_WORDS = re.compile(
    r"\b(room|rm|suite|ste|apt|apartment|floor|fl|unit|hall|basement|gym|lobby|auditorium|door"
    r"|entrance|salon|sala|cuarto|piso|depto|departamento|sotano|gimnasio|puerta|entrada)\b|#",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"(\d{1,2}(st|nd|rd|th)? (floor|fl|piso)|#\s?[\w-]+"
    r"|(apt|apartment|unit|suite|ste|floor|fl|room|rm|depto|departamento|apartamento|piso)\b"
    r"[.# ]*[\w-]+)$",
    re.IGNORECASE,
)
"""What the look-up of places takes for a part of an address (see addresses.py)."""


def read_place(asked: Asked) -> Finding:
    """Return the place of an event: a point with its words, or the places to choose from."""
    typed = " ".join(asked.text.split())
    if len(typed) > ADDRESS_LENGTH:
        return Misfit("place_too_long", {"most": str(ADDRESS_LENGTH)}, dict(asked.side))
    search = find_places(typed)
    if search.matches:
        named = str(asked.side.get("words", ""))
        beside = (named, _room_in(typed, search.span or (0, len(typed))))
        return _fit_or_choice(search.matches, beside)
    if search.outside:
        return Misfit("place_outside", {"place": search.outside})
    is_name = len(typed.split()) <= _MOST_WORDS_OF_A_NAME
    return Misfit("place_misfit", side={"words": typed} if is_name else dict(asked.side))


def _fit_or_choice(matches: tuple[Place, ...], words: tuple[str, str]) -> Finding:
    """Return the only place as an answer, or ask which of several.

    Args:
        matches: the places that were found; not empty.
        words: what stands before and behind the place in an address: a building, a room.
    """
    places = [place_answer(place, words) for place in matches[:_MOST_CHOICES]]
    if len(places) == 1:
        return Fit({"place": places[0]})
    return SideQuestion({"places": places})


def place_answer(place: Place, words: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """Return the answer that a found place is; of an area nothing exact is known."""
    is_exact = place.kind in EXACT_KINDS
    parts = [words[0], place.name if is_exact else "", words[1]]
    address = ", ".join(part for part in parts if part)
    return {
        "name": place.name,
        "address": address[:ADDRESS_LENGTH],
        "latitude": place.latitude,
        "longitude": place.longitude,
        "area": _area_of(place),
        "exact": is_exact,
    }


def shared_place(latitude: float, longitude: float) -> Finding:
    """Return the place that somebody shared from a map, once they have seen it there."""
    area = area_of(latitude, longitude)
    if area is None or not in_service_area(latitude, longitude):
        return Misfit("place_outside_pin")
    place = {"name": area, "address": "", "area": area, "exact": True}
    return SideQuestion({"places": [{**place, "latitude": latitude, "longitude": longitude}]})


def read_area(asked: Asked) -> Finding:
    """Return the community area that a text names; an address is forgotten at once."""
    search = find_places(asked.text)
    areas = [area for place in search.matches if (area := _area_of(place))]
    if areas:
        return Fit({"area": areas[0]})
    if search.outside:
        return Misfit("area_outside", {"place": search.outside})
    return Misfit("area_misfit")


def shared_area(latitude: float, longitude: float) -> Finding:
    """Return the community area of a place that somebody shared."""
    area = area_of(latitude, longitude)
    return Fit({"area": area}) if area else Misfit("area_misfit")


def place_in_words(place: Answers) -> str:
    """Return a place as it is read back: its address, or its name, with the community area."""
    words = place["address"] or place["name"]
    return words if place["area"] in ("", words) else f"{words} ({place['area']})"


def _area_of(place: Place) -> str:
    return (
        place.areas[0] if len(place.areas) == 1 else area_of(place.latitude, place.longitude) or ""
    )


def _room_in(typed: str, span: tuple[int, int]) -> str:
    """Return the room or the floor that stands behind the place, or in it as its end."""
    behind = typed[span[1] :]
    room = _DETAIL.fullmatch(behind)
    if room and _DETAIL_WORDS.search(plain_letters(behind)):
        return room["detail"].strip(" ()")
    unit = _UNIT.search(typed[slice(*span)])
    return unit[0] if unit else ""
