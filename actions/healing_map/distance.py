"""Distances on the globe, in statute miles."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, inf, pi, radians, sin, sqrt

EARTH_RADIUS_MILES = 3958.76
"""The mean radius, 6371.01 km (IUGG)."""


@dataclass(frozen=True)
class Box:
    """A rectangle of latitudes and longitudes in degrees, edges included."""

    south: float
    north: float
    west: float
    east: float


def miles_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance of two points given in degrees (haversine).

    On a sphere; within a city that is at most 0.3% off the ellipsoid, and 100 times as fast.
    """
    phi1, phi2 = radians(lat1), radians(lat2)
    half_chord_squared = (
        sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(half_chord_squared)))


def box_around(latitude: float, longitude: float, miles: float) -> Box:
    """Return the smallest box that holds every point within so many miles.

    A circle that reaches a pole takes in every longitude. The box does not wrap at the 180th
    meridian, which is far from any place the map serves.
    """
    angle = miles / EARTH_RADIUS_MILES
    phi = radians(latitude)
    reaches_a_pole = abs(phi) + angle >= pi / 2
    half_width = inf if reaches_a_pole else degrees(asin(sin(angle) / cos(phi)))
    half_height = degrees(angle)
    # A hair wider, so that rounding never loses a point on the edge.
    hair = 1e-9
    return Box(
        south=max(-90.0, latitude - half_height - hair),
        north=min(90.0, latitude + half_height + hair),
        west=max(-180.0, longitude - half_width - hair),
        east=min(180.0, longitude + half_width + hair),
    )
