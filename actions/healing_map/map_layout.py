"""Where pins and names stand on a map, so that none hides another. Pure geometry, in pixels."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from actions.healing_map.map_view import Box, Point

STEM = 1.75
"""How far a pin's head stands from its spot, in radii of the head."""
GAP = 3.0
"""Pixels that stay free between two heads."""

_FULLEST = 0.2
"""The part of the frame that all heads together may fill; more would leave some without room."""
_CROWD = 40
"""With more pins than this, heads may hide other pins' spots."""
_MOST_PETALS = 12
"""With more pins at one spot than this, they stand in several rings around it."""
_LINES = 12
"""On how many lines of a polygon places for its name are looked for."""
_NEAR = 6.0
"""How far a head may go in order not to hide another pin's spot, in radii."""


class Room:
    """The part of a picture that words may stand in, and what of it is taken already."""

    def __init__(self, frame: Box, taken: Iterable[Box]) -> None:
        self.frame = frame
        self._taken = list(taken)

    def take(self, box: Box) -> bool:
        """Take a box if it lies inside and overlaps nothing that is taken; tell whether it did."""
        if not self.frame.holds(box) or any(box.overlaps(other) for other in self._taken):
            return False
        self._taken.append(box)
        return True


def radius_for(pins: int, frame: Box, largest: float) -> float:
    """Return the radius of heads at which so many pins find room in a frame."""
    room = _FULLEST * (frame.width - 2 * largest) * (frame.height - 2 * largest)
    return max(1.0, min(largest, math.sqrt(room / (math.pi * max(pins, 1))) - GAP / 2))


def spread_pins(
    spots: Sequence[Point], frame: Box, radius: float, blocked: Sequence[Box] = ()
) -> list[Point]:
    """Return the middle of each pin's head: above its spot, or as near to that as there is room.

    No two heads overlap, and none leaves the frame or enters a blocked box. Pins that share a spot
    stand around it like petals. Earlier pins choose first.

    Args:
        spots: what the pins point to.
        frame: what the heads stay in; a spot outside has its head at the frame's rim.
        radius: of a head, as `radius_for` gives it.
        blocked: boxes that the heads keep out of.

    Raises:
        ValueError: the frame has no room for so many heads of this size.
    """
    heads = _Heads(frame, radius, blocked, spots if len(spots) <= _CROWD else ())
    petals = Counter(_cell(spot) for spot in spots)
    for spot in spots:
        heads.add(frame.inset(radius).nearest(spot), petals[_cell(spot)])
    return heads.middles


class _Heads:
    """The heads that stand already, in a grid of cells so that the near ones are found at once."""

    def __init__(
        self, frame: Box, radius: float, blocked: Sequence[Box], spots: Sequence[Point]
    ) -> None:
        self.middles: list[Point] = []
        self._room = frame.inset(radius)
        self._radius = radius
        self._blocked = blocked
        self._spots = spots
        self._apart = 2 * radius + GAP
        self._grid: defaultdict[tuple[int, int], list[Point]] = defaultdict(list)
        self._rest: dict[tuple[int, int], Iterator[Point]] = {}

    def add(self, spot: Point, petals: int) -> None:
        """Stand a head at the best free place around a spot that so many pins share."""
        middle = self._place_that_hides_no_spot(spot, petals) or self._any_place(spot, petals)
        self.middles.append(middle)
        self._grid[self._square(middle)].append(middle)

    def _place_that_hides_no_spot(self, spot: Point, petals: int) -> Point | None:
        if not self._spots:
            return None
        for middle in _places(spot, self._radius, self._apart, petals):
            if math.dist(middle, spot) > self._radius * _NEAR:
                return None
            if self._is_free(middle) and not self._hides_a_spot(middle):
                return middle
        return None

    def _any_place(self, spot: Point, petals: int) -> Point:
        # A place once taken stays taken: the next pin at this spot goes on where this one ends.
        rest = self._rest.setdefault(_cell(spot), _places(spot, self._radius, self._apart, petals))
        farthest = math.hypot(self._room.width, self._room.height) + self._apart
        for middle in rest:
            if self._is_free(middle):
                return middle
            if math.dist(middle, spot) > farthest:
                break
        raise ValueError(f"No room for a head of radius {self._radius} beside {len(self.middles)}.")

    def _is_free(self, middle: Point) -> bool:
        if self._room.distance(middle) > 0:
            return False
        if any(box.distance(middle) < self._radius + GAP for box in self._blocked):
            return False
        column, row = self._square(middle)
        return all(
            math.dist(middle, other) >= self._apart
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in self._grid.get((x, y), ())
        )

    def _hides_a_spot(self, middle: Point) -> bool:
        return any(math.dist(middle, spot) < self._radius + GAP for spot in self._spots)

    def _square(self, point: Point) -> tuple[int, int]:
        return math.floor(point[0] / self._apart), math.floor(point[1] / self._apart)


def _places(spot: Point, radius: float, apart: float, petals: int) -> Iterator[Point]:
    """Yield places for a head around a spot: the petals, then wider and wider rings, for ever.

    Each ring begins above the spot and goes down on both sides in turn.
    """
    reach = STEM * radius
    if 1 < petals <= _MOST_PETALS:
        wide = max(reach, apart / 2 / math.sin(math.pi / petals) + 0.01)
        yield from _ring(spot, wide, petals)
    while True:
        yield from _ring(spot, reach, max(8, round(4 * math.pi * reach / apart)))
        reach += apart / 4


def _ring(spot: Point, reach: float, places: int) -> Iterator[Point]:
    for place in range(places):
        turn = (place + 1) // 2 * (2 * math.pi / places) * (-1 if place % 2 else 1)
        yield spot[0] + reach * math.sin(turn), spot[1] - reach * math.cos(turn)


def _cell(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def spread_circles(
    centres: Sequence[Point], radii: Sequence[float], frame: Box, blocked: Sequence[Box] = ()
) -> list[Point]:
    """Move circles, no farther than needed, until none overlaps another; return their middles.

    None leaves the frame or enters a blocked box. Earlier circles choose first; a circle for which
    there is no room stays where it is.
    """
    stand: list[tuple[Point, float]] = []
    for centre, radius in zip(centres, radii, strict=True):
        room = frame.inset(radius)
        for middle in _places_from(room.nearest(centre)):
            if (
                room.distance(middle) == 0
                and all(math.dist(middle, other) >= radius + size + 1 for other, size in stand)
                and all(box.distance(middle) > radius for box in blocked)
            ):
                break
        else:
            middle = centre
        stand.append((middle, radius))
    return [middle for middle, _ in stand]


def _places_from(centre: Point) -> Iterator[Point]:
    """Yield a point and others on rings around it, up to 200 pixels away."""
    yield centre
    for reach in range(2, 200, 2):
        yield from _ring(centre, reach, max(8, reach))


def polygon_places(rings: Sequence[Sequence[Point]], frame: Box) -> tuple[list[Point], float]:
    """Return points in what a frame shows of a polygon, and that part's size in square pixels.

    Args:
        rings: outlines and holes, in pixels.
        frame: what is shown.

    Returns:
        The points, on a grid of 12 lines, the most central first; and the size.
    """
    xs, ys = zip(*rings[0], strict=True)
    left, right = max(min(xs), frame.left), min(max(xs), frame.right)
    top, bottom = max(min(ys), frame.top), min(max(ys), frame.bottom)
    if left >= right or top >= bottom:
        return [], 0.0
    step = (bottom - top) / _LINES
    points: list[Point] = []
    size = 0.0
    for row in range(_LINES):
        y = top + (row + 0.5) * step
        for start, end in _inside(rings, y, left, right):
            size += (end - start) * step
            count = max(1, round((end - start) / max(step, 12)))
            points.extend((start + (i + 0.5) * (end - start) / count, y) for i in range(count))
    if not points:
        return [], 0.0
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    return sorted(points, key=lambda point: math.dist(point, middle)), size


def is_wide_enough(rings: Sequence[Sequence[Point]], centre: Point, width: float) -> bool:
    """Tell whether a line of text of this width, centred here, stays inside a polygon."""
    x, y = centre
    return any(
        start <= x - width / 2 and x + width / 2 <= end
        for start, end in _inside(rings, y, -math.inf, math.inf)
    )


def crosses(rings: Sequence[Sequence[Point]], box: Box) -> bool:
    """Tell whether a polygon reaches the upper edge, the middle or the lower edge of a box."""
    return any(
        True
        for y in (box.top, box.centre[1], box.bottom)
        for _ in _inside(rings, y, box.left, box.right)
    )


def _inside(
    rings: Sequence[Sequence[Point]], y: float, left: float, right: float
) -> Iterator[tuple[float, float]]:
    """Yield the stretches of a horizontal line that lie inside a polygon and between two x."""
    crossings = sorted(
        x1 + (x2 - x1) * (y - y1) / (y2 - y1)
        for ring in rings
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    )
    for start, end in zip(crossings[::2], crossings[1::2], strict=True):
        if max(start, left) < min(end, right):
            yield max(start, left), min(end, right)
