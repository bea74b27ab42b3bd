"""The ground of a map picture: lake, community areas, main streets, and their names."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from PIL import Image

from actions.healing_map.areas import AREAS, Extent
from actions.healing_map.canvas import Canvas
from actions.healing_map.lettering import text_width, write
from actions.healing_map.map_layout import Room, crosses, is_wide_enough, polygon_places
from actions.healing_map.map_view import Box, Point, View
from actions.texts import DATA

LAND = "#F4F0E8"
LAKE = "#B5D5E8"
_SUBURBS = "#E3E1DB"
_AREA_BORDER = "#D3C7DC"
_CITY_EDGE = "#A9AFBA"
_STREET = "#FFFFFF"
_STREET_RIM = "#D8D1C3"
_AREA_NAME = "#6A5C7B"
_STREET_NAME = "#7A7468"
_LAKE_NAME = "#3F7296"

_AREA_NAME_SIZE = 20
_STREET_NAME_SIZE = 15

_STREET_WIDTHS = {1: 5.0, 2: 3.0}
"""By rank, in a picture of up to 3 miles across; thinner in wider ones."""
_LESSER_STREETS_FROM = 150.0
"""Pixels a mile from which the lesser streets are drawn: about 5 miles across."""
_STREET_RIMS_FROM = 60.0
"""Pixels a mile from which streets have a rim: in wider pictures rims would be all there is."""
_STREET_NAMES_FROM = 100.0
"""Pixels a mile from which streets are named: about 8 miles across."""

_STEEPEST = 100
"""Degrees by which a street's name is turned at most: a steep one reads upwards."""

_MIN_VISIBLE = 3000.0
"""Square pixels of an area that must be seen before it is named."""


@dataclass(frozen=True)
class _Street:
    """A street of rank 1 (main) or 2 (lesser); its points are (longitude, latitude)."""

    name: str
    rank: int
    points: tuple[Point, ...]
    bounds: Extent


def paint_ground(canvas: Canvas, view: View) -> None:
    """Paint the lake, the land and the streets over the whole canvas."""
    seen = view.bounds(canvas.box)
    canvas.rectangle(canvas.box, _SUBURBS)
    canvas.polygon(view.line(_lake()), LAKE)
    outlines = [
        [view.line(ring) for ring in area.rings] for area in AREAS if _overlap(area.bounds, seen)
    ]
    for outline, *_ in outlines:
        canvas.line(outline, _CITY_EDGE, 3, joined=False)
    for outline, *holes in outlines:
        canvas.polygon(outline, LAND)
        for hole in holes:
            canvas.polygon(hole, _SUBURBS)
    for outline, *_ in outlines:
        canvas.line(outline, _AREA_BORDER, 1, joined=False)
    _paint_streets(canvas, view, seen)


def _paint_streets(canvas: Canvas, view: View, seen: Extent) -> None:
    thinner = min(1.0, max(0.25, view.scale / 250))
    lines = [
        (_STREET_WIDTHS[street.rank] * thinner, view.line(street.points))
        for street in _streets_shown(view.scale)
        if _overlap(street.bounds, seen)
    ]
    if view.scale >= _STREET_RIMS_FROM:
        for width, line in lines:
            canvas.line(line, _STREET_RIM, width + 1, joined=True)
    for width, line in lines:
        canvas.line(line, _STREET, width, joined=True)


def _streets_shown(scale: float) -> list[_Street]:
    return [street for street in _streets() if street.rank == 1 or scale >= _LESSER_STREETS_FROM]


def write_area_names(
    picture: Image.Image, view: View, room: Room, first: str | None = None
) -> None:
    """Name the areas that are seen, each inside itself, where there is room.

    Args:
        picture: what to write on.
        view: what it shows.
        room: where names may stand.
        first: the area that is named before all others; then come the largest.
    """
    seen = view.bounds(room.frame)
    found = []
    for area in AREAS:
        if _overlap(area.bounds, seen):
            rings = [view.line(ring) for ring in area.rings]
            places, visible = polygon_places(rings, room.frame)
            if visible >= _MIN_VISIBLE:
                found.append((area.name != first, -visible, area.name, rings, places))
    for _, _, name, rings, places in sorted(found):
        _write_area_name(picture, name, rings, places, room)


def _write_area_name(
    picture: Image.Image,
    name: str,
    rings: Sequence[Sequence[Point]],
    places: Sequence[Point],
    room: Room,
) -> None:
    size = _AREA_NAME_SIZE
    for lines in _broken(name):
        width = max(text_width(line, size) for line in lines)
        height = 1.15 * size * len(lines)
        for x, y in places:
            box = Box.around((x, y), width + 6, height)
            if is_wide_enough(rings, (x, y), width) and room.take(box):
                for number, line in enumerate(lines):
                    centre = x, box.top + (number + 0.5) * height / len(lines)
                    write(picture, centre, line, size, _AREA_NAME, halo=LAND, bold=True)
                return


def _broken(name: str) -> Iterator[list[str]]:
    """Yield the name on one line, and, if it has several words, on two lines as even as can be."""
    yield [name]
    words = name.split()
    splits = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    if splits:
        yield min(splits, key=lambda lines: max(map(len, lines)))


def write_lake_name(picture: Image.Image, view: View, room: Room, name: str) -> None:
    """Name the lake where enough of it is seen."""
    width = text_width(name, _AREA_NAME_SIZE)
    seen = view.bounds(room.frame)
    land = [view.line(area.rings[0]) for area in AREAS if _overlap(area.bounds, seen)]
    lake = [view.line((*_lake(), _lake()[0]))]
    for place in polygon_places(lake, room.frame)[0]:
        box = Box.around(place, width + 20, 2 * _AREA_NAME_SIZE)
        is_on_land = any(crosses([outline], box) for outline in land)
        if not is_on_land and is_wide_enough(lake, place, width) and room.take(box):
            write(picture, place, name, _AREA_NAME_SIZE, _LAKE_NAME)
            return


def write_street_names(picture: Image.Image, view: View, room: Room) -> None:
    """Name the streets that are seen, each once, along its line, where there is room."""
    if view.scale < _STREET_NAMES_FROM:
        return
    size = _STREET_NAME_SIZE
    named = set()
    for street in _streets_shown(view.scale):
        if street.name in named:
            continue
        width = text_width(street.name, size)
        for place, degrees in _street_places(view.line(street.points), room.frame, width):
            if room.take(_box_of_turned(place, width, size, degrees)):
                write(picture, place, street.name, size, _STREET_NAME, halo=LAND, turned=degrees)
                named.add(street.name)
                break


def _box_of_turned(centre: Point, width: float, height: float, degrees: float) -> Box:
    turn = math.radians(degrees)
    across = abs(width * math.cos(turn)) + abs(height * math.sin(turn))
    up = abs(width * math.sin(turn)) + abs(height * math.cos(turn))
    return Box.around(centre, across + 4, up + 4)


def _street_places(
    line: Sequence[Point], frame: Box, width: float
) -> Iterator[tuple[Point, float]]:
    """Yield where on a line, and turned by how many degrees, a name of this width can stand."""
    for start, end in pairwise(line):
        seen = _clipped(start, end, frame)
        if seen is None or math.dist(*seen) < width + 10:
            continue
        (x1, y1), (x2, y2) = seen
        degrees = round(math.degrees(math.atan2(y1 - y2, x2 - x1)))
        if degrees > _STEEPEST:
            degrees -= 180
        elif degrees <= _STEEPEST - 180:
            degrees += 180
        for part in (0.5, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6, 0.1, 0.9):
            yield (x1 + (x2 - x1) * part, y1 + (y2 - y1) * part), degrees


def _clipped(start: Point, end: Point, frame: Box) -> tuple[Point, Point] | None:
    """Return the part of a segment inside a frame (Liang and Barsky)."""
    (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for step, room in (
        (-dx, x - frame.left),
        (dx, frame.right - x),
        (-dy, y - frame.top),
        (dy, frame.bottom - y),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first >= last:
        return None
    return (x + first * dx, y + first * dy), (x + last * dx, y + last * dy)


@cache
def _streets() -> tuple[_Street, ...]:
    return tuple(
        _Street(street["name"], street["rank"], street["points"], _extent(street["points"]))
        for street in _basemap()["streets"]
    )


@cache
def _lake() -> tuple[Point, ...]:
    return tuple(_basemap()["lake"])


def _basemap() -> dict[str, Any]:
    content = (DATA / "map" / "basemap.json").read_text(encoding="utf-8")
    basemap: dict[str, Any] = json.loads(content)
    return basemap


def _extent(points: Sequence[Point]) -> Extent:
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _overlap(one: Extent, other: Extent) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
