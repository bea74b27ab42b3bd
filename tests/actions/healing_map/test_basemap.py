"""The script that makes the basemap, and the basemap that is shipped."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.areas import AREAS
from actions.healing_map.basemap import BASEMAP, degrees_from_feet, simplified, simplified_line

Point = tuple[float, float]


@pytest.mark.parametrize(
    ("feet", "degrees"),
    [
        # By PROJ, EPSG:3435 to EPSG:4269.
        ((1176500.0, 1900500.0), (-87.62734614, 41.88232514)),
        ((1098304.9, 1942876.5), (-87.91372525, 42.00001938)),
        ((1204900.0, 1813892.0), (-87.52604864, 41.64398018)),
        ((984250.0, 0.0), (-88.33333333, 36.66666667)),
    ],
)
def test_feet_in_illinois_east_become_degrees(feet: Point, degrees: Point) -> None:
    assert degrees_from_feet(*feet) == pytest.approx(degrees, abs=1e-8)


points = st.tuples(st.floats(-87.7, -87.6), st.floats(41.8, 41.9))


@given(st.lists(points, min_size=2, max_size=30), st.floats(1, 500))
def test_a_simplified_line_keeps_its_ends_and_adds_nothing(
    line: list[Point], tolerance: float
) -> None:
    short = simplified_line(line, tolerance)
    assert (short[0], short[-1]) == (line[0], line[-1])
    kept = iter(line)
    assert all(point in kept for point in short)


def test_a_simplified_line_drops_what_lies_beside_it_and_keeps_what_does_not() -> None:
    ten_metres, hundred_metres = 0.00009, 0.0009
    line = [(-87.60, 41.8), (-87.61, 41.8 + ten_metres), (-87.62, 41.8), (-87.63, 41.8)]
    assert simplified_line(line, 20) == [line[0], line[-1]]
    line[1] = (-87.61, 41.8 + hundred_metres)
    assert line[1] in simplified_line(line, 20)


def test_neighbours_keep_sharing_their_border() -> None:
    border = [(-87.60 + 0.00001 * (i % 3), 41.80 + 0.001 * i) for i in range(20)]
    west = [*border, (-87.62, 41.819), (-87.62, 41.80), border[0]]
    east = [*border[::-1], (-87.58, 41.80), (-87.58, 41.819), border[-1]]
    (left,), (right,) = simplified([[west], [east]])
    assert len(left) < len(west)
    assert _edges(left) & _edges(right) == {frozenset((border[0], border[-1]))}


def test_the_shipped_areas_leave_no_gap_and_no_overlap_between_them() -> None:
    owners = Counter(edge for area in AREAS for ring in area.rings for edge in _edges(ring))
    assert set(owners.values()) == {1, 2}
    # What only one area has is the city's edge: it is closed, so each point joins two of it.
    ends = Counter(point for edge, count in owners.items() if count == 1 for point in edge)
    assert all(count % 2 == 0 for count in ends.values())


def test_the_shipped_basemap_is_small_and_has_the_main_streets() -> None:
    assert BASEMAP.stat().st_size < 110_000
    streets = {street["name"] for street in json.loads(BASEMAP.read_text("utf-8"))["streets"]}
    assert {"Halsted St", "63rd St", "Milwaukee Ave", "King Dr", "DuSable Lake Shore Dr"} <= streets


def _edges(ring: list[Point] | tuple[Point, ...]) -> set[frozenset[Point]]:
    return {frozenset(edge) for edge in pairwise(ring)}
