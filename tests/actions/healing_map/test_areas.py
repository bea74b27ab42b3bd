"""The community areas: outlines, and which area a point lies in."""

from __future__ import annotations

import csv
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.areas import AREAS, EDGE_M, area_of, in_service_area
from actions.texts import DATA

KNOWN = [
    ("City Hall, 121 N LaSalle St", 41.8839, -87.6319, "Loop"),
    ("Navy Pier's end", 41.8919, -87.5997, "Near North Side"),
    ("Field Museum", 41.8663, -87.6170, "Near South Side"),
    ("Wrigley Field", 41.9484, -87.6553, "Lake View"),
    ("Lincoln Park Zoo", 41.9211, -87.6335, "Lincoln Park"),
    ("Loyola University", 42.0008, -87.6580, "Rogers Park"),
    ("O'Hare's terminals", 41.9786, -87.9048, "O'Hare"),
    ("Midway's terminal", 41.7868, -87.7414, "Garfield Ridge"),
    ("United Center", 41.8807, -87.6742, "Near West Side"),
    ("Garfield Park Conservatory", 41.8864, -87.7172, "East Garfield Park"),
    ("26th and Pulaski", 41.8440, -87.7247, "South Lawndale"),
    ("Sox Park", 41.8300, -87.6339, "Armour Square"),
    ("Harold Washington Cultural Center", 41.8094, -87.6163, "Grand Boulevard"),
    ("DuSable Museum", 41.7921, -87.6072, "Washington Park"),
    ("Museum of Science and Industry", 41.7906, -87.5831, "Hyde Park"),
    ("63rd and Halsted", 41.7799, -87.6445, "Englewood"),
    ("South Shore Cultural Center", 41.7678, -87.5655, "South Shore"),
    ("Pullman National Monument", 41.6923, -87.6090, "Pullman"),
    ("Chicago State University", 41.7178, -87.6096, "Roseland"),
    ("Wolf Lake's west shore", 41.6640, -87.5400, "Hegewisch"),
    ("Evanston's centre", 42.0460, -87.6880, None),
    ("Oak Park's centre", 41.8850, -87.7845, None),
    ("Norridge, all round in the city", 41.9633, -87.8270, None),
    ("Evergreen Park's centre", 41.7206, -87.7017, None),
    ("Whiting, Indiana", 41.6798, -87.4945, None),
    ("a mile out in the lake", 41.8800, -87.5900, None),
    ("the middle of the lake", 42.5000, -87.0000, None),
    ("New York", 40.7128, -74.0060, None),
    ("the sea off Africa", 0.0, 0.0, None),
    ("off the globe", 91.0, -187.0, None),
    ("no number", math.nan, math.nan, None),
]


@pytest.mark.parametrize(
    ("latitude", "longitude", "area"),
    [known[1:] for known in KNOWN],
    ids=[known[0] for known in KNOWN],
)
def test_a_known_place_lies_in_its_area(
    latitude: float, longitude: float, area: str | None
) -> None:
    assert area_of(latitude, longitude) == area
    assert in_service_area(latitude, longitude) == (area is not None)


def test_the_areas_are_those_of_the_places_table() -> None:
    with (DATA / "places" / "community_areas.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (int(row["number"]), row["name"], float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        ]
    assert [(area.number, area.name, area.latitude, area.longitude) for area in AREAS] == rows


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_an_areas_middle_lies_inside_it(area) -> None:
    assert area.contains(area.latitude, area.longitude)
    assert area_of(area.latitude, area.longitude) == area.name


def test_every_known_landmark_lies_in_the_city() -> None:
    with (DATA / "places" / "landmarks.csv").open(encoding="utf-8", newline="") as file:
        outside = [
            row["name"]
            for row in csv.DictReader(file)
            if not in_service_area(float(row["latitude"]), float(row["longitude"]))
        ]
    assert outside == []


@given(st.floats(41.64, 42.03), st.floats(-87.95, -87.52))
def test_no_point_lies_in_two_areas(latitude: float, longitude: float) -> None:
    holding = [area.name for area in AREAS if area.contains(latitude, longitude)]
    assert len(holding) <= 1
    if holding:
        assert area_of(latitude, longitude) == holding[0]


@given(st.floats(41.5, 42.2), st.floats(-88.1, -87.3))
def test_a_point_outside_counts_up_to_the_margin_and_no_farther(
    latitude: float, longitude: float
) -> None:
    if not any(area.contains(latitude, longitude) for area in AREAS):
        distance = min(area.metres_to(latitude, longitude) for area in AREAS)
        assert in_service_area(latitude, longitude) == (distance <= EDGE_M)


def test_a_place_at_the_shore_stays_in_its_area_when_it_is_rounded_to_about_100_m() -> None:
    adler = (41.86635, -87.60673)
    assert area_of(*(round(value, 3) for value in adler)) == "Near South Side"
