"""Takes the map's entries out to files and in from files: CSV and GeoJSON (RFC 7946).

Both hold the same columns in the same order. What is exported for the public (the approved
entries) has neither contacts nor places that hosts keep private, and importing it again takes
nothing away from what is stored.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from actions.clock import CHICAGO
from actions.healing_map.drafts import EventDraft, moment_problems
from actions.healing_map.models import CODE_LENGTH, STATUSES, Event, Message
from actions.healing_map.public import PublicEvent, PublicMessage, public_message, public_view
from actions.healing_map.store import (
    CODE_ALPHABET,
    column_values,
    held,
    is_code,
    new_codes,
    submitter_of,
)

# Other programs know the columns in this order; it is no other list's.
EVENT_COLUMNS = (
    *("id", "code", "kind", "title", "description", "starts_at", "ends_at", "format", "address"),
    *("address_visibility", "latitude", "longitude", "area", "host_name", "host_type", "contact"),
    *("join_url", "accessibility", "language", "status", "submitted_at", "updated_at"),
)
MESSAGE_COLUMNS = (
    *("id", "code", "text", "author_name", "area", "latitude", "longitude", "language"),
    *("status", "submitted_at", "updated_at"),
)

PUBLIC_STATUS = "approved"
"""The status whose export is for everybody."""

_ALSO_PUBLIC = frozenset({"id", "address_visibility", "status", "submitted_at", "updated_at"})
"""The columns of a public export beside what public.py shows; any other column stays empty."""

_ROWS_AT_ONCE = 500
"""As many codes fit into one query on every version of SQLite."""

_POINT = ("latitude", "longitude")
_DRAFT_TEXTS = tuple(
    field.name
    for field in fields(EventDraft)
    if field.name not in (*_POINT, "starts_at", "ends_at")
)
_TABLE: Table = Event.__table__

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""How a cell begins that a spreadsheet would calculate, or that was made harmless before."""

_LINE_END = re.compile("\r\n?")
_ZULU = re.compile("[zZ]$")
_NO_TIME = "no time like 2020-12-12T15:00 or 2020-12-12T15:00-06:00"

Values = dict[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be imported.

    Attributes:
        where: "line 7" of a CSV file, "feature 3" of a GeoJSON file, both counted from 1.
        reason: all that is wrong with it.
    """

    where: str
    reason: str


class ImportRefused(Exception):
    """A file cannot be imported, and nothing of it was; the text says why, a bad row a line."""

    def __init__(self, reason: str, bad_rows: Iterable[BadRow] = ()) -> None:
        self.bad_rows = tuple(bad_rows)
        super().__init__("\n".join([reason, *(f"{r.where}: {r.reason}" for r in self.bad_rows)]))


@dataclass(frozen=True)
class Imported:
    """How many events an import added and how many it updated."""

    added: int
    updated: int


def export_events(session: Session, file_format: str, status: str | None = None) -> Iterator[str]:
    """Give the events as the text of a file, piece by piece.

    Args:
        session: reads the events.
        file_format: "csv" or "geojson".
        status: only events with it; "approved" leaves out what is not public; None for all.
    """
    return _export(session, Event.__table__, EVENT_COLUMNS, public_view, file_format, status)


def export_messages(session: Session, file_format: str, status: str | None = None) -> Iterator[str]:
    """Give the messages of healing as the text of a file; the arguments are as for events."""
    return _export(session, Message.__table__, MESSAGE_COLUMNS, public_message, file_format, status)


def import_events(session: Session, content: bytes, now: datetime) -> Imported:
    """Store the events of a CSV or GeoJSON file; those with a known code are updated.

    Args:
        session: what is stored takes effect when the caller commits.
        content: the file.
        now: the moment of submission where the file does not say it.

    Raises:
        ImportRefused: at least one row is bad, or the file is none of these; nothing was stored.
    """
    text = _decoded(content)
    rows = _geojson_rows(text) if text.lstrip().startswith(("{", "[")) else _csv_rows(text)
    records: list[_Record] = []
    bad_rows: list[BadRow] = []
    for read in _records(rows):
        if isinstance(read, BadRow):
            bad_rows.append(read)
        elif not bad_rows:
            records.append(read)
    if bad_rows:
        number = "1 row is" if len(bad_rows) == 1 else f"{len(bad_rows):,} rows are"
        raise ImportRefused(f"Nothing was imported: {number} not right.", bad_rows)
    if not records:
        raise ImportRefused("Nothing was imported: the file holds no events.")
    return _store(session, records, now)


def _export(
    session: Session,
    table: Table,
    columns: tuple[str, ...],
    view: Callable[[Row], PublicEvent | PublicMessage],
    file_format: str,
    status: str | None,
) -> Iterator[str]:
    statement = select(table).order_by(table.c.id).execution_options(stream_results=True)
    if status is not None:
        statement = statement.where(table.c.status == status)
    entries = (
        _public_values(row, columns, view(row))
        if status == PUBLIC_STATUS
        else _values_held(row, columns)
        for row in session.execute(statement).yield_per(_ROWS_AT_ONCE)
    )
    return _as_csv(columns, entries) if file_format == "csv" else _as_geojson(entries)


def _values_held(row: Row, columns: tuple[str, ...]) -> Values:
    """Return what an entry holds, private or not; as store.held, for many rows fast."""
    values = {"contact": ""} | dict(row._mapping) | row.private
    return {column: values[column] for column in columns}


def _public_values(row: Row, columns: tuple[str, ...], view: PublicEvent | PublicMessage) -> Values:
    """Return what everybody may see of an entry; what nobody called public is empty."""
    values = {column: row._mapping[column] for column in columns if column in _ALSO_PUBLIC}
    values |= vars(view)
    return {column: values.get(column, "") for column in columns}


def _as_csv(columns: tuple[str, ...], entries: Iterable[Values]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for entry in entries:
        writer.writerow([_cell(value) for value in entry.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def _from_cell(cell: str) -> str:
    """Take back what _cell made harmless."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _as_geojson(entries: Iterable[Values]) -> Iterator[str]:
    yield '{"type": "FeatureCollection", "features": ['
    separator = "\n"
    for entry in entries:
        latitude, longitude = entry["latitude"], entry["longitude"]
        point = {"type": "Point", "coordinates": [longitude, latitude]}
        feature = {
            "type": "Feature",
            "geometry": None if latitude is None else point,
            "properties": entry,
        }
        yield separator + json.dumps(feature, ensure_ascii=False, default=datetime.isoformat)
        separator = ",\n"
    yield "\n]}\n"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as the file has it: every column's text, and where it stands."""

    where: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Record:
    """A row that can be stored; what it does not say is empty or None."""

    draft: EventDraft
    code: str
    status: str
    submitted_at: datetime | None
    updated_at: datetime | None


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportRefused(
            f"Nothing was imported: the file is no text in UTF-8 (line {line}). "
            "If it comes from a spreadsheet, save it as CSV UTF-8."
        ) from None
    if not text.strip():
        raise ImportRefused("Nothing was imported: the file is empty.")
    if "\0" in text:
        raise ImportRefused("Nothing was imported: the file is no text, but something binary.")
    return text


def _csv_rows(text: str) -> Iterator[_Row | BadRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [name.strip() for name in next(reader)]
        problems = _column_problems(header)
        if problems:
            raise ImportRefused(f"Nothing was imported: {'; '.join(problems)}.")
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                named = zip(header, map(_from_cell, cells), strict=True)
                yield _Row(f"line {line}", dict(named))
            elif cells:
                reason = f"the row has {len(cells)} cells, the header has {len(header)}"
                yield BadRow(f"line {line}", reason)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused(f"Nothing was imported: line {line} is no CSV ({error}).") from None


def _column_problems(names: list[str]) -> list[str]:
    unknown = [repr(name) for name in names if name not in EVENT_COLUMNS]
    missing = [name for name in EVENT_COLUMNS if name not in names]
    twice = [name for name, number in Counter(names).items() if number > 1]
    return [
        f"{what}: {', '.join(columns)}"
        for what, columns in (
            ("unknown columns", unknown),
            ("missing columns", missing),
            ("columns that stand twice", twice),
        )
        if columns
    ]


def _geojson_rows(text: str) -> Iterator[_Row | BadRow]:
    try:
        collection = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportRefused(f"Nothing was imported: the file is no JSON ({error}).") from None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise ImportRefused("Nothing was imported: the file is no GeoJSON FeatureCollection.")
    for number, feature in enumerate(features, 1):
        where = f"feature {number}"
        try:
            yield _Row(where, _feature_values(feature))
        except ValueError as error:
            yield BadRow(where, str(error))


def _feature_values(feature: Any) -> dict[str, str]:
    """Return a feature's columns; where it has a geometry, that is the place.

    Raises:
        ValueError: it is not what GeoJSON calls a feature with a point, or not the map's.
    """
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or feature.get("type") != "Feature":
        raise ValueError("it is no GeoJSON Feature with properties")
    values = dict.fromkeys(_POINT) | properties
    if problems := _column_problems(list(values)):
        raise ValueError("; ".join(problems))
    if feature.get("geometry") is not None:
        values |= zip(_POINT, _coordinates(feature["geometry"]), strict=True)
    return {name: _json_text(name, value) for name, value in values.items()}


def _coordinates(geometry: Any) -> tuple[float, float]:
    """Return the latitude and the longitude of a point, which GeoJSON writes the other way."""
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        position = geometry.get("coordinates")
        if isinstance(position, list) and len(position) in (2, 3):
            longitude, latitude = position[:2]
            return latitude, longitude
    raise ValueError("its geometry is no Point with [longitude, latitude]")


def _json_text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{name} is neither a text nor a number")
    return str(value)


def _records(rows: Iterable[_Row | BadRow]) -> Iterator[_Record | BadRow]:
    """Turn rows into what can be stored, bad ones into what is wrong with them."""
    seen: dict[str, str] = {}
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            record = _record(row.values)
        except ValueError as error:
            yield BadRow(row.where, str(error))
            continue
        if record.code in seen:
            yield BadRow(row.where, f"code {record.code} stands already in {seen[record.code]}")
            continue
        if record.code:
            seen[record.code] = row.where
        yield record


def _record(values: dict[str, str]) -> _Record:
    """Read one row.

    Raises:
        ValueError: says all that is wrong with it.
    """
    cells = _Cells(values)
    code, status = cells.code(), cells.status()
    starts_at, ends_at = cells.required_moment("starts_at"), cells.required_moment("ends_at")
    submitted_at, updated_at = cells.moment("submitted_at"), cells.moment("updated_at")
    latitude, longitude = cells.number("latitude"), cells.number("longitude")
    cells.refuse_if_bad()
    texts = {name: cells.texts[name] for name in _DRAFT_TEXTS}
    draft = EventDraft(
        **{**texts, "accessibility": texts["accessibility"] or "unknown"},
        starts_at=starts_at,
        ends_at=ends_at,
        latitude=latitude,
        longitude=longitude,
    )
    cells.problems += draft.problems()
    cells.refuse_if_bad()
    return _Record(draft, code, status, submitted_at, updated_at)


class _Cells:
    """Reads the cells of one row, and collects what is wrong with them."""

    def __init__(self, values: dict[str, str]) -> None:
        self.texts = {name: _LINE_END.sub("\n", value).strip() for name, value in values.items()}
        self.problems: list[str] = []

    def refuse_if_bad(self) -> None:
        """Raise a ValueError with all problems, if there are any."""
        if self.problems:
            raise ValueError("; ".join(self.problems))

    def code(self) -> str:
        """Return the code, empty for a new event."""
        code = self.texts["code"].upper()
        if code and not is_code(code):
            self.problems.append(f"code {code!r} is not {CODE_LENGTH} letters of {CODE_ALPHABET}")
        return code

    def status(self) -> str:
        """Return the status, empty where it is not said."""
        status = self.texts["status"]
        if status and status not in STATUSES:
            self.problems.append(f"status is {status!r}; it should be one of {', '.join(STATUSES)}")
        return status

    def number(self, name: str) -> float | None:
        """Return a number; None for an empty cell or a bad one."""
        text = self.texts[name]
        try:
            return float(text) if text else None
        except ValueError:
            self.problems.append(f"{name} is {text!r}, no number like 41.8781")
            return None

    def moment(self, name: str) -> datetime | None:
        """Return a moment, in Chicago's time where it has no offset; None as for a number."""
        text = self.texts[name]
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(_ZULU.sub("+00:00", text))
        except ValueError:
            self.problems.append(f"{name} is {text!r}, {_NO_TIME}")
            return None
        if len(text) <= len("2020-12-12"):
            self.problems.append(f"{name} is only a date, {_NO_TIME}")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=CHICAGO)
        self.problems += moment_problems(name, moment)
        return moment

    def required_moment(self, name: str) -> datetime:
        """Return a moment as above; of an empty cell or a bad one anything."""
        if not self.texts[name]:
            self.problems.append(f"{name} is missing")
        return self.moment(name) or datetime.max


def _store(session: Session, records: list[_Record], now: datetime) -> Imported:
    """Write all records, those with a known code over what is stored."""
    updated = 0
    for start in range(0, len(records), _ROWS_AT_ONCE):
        some = records[start : start + _ROWS_AT_ONCE]
        known = _stored(session, [record.code for record in some if record.code])
        fresh = [record for record in some if record.code not in known]
        codes = new_codes(session, sum(not record.code for record in fresh))
        _write_new(session, fresh, codes, now)
        _write_over(session, [record for record in some if record.code in known], known, now)
        updated += len(known)
    return Imported(added=len(records) - updated, updated=updated)


def _stored(session: Session, codes: list[str]) -> dict[str, Row]:
    rows = session.execute(select(_TABLE).where(_TABLE.c.code.in_(codes)))
    return {row.code: row for row in rows}


def _write_new(session: Session, records: list[_Record], codes: set[str], now: datetime) -> None:
    if records:
        session.execute(
            insert(_TABLE),
            [
                {
                    **column_values(record.draft),
                    "code": record.code or codes.pop(),
                    "status": record.status or "pending",
                    "submitted_at": record.submitted_at or now,
                    "updated_at": record.updated_at or record.submitted_at or now,
                }
                for record in records
            ],
        )


def _write_over(
    session: Session, records: list[_Record], known: dict[str, Row], now: datetime
) -> None:
    changes = []
    for record in records:
        stored = known[record.code]
        changes.append(
            {
                **column_values(_with_what_was_private(record.draft, stored), submitter_of(stored)),
                "status": record.status or stored.status,
                "submitted_at": record.submitted_at or stored.submitted_at,
                "updated_at": now,
                "stored_id": stored.id,
            }
        )
    if changes:
        session.execute(update(_TABLE).where(_TABLE.c.id == bindparam("stored_id")), changes)


def _with_what_was_private(draft: EventDraft, stored: Row) -> EventDraft:
    """Keep what a public export leaves out: the contact, and the exact place of area_only."""
    draft = replace(draft, contact=draft.contact or held(stored, "contact"))
    point = draft.latitude, draft.longitude
    place_is_left_out = (
        draft.address_visibility == "area_only"
        and not draft.address
        and point in ((None, None), (stored.shown_latitude, stored.shown_longitude))
    )
    if not place_is_left_out:
        return draft
    return replace(draft, **{name: held(stored, name) for name in ("address", *_POINT)})
