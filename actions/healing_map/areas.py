"""Chicago's 77 community areas: their outlines, and which of them a point lies in."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from actions.texts import DATA

Ring = tuple[tuple[float, float], ...]
Extent = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""

EDGE_M = 150.0
"""How far outside the city a point still counts as in it.

A person's position is rounded to about 100 m before it is stored, and an address is placed within
100 m of where it is (95 of 100): without the margin both would put people into the lake.
"""

_METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a globe of 6,371 km."""
_METRES_PER_DEGREE_EAST = _METRES_PER_DEGREE * math.cos(math.radians(41.83))
"""Of longitude, in the middle of Chicago; right to 0.3% in all of it."""


@dataclass(frozen=True)
class Area:
    """A community area.

    Attributes:
        number: the City's number, 1 to 77.
        name: as the City writes it, "O'Hare".
        latitude: of its middle, a point inside, in degrees (WGS 84), as is longitude.
        rings: closed rings of (longitude, latitude); rings after the first are holes.
    """

    number: int
    name: str
    latitude: float
    longitude: float
    rings: tuple[Ring, ...]

    @property
    def bounds(self) -> Extent:
        """What the area extends over."""
        longitudes, latitudes = zip(*self.rings[0], strict=True)
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)

    def contains(self, latitude: float, longitude: float) -> bool:
        """Tell whether a point lies inside the outline and in no hole."""
        return sum(_is_inside(ring, longitude, latitude) for ring in self.rings) % 2 == 1

    def metres_to(self, latitude: float, longitude: float) -> float:
        """Return how far a point lies from the outline."""
        return min(
            _metres_to_segment(longitude, latitude, start, end)
            for ring in self.rings
            for start, end in pairwise(ring)
        )


def area_of(latitude: float, longitude: float) -> str | None:
    """Return the name of the community area of a point in degrees (WGS 84).

    A point up to EDGE_M outside the city belongs to the area next to it; any other point outside,
    off the globe, or no number at all, to none.
    """
    near = [area for area, bounds in _BOUNDS if _is_near(bounds, latitude, longitude)]
    for area in near:
        if area.contains(latitude, longitude):
            return area.name
    distances = [(area.metres_to(latitude, longitude), area.name) for area in near]
    distance, name = min(distances, default=(math.inf, ""))
    return name if distance <= EDGE_M else None


def in_service_area(latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in Chicago, or at most EDGE_M outside."""
    return area_of(latitude, longitude) is not None


def _is_near(bounds: Extent, latitude: float, longitude: float) -> bool:
    west, south, east, north = bounds
    return west <= longitude <= east and south <= latitude <= north


def _with_margin(bounds: Extent) -> Extent:
    west, south, east, north = bounds
    across, up = EDGE_M / _METRES_PER_DEGREE_EAST, EDGE_M / _METRES_PER_DEGREE
    return west - across, south - up, east + across, north + up


def _is_inside(ring: Ring, x: float, y: float) -> bool:
    """Count the sides that a ray to the east crosses."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1):
            inside = not inside
    return inside


def _metres_to_segment(
    x: float, y: float, start: tuple[float, float], end: tuple[float, float]
) -> float:
    px, py = (x - start[0]) * _METRES_PER_DEGREE_EAST, (y - start[1]) * _METRES_PER_DEGREE
    dx = (end[0] - start[0]) * _METRES_PER_DEGREE_EAST
    dy = (end[1] - start[1]) * _METRES_PER_DEGREE
    length2 = dx * dx + dy * dy
    part = min(1.0, max(0.0, (px * dx + py * dy) / length2)) if length2 else 0.0
    return math.hypot(px - part * dx, py - part * dy)


def _read_areas() -> tuple[Area, ...]:
    basemap = json.loads((DATA / "map" / "basemap.json").read_text(encoding="utf-8"))
    return tuple(
        Area(
            area["number"],
            area["name"],
            area["latitude"],
            area["longitude"],
            tuple(_as_ring(points) for points in area["rings"]),
        )
        for area in basemap["areas"]
    )


def _as_ring(points: Sequence[Sequence[float]]) -> Ring:
    return tuple((longitude, latitude) for longitude, latitude in points)


AREAS = _read_areas()
"""All community areas, by number."""

_BOUNDS = tuple((area, _with_margin(area.bounds)) for area in AREAS)
