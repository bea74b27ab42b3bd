"""Events, messages of healing and searches in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.conversation import Button, button
from actions.healing_map.dates import Span, in_words
from actions.healing_map.dates.spans import whole_days
from actions.healing_map.models import KINDS, Entry, Event
from actions.healing_map.public import PublicEvent, PublicMessage
from actions.nearby_search import NearbySearch
from actions.texts import text

DOTS = {"dialogue": "🟣", "collaboration": "🟢", "learning": "🟠", "connections": "🔴"}
"""A dot of the colour that a kind of event has on the map; its name always stands beside it."""

_LONGEST_NAME = 60


def kind_buttons(language: str) -> list[Button]:
    """Return a button for each kind of event."""
    return [button(kind_in_words(kind, language), "find_nearby", f"kind:{kind}") for kind in KINDS]


def kind_in_words(kind: str, language: str) -> str:
    """Return the name of a kind of event, behind its dot."""
    return f"{DOTS[kind]} {text(f'kind_{kind}', language)}"


def event_line(
    number: int, event: PublicEvent, miles: float | None, language: str, now: datetime
) -> str:
    """Return an event in three lines: title, kind and time, place and distance."""
    where = _where(event, language)
    if miles is not None and event.format != "virtual":
        where = text("away", language, where=where, miles=miles_in_words(miles, language))
    return text(
        "event_line",
        language,
        number=str(number),
        title=event.title,
        kind=kind_in_words(event.kind, language),
        when=_when(event, language, now),
        where=where,
    )


def details_of(event: PublicEvent, language: str, now: datetime) -> str:
    """Return the whole event."""
    lines = [
        text(
            "event_details",
            language,
            kind=kind_in_words(event.kind, language),
            format=text(f"format_{event.format}", language),
            when=_when(event, language, now),
            where=_where(event, language),
            description=event.description,
        ),
        text("host_line", language, host=event.host_name),
    ]
    if event.format != "virtual":
        answer = text(f"accessible_{event.accessibility}", language)
        lines.append(text("accessible_line", language, answer=answer))
    if event.join_url:
        lines.append(text("join_line", language, url=event.join_url))
    if event.exact and event.format != "virtual":
        lines.append(text("directions_line", language, url=_directions(event)))
    return "\n".join(lines)


def message_line(message: PublicMessage, language: str) -> str:
    """Return a message of healing with its author and area."""
    author = message.author_name or text("anonymous", language)
    signature = f"{author}, {message.area}" if message.area else author
    return text("message_line", language, text=message.text, signature=signature)


def entry_line(number: int, entry: Entry, language: str, now: datetime) -> str:
    """Return an entry in one line for its owner: code, name, day of an event, status."""
    if isinstance(entry, Event):
        day = entry.starts_at.date()
        days = whole_days(day, day + timedelta(days=1))
        named = [entry.title, in_words(days, language, now)]
    else:
        named = [f"“{entry_name(entry)}”"]
    status = text(f"status_{entry.status}", language)
    return f"{number}. " + " · ".join([entry.code, *named, status])


def entry_name(entry: Entry) -> str:
    """Return what an entry is called: an event's title, or the first words of a message."""
    if isinstance(entry, Event):
        return str(entry.title)
    words = " ".join(entry.text.split())
    is_short = len(words) <= _LONGEST_NAME
    return words if is_short else words[: _LONGEST_NAME - 1].rstrip() + "…"


def miles_in_words(miles: float, language: str) -> str:
    """Return a distance, to a tenth of a mile."""
    return text("miles", language, number=f"{miles:.1f}")


def search_in_words(search: NearbySearch, language: str, now: datetime) -> str:
    """Return where, when and for what a search looks, as the heading of its result."""
    words = [place_in_words(search, language)]
    words += [text(f"kind_{kind}", language) for kind in search.kinds]
    words += [text(f"format_{name}", language) for name in search.formats]
    span = search.time(now)
    if span:
        words.append(in_words(span, language, now))
    return " · ".join(words)


def place_in_words(search: NearbySearch, language: str) -> str:
    """Return where a search looks, and how far around a point."""
    place = search.place
    if place is None:
        return text("in_city", language)
    if place.areas:
        return text("in_place", language, place=place.name)
    miles = text("miles", language, number=f"{search.within_miles:g}")
    within = text("within", language, miles=miles)
    # The person's own place has no name but the one that it was given in the language of then.
    name = text("your_location", language) if place.kind == "shared" else place.name
    return text("near_place", language, place=name) + f" · {within}"


def _when(event: PublicEvent, language: str, now: datetime) -> str:
    return in_words(Span(event.starts_at, event.ends_at, whole_day=False), language, now)


def _where(event: PublicEvent, language: str) -> str:
    if event.format == "virtual":
        return text("online_for" if event.area else "online", language, area=event.area)
    hidden = text("exact_place_hidden", language, area=event.area)
    place = event.address or (event.area if event.exact else hidden)
    return text("both_ways", language, place=place) if event.format == "hybrid" else place


def _directions(event: PublicEvent) -> str:
    target = f"{event.latitude:.5f}%2C{event.longitude:.5f}"
    return f"https://www.google.com/maps/dir/?api=1&destination={target}"
