"""Which part of the globe a picture shows, and where a point lies on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from actions.healing_map.areas import Extent

Point = tuple[float, float]

MILES_PER_DEGREE = 69.09
"""Of latitude, on a globe of 3,958.8 miles."""

CLOSEST_MILES = 1.5
"""The least that a picture shows across: fewer streets than that tell nobody where they are."""
WIDEST_MILES = 60.0
"""The most that it shows: beyond the suburbs the basemap holds nothing."""

CENTRED_SCALE = 0.7
"""A map is centred on "here" where that leaves it at least this part of its largest scale."""


class Box(NamedTuple):
    """A rectangle in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, centre: Point, width: float, height: float) -> Box:
        """Return the rectangle of this size with this middle."""
        x, y = centre
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height."""
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def inset(self, by: float) -> Box:
        """Return the rectangle that is smaller by so much on every side (larger if negative)."""
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def overlaps(self, other: Box) -> bool:
        """Tell whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Tell whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def distance(self, point: Point) -> float:
        """Return how far a point lies outside; 0 if it lies inside."""
        x, y = self.nearest(point)
        return math.hypot(point[0] - x, point[1] - y)

    def nearest(self, point: Point) -> Point:
        """Return the point inside that lies nearest to the given one."""
        x, y = point
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


@dataclass(frozen=True)
class View:
    """A flat picture of a part of the globe, north up; right to 0.3% over Chicago.

    Attributes:
        latitude: of the point that is drawn at `centre`, in degrees (WGS 84), as is longitude.
        centre: where that point is drawn, in pixels.
        scale: pixels a mile.
    """

    latitude: float
    longitude: float
    centre: Point
    scale: float

    def point(self, latitude: float, longitude: float) -> Point:
        """Return where a point on the globe is drawn."""
        up = self.scale * MILES_PER_DEGREE
        across = up * math.cos(math.radians(self.latitude))
        x, y = self.centre
        return x + (longitude - self.longitude) * across, y - (latitude - self.latitude) * up

    def line(self, points: Sequence[Point]) -> list[Point]:
        """Return where a line of (longitude, latitude) is drawn."""
        up = self.scale * MILES_PER_DEGREE
        across = up * math.cos(math.radians(self.latitude))
        x, y = self.centre
        left, top = x - self.longitude * across, y + self.latitude * up
        return [(left + longitude * across, top - latitude * up) for longitude, latitude in points]

    def bounds(self, box: Box) -> Extent:
        """Return the west, south, east and north of what a part of the picture shows."""
        up = self.scale * MILES_PER_DEGREE
        across = up * math.cos(math.radians(self.latitude))
        x, y = self.centre
        return (
            self.longitude + (box.left - x) / across,
            self.latitude - (box.bottom - y) / up,
            self.longitude + (box.right - x) / across,
            self.latitude - (box.top - y) / up,
        )


def view_of(points: Sequence[Point], frame: Box, here: Point | None = None) -> View:
    """Return the closest view that shows all points inside a frame.

    It is centred on `here` where that costs little scale, else on the middle of all points, and
    shows between CLOSEST_MILES and WIDEST_MILES across.

    Args:
        points: (latitude, longitude) of all that must be seen, at least one.
        frame: the part of the picture that they must lie in.
        here: (latitude, longitude) of the one who asks, one of the points.
    """
    latitudes, longitudes = zip(*points, strict=True)
    south, north = min(latitudes), max(latitudes)
    west, east = min(longitudes), max(longitudes)
    middle = (south + north) / 2, (west + east) / 2
    scale = _scale(north - south, east - west, middle[0], frame)
    if here is not None:
        high = 2 * max(north - here[0], here[0] - south)
        wide = 2 * max(east - here[1], here[1] - west)
        centred = _scale(high, wide, here[0], frame)
        if centred >= CENTRED_SCALE * scale:
            middle, scale = here, centred
    return View(*middle, frame.centre, scale)


def _scale(high: float, wide: float, latitude: float, frame: Box) -> float:
    """Return the pixels a mile at which so many degrees fit into the frame."""
    miles_high = high * MILES_PER_DEGREE
    miles_wide = wide * MILES_PER_DEGREE * math.cos(math.radians(latitude))
    across = max(miles_wide, miles_high * frame.width / frame.height)
    return frame.width / min(max(across, CLOSEST_MILES), WIDEST_MILES)
