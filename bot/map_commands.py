"""The commands of `twh` about the Healing Map: exchange of files, and look-ups as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy.engine import Engine

from actions.clock import now
from actions.healing_map.dates import find_span
from actions.healing_map.exchange import (
    ImportRefused,
    export_events,
    export_messages,
    import_events,
)
from actions.healing_map.models import sessions
from actions.healing_map.places import find_places
from bot.errors import CommandError
from bot.files import STANDARD_STREAM, write_file

_EXPORTS = {"events": export_events, "messages": export_messages}
_MOST_BYTES = 256 * 2**20
"""Of a file to import, which is read whole; it holds about a million events."""


def import_file(engine: Engine, name: str) -> str:
    """Import the events of a file, or of standard input for "-", and return what was done.

    Raises:
        CommandError: the file cannot be read or is refused; then nothing is imported.
    """
    try:
        content = _content_of(name)
        with sessions(engine).begin() as session:
            done = import_events(session, content, now())
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
    except ImportRefused as error:
        raise CommandError(str(error)) from None
    return f"Imported {done.added} new events and updated {done.updated}."


def _content_of(name: str) -> bytes:
    if name == STANDARD_STREAM:
        content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    else:
        with Path(name).open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise CommandError(f"{name} is larger than {_MOST_BYTES // 2**20} MB; import it in parts.")
    return content


def export_file(engine: Engine, what: str, file_format: str, status: str | None, name: str) -> None:
    """Write the map's events or messages into a file, or to standard output for "-".

    Raises:
        CommandError: the file cannot be written.
    """
    with sessions(engine)() as session:
        write_file(name, _EXPORTS[what](session, file_format, status))


def look_up(what: str, source: Iterable[str], sink: TextIO, language: str) -> None:
    """Answer each line of the source with a JSON object: the places or the dates in it."""
    for line in source:
        text = line.rstrip("\r\n")
        found = _places_in(text) if what == "places" else _dates_in(text, language)
        sink.write(json.dumps(found, ensure_ascii=False) + "\n")
        sink.flush()


def _places_in(text: str) -> dict[str, Any]:
    return {"query": text, "matches": list(_matches(text))}


def _matches(text: str) -> Iterator[dict[str, Any]]:
    for place in find_places(text).matches:
        yield {
            "name": place.name,
            "kind": place.kind,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }


def _dates_in(text: str, language: str) -> dict[str, Any]:
    found = find_span(text, now(), language)
    span = found.span if found else None
    return {
        "text": text,
        "start": span.start.isoformat() if span else None,
        "end": span.end.isoformat() if span and span.end else None,
        "whole_day": bool(span and span.whole_day),
    }
