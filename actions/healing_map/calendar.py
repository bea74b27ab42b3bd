"""Writes an event as a calendar file (RFC 5545)."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar, Event, vGeo

from actions.healing_map.public import PublicEvent

_PRODUCT = "-//Together We Heal//Healing Map//EN"
MIME_TYPE = "text/calendar"


def calendar_file(event: PublicEvent) -> str:
    """Return an .ics file with one event, in Chicago's time with its daylight saving rules.

    The UID stays the same when the event changes, so that a calendar updates its entry.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = Event()
    entry.add("uid", f"{event.code}@together-we-heal.chicago")
    entry.add("dtstamp", event.updated_at)
    entry.add("last-modified", event.updated_at)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", event.title)
    entry.add("description", event.description)
    if event.address or event.area:
        entry.add("location", event.address or event.area)
    if event.exact and event.latitude is not None and event.longitude is not None:
        entry["geo"] = vGeo((event.latitude, event.longitude))
    if event.join_url:
        entry.add("url", event.join_url)
    calendar.add_component(entry)
    # Only this year's rules: calendars need no others for one event.
    calendar.add_missing_timezones(
        date(event.starts_at.year, 1, 1), date(event.ends_at.year + 1, 1, 1)
    )
    content: bytes = calendar.to_ical()
    return content.decode()
