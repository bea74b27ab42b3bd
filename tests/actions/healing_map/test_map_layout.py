"""Pins, circles and names that do not hide each other."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.healing_map.map_layout import (
    GAP,
    STEM,
    Room,
    crosses,
    is_wide_enough,
    polygon_places,
    radius_for,
    spread_circles,
    spread_pins,
)
from actions.healing_map.map_view import Box, Point

FRAME = Box(4, 4, 796, 696)
HEAD = 20.0
SQUARE = [[(100.0, 100.0), (300.0, 100.0), (300.0, 200.0), (100.0, 200.0), (100.0, 100.0)]]

spots = st.tuples(st.floats(0, 800), st.floats(0, 748))
near_spots = st.tuples(st.floats(395, 405), st.floats(395, 405))


@given(st.lists(st.one_of(spots, near_spots, st.just((400.0, 400.0))), max_size=60))
@settings(deadline=None)
def test_no_head_overlaps_another_or_leaves_the_frame(points: list[Point]) -> None:
    radius = radius_for(len(points), FRAME, HEAD)
    heads = spread_pins(points, FRAME, radius)
    assert len(heads) == len(points)
    assert all(math.dist(*pair) >= 2 * radius + GAP for pair in combinations(heads, 2))
    assert all(FRAME.holds(Box.around(head, 2 * radius, 2 * radius)) for head in heads)


@given(st.lists(spots, min_size=1, max_size=12), spots)
def test_heads_keep_out_of_blocked_boxes(points: list[Point], middle: Point) -> None:
    blocked = Box.around(middle, 60, 30)
    for head in spread_pins(points, FRAME, HEAD, [blocked]):
        assert blocked.distance(head) >= HEAD


@given(st.lists(spots, max_size=12))
def test_the_same_pins_always_stand_the_same_way(points: list[Point]) -> None:
    assert spread_pins(points, FRAME, HEAD) == spread_pins(points, FRAME, HEAD)


def test_a_pin_alone_stands_upright_on_its_spot() -> None:
    assert spread_pins([(300, 300)], FRAME, HEAD) == [(300, 300 - STEM * HEAD)]


def test_pins_that_share_a_spot_stand_around_it_at_the_same_distance() -> None:
    heads = spread_pins([(400, 400)] * 10, FRAME, HEAD)
    distances = [math.dist(head, (400, 400)) for head in heads]
    assert max(distances) == pytest.approx(min(distances))
    assert max(distances) < 80


def test_a_head_does_not_hide_another_pins_spot() -> None:
    lower, upper = (400.0, 400.0), (400.0, 400.0 - STEM * HEAD)
    heads = spread_pins([lower, upper], FRAME, HEAD)
    assert all(math.dist(head, spot) > HEAD for head in heads for spot in (lower, upper))


def test_a_spot_outside_has_its_head_at_the_rim() -> None:
    (head,) = spread_pins([(5000, 300)], FRAME, HEAD)
    assert FRAME.right - 4 * HEAD < head[0] <= FRAME.right - HEAD


@pytest.mark.parametrize("number", [1, 80, 150, 400])
def test_heads_shrink_so_that_a_crowd_at_one_spot_finds_room(number: int) -> None:
    radius = radius_for(number, FRAME, HEAD)
    heads = spread_pins([(700, 650)] * number, FRAME, radius)
    assert len(set(heads)) == number


def test_too_many_heads_of_a_size_are_refused() -> None:
    with pytest.raises(ValueError, match="No room"):
        spread_pins([(50, 50)] * 10, Box(0, 0, 100, 100), HEAD)


@given(st.lists(st.tuples(spots, st.floats(14, 36)), max_size=30))
@settings(deadline=None)
def test_circles_move_until_none_overlaps_another(circles: list[tuple[Point, float]]) -> None:
    centres = [centre for centre, _ in circles]
    radii = [radius for _, radius in circles]
    moved = spread_circles(centres, radii, FRAME)
    for (one, r1), (other, r2) in combinations(zip(moved, radii, strict=True), 2):
        assert math.dist(one, other) >= r1 + r2


def test_a_circle_with_room_stays_where_it_is() -> None:
    assert spread_circles([(100, 100), (300, 300)], [30, 30], FRAME) == [(100, 100), (300, 300)]


def test_words_take_room_once() -> None:
    room = Room(FRAME, [Box(100, 100, 200, 120)])
    assert room.take(Box(210, 100, 300, 120))
    assert not room.take(Box(290, 110, 400, 130)), "taken a moment ago"
    assert not room.take(Box(150, 90, 160, 110)), "taken from the beginning"
    assert not room.take(Box(-10, 300, 50, 320)), "outside the frame"


def test_places_in_a_polygon_begin_in_the_middle_of_what_is_seen() -> None:
    places, size = polygon_places(SQUARE, Box(200, 0, 800, 800))
    assert size == pytest.approx(100 * 100)
    assert math.dist(places[0], (250, 150)) < 12
    assert all(200 <= x <= 300 and 100 <= y <= 200 for x, y in places)
    assert polygon_places(SQUARE, Box(400, 0, 800, 800)) == ([], 0.0)


def test_a_hole_is_no_place_for_a_name() -> None:
    hole = [(180.0, 120.0), (220.0, 120.0), (220.0, 180.0), (180.0, 180.0), (180.0, 120.0)]
    places, size = polygon_places([*SQUARE, hole], FRAME)
    assert size == pytest.approx(200 * 100 - 40 * 60, rel=0.05)
    assert not any(180 < x < 220 and 120 < y < 180 for x, y in places)


def test_a_name_fits_into_a_polygon_or_does_not() -> None:
    assert is_wide_enough(SQUARE, (200, 150), 190)
    assert not is_wide_enough(SQUARE, (200, 150), 210)
    assert not is_wide_enough(SQUARE, (120, 150), 100)
    assert crosses(SQUARE, Box(250, 150, 400, 170))
    assert not crosses(SQUARE, Box(310, 150, 400, 170))
