"""Files for others: what a spreadsheet, a map or a calendar could take for more than text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from actions.healing_map.calendar import calendar_file
from actions.healing_map.exchange import export_events, export_messages
from actions.healing_map.models import Event
from actions.healing_map.public import public_view
from tests.actions.healing_map.making import put_event, put_message
from tests.security.hostile import FORMULAS, MARKUP, SQL

CALCULATES = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
TEXTS = ("title", "description", "host_name", "contact", "address")
NUMBERS = ("id", "latitude", "longitude")
IN_CALENDARS = (
    "END:VEVENT\nBEGIN:VEVENT\nSUMMARY:forged",
    "a\nATTENDEE:mailto:eva@example.org\nb",
    "\\nATTACH:http://example.org",
    '";CN="x:y,z;q',
    "a\u2028ATTACH:http://example.org\u2029b",
)


def rows_of(pieces: Iterable[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces), newline="")))


def put_events(map_session: Session, texts: Iterable[str]) -> list[Event]:
    """Put an event on the map for each text, with it wherever a host may write anything."""
    return [put_event(map_session, **dict.fromkeys(TEXTS, text)) for text in texts]


@pytest.mark.parametrize("status", [None, "approved"])
def test_no_cell_of_the_events_is_calculated(map_session: Session, status: str | None) -> None:
    put_events(map_session, FORMULAS)
    rows = rows_of(export_events(map_session, "csv", status))
    texts = [cell for row in rows for name, cell in row.items() if name not in NUMBERS]
    assert not any(cell.startswith(CALCULATES) for cell in texts)
    assert [row["title"] for row in rows] == [f"'{formula}" for formula in FORMULAS]


def test_no_cell_of_the_messages_is_calculated(map_session: Session) -> None:
    for formula in FORMULAS:
        put_message(map_session, formula, author_name=formula)
    rows = rows_of(export_messages(map_session, "csv"))
    for column in ("text", "author_name"):
        assert [row[column] for row in rows] == [f"'{formula}" for formula in FORMULAS]


def test_a_text_stays_in_its_cell_and_in_its_row(map_session: Session) -> None:
    texts = [*MARKUP, *SQL, 'a","b', "a\nb,c\nd", "a;b\tc"]
    for text in texts:
        put_event(map_session, description=text, contact="the contact")
    rows = rows_of(export_events(map_session, "csv"))
    harmless = [f"'{text}" if text.startswith(CALCULATES) else text for text in texts]
    assert [row["description"] for row in rows] == harmless
    assert {row["contact"] for row in rows} == {"the contact"}


def test_geojson_stays_json_with_the_text_in_it(map_session: Session) -> None:
    texts = [*MARKUP, *SQL, '"}], "features": [', "a\u2028b\u2029c"]
    for text in texts:
        put_event(map_session, description=text)
        put_message(map_session, text)
    for pieces, column in (
        (export_events(map_session, "geojson"), "description"),
        (export_messages(map_session, "geojson"), "text"),
    ):
        features = json.loads("".join(pieces))["features"]
        assert [feature["properties"][column] for feature in features] == texts


def test_a_calendar_shows_the_text_that_was_written(map_session: Session) -> None:
    texts = [*MARKUP, *SQL, *FORMULAS]
    for event, text in zip(put_events(map_session, texts), texts, strict=True):
        entry = only_entry(event)
        assert (entry["summary"], entry["description"], entry["location"]) == (text,) * 3


@pytest.mark.parametrize("text", IN_CALENDARS)
def test_a_description_adds_nothing_to_a_calendar(map_session: Session, text: str) -> None:
    url = "https://example.org/?a=1;b=2,3"
    entry = only_entry(put_event(map_session, description=text, join_url=url))
    assert (entry["description"], entry["url"]) == (text, url)
    assert not {"ATTENDEE", "ATTACH"} & set(entry)


def only_entry(event: Event) -> Any:
    """Return the one entry of an event's calendar file."""
    calendar = Calendar.from_ical(calendar_file(public_view(event)))
    (entry,) = [it for it in calendar.subcomponents if it.name != "VTIMEZONE"]
    assert entry.name == "VEVENT"
    assert not entry.subcomponents and not entry.errors
    return entry


@pytest.mark.parametrize("file_format", ["csv", "geojson"])
def test_a_public_export_holds_nothing_private(map_session: Session, file_format: str) -> None:
    hidden: dict[str, Any] = {
        "address": "5312 W. Secret Ct.",
        "address_visibility": "area_only",
        "latitude": 41.89876,
        "longitude": -87.76543,
        "contact": "porch@example.org",
        "submitter": "telegram:4711",
    }
    put_event(map_session, **hidden)
    put_event(map_session, "Not approved", status="pending", **hidden)
    exported = "".join(export_events(map_session, file_format, "approved"))
    assert "Book club" in exported
    private = ("Secret", "porch", "4711", "41.898", "87.765", "Not approved")
    assert not any(it in exported for it in private)
