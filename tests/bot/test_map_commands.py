"""The map's files and look-ups, as functions and as a shell sees them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from actions.clock import CHICAGO, set_now
from actions.healing_map.database import IN_MEMORY, open_database
from actions.healing_map.exchange import EVENT_COLUMNS, MESSAGE_COLUMNS
from actions.healing_map.migrations import migrate
from actions.healing_map.models import Event, sessions
from bot.errors import CommandError
from bot.map_commands import export_file, import_file, look_up
from bot.settings import ROOT
from tests.actions.healing_map.making import put_event, put_message

ROW = {
    "kind": "learning",
    "title": "Book club, every week",
    "starts_at": "2020-12-12T15:00:00-06:00",
    "ends_at": "2020-12-12T17:00:00-06:00",
    "format": "in_person",
    "address": "9525 S. Halsted St.",
    "address_visibility": "public",
    "latitude": "41.72085",
    "longitude": "-87.64326",
    "host_name": "Neighbors",
    "host_type": "organization",
    "contact": "dana@example.org",
    "accessibility": "accessible",
    "language": "en",
    "status": "approved",
}
BAD_ROW = {"title": "", "kind": "party", "starts_at": "25th of Smarch"}


def csv_text(*rows: dict[str, str]) -> str:
    """A CSV file of rows; each says only in what it differs from an ordinary one."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, EVENT_COLUMNS)
    writer.writeheader()
    writer.writerows(ROW | row for row in rows)
    return buffer.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


def number_of_events(engine: Engine) -> int:
    with sessions(engine)() as session:
        return session.execute(select(func.count(Event.id))).scalar_one()


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_events_are_imported_and_imported_again_updated(own_map: Engine, file: Path) -> None:
    file.write_text(csv_text({}, {"title": "Círculo 🕊️"}), encoding="utf-8")
    assert import_file(own_map, str(file)) == "Imported 2 new events and updated 0."
    export_file(own_map, "events", "csv", None, str(file))
    assert import_file(own_map, str(file)) == "Imported 0 new events and updated 2."
    assert number_of_events(own_map) == 2


@pytest.mark.parametrize("file_format", ["csv", "geojson"])
def test_what_is_exported_can_be_imported_into_another_map(
    own_map: Engine, file: Path, file_format: str
) -> None:
    file.write_text(csv_text({}, {"title": "Círculo; 'paz', \"luz\""}), encoding="utf-8")
    import_file(own_map, str(file))
    export_file(own_map, "events", file_format, None, str(file))
    other = open_database(IN_MEMORY)
    migrate(other)
    assert import_file(other, str(file)) == "Imported 2 new events and updated 0."
    again = file.with_name("again")
    export_file(other, "events", file_format, None, str(again))
    assert again.read_bytes() == file.read_bytes()


def test_a_byte_order_mark_as_spreadsheets_write_it_is_no_problem(
    own_map: Engine, file: Path
) -> None:
    file.write_text(csv_text({}), encoding="utf-8-sig")
    assert import_file(own_map, str(file)) == "Imported 1 new events and updated 0."


def test_the_public_export_has_no_contact(own_map: Engine, file: Path) -> None:
    file.write_text(csv_text({}, {"status": "pending"}), encoding="utf-8")
    import_file(own_map, str(file))
    export_file(own_map, "events", "csv", "approved", str(file))
    (row,) = rows_of(file)
    assert row["title"] == "Book club, every week"
    assert row["contact"] == ""
    assert "dana@example.org" not in file.read_text(encoding="utf-8")


def test_the_public_export_has_no_exact_place_of_an_event_in_an_area(
    own_map: Engine, file: Path
) -> None:
    file.write_text(csv_text({"address_visibility": "area_only"}), encoding="utf-8")
    import_file(own_map, str(file))
    export_file(own_map, "events", "csv", "approved", str(file))
    (row,) = rows_of(file)
    assert (row["address"], row["area"]) == ("", "Washington Heights")
    assert (row["latitude"], row["longitude"]) != (ROW["latitude"], ROW["longitude"])


def test_an_export_of_an_empty_map_is_the_header(own_map: Engine, file: Path) -> None:
    export_file(own_map, "messages", "csv", None, str(file))
    assert file.read_text(encoding="utf-8").splitlines() == [",".join(MESSAGE_COLUMNS)]


def test_messages_are_exported(own_map: Engine, file: Path) -> None:
    with sessions(own_map).begin() as session:
        put_message(session, "We heal.", "Austin")
        put_message(session, "Not yet read", status="pending")
    export_file(own_map, "messages", "geojson", "approved", str(file))
    (feature,) = json.loads(file.read_text(encoding="utf-8"))["features"]
    assert feature["properties"]["text"] == "We heal."
    assert feature["geometry"]["type"] == "Point"


def test_a_file_that_cannot_be_written_is_named(own_map: Engine, tmp_path: Path) -> None:
    for name in (tmp_path, tmp_path / "missing" / "events.csv"):
        with pytest.raises(CommandError, match=str(name)):
            export_file(own_map, "events", "csv", None, str(name))


BAD_FILES: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "cannot be read: No such file or directory"),
    "empty": (b"", "the file is empty"),
    "blank": (b"\r\n \n", "the file is empty"),
    "header only": (csv_text().encode(), "holds no events"),
    "binary": (bytes(range(256)) * 40, "no text in UTF-8"),
    "binary zeros": (bytes(4000), "binary"),
    "Latin-1": (csv_text({}, {"title": "Círculo"}).encode("latin-1"), "UTF-8 (line 3)"),
    "UTF-16": (csv_text({}).encode("utf-16"), "no text in UTF-8"),
    "a bad row": (csv_text({}, BAD_ROW, {}).encode(), "line 3: "),
    "other columns": (b"name,date\nBook club,today\n", "unknown columns: 'name', 'date'"),
    "a page of the web": (b"<html><body>Sign in</body></html>", "unknown columns"),
    "half of a CSV": (csv_text({"title": 'a"b'}).encode()[:-160], "line 2"),
    "half of a GeoJSON": (b'{"type": "FeatureCollection", "features": [', "no JSON"),
    "a JSON list": (b"[1, 2]", "no GeoJSON FeatureCollection"),
    "deep JSON": (b"[" * 100_000, "no JSON"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_whole_and_says_why(own_map: Engine, file: Path, name: str) -> None:
    content, reason = BAD_FILES[name]
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        import_file(own_map, str(file))
    assert reason in str(refused.value)
    assert number_of_events(own_map) == 0


def test_a_folder_is_no_file(own_map: Engine, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Is a directory"):
        import_file(own_map, str(tmp_path))


def test_every_bad_row_is_named_with_all_that_is_wrong(own_map: Engine, file: Path) -> None:
    latitude = {"latitude": "91"}
    file.write_text(csv_text(BAD_ROW, {}, latitude), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        import_file(own_map, str(file))
    first, second, third = str(refused.value).splitlines()
    assert first == "Nothing was imported: 2 rows are not right."
    assert second.startswith("line 2: starts_at")
    assert third.startswith("line 4: latitude 91")


def test_a_large_file_is_imported_in_seconds(own_map: Engine, file: Path) -> None:
    many = ({"title": f"Book club {number}"} for number in range(10_000))
    file.write_text(csv_text(*many), encoding="utf-8")
    started = time.monotonic()
    assert import_file(own_map, str(file)) == "Imported 10000 new events and updated 0."
    assert time.monotonic() - started < 20


def answers(what: str, lines: Iterable[str], language: str = "en") -> list[dict[str, Any]]:
    sink = io.StringIO()
    look_up(what, lines, sink, language)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_places_are_looked_up_line_by_line() -> None:
    corner, garfield, nothing, outside = answers(
        "places", ["63rd and Halsted\n", "Lawndale\r\n", "\n", "Milwaukee"]
    )
    (match,) = corner.pop("matches")
    assert corner == {"query": "63rd and Halsted"}
    assert (match["name"], match["kind"]) == ("63rd St & Halsted St", "intersection")
    assert (round(match["latitude"], 2), round(match["longitude"], 2)) == (41.78, -87.64)
    assert [it["name"] for it in garfield["matches"]] == ["North Lawndale", "South Lawndale"]
    assert nothing == {"query": "", "matches": []}
    assert outside == {"query": "Milwaukee", "matches": []}


def test_dates_are_looked_up_line_by_line() -> None:
    hours, days, moment, nothing = answers(
        "dates", ["Saturday from 2 to 4", "this weekend\n", "tomorrow at 6:30pm", "hello\n"]
    )
    assert hours == {
        "text": "Saturday from 2 to 4",
        "start": "2020-12-12T14:00:00-06:00",
        "end": "2020-12-12T16:00:00-06:00",
        "whole_day": False,
    }
    assert (days["start"], days["end"], days["whole_day"]) == (
        "2020-12-12T00:00:00-06:00",
        "2020-12-14T00:00:00-06:00",
        True,
    )
    assert (moment["start"], moment["end"]) == ("2020-12-09T18:30:00-06:00", None)
    assert nothing == {"text": "hello", "start": None, "end": None, "whole_day": False}


def test_dates_are_read_in_spanish_and_by_the_clock_that_was_set() -> None:
    set_now(datetime(2021, 7, 1, 12, 0, tzinfo=CHICAGO))
    (answer,) = answers("dates", ["mañana a las 7 de la noche"], "es")
    assert answer["start"] == "2021-07-02T19:00:00-05:00"


Twh = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def twh(tmp_path: Path) -> Twh:
    """twh(*arguments, typed=b"...") runs the command in a process of its own, on its own map."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'map.db'}",
        "TELEGRAM_BOT_TOKEN": "",
        "PYTHONIOENCODING": "ascii",
    }

    def run(*arguments: str, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            input=typed,
            capture_output=True,
            cwd=ROOT,
            env=environment,
            timeout=60,
            check=False,
        )

    return run


def test_a_shell_imports_and_exports(twh: Twh, file: Path) -> None:
    file.write_text(csv_text({"title": "Círculo de paz"}), encoding="utf-8")
    done = twh("events", "import", str(file))
    assert (done.returncode, done.stdout) == (0, b"Imported 1 new events and updated 0.\n")
    assert done.stderr == b""

    everything = twh("events", "export", "--format", "csv", "-")
    assert everything.returncode == 0
    assert b"dana@example.org" in everything.stdout
    again = twh("events", "import", "-", typed=everything.stdout)
    assert again.stdout == b"Imported 0 new events and updated 1.\n"

    public = twh("events", "export", "--format", "csv", "--status", "approved", "-")
    (row,) = csv.DictReader(io.StringIO(public.stdout.decode(), newline=""))
    assert (row["title"], row["contact"]) == ("Círculo de paz", "")


def test_a_shell_exports_messages(twh: Twh, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'map.db'}")
    migrate(engine)
    with sessions(engine).begin() as session:
        put_message(session, "Sanamos juntos.")
        put_event(session)
    done = twh("messages", "export", "--format", "geojson", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    (feature,) = json.loads(done.stdout)["features"]
    assert feature["properties"]["text"] == "Sanamos juntos."


def test_a_shell_looks_up_places_and_dates(twh: Twh) -> None:
    places = twh("lookup", "places", "--json", typed="La Villita\nÑandú \xff\n".encode("latin-1"))
    assert places.returncode == 0
    village, nothing = map(json.loads, places.stdout.splitlines())
    assert [match["name"] for match in village["matches"]] == ["Little Village"]
    assert nothing["matches"] == []

    arguments = ("--json", "--now", "2021-01-05T10:00", "--language", "es")
    dates = twh("lookup", "dates", *arguments, typed="el sábado a las 3\n".encode())
    assert json.loads(dates.stdout)["start"] == "2021-01-09T15:00:00-06:00"


@pytest.mark.parametrize("name", ["missing", "binary", "a bad row"])
def test_a_shell_sees_why_a_file_is_refused_and_nothing_is_imported(
    twh: Twh, file: Path, name: str
) -> None:
    content, reason = BAD_FILES[name]
    if content is not None:
        file.write_bytes(content)
    done = twh("events", "import", str(file))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"twh: ")
    assert reason in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    exported = twh("events", "export", "--format", "csv", "-")
    assert exported.stdout.decode().splitlines() == [",".join(EVENT_COLUMNS)]
