"""Files to import: huge, packed, broken on purpose, or with more in them than meets the eye."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.exchange import EVENT_COLUMNS, ImportRefused, import_events
from actions.healing_map.models import Event
from bot import map_commands
from bot.errors import CommandError
from bot.map_commands import import_file
from tests.actions.healing_map.making import NOW, put_event
from tests.actions.healing_map.test_exchange import ROW, csv_file
from tests.security.hostile import FORMULAS, MARKUP, SQL, stored_in

TEXTS = ("title", "description", "host_name", "contact", "address")
CELLS = dict.fromkeys(EVENT_COLUMNS, "") | ROW
CONTROLS = ("\x1b[2J", "\x07", "\x08", "\x0b", "\x7f", "\x85", "\x9b")
INVISIBLE = ("\u200b", "\u202e\u2066", "\u00ad\ufeff", "\u3000", "\u2060 ")


def geojson(**properties: Any) -> bytes:
    feature = {"type": "Feature", "geometry": None, "properties": CELLS | properties}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def refusal(map_session: Session, content: bytes) -> str:
    """Return why a file is refused; nothing of it is stored."""
    with pytest.raises(ImportRefused) as refused:
        import_events(map_session, content, NOW)
    assert map_session.execute(select(Event)).first() is None
    return str(refused.value)


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", content)
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, zipped])
def test_a_packed_file_is_refused_and_not_unpacked(
    map_session: Session, pack: Callable[[bytes], bytes]
) -> None:
    said = refusal(map_session, pack(b"0" * 2**26))
    assert "no text" in said and "\n" not in said


@pytest.mark.parametrize("name", ["/dev/zero", "a_terabyte.csv"])
def test_a_file_without_an_end_is_refused(
    own_map: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(map_commands, "_MOST_BYTES", 2**20)
    path = tmp_path / name  # which is name itself where that begins at the root
    if path.parent == tmp_path:
        with path.open("wb") as file:
            file.truncate(2**40)  # the disk holds nothing of it
    with pytest.raises(CommandError, match="is larger than 1 MB; import it in parts"):
        import_file(own_map, str(path))


def test_a_file_as_large_as_may_be_is_imported(
    own_map: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = csv_file({})
    (tmp_path / "events.csv").write_bytes(content)
    monkeypatch.setattr(map_commands, "_MOST_BYTES", len(content))
    assert "Imported 1 new" in import_file(own_map, str(tmp_path / "events.csv"))


def test_a_folder_is_refused_in_one_line(own_map: Engine, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        import_file(own_map, str(tmp_path))


def test_geojson_that_is_broken_on_purpose_is_refused(map_session: Session) -> None:
    begin = b'{"type": "FeatureCollection", "features": ['
    for content in (
        begin + b"[" * 500_000,
        begin + b'{"a":' * 500_000,
        begin + b"{}," * 50_000 + b"{}]}",
        geojson(latitude=10**400, longitude=1),
        geojson(latitude=1e308, longitude=float("-inf")),
        geojson(title={"nested": "object"}),
        geojson(**{f"column {number}": "x" for number in range(10_000)}),
    ):
        assert refusal(map_session, content).startswith("Nothing was imported: ")


def test_an_enormous_cell_is_refused(map_session: Session) -> None:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, EVENT_COLUMNS)
    writer.writeheader()
    writer.writerow(CELLS | {"description": "x" * 10**7})
    assert "line 2 is no CSV" in refusal(map_session, buffer.getvalue().encode())


def test_control_characters_are_refused_in_every_text(map_session: Session) -> None:
    for control in CONTROLS:
        said = refusal(map_session, csv_file(dict.fromkeys(TEXTS, f"a{control}b")))
        assert all(f"{field} has characters that cannot be shown" in said for field in TEXTS)
        assert control not in said


@pytest.mark.parametrize("field", ["kind", "code", "starts_at", "status", "latitude", "area"])
def test_a_refusal_quotes_harmlessly_what_is_wrong(map_session: Session, field: str) -> None:
    """It is printed in the terminal of somebody of the staff."""
    said = refusal(map_session, csv_file({field: "\x1b]0;title\x07\u202e\rx"}))
    assert not any(it in said for it in ("\x1b", "\x07", "\u202e", "\r"))


def test_a_title_that_nobody_can_see_is_missing(map_session: Session) -> None:
    for title in INVISIBLE:
        assert "title is missing" in refusal(map_session, csv_file({"title": title}))


def test_what_looks_dangerous_is_imported_as_the_text_that_it_is(map_session: Session) -> None:
    dangerous = [*FORMULAS, *MARKUP, *SQL]
    import_events(map_session, csv_file(*(dict.fromkeys(TEXTS, it) for it in dangerous)), NOW)
    events = map_session.execute(select(Event).order_by(Event.id)).scalars().all()
    for event, text in zip(events, dangerous, strict=True):
        plain = text.removeprefix("'") if text in FORMULAS else text  # the mark of a text
        assert {event.title, event.description, event.host_name, event.address} == {plain}
        assert event.private["contact"] == plain


def test_one_bad_row_among_many_keeps_all_out(own_map: Engine, tmp_path: Path) -> None:
    before = stored_in(own_map)
    path = tmp_path / "events.csv"
    path.write_bytes(csv_file(*[{}] * 1_000, {"ends_at": "never"}))
    with pytest.raises(CommandError, match="1 row is not right"):
        import_file(own_map, str(path))
    assert stored_in(own_map) == before


def test_an_import_takes_no_entry_away_from_its_submitter(map_session: Session) -> None:
    event = put_event(map_session, submitter="telegram:4711", contact="ana@example.org")
    owner = event.owner
    import_events(map_session, csv_file({"code": event.code, "id": "99"}), NOW)
    map_session.refresh(event)
    assert event.owner == owner
    assert event.private["chat"] == "telegram:4711"
