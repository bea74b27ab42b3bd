"""The calendar file of an event, read back as a calendar would."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from actions.clock import CHICAGO
from actions.healing_map.calendar import MIME_TYPE, calendar_file
from actions.healing_map.public import PublicEvent

UTC = timezone.utc
ADDRESS = "9525 S. Halsted St."
EVENT = PublicEvent(
    code="K7P2QM",
    kind="learning",
    title="Book club",
    description="We read one chapter.",
    starts_at=datetime(2020, 12, 12, 15, 0, tzinfo=CHICAGO),
    ends_at=datetime(2020, 12, 12, 17, 0, tzinfo=CHICAGO),
    format="in_person",
    address=ADDRESS,
    latitude=41.72085,
    longitude=-87.64326,
    exact=True,
    area="Washington Heights",
    host_name="Neighbors",
    host_type="organization",
    join_url="",
    accessibility="accessible",
    language="en",
    updated_at=datetime(2020, 12, 1, 9, 30, tzinfo=CHICAGO),
)
AREA_ONLY = replace(EVENT, address="", latitude=41.7195, longitude=-87.6504, exact=False)
VIRTUAL = replace(
    AREA_ONLY,
    format="virtual",
    latitude=None,
    longitude=None,
    area="",
    join_url="https://example.org/join?room=1,2;3&lang=es",
)


def calendar_of(event: PublicEvent) -> Component:
    return Calendar.from_ical(calendar_file(event))


def entry_of(event: PublicEvent) -> Component:
    """The file's only event."""
    (entry,) = calendar_of(event).walk("VEVENT")
    return entry


def lines_of(event: PublicEvent) -> list[str]:
    """The file's lines as they were before folding."""
    unfolded = calendar_file(event).replace("\r\n ", "")
    return unfolded.split("\r\n")


def test_it_says_what_where_and_when() -> None:
    entry = entry_of(EVENT)
    assert entry["summary"] == "Book club"
    assert entry["description"] == "We read one chapter."
    assert entry["location"] == ADDRESS
    assert entry.decoded("dtstart") == EVENT.starts_at
    assert entry.decoded("dtend") == EVENT.ends_at
    assert entry["geo"].to_ical() == "41.72085;-87.64326"


def test_it_has_what_every_calendar_file_must_have() -> None:
    calendar = calendar_of(EVENT)
    assert MIME_TYPE == "text/calendar"
    assert calendar["version"] == "2.0"
    assert "Together We Heal" in calendar["prodid"]
    assert entry_of(EVENT).decoded("dtstamp") == EVENT.updated_at
    assert not calendar.errors
    assert all(not component.errors for component in calendar.walk())


@pytest.mark.parametrize(
    "text",
    [
        "Listen, speak; and breathe",
        "One\nTwo\n\nThree",
        "C:\\new\\; \\n is no line end, nor is \\,",
        "Sanación 🕊️ para toda la ciudad: ¿vienes?",
        'END:VEVENT\nBEGIN:VALARM "quoted": yes',
        "🤝🏾" * 100,
    ],
)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    entry = entry_of(replace(EVENT, title=text, description=text, address=text))
    assert (entry["summary"], entry["description"], entry["location"]) == (text, text, text)


def test_commas_semicolons_backslashes_and_line_breaks_are_escaped() -> None:
    lines = lines_of(replace(EVENT, title="a, b; c\\d\ne"))
    assert r"SUMMARY:a\, b\; c\\d\ne" in lines


printable = st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"])


@given(st.text(printable, max_size=300), st.text(printable | st.just("\n"), max_size=2000))
def test_whatever_a_host_writes_the_file_can_be_read(title: str, description: str) -> None:
    event = replace(EVENT, title=title, description=description)
    entry = entry_of(event)
    assert (entry["summary"], entry["description"]) == (title, description)
    assert all(len(line.encode()) <= 75 for line in calendar_file(event).split("\r\n"))


def test_no_line_is_longer_than_75_octets_and_no_letter_is_torn() -> None:
    file = calendar_file(replace(EVENT, title="ñ" * 120, description="🕊️ paz " * 280))
    assert max(len(line.encode()) for line in file.split("\r\n")) == 75
    assert "\n" not in file.replace("\r\n", "")
    assert file.endswith("END:VCALENDAR\r\n")


@pytest.mark.parametrize(("month", "hours"), [(1, -6), (7, -5), (12, -6)])
def test_the_time_is_chicagos_with_its_daylight_saving(month: int, hours: int) -> None:
    starts_at = datetime(2021, month, 9, 18, 0, tzinfo=CHICAGO)
    event = replace(EVENT, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    assert f"DTSTART;TZID=America/Chicago:2021{month:02}09T180000" in lines_of(event)
    (zone,) = calendar_of(event).walk("VTIMEZONE")
    assert zone["tzid"] == "America/Chicago"
    at_home = starts_at.replace(tzinfo=None)
    assert zone.to_tz().utcoffset(at_home) == timedelta(hours=hours)
    assert zone.to_tz().utcoffset(at_home) == starts_at.utcoffset()


@pytest.mark.parametrize("year", [2000, 2020, 2021, 2037, 2038, 2099])
def test_the_zone_in_the_file_holds_for_every_year_of_the_map(year: int) -> None:
    for month in (1, 6, 12):
        starts_at = datetime(year, month, 28, 23, 0, tzinfo=CHICAGO)
        event = replace(EVENT, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        (zone,) = calendar_of(event).walk("VTIMEZONE")
        assert zone.to_tz().utcoffset(starts_at.replace(tzinfo=None)) == starts_at.utcoffset()


def test_an_event_over_new_years_midnight_ends_in_the_next_year() -> None:
    starts_at = datetime(2020, 12, 31, 22, 0, tzinfo=CHICAGO)
    event = replace(EVENT, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    assert entry_of(event).decoded("dtend") == datetime(2021, 1, 1, 1, 0, tzinfo=CHICAGO)


def test_an_event_over_the_change_of_the_clocks_lasts_as_long_as_it_does() -> None:
    starts_at = datetime(2021, 3, 14, 7, 30, tzinfo=UTC).astimezone(CHICAGO)
    ends_at = datetime(2021, 3, 14, 8, 30, tzinfo=UTC).astimezone(CHICAGO)
    entry = entry_of(replace(EVENT, starts_at=starts_at, ends_at=ends_at))
    start, end = entry.decoded("dtstart"), entry.decoded("dtend")
    assert (start.hour, end.hour) == (1, 3)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=1)


def test_a_changed_event_keeps_its_uid_and_says_when_it_was_changed() -> None:
    later = datetime(2020, 12, 5, 8, 0, tzinfo=CHICAGO)
    before = entry_of(EVENT)
    after = entry_of(replace(EVENT, title="Reading circle", updated_at=later))
    assert before["uid"] == after["uid"]
    assert after.decoded("last-modified") == after.decoded("dtstamp") == later


def test_two_events_have_two_uids() -> None:
    assert entry_of(EVENT)["uid"] != entry_of(replace(EVENT, code="K7P2QN"))["uid"]


def test_the_same_event_gives_the_same_file() -> None:
    assert calendar_file(EVENT) == calendar_file(EVENT)


def test_the_way_to_join_is_the_url() -> None:
    assert entry_of(VIRTUAL)["url"] == VIRTUAL.join_url
    assert f"URL:{VIRTUAL.join_url}" in lines_of(VIRTUAL)
    assert "url" not in entry_of(EVENT)


def test_where_the_host_shows_only_the_area_the_file_has_no_exact_place() -> None:
    entry = entry_of(AREA_ONLY)
    assert entry["location"] == "Washington Heights"
    assert "geo" not in entry


def test_an_event_without_any_place_has_none_in_the_file() -> None:
    entry = entry_of(VIRTUAL)
    assert "location" not in entry
    assert "geo" not in entry
