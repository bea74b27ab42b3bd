"""The grid that search looks into: every point of the map lies in one numbered cell.

Cells stand in the index before the times, so that one look reads only what is upcoming in a
cell. With latitude and longitude there instead, it reads a strip across the whole city, mostly
of past events: measured on SQLite with a million events, that took four times as long.
"""

from __future__ import annotations

from math import floor

from actions.healing_map.areas import AREAS
from actions.healing_map.distance import Box

CELL_DEGREES = 0.02
"""In Chicago 1.4 miles from south to north and 1.0 from west to east."""

_COLUMNS = 20_000
"""More than there are cells around the globe, so that row and column make one number."""

_MARGIN_DEGREES = 0.01
"""Entries may lie a little outside of the city's edge."""


def cell_of(latitude: float, longitude: float) -> int:
    """Return the number of the cell that a point in degrees lies in."""
    return _row(latitude) * _COLUMNS + _column(longitude)


def cells_of(box: Box) -> list[int]:
    """Return the cells that a box touches, of those where the map can have entries."""
    rows = range(
        _row(max(box.south, _CITY.south)),
        _row(min(box.north, _CITY.north)) + 1,
    )
    columns = range(
        _column(max(box.west, _CITY.west)),
        _column(min(box.east, _CITY.east)) + 1,
    )
    return [row * _COLUMNS + column for row in rows for column in columns]


def _row(latitude: float) -> int:
    return floor((latitude + 90) / CELL_DEGREES)


def _column(longitude: float) -> int:
    return floor((longitude + 180) / CELL_DEGREES)


def _city() -> Box:
    west, south, east, north = zip(*(area.bounds for area in AREAS), strict=True)
    return Box(
        south=min(south) - _MARGIN_DEGREES,
        north=max(north) + _MARGIN_DEGREES,
        west=min(west) - _MARGIN_DEGREES,
        east=max(east) + _MARGIN_DEGREES,
    )


_CITY = _city()
