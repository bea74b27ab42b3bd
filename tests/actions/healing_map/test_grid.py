"""The grid: a point near another one is in the cells around it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.areas import AREAS, in_service_area
from actions.healing_map.distance import box_around, miles_between
from actions.healing_map.grid import cell_of, cells_of

latitudes = st.floats(41.64, 42.03)
longitudes = st.floats(-87.95, -87.52)


@given(latitudes, longitudes, latitudes, longitudes, st.floats(0.01, 30))
def test_every_point_of_the_city_within_the_distance_is_in_the_cells(
    latitude: float, longitude: float, lat: float, lon: float, miles: float
) -> None:
    near = miles_between(latitude, longitude, lat, lon) <= miles
    if near and in_service_area(lat, lon):
        assert cell_of(lat, lon) in cells_of(box_around(latitude, longitude, miles))


def test_a_small_circle_touches_few_cells() -> None:
    assert len(cells_of(box_around(41.88, -87.63, 0.5))) <= 4


def test_the_whole_globe_has_only_the_cells_of_the_city() -> None:
    cells = cells_of(box_around(41.88, -87.63, 13_000))
    assert {cell_of(area.latitude, area.longitude) for area in AREAS} <= set(cells)
    assert len(cells) == len(set(cells)) < 600


def test_a_circle_far_from_the_city_touches_no_cell() -> None:
    assert cells_of(box_around(43.04, -87.91, 5)) == []
