"""Distances, and the boxes that hold every point within a distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.distance import box_around, miles_between

latitudes = st.floats(-90, 90)
longitudes = st.floats(-179, 179)


def test_from_the_field_museum_to_wrigley_field_it_is_six_miles() -> None:
    assert miles_between(41.8663, -87.617, 41.94719, -87.65644) == pytest.approx(5.95, abs=0.02)


def test_a_degree_of_latitude_is_69_miles() -> None:
    assert miles_between(41, -87, 42, -87) == pytest.approx(69.09, abs=0.01)


def test_to_the_other_side_of_the_globe_it_is_half_its_circumference() -> None:
    assert miles_between(0, 0, 0, 180) == pytest.approx(12_436.8, abs=0.5)
    assert miles_between(90, 0, -90, 57) == pytest.approx(12_436.8, abs=0.5)


@given(latitudes, longitudes, latitudes, longitudes)
def test_there_is_as_far_as_back(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there = miles_between(lat1, lon1, lat2, lon2)
    assert 0 <= there == pytest.approx(miles_between(lat2, lon2, lat1, lon1))
    assert miles_between(lat1, lon1, lat1, lon1) == 0


@given(
    st.floats(41.6, 42.1),
    st.floats(-88, -87.5),
    st.floats(41.0, 42.6),
    st.floats(-89, -86.5),
    st.floats(0, 100),
)
def test_a_point_within_the_distance_lies_in_the_box(
    latitude: float, longitude: float, lat: float, lon: float, miles: float
) -> None:
    box = box_around(latitude, longitude, miles)
    if miles_between(latitude, longitude, lat, lon) <= miles:
        assert box.south <= lat <= box.north
        assert box.west <= lon <= box.east


def test_the_box_is_no_bigger_than_it_has_to_be() -> None:
    box = box_around(41.88, -87.63, 5)
    assert miles_between(41.88, -87.63, box.north, -87.63) == pytest.approx(5, abs=0.001)
    assert miles_between(41.88, -87.63, 41.88, box.east) == pytest.approx(5, abs=0.01)


def test_a_circle_around_a_pole_takes_in_every_longitude() -> None:
    box = box_around(89.9, 10, 50)
    assert (box.west, box.east, box.north) == (-180, 180, 90)
