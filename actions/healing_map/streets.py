"""Chicago's streets: where a house number lies, and where two streets cross.

Everything is worked out from data/places/street_grid.csv, which says for each street where a few
of its numbers lie. Between these the position is interpolated: 36 m off in the median, 100 m in
the 95th percentile. No address leaves the machine.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

from actions.healing_map.areas import in_service_area
from actions.healing_map.lexicon import Lexicon
from actions.healing_map.wording import key_of
from actions.texts import DATA

Point = tuple[float, float]
"""Latitude and longitude in degrees."""
Metres = tuple[float, float]
"""East and north of the middle of the city, on a plane; right to 0.3% within the city."""
Bounds = tuple[float, float, float, float]
"""West, south, east and north, in metres."""

CITY_BLOCK = 100
"""House numbers of a block; a street ends with a block, whatever number is its last known one."""
NUMBERS_BEYOND = 800
"""House numbers (a mile) that a street may go on beyond the last known one, at the most.

The table knows the published addresses only: E 63rd St ends at 829 there and goes on to 1600.
"""
AXIS_NUMBERS = 100
"""House numbers within which a street counts as reaching State or Madison St, where 0 is."""
REACH_M = 1000.0
"""How far a street may go on beyond its last known address to meet another one."""
SAME_CORNER_M = 400.0
"""Crossings of two streets this near to each other are one: Western Ave has a boulevard beside."""

_OPPOSITE = {"N": "S", "S": "N", "E": "W", "W": "E"}
_SLOPE_NUMBERS = 300
_SLOPE_M = 250.0
_METRES_PER_DEGREE = 111_195.0
_MIDDLE = (41.83, -87.68)
_EAST = _METRES_PER_DEGREE * math.cos(math.radians(_MIDDLE[0]))


@dataclass(frozen=True)
class Knot:
    """Where a house number lies."""

    number: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Street:
    """One side of a street, as "S Ellis Ave": its numbers run one way.

    Attributes:
        direction: N, E, S or W.
        name: as it is written, without direction and suffix: "Ellis", "63rd".
        suffix: as it is written: "Ave", or "" for Broadway.
        knots: at least two, by number.
    """

    direction: str
    name: str
    suffix: str
    knots: tuple[Knot, ...]

    @property
    def title(self) -> str:
        """The name without the direction: "Ellis Ave"."""
        return f"{self.name} {self.suffix}".rstrip()

    @property
    def is_numbered(self) -> bool:
        """Tell whether it is 63rd St rather than Ellis Ave."""
        return self.name[0].isdigit()

    def knows(self, number: int) -> bool:
        """Tell whether a number lies between known ones, or in the same block as the last."""
        first, last = self.knots[0].number, self.knots[-1].number
        return first - CITY_BLOCK < number <= _end_of_block(last)

    def point_of(self, number: int) -> Point | None:
        """Return where a house number lies; None before the street's beginning or past its end.

        Beyond the known numbers it goes on straight, at most by twice its known length and
        by NUMBERS_BEYOND, and never out of the city.
        """
        first, last = self.knots[0].number, self.knots[-1].number
        beyond = min(NUMBERS_BEYOND, 2 * max(CITY_BLOCK, last - first))
        if number < max(1, first - beyond) or number > _end_of_block(last + beyond):
            return None
        point = self._between(number) or self._beyond(number)
        return point if self.knows(number) or in_service_area(*point) else None

    def _between(self, number: int) -> Point | None:
        for one, other in pairwise(self.knots):
            if one.number <= number <= other.number:
                return _on_line(one, other, number)
        return None

    def _beyond(self, number: int) -> Point:
        before = number < self.knots[0].number
        knots = self.knots if before else self.knots[::-1]
        end = knots[0]
        far = next(
            (knot for knot in knots if abs(knot.number - end.number) >= _SLOPE_NUMBERS), knots[-1]
        )
        return _on_line(end, far, number)

    def across(self) -> Street | None:
        """Return the same street beyond State or Madison St, if it begins near that.

        The numbers go on there in the other direction; the table may not know any of them.
        """
        if self.knots[0].number > AXIS_NUMBERS:
            return None
        knots = [replace(knot, number=-knot.number) for knot in reversed(self.knots)]
        return replace(self, direction=_OPPOSITE[self.direction], knots=tuple(knots))

    @cached_property
    def line(self) -> tuple[Metres, ...]:
        """Its known points, with one more at each end, REACH_M farther on."""
        points = [_metres(knot.latitude, knot.longitude) for knot in self.knots]
        return (_farther(points), *points, _farther(points[::-1]))

    @cached_property
    def bounds(self) -> Bounds:
        """West, south, east and north of its line, in metres."""
        east, north = zip(*self.line, strict=True)
        return min(east), min(north), max(east), max(north)


@dataclass(frozen=True)
class Crossing:
    """Where two streets meet.

    Attributes:
        point: in degrees.
        gap_m: how far beyond their last known addresses the streets had to be drawn.
    """

    one: Street
    other: Street
    point: Point
    gap_m: float


def crossings(ones: Iterable[Street], others: Sequence[Street]) -> list[Crossing]:
    """Return the different corners where any of some streets meets any of some others.

    Corners between known addresses come alone; only without any, streets are drawn on.
    """
    met = sorted(
        (crossing for one in ones for other in others for crossing in _meetings(one, other)),
        key=lambda crossing: crossing.gap_m,
    )
    corners: list[Crossing] = []
    for crossing in met:
        if crossing.gap_m and corners:
            break
        if crossing.gap_m and not in_service_area(*crossing.point):
            continue
        if all(metres_apart(crossing.point, c.point) > SAME_CORNER_M for c in corners):
            corners.append(crossing)
    return corners


def metres_apart(one: Point, other: Point) -> float:
    """Return the distance of two points in the city."""
    return math.dist(_metres(*one), _metres(*other))


@cache
def street_names() -> Lexicon[tuple[Street, ...]]:
    """Return the streets of each name, "63rd" or "ellis", and of what people call them."""
    by_name: dict[str, tuple[Street, ...]] = {}
    for street in _read_streets():
        by_name[street.name] = (*by_name.get(street.name, ()), street)
    by_key = {key_of(name): streets for name, streets in by_name.items()}
    with (DATA / "places" / "street_aliases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = key_of(row["alias"])
            by_key[key] = by_key.get(key, ()) + by_name[row["name"]]
    return Lexicon(by_key)


def _read_streets() -> list[Street]:
    knots: defaultdict[tuple[str, str, str], list[Knot]] = defaultdict(list)
    with (DATA / "places" / "street_grid.csv").open(encoding="utf-8", newline="") as file:
        for direction, name, suffix, number, latitude, longitude in list(csv.reader(file))[1:]:
            knot = Knot(int(number), float(latitude), float(longitude))
            knots[direction, name, suffix].append(knot)
    return [
        Street(direction, _written(name), suffix.capitalize(), tuple(points))
        for (direction, name, suffix), points in knots.items()
    ]


def _written(name: str) -> str:
    """Return a street's name as people write it: "63rd", "LaSalle", "McLean"."""
    if name[0].isdigit():
        return name.lower()
    return _WRITTEN.get(name) or name.title()


_WRITTEN = {
    "DR MARTIN LUTHER KING JR": "King",
    "LA SALLE": "LaSalle",
    "DESPLAINES": "Des Plaines",
    "LECLAIRE": "LeClaire",
    "MCCLURG": "McClurg",
    "MCLEAN": "McLean",
    "MCVICKER": "McVicker",
    "POPE JOHN PAUL II": "Pope John Paul II",
}


def _end_of_block(number: int) -> int:
    return -(-(number + 1) // CITY_BLOCK) * CITY_BLOCK - 1


def _on_line(one: Knot, other: Knot, number: int) -> Point:
    part = (number - one.number) / (other.number - one.number)
    return (
        one.latitude + part * (other.latitude - one.latitude),
        one.longitude + part * (other.longitude - one.longitude),
    )


def _metres(latitude: float, longitude: float) -> Metres:
    return (longitude - _MIDDLE[1]) * _EAST, (latitude - _MIDDLE[0]) * _METRES_PER_DEGREE


def _degrees(metres: Metres) -> Point:
    return _MIDDLE[0] + metres[1] / _METRES_PER_DEGREE, _MIDDLE[1] + metres[0] / _EAST


def _farther(points: Sequence[Metres]) -> Metres:
    """Return the point REACH_M before the first one, straight on."""
    end = points[0]
    far = next((point for point in points if math.dist(point, end) >= _SLOPE_M), points[-1])
    length = math.dist(end, far) or 1.0
    scale = REACH_M / length
    return end[0] + (end[0] - far[0]) * scale, end[1] + (end[1] - far[1]) * scale


def _meetings(one: Street, other: Street) -> Iterable[Crossing]:
    if one.name == other.name or not _overlap(one.bounds, other.bounds):
        return
    others = _segments_in(other.line, one.bounds)
    for i, a, b in _segments_in(one.line, other.bounds):
        for j, c, d in others:
            parts = _parts(a, b, c, d)
            if parts:
                metres = a[0] + parts[0] * (b[0] - a[0]), a[1] + parts[0] * (b[1] - a[1])
                gap = _drawn_on(one.line, i, parts[0]) + _drawn_on(other.line, j, parts[1])
                yield Crossing(one, other, _degrees(metres), gap)


def _segments_in(line: Sequence[Metres], bounds: Bounds) -> list[tuple[int, Metres, Metres]]:
    """Return the segments of a line, with their place in it, that may reach into a rectangle."""
    west, south, east, north = bounds
    return [
        (i, a, b)
        for i, (a, b) in enumerate(pairwise(line))
        if (a[0] <= east or b[0] <= east)
        and (a[0] >= west or b[0] >= west)
        and (a[1] <= north or b[1] <= north)
        and (a[1] >= south or b[1] >= south)
    ]


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _parts(a: Metres, b: Metres, c: Metres, d: Metres) -> tuple[float, float] | None:
    """Return how far along a-b and along c-d (0 to 1) the two segments meet."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    determinant = ux * vy - uy * vx
    if not determinant:
        return None
    wx, wy = c[0] - a[0], c[1] - a[1]
    t, s = (wx * vy - wy * vx) / determinant, (wx * uy - wy * ux) / determinant
    return (t, s) if 0 <= t <= 1 and 0 <= s <= 1 else None


def _drawn_on(line: Sequence[Metres], segment: int, part: float) -> float:
    """Return how many metres beyond the known points a place on a line's end segments lies."""
    if segment == 0:
        return (1 - part) * REACH_M
    return part * REACH_M if segment == len(line) - 2 else 0.0
