"""The picture of what is near."""

from __future__ import annotations

import io
import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageColor

from actions.healing_map.picture import Pin, draw_nearby, lay_out_nearby
from actions.healing_map.picture_style import KIND_COLOURS
from tests.actions.healing_map.scenes import AT_ONE_ADDRESS, HERE, PINS

SITUATIONS = {
    "the South Side": (HERE, PINS),
    "at the lake": ((41.9633, -87.6390), [Pin(1, "learning", 41.9530, -87.6500)]),
    "in the lake": ((41.9000, -87.5000), [Pin(1, "learning", 41.8919, -87.5997)]),
    "O'Hare": ((41.9786, -87.9048), [Pin(1, "dialogue", 41.9750, -87.8900)]),
    "the city's edge": ((41.6600, -87.5400), [Pin(1, "connections", 41.6450, -87.5300)]),
    "ten at one address": (HERE, AT_ONE_ADDRESS),
    "nobody asks": (None, PINS),
    "nothing found": (HERE, []),
    "neither": (None, []),
    "another continent": ((-33.9, 151.2), PINS),
    "hundreds": (
        HERE,
        [Pin(n, "dialogue", 41.8 + n / 5000, -87.7 + n % 17 / 90) for n in range(300)],
    ),
}


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def looks_like(pixel: tuple[int, ...], colour: str) -> bool:
    """Tell whether a pixel has a colour, as well as a palette of 256 can say it."""
    return math.dist(pixel, ImageColor.getrgb(colour)) < 20


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_picture_is_a_small_png_for_a_phone(situation: str, language: str) -> None:
    picture = draw_nearby(*SITUATIONS[situation], language)
    assert picture.startswith(b"\x89PNG")
    assert opened(picture).size == (800, 800)
    assert len(picture) < 120_000


def test_the_same_pins_give_the_same_picture() -> None:
    assert draw_nearby(HERE, PINS, "en") == draw_nearby(HERE, PINS, "en")


def test_the_languages_differ_in_the_words_only() -> None:
    english, spanish = (opened(draw_nearby(HERE, PINS, language)) for language in ("en", "es"))
    assert ImageChops.difference(english, spanish).getbbox() is not None
    here = lay_out_nearby(HERE, PINS).here
    assert here is not None
    assert english.getpixel(here) == spanish.getpixel(here)


def test_each_pins_head_has_the_colour_of_its_kind() -> None:
    picture = opened(draw_nearby(HERE, PINS, "en"))
    layout = lay_out_nearby(HERE, PINS)
    for pin, (x, y) in zip(PINS, layout.heads, strict=True):
        beside_the_number = round(x), round(y + 0.75 * layout.radius)
        assert looks_like(picture.getpixel(beside_the_number), KIND_COLOURS[pin.kind])


def test_a_pin_alone_points_to_its_spot() -> None:
    picture = opened(draw_nearby(None, PINS[:1], "en"))
    (x, y), *_ = lay_out_nearby(None, PINS[:1]).spots
    assert looks_like(picture.getpixel((round(x), round(y) - 6)), KIND_COLOURS["dialogue"])


def test_the_place_of_the_one_who_asks_is_blue() -> None:
    picture = opened(draw_nearby(HERE, PINS, "en"))
    here = lay_out_nearby(HERE, PINS).here
    assert here is not None
    assert looks_like(picture.getpixel((round(here[0]), round(here[1]))), "#1A66D9")


def test_the_lake_is_in_the_east() -> None:
    picture = opened(draw_nearby((41.9633, -87.6390), [], "en"))
    assert looks_like(picture.getpixel((780, 300)), "#B5D5E8")
    assert not looks_like(picture.getpixel((20, 300)), "#B5D5E8")


cities = st.tuples(st.floats(41.63, 42.04), st.floats(-87.95, -87.50))
blocks = st.tuples(st.floats(41.800, 41.802), st.floats(-87.610, -87.607))


@given(st.none() | cities, st.lists(st.one_of(cities, blocks, st.just(HERE)), max_size=30))
@settings(deadline=None)
def test_wherever_the_pins_are_none_hides_another_or_the_one_who_asks(
    here: tuple[float, float] | None, places: list[tuple[float, float]]
) -> None:
    pins = [Pin(number, "learning", *place) for number, place in enumerate(places, 1)]
    layout = lay_out_nearby(here, pins)
    assert all(math.dist(*pair) > 2 * layout.radius for pair in combinations(layout.heads, 2))
    for x, y in layout.heads:
        assert layout.radius <= x <= 800 - layout.radius
        assert layout.radius <= y <= 748 - layout.radius
        assert layout.here is None or math.dist(layout.here, (x, y)) > layout.radius


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(91, 0), (0, -181), (math.nan, 0), (0, math.inf)]
)
def test_a_place_off_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="Not on the globe"):
        Pin(1, "dialogue", latitude, longitude)
    with pytest.raises(ValueError, match="Not on the globe"):
        draw_nearby((latitude, longitude), PINS, "en")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'party'"):
        Pin(1, "party", *HERE)
