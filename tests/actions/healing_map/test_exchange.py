"""Files out of the map and into it: nothing lost, nothing private, nothing half."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map import exchange
from actions.healing_map.database import IN_MEMORY, open_database
from actions.healing_map.exchange import (
    EVENT_COLUMNS,
    MESSAGE_COLUMNS,
    Imported,
    ImportRefused,
    export_events,
    export_messages,
    import_events,
)
from actions.healing_map.migrations import migrate
from actions.healing_map.models import Event, sessions
from actions.healing_map.store import add, draft_of
from tests.actions.healing_map.making import (
    NOW,
    PRIVATE,
    in_hours,
    put_event,
    put_message,
    virtual_draft,
)

ROW = {
    "kind": "learning",
    "title": "Book club",
    "starts_at": "2020-12-12T15:00:00-06:00",
    "ends_at": "2020-12-12T17:00:00-06:00",
    "format": "in_person",
    "address": "9525 S. Halsted St.",
    "address_visibility": "public",
    "latitude": "41.72085",
    "longitude": "-87.64326",
    "host_name": "Neighbors",
    "host_type": "organization",
    "accessibility": "accessible",
    "language": "en",
}


def csv_file(*rows: dict[str, Any], columns: tuple[str, ...] = EVENT_COLUMNS) -> bytes:
    """A CSV file of rows; each says only in what it differs from an ordinary one."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(ROW | row for row in rows)
    return buffer.getvalue().encode()


def geojson_file(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    everything = dict.fromkeys(EVENT_COLUMNS) | ROW | properties
    return {"type": "Feature", "geometry": geometry, "properties": everything}


def exported(session: Session, file_format: str, status: str | None = None) -> str:
    return "".join(export_events(session, file_format, status))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def refusal(session: Session, content: bytes) -> str:
    """Return why a file is not imported; nothing of it may be stored."""
    before = exported(session, "csv")
    with pytest.raises(ImportRefused) as refused:
        import_events(session, content, NOW)
    assert exported(session, "csv") == before
    return str(refused.value)


def only_event(session: Session) -> Event:
    return session.execute(select(Event)).scalar_one()


def test_an_export_has_the_columns_in_their_order(session: Session) -> None:
    put_event(session)
    put_message(session, "We heal.")
    assert exported(session, "csv").splitlines()[0] == ",".join(EVENT_COLUMNS)
    messages = "".join(export_messages(session, "csv"))
    assert messages.splitlines()[0] == ",".join(MESSAGE_COLUMNS)
    properties = json.loads(exported(session, "geojson"))["features"][0]["properties"]
    assert tuple(properties) == EVENT_COLUMNS


def test_the_columns_are_all_that_a_host_says_of_an_event() -> None:
    columns = {column.name for column in Event.__table__.columns}
    own = {"owner", "submission", "revision", "review_note", "private"}
    shown = {name for name in columns if name.startswith("shown_")}
    assert columns - own - shown == set(EVENT_COLUMNS) - {"contact"}


def test_an_empty_map_exports_a_header_and_no_features(session: Session) -> None:
    assert exported(session, "csv") == ",".join(EVENT_COLUMNS) + "\r\n"
    assert json.loads(exported(session, "geojson"))["features"] == []


def test_geojson_writes_longitude_first_and_no_geometry_for_what_has_no_place(
    session: Session,
) -> None:
    put_event(session)
    add(session, virtual_draft(), NOW)
    placed, placeless = json.loads(exported(session, "geojson"))["features"]
    assert placed["geometry"] == {"type": "Point", "coordinates": [-87.64326, 41.72085]}
    assert placeless["geometry"] is None


@pytest.mark.parametrize("file_format", ["csv", "geojson"])
def test_what_is_exported_can_be_imported_elsewhere_without_loss(
    session: Session, file_format: str
) -> None:
    put_event(session, "=HYPERLINK(1)", description='Uno,\n"dos" 🕊️', **PRIVATE)
    put_event(session, "Circle", kind="connections", status="rejected", language="es")
    add(session, virtual_draft(join_url="https://example.org"), NOW)
    content = exported(session, file_format).encode()
    elsewhere = open_database(IN_MEMORY)
    migrate(elsewhere)
    with sessions(elsewhere)() as other:
        assert import_events(other, content, in_hours(9)) == Imported(added=3, updated=0)
        assert exported(other, "csv") == exported(session, "csv")


@pytest.mark.parametrize("file_format", ["csv", "geojson"])
def test_a_public_export_leaves_out_contact_and_private_places(
    session: Session, file_format: str
) -> None:
    put_event(session, "At home", **PRIVATE)
    put_event(session, "Waiting", status="pending")
    text = exported(session, file_format, "approved")
    for private in ("ana@example.org", "Vernon", "41.7423", "-87.6201", "Waiting"):
        assert private not in text
    assert "At home" in text
    assert "Chatham" in text
    assert "ana@example.org" in exported(session, file_format)


def test_a_new_column_is_not_public_until_somebody_says_so(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "EVENT_COLUMNS", (*EVENT_COLUMNS, "owner"))
    put_event(session, submitter="telegram:55")
    (everything,) = rows_of(exported(session, "csv"))
    (public,) = rows_of(exported(session, "csv", "approved"))
    assert everything["owner"]
    assert public == everything | {"owner": ""}


@pytest.mark.parametrize("file_format", ["csv", "geojson"])
def test_importing_a_public_export_again_takes_nothing_away(
    session: Session, file_format: str
) -> None:
    put_event(session, "At home", **PRIVATE)
    everything = exported(session, "csv")
    public = exported(session, file_format, "approved").encode()
    assert import_events(session, public, NOW) == Imported(added=0, updated=1)
    assert exported(session, "csv") == everything


def test_an_entry_with_a_known_code_is_updated(session: Session) -> None:
    event = put_event(session, contact="773 555 0100")
    row = {"code": event.code.lower(), "title": "Reading circle", "contact": ""}
    assert import_events(session, csv_file(row), in_hours(3)) == Imported(added=0, updated=1)
    session.expire_all()
    assert (event.title, event.status) == ("Reading circle", "approved")
    assert draft_of(event).contact == "773 555 0100"
    assert (event.submitted_at, event.updated_at) == (NOW, in_hours(3))


def test_a_new_entry_waits_for_its_review_and_gets_a_code_area_and_moment(
    session: Session,
) -> None:
    assert import_events(session, csv_file({}), NOW) == Imported(added=1, updated=0)
    event = only_event(session)
    assert (event.status, event.area, len(event.code)) == ("pending", "Washington Heights", 6)
    assert event.submitted_at == event.updated_at == NOW


def test_an_unknown_code_is_kept(session: Session) -> None:
    import_events(session, csv_file({"code": "H7K2QM"}), NOW)
    assert only_event(session).code == "H7K2QM"


@pytest.mark.parametrize(
    "written",
    [
        "2020-12-12T15:00:00-06:00",
        "2020-12-12T15:00",
        "2020-12-12 15:00",
        "2020-12-12T21:00:00Z",
    ],
)
def test_a_time_is_chicagos_where_it_has_no_offset(session: Session, written: str) -> None:
    import_events(session, csv_file({"starts_at": written}), NOW)
    assert only_event(session).starts_at.isoformat() == "2020-12-12T15:00:00-06:00"


def test_a_byte_order_mark_blank_lines_and_another_order_of_columns_do_no_harm(
    session: Session,
) -> None:
    content = csv_file({"title": "Sanación"}, columns=EVENT_COLUMNS[::-1])
    content = b"\xef\xbb\xbf" + content.replace(b"\r\n", b"\n\n")
    import_events(session, content, NOW)
    assert only_event(session).title == "Sanación"


@pytest.mark.parametrize(
    "dangerous",
    [
        *('=HYPERLINK("http://x","y")', "+1 773 555 0100", "-1", "@SUM(1)", "'=1", "''+1"),
        *("＝1", "＋1", "－1", "＠SUM(1)"),
    ],
)
def test_formulas_are_harmless_in_the_file_and_come_back_as_they_were(
    session: Session, dangerous: str
) -> None:
    put_event(session, dangerous)
    text = exported(session, "csv")
    cell = rows_of(text)[0]["title"]
    assert cell == f"'{dangerous}"
    import_events(session, text.encode(), NOW)
    session.expire_all()
    assert only_event(session).title == dangerous


def test_numbers_are_no_formulas(session: Session) -> None:
    put_event(session)
    assert rows_of(exported(session, "csv"))[0]["longitude"] == "-87.64326"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"kind": "party"}, "kind is 'party'"),
        ({"title": "x" * 121}, "title has 121 characters"),
        ({"starts_at": "25th of Smarch"}, "starts_at is '25th of Smarch', no time like"),
        ({"starts_at": "2020-12-12"}, "starts_at is only a date"),
        ({"starts_at": ""}, "starts_at is missing"),
        ({"starts_at": "0001-01-01T00:00+14:00"}, "starts_at is in the year 1"),
        ({"submitted_at": "9999-12-31T23:59-12:00"}, "submitted_at is in the year 9999"),
        ({"ends_at": "2020-12-12T14:00:00-06:00"}, "ends_at is not after starts_at"),
        ({"latitude": "north"}, "latitude is 'north', no number"),
        ({"latitude": "nan"}, "not on the globe"),
        ({"latitude": "1e999"}, "not on the globe"),
        ({"latitude": "", "longitude": ""}, "latitude and longitude are missing"),
        ({"longitude": "-87.3"}, "not in Chicago"),
        ({"latitude": "-87.64326", "longitude": "41.72085"}, "seem to be exchanged"),
        ({"format": "by mail"}, "format is 'by mail'"),
        ({"area": "Springfield"}, "area 'Springfield' is none"),
        ({"status": "maybe"}, "status is 'maybe'"),
        ({"code": "0OIL"}, "code '0OIL' is not"),
        ({"join_url": "ftp://x"}, "join_url is no web address"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_reason(
    session: Session, wrong: dict[str, str], reason: str
) -> None:
    said = refusal(session, csv_file({}, wrong))
    assert said.startswith("Nothing was imported: 1 row is not right.\nline 3: ")
    assert reason in said
    assert "feature 1: " in refusal(session, geojson_file(feature(None, **wrong)))


def test_every_bad_row_is_reported_by_the_line_it_begins_in(session: Session) -> None:
    content = csv_file(
        {"description": "three\nlines\nlong"}, {"kind": "x"}, {}, {"title": "", "language": "fr"}
    )
    with pytest.raises(ImportRefused) as refused:
        import_events(session, content, NOW)
    assert [row.where for row in refused.value.bad_rows] == ["line 5", "line 7"]
    assert refused.value.bad_rows[1].reason.startswith("title is missing; language is 'fr'")


def test_a_code_that_stands_twice_is_refused(session: Session) -> None:
    said = refusal(session, csv_file({"code": "H7K2QM"}, {}, {"code": "h7k2qm"}))
    assert "line 4: code H7K2QM stands already in line 2" in said


def test_a_row_with_too_few_cells_is_refused(session: Session) -> None:
    assert "line 3: the row has 2 cells, the header has 22" in refusal(
        session, csv_file({}) + b"1,2\r\n"
    )


HEADER = ",".join(EVENT_COLUMNS).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (HEADER + b"\n", "the file holds no events"),
        (b"title;kind\n", "unknown columns: 'title;kind'; missing columns: id, code, kind"),
        (HEADER + b",colour,title\n", "'colour'; columns that stand twice: title"),
        (HEADER + b'\n"never closed', "line 2 is no CSV"),
        (HEADER + b"\n" + b"x" * 200_000, "line 2 is no CSV"),
        (HEADER + "\nSanaci\u00f3n\n".encode("latin-1"), "no text in UTF-8 (line 2)"),
        (HEADER.decode().encode("utf-16"), "no text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "no text in UTF-8"),
        (b"PK\x03\x04\0\0\0\0", "something binary"),
        (b"{", "the file is no JSON"),
        (b"[" * 100_000, "the file is no JSON"),
        (b"[]", "no GeoJSON FeatureCollection"),
        (b'{"type": "Feature"}', "no GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "the file holds no events"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(session: Session, content: bytes, reason: str) -> None:
    put_event(session)
    said = refusal(session, content)
    assert reason in said
    assert said.startswith("Nothing was imported: ")
    assert "\n" not in said


@pytest.mark.parametrize("height", [[], [181.5]])
def test_the_geometry_of_a_feature_is_its_place_whatever_its_height(
    session: Session, height: list[float]
) -> None:
    moved = {"type": "Point", "coordinates": [-87.617, 41.8663, *height]}
    import_events(session, geojson_file(feature(moved)), NOW)
    event = only_event(session)
    assert (event.latitude, event.longitude, event.area) == (41.8663, -87.617, "Near South Side")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (7, "it is no GeoJSON Feature"),
        ({"type": "Feature", "geometry": None, "properties": None}, "it is no GeoJSON Feature"),
        ({"type": "Feature", "properties": {"title": "x"}}, "missing columns: id, code, kind"),
        (feature({"type": "LineString", "coordinates": []}), "its geometry is no Point"),
        (feature({"type": "Point", "coordinates": [1]}), "its geometry is no Point"),
        (feature({"type": "Point", "coordinates": ["west", 41]}), "longitude is 'west'"),
        (feature({"type": "Point", "coordinates": [True, None]}), "neither a text nor a number"),
        (feature(None, title=["Book", "club"]), "title is neither a text nor a number"),
        (feature(None, colour="red"), "unknown columns: 'colour'"),
    ],
)
def test_a_bad_feature_is_named_with_its_reason(session: Session, bad: Any, reason: str) -> None:
    point = {"type": "Point", "coordinates": [-87.617, 41.8663]}
    said = refusal(session, geojson_file(feature(point), bad))
    assert "\nfeature 2: " in said
    assert reason in said


def test_many_rows_are_imported_and_updated(session: Session) -> None:
    many = csv_file(*({"title": f"Event {number}"} for number in range(1200)))
    assert import_events(session, many, NOW) == Imported(added=1200, updated=0)
    again = exported(session, "csv").encode()
    assert import_events(session, again, NOW) == Imported(added=0, updated=1200)
    assert len({row["code"] for row in rows_of(exported(session, "csv"))}) == 1200


def test_an_import_takes_effect_when_the_caller_commits(engine: Engine) -> None:
    with sessions(engine)() as session:
        import_events(session, csv_file({}), NOW)
    with sessions(engine)() as session:
        assert session.query(Event).count() == 0


def test_messages_are_exported_in_both_formats(session: Session) -> None:
    put_message(session, "=We heal.", "Chatham", author_name="Renee")
    put_message(session, "Waiting", status="pending")
    rows = rows_of("".join(export_messages(session, "csv", "approved")))
    assert [(row["text"], row["author_name"], row["area"]) for row in rows] == [
        ("'=We heal.", "Renee", "Chatham")
    ]
    features = json.loads("".join(export_messages(session, "geojson")))["features"]
    assert [feature["properties"]["text"] for feature in features] == ["=We heal.", "Waiting"]


printable = st.text(st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1)


@pytest.mark.costly
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(title=printable.filter(str.strip), lines=st.lists(printable))
def test_any_text_survives_the_way_out_and_in(title: str, lines: list[str]) -> None:
    engine = open_database(IN_MEMORY)
    migrate(engine)
    title, description = title.strip()[:120].strip(), "\n".join(lines).strip()[:2000].strip()
    with sessions(engine)() as session:
        event = put_event(session, title, description=description)
        for file_format in ("csv", "geojson"):
            content = exported(session, file_format).encode()
            import_events(session, content, NOW)
            session.expire_all()
            assert (event.title, event.description) == (title, description)


@pytest.mark.costly
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.binary() | st.binary().map(lambda tail: HEADER + b"\n" + tail) | st.text().map(str.encode)
)
def test_no_file_breaks_the_import(content: bytes) -> None:
    engine = open_database(IN_MEMORY)
    migrate(engine)
    with sessions(engine)() as session, pytest.raises(ImportRefused):
        import_events(session, content, NOW)
