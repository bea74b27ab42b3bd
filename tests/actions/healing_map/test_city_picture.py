"""The picture of the whole city."""

from __future__ import annotations

import io
import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageColor

from actions.healing_map.areas import AREAS
from actions.healing_map.city_picture import lay_out_city
from actions.healing_map.picture import draw_city
from actions.healing_map.picture_style import KIND_COLOURS
from tests.actions.healing_map.scenes import COUNTS


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "counts",
    [
        {},
        {"Loop": {"dialogue": 1}},
        COUNTS,
        {"": {"learning": 5}},
        {area.name: dict.fromkeys(KIND_COLOURS, 100_000) for area in AREAS},
    ],
)
def test_the_city_is_a_small_png_whatever_the_counts(counts, language: str) -> None:
    picture = draw_city(counts, language)
    assert opened(picture).size == (800, 1000)
    assert len(picture) < 120_000


def test_the_same_counts_give_the_same_picture_in_whatever_order() -> None:
    turned_round = dict(reversed(COUNTS.items()))
    assert draw_city(COUNTS, "en") == draw_city(turned_round, "en")


def test_the_languages_differ() -> None:
    english, spanish = (opened(draw_city(COUNTS, language)) for language in ("en", "es"))
    assert ImageChops.difference(english, spanish).getbbox() is not None


def test_areas_with_events_have_a_circle_and_more_events_a_larger_one() -> None:
    circles = lay_out_city(COUNTS)
    assert [circle.area for circle in circles] == ["Englewood", "Loop", "O'Hare"]
    radii = [circle.radius for circle in circles]
    assert radii == sorted(radii, reverse=True)
    assert len(set(radii)) == 3


def test_a_circle_has_the_colours_of_its_kinds() -> None:
    picture = opened(draw_city(COUNTS, "en"))
    englewood, loop, _ = lay_out_city(COUNTS)
    assert _colours_around(picture, englewood.centre, englewood.radius - 4) == {"dialogue"}
    assert _colours_around(picture, loop.centre, loop.radius - 4) == set(KIND_COLOURS)


@given(st.lists(st.integers(0, 300), min_size=len(AREAS), max_size=len(AREAS)))
@settings(deadline=None, max_examples=40)
def test_no_circle_hides_another(totals: list[int]) -> None:
    counts = {area.name: {"learning": total} for area, total in zip(AREAS, totals, strict=True)}
    circles = lay_out_city(counts)
    assert {circle.area for circle in circles} == {
        area for area, by_kind in counts.items() if by_kind["learning"]
    }
    for one, other in combinations(circles, 2):
        assert math.dist(one.centre, other.centre) >= one.radius + other.radius


def test_circles_shrink_rather_than_stray_into_another_area() -> None:
    crowded = ("Oakland", "Kenwood", "Grand Boulevard", "Douglas", "Armour Square", "Bridgeport")
    circles = lay_out_city({area: {"dialogue": 50} for area in crowded})
    alone = [lay_out_city({circle.area: circle.counts})[0] for circle in circles]
    assert all(circle.radius < lone.radius for circle, lone in zip(circles, alone, strict=True))
    distances = [math.dist(c.centre, lone.centre) for c, lone in zip(circles, alone, strict=True)]
    assert max(distances) < 15


def test_events_of_no_area_are_counted_though_they_have_no_circle() -> None:
    assert lay_out_city({"": {"dialogue": 3}}) == []
    assert draw_city({"": {"dialogue": 3}}, "en") != draw_city({}, "en")


@pytest.mark.parametrize(
    ("counts", "named"),
    [({"Atlantis": {"dialogue": 1}}, "'Atlantis'"), ({"Loop": {"party": 1}}, "'party'")],
)
def test_an_unknown_area_or_kind_is_refused(counts, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        draw_city(counts, "en")


def _colours_around(
    picture: Image.Image, centre: tuple[float, float], radius: float
) -> set[str | None]:
    kinds = set()
    for degrees in range(5, 360, 10):
        turn = math.radians(degrees)
        x, y = centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)
        pixel = picture.getpixel((round(x), round(y)))
        for kind, colour in KIND_COLOURS.items():
            if math.dist(pixel, ImageColor.getrgb(colour)) < 20:
                kinds.add(kind)
    return kinds
