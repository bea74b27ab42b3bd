from __future__ import annotations

import pytest

from actions.healing_map.streets import Street, crossings, metres_apart, street_names


def street(key: str, direction: str, suffix: str | None = None) -> Street:
    streets = street_names().get(key) or ()
    return next(s for s in streets if s.direction == direction and suffix in (None, s.suffix))


def test_a_number_is_placed_between_those_that_are_known() -> None:
    point = street("ellis", "S").point_of(4100)
    assert point
    assert metres_apart(point, (41.8201, -87.6031)) < 150


def test_a_street_ends() -> None:
    halsted = street("halsted", "S")
    assert halsted.point_of(12950)
    assert halsted.point_of(15000) is None
    assert street("ellis", "S").point_of(1000) is None


def test_a_street_does_not_go_on_into_the_lake() -> None:
    assert street("79th", "E").point_of(3900) is None


def test_a_street_goes_on_beyond_the_axis() -> None:
    across = street("washington", "W", "St").across()
    assert across and across.direction == "E"
    point = across.point_of(78)
    assert point and metres_apart(point, (41.8831, -87.6257)) < 100


def test_streets_meet_beyond_their_last_known_address() -> None:
    corners = crossings([street("63rd", "E")], [street("cottagegrove", "S")])
    assert [metres_apart(c.point, (41.7804, -87.6059)) < 100 for c in corners] == [True]


def test_parallel_streets_do_not_meet() -> None:
    assert crossings([street("63rd", "W")], [street("79th", "W")]) == []


@pytest.mark.parametrize("name", ["mlk", "kingx", "martinlutherking"])
def test_king_drive_has_many_names(name: str) -> None:
    found = street_names().get(name) or street_names().nearest(name, 1)[0]
    assert {s.title for s in found} == {"King Dr"}
