"""How long the map's search takes, from 1,000 to 1,000,000 events, on SQLite and PostgreSQL."""

from __future__ import annotations

import io
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.clock import CHICAGO
from actions.healing_map.areas import AREAS, Area
from actions.healing_map.database import open_database
from actions.healing_map.grid import cell_of
from actions.healing_map.migrations import migrate
from actions.healing_map.models import FORMATS, KINDS, sessions
from actions.healing_map.search import EventSearch, nearest_beyond, search_events
from actions.healing_map.store import CODE_ALPHABET
from tests.bench.report import Curve, Figure, Report
from tests.postgres import postgres

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BUDGET_MS = 5.0
"""For the nearest 10 upcoming events of one kind, median."""

NOW = datetime(2020, 12, 8, 10, 0, tzinfo=CHICAGO)
QUERIES = 100
REPEATS, REPEATS_IF_SMALL = 3, 2
"""Of so many queries each, around other places every time."""

_CHUNK = 20_000
_COLUMNS = (
    *("id", "code", "kind", "title", "description", "starts_at", "ends_at", "format", "address"),
    *("address_visibility", "latitude", "longitude", "area", "host_name", "host_type"),
    *("join_url", "accessibility", "language", "status", "submitted_at", "updated_at"),
    *("shown_latitude", "shown_longitude", "shown_cell"),
    *("owner", "revision", "review_note", "private"),
)


@dataclass(frozen=True)
class Case:
    """A kind of search: how an ordinary one, for 10 of one kind around a point, is changed."""

    name: str
    changes: dict[str, Any]
    now: datetime = NOW
    beyond: bool = False
    budget_ms: float | None = None

    def run(self, session: Session, ordinary: EventSearch) -> None:
        """Search once."""
        search = replace(ordinary, **self.changes)
        if self.beyond:
            nearest_beyond(session, search, self.now)
        else:
            search_events(session, search, self.now)


_AFTER_ALL = NOW + timedelta(days=400)
_NO_POINT = {"latitude": None, "longitude": None}
CASES = (
    Case("nearest 10 upcoming of one kind", {}, budget_ms=BUDGET_MS),
    Case("of any kind", {"kinds": ()}),
    Case(
        "of one kind this weekend",
        {
            "starts_after": NOW + timedelta(days=3, hours=14),
            "starts_before": NOW + timedelta(days=5, hours=14),
        },
    ),
    Case(
        "of one kind within 20 minutes of one day",
        {
            "starts_after": NOW + timedelta(days=3),
            "starts_before": NOW + timedelta(days=3, minutes=20),
        },
    ),
    Case("of one kind, virtual", {"formats": ("virtual",)}),
    Case("the 20th page", {"offset": 190}),
    Case("none upcoming: the nearest past", {}, now=_AFTER_ALL),
    Case("the nearest at any distance, 30 miles away", {"latitude": 42.4}, beyond=True),
    Case("the nearest at any distance, none upcoming", {}, now=_AFTER_ALL, beyond=True),
    Case("soonest in an area", {**_NO_POINT, "areas": ("Hyde Park",)}),
    Case("soonest in 12 areas", {**_NO_POINT, "areas": tuple(a.name for a in AREAS[:12])}),
    Case("soonest everywhere", _NO_POINT),
)


def measure(report: Report, small: bool) -> None:
    """Add the search with a budget at every size, and the others at the largest."""
    sizes = SIZES[:2] if small else SIZES
    repeats = REPEATS_IF_SMALL if small else REPEATS
    curves: dict[str, tuple[tuple[float, float], ...]] = {}
    for name, engine in _databases(report):
        migrate(engine)
        points = []
        for size in sizes:
            fill(engine, size)
            budgeted = _figure(engine, name, size, CASES[0], repeats)
            report.add(budgeted)
            points.append((float(size), budgeted.median))
        report.add(*(_figure(engine, name, sizes[-1], case, repeats) for case in CASES[1:]))
        curves[name] = tuple(points)
    title = f"A search for the {CASES[0].name}"
    report.curves.append(Curve("search", title, "events", "ms", curves, is_logarithmic=True))


def _databases(report: Report) -> Iterator[tuple[str, Engine]]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        yield "SQLite", engine
        engine.dispose()
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres())
        except pytest.skip.Exception as missing:
            report.notes.append(f"Not measured: the search on PostgreSQL. {missing}")
            return
        engine = create_engine(url, future=True)
        yield "PostgreSQL", engine
        engine.dispose()


def fill(engine: Engine, size: int) -> None:
    """Put so many events on the map in the place of what is there."""
    marks = ", ".join("?" * len(_COLUMNS))
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("DELETE FROM events")
    made = rows(size)
    if engine.dialect.name == "sqlite":
        statement = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({marks})"
        cursor.executemany(statement, made)
    else:
        while some := list(islice(made, _CHUNK)):
            lines = "".join("\t".join(map(str, row)) + "\n" for row in some)
            cursor.copy_from(io.StringIO(lines), "events", columns=_COLUMNS)
    connection.commit()
    connection.close()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
        plain.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def rows(size: int) -> Iterator[tuple[object, ...]]:
    """Make events around the middles of the community areas.

    20% are upcoming within two months, 80% were in the year before; nine of ten are approved,
    and one of five shows only its area.
    """
    chance = random.Random(size)
    places = [_place(chance) for _ in range(20_000)]
    now = NOW.astimezone(timezone.utc).replace(tzinfo=None)
    for number in range(1, size + 1):
        latitude, longitude, area = chance.choice(places)
        days = chance.uniform(0, 60) if chance.random() < 0.2 else -chance.uniform(0, 365)
        start = now + timedelta(days=days)
        exact = chance.random() < 0.8
        shown = (latitude, longitude) if exact else (area.latitude, area.longitude)
        yield (
            *(number, _code(number), chance.choice(KINDS), f"Event {number}", "An evening " * 20),
            *(f"{start}", f"{start + timedelta(hours=2)}", chance.choice(FORMATS), "1 N State St"),
            *("public" if exact else "area_only", latitude, longitude, area.name, "Neighbors"),
            *("individual", "", "unknown", "en"),
            "approved" if chance.random() < 0.9 else "pending",
            *(f"{now}", f"{now}", *shown, cell_of(*shown)),
            *("", 1, "", ""),
        )


def _place(chance: random.Random) -> tuple[float, float, Area]:
    while True:
        area = chance.choice(AREAS)
        latitude = area.latitude + chance.gauss(0, 0.01)
        longitude = area.longitude + chance.gauss(0, 0.01)
        if area.contains(latitude, longitude):
            return latitude, longitude, area


def _code(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, len(CODE_ALPHABET))
        digits += CODE_ALPHABET[digit]
    return digits


def _figure(engine: Engine, database: str, size: int, case: Case, repeats: int) -> Figure:
    medians = tuple(_median_ms(engine, case, seed) for seed in range(repeats))
    what = f"{database}, {size:,} events: {case.name}"
    return Figure(what, medians, "ms", case.budget_ms)


def _median_ms(engine: Engine, case: Case, seed: int) -> float:
    chance = random.Random(seed)
    times = []
    with sessions(engine)() as session:
        for _ in range(QUERIES):
            latitude, longitude, _area = _place(chance)
            kind = chance.choice(KINDS)
            ordinary = EventSearch(latitude, longitude, kinds=(kind,), limit=10)
            began = time.perf_counter()
            case.run(session, ordinary)
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
