"""The view of a map: what it shows, and where points lie on it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.map_view import CLOSEST_MILES, WIDEST_MILES, Box, view_of

FRAME = Box(70, 100, 730, 674)
places = st.tuples(st.floats(41.6, 42.1), st.floats(-87.95, -87.5))


@given(st.lists(places, min_size=1, max_size=20), st.booleans())
def test_every_point_lies_inside_the_frame(points: list[tuple[float, float]], asks: bool) -> None:
    view = view_of(points, FRAME, points[0] if asks else None)
    for point in points:
        assert FRAME.distance(view.point(*point)) < 0.01


def test_one_point_is_shown_in_the_middle_with_the_streets_around_it() -> None:
    view = view_of([(41.8, -87.6)], FRAME)
    assert view.point(41.8, -87.6) == FRAME.centre
    assert FRAME.width / view.scale == pytest.approx(CLOSEST_MILES)


def test_points_on_other_continents_do_not_shrink_the_map_to_nothing() -> None:
    view = view_of([(41.8, -87.6), (-33.9, 151.2)], FRAME)
    assert FRAME.width / view.scale == pytest.approx(WIDEST_MILES)


def test_who_asks_is_in_the_middle_when_the_events_lie_all_around() -> None:
    here = (41.80, -87.60)
    around = [(41.82, -87.62), (41.781, -87.585)]
    assert view_of([*around, here], FRAME, here).point(*here) == FRAME.centre


def test_who_asks_is_at_the_side_when_all_events_lie_to_the_other() -> None:
    here = (41.80, -87.58)
    view = view_of([(41.80, -87.62), (41.81, -87.66), here], FRAME, here)
    assert view.point(*here)[0] == pytest.approx(FRAME.right)


@given(places, places)
def test_distances_on_the_map_are_those_on_the_globe(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    view = view_of([one, other], FRAME)
    miles = math.dist(view.point(*one), view.point(*other)) / view.scale
    assert miles == pytest.approx(_miles(*one, *other), rel=0.005, abs=0.001)


@given(places)
def test_a_line_is_drawn_where_its_points_are(place: tuple[float, float]) -> None:
    view = view_of([(41.8, -87.6), (41.9, -87.7)], FRAME)
    latitude, longitude = place
    assert view.line([(longitude, latitude)])[0] == pytest.approx(view.point(*place), abs=1e-6)
    west, south, east, north = view.bounds(FRAME)
    inside = west <= longitude <= east and south <= latitude <= north
    assert inside == (FRAME.distance(view.point(*place)) < 1e-9)


def _miles(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b = math.radians(lat1), math.radians(lat2)
    half = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * 3958.8 * math.asin(math.sqrt(half))
