"""The map pictures: what is near somebody, and the whole city (`draw_city`)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from actions.healing_map.areas import area_of
from actions.healing_map.canvas import Canvas
from actions.healing_map.city_picture import city_view, draw_city
from actions.healing_map.lettering import text_width, write
from actions.healing_map.map_ground import (
    LAND,
    paint_ground,
    write_area_names,
    write_lake_name,
    write_street_names,
)
from actions.healing_map.map_layout import Room, radius_for, spread_pins
from actions.healing_map.map_view import Box, Point, View, view_of
from actions.healing_map.models import KINDS
from actions.healing_map.picture_style import (
    INK,
    KIND_COLOURS,
    PAPER,
    as_png,
    kind_names,
    write_credit,
)
from actions.texts import text

__all__ = ["Nearby", "Pin", "draw_city", "draw_nearby", "lay_out_nearby"]

_SIZE = 800
_LEGEND = Box(0, 748, _SIZE, _SIZE)
_LEGEND_SIZE = 23
_DOT_RADIUS = 9.0
_MAP = Box(0, 0, _SIZE, _LEGEND.top)
_HEADS = Box(4, 4, 796, 696)
"""Where the pins' heads stay: below are the scale and the credit."""
_SPOTS = Box(70, 100, 730, 674)
"""What the map fits "here" and the pins' spots into: around it is room for heads and names."""

_HEAD = 20.0
"""The radius of a pin's head while there is room."""
_NUMBERED_HEAD = 8.0
"""The radius from which a head carries its number."""
_SPOT_RADIUS = 4.0
_RIM = 2.5
"""The width of the white rim around a pin."""
_TAIL = 2.2
"""How far from its spot, in radii, a head still has the tail of a pin; farther off, a line."""

_HERE = "#1A66D9"
_HERE_PALE = "#A9C8F5"
_HERE_RADIUS = 10.0
_HERE_HALO = 20.0
_HERE_SIZE = 22

_RING = "#8F7BB8"
_RING_INK = "#5F4A8B"
_RING_MILES = (0.25, 0.5, 1, 2, 5, 10, 20)
_RING_RADII = (90.0, 440.0)
"""The least and the greatest radius of a ring."""
_RING_NAME_AT = (0, 20, -20, 40, -40, 60, -60, 90, -90, 120, -120, 150, -150, 180)
"""Where on a ring its name may stand, in degrees clockwise from the top, the best first."""
_MILES_SIZE = 18
_SCALE_WIDTH = 170.0
"""The greatest length of the scale bar."""


@dataclass(frozen=True)
class Pin:
    """An event on the map.

    Attributes:
        number: as the list beside the picture has it.
        kind: one of models.KINDS.
        latitude: in degrees (WGS 84), as is longitude.

    Raises:
        ValueError: there is no such kind, or no such place on the globe.
    """

    number: int
    kind: str
    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        """Check what can be wrong."""
        if self.kind not in KINDS:
            raise ValueError(f"No kind of event: {self.kind!r}")
        _check_on_globe(self.latitude, self.longitude)


def _check_on_globe(latitude: float, longitude: float) -> None:
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError(f"Not on the globe: {latitude}, {longitude}")


@dataclass(frozen=True)
class Nearby:
    """Where everything on a picture of what is near stands, in pixels.

    Attributes:
        view: what the picture shows.
        here: where the one who asks is, if known.
        spots: what the pins point to, in their order.
        heads: the middles of the pins' heads, in the same order.
        radius: of every head.
    """

    view: View
    here: Point | None
    spots: list[Point]
    heads: list[Point]
    radius: float


def lay_out_nearby(here: tuple[float, float] | None, pins: Sequence[Pin]) -> Nearby:
    """Choose the view, and stand the pins so that none hides another; see `draw_nearby`."""
    places = [(pin.latitude, pin.longitude) for pin in pins]
    if here is not None:
        _check_on_globe(*here)
        places.append(here)
    view = view_of(places, _SPOTS, here) if places else city_view(_MAP.inset(30))
    spots = [view.point(pin.latitude, pin.longitude) for pin in pins]
    spot_of_here = view.point(*here) if here else None
    radius = radius_for(len(pins), _HEADS, _HEAD)
    blocked = [_square(spot_of_here, _HERE_RADIUS)] if spot_of_here else []
    return Nearby(view, spot_of_here, spots, spread_pins(spots, _HEADS, radius, blocked), radius)


def draw_nearby(here: tuple[float, float] | None, pins: Sequence[Pin], language: str) -> bytes:
    """Draw what is near: numbered pins on a map of streets and areas.

    Args:
        here: (latitude, longitude) of the one who asks, if known.
        pins: what was found. Without any, and without `here`, the whole city is shown.
        language: "en" or "es".

    Returns:
        A PNG of 800 by 800 pixels.

    Raises:
        ValueError: `here` is not on the globe.
    """
    nearby = lay_out_nearby(here, pins)
    picture = _painted(nearby, pins, language)
    _write_numbers(picture, nearby, pins)
    _write_scale(picture, nearby.view, language)
    _write_legend(picture, language)

    taken = [
        *(_square(head, nearby.radius) for head in nearby.heads),
        *(_square(spot, _SPOT_RADIUS) for spot in nearby.spots),
        _scale_box(nearby.view),
        write_credit(picture, _MAP, language),
    ]
    if nearby.here:
        taken.append(_square(nearby.here, _HERE_HALO))
    room = Room(_MAP.inset(6), taken)
    if nearby.here:
        _write_here(picture, nearby.here, text("picture_here", language), room)
        _write_ring_names(picture, nearby.view, nearby.here, room, language)
    write_area_names(picture, nearby.view, room, first=area_of(*here) if here else None)
    write_lake_name(picture, nearby.view, room, text("picture_lake", language))
    write_street_names(picture, nearby.view, room)
    return as_png(picture)


def _square(centre: Point, radius: float) -> Box:
    return Box.around(centre, 2 * radius, 2 * radius)


def _painted(nearby: Nearby, pins: Sequence[Pin], language: str) -> Image.Image:
    """Return the picture without any words."""
    canvas = Canvas(_SIZE, _SIZE)
    paint_ground(canvas, nearby.view)
    if nearby.here:
        for _, radius in _rings(nearby.view):
            canvas.dashed_circle(nearby.here, radius, _RING, 1.5)
        canvas.circle(nearby.here, _HERE_HALO, _HERE_PALE)
        canvas.circle(nearby.here, _HERE_RADIUS + 2, PAPER)
        canvas.circle(nearby.here, _HERE_RADIUS, _HERE)
    bar = _scale_bar(nearby.view)
    canvas.rectangle(bar.inset(-1.5), LAND)
    canvas.rectangle(bar, INK)
    _paint_pins(canvas, nearby, pins)
    canvas.rectangle(_LEGEND, PAPER)
    for kind, dot, _ in _legend(language):
        canvas.circle(dot, _DOT_RADIUS, KIND_COLOURS[kind])
    return canvas.finished()


def _paint_pins(canvas: Canvas, nearby: Nearby, pins: Sequence[Pin]) -> None:
    """Draw what points to a spot before the heads, so that it never hides one."""
    radius = nearby.radius
    drawn = [
        (KIND_COLOURS[pin.kind], spot, head, math.dist(spot, head) <= _TAIL * radius)
        for pin, spot, head in zip(pins, nearby.spots, nearby.heads, strict=True)
    ]
    for colour, spot, head, is_near in drawn:
        if is_near:
            canvas.polygon(_tail(spot, head, radius, _RIM), PAPER)
        else:
            canvas.line([spot, head], PAPER, 5, joined=False)
            canvas.line([spot, head], colour, 2, joined=False)
            canvas.circle(spot, _SPOT_RADIUS + 1.5, PAPER)
            canvas.circle(spot, _SPOT_RADIUS, colour)
    for colour, spot, head, is_near in drawn:
        canvas.circle(head, radius + _RIM, PAPER)
        canvas.circle(head, radius, colour)
        if is_near:
            canvas.polygon(_tail(spot, head, radius, 0), colour)


def _tail(spot: Point, head: Point, radius: float, rim: float) -> list[Point]:
    """Return the triangle from a spot to where its lines touch the head."""
    distance = math.dist(spot, head)
    towards = math.atan2(spot[1] - head[1], spot[0] - head[0])
    spread = math.acos(min(1.0, radius / distance))
    tip = distance + 1.5 * rim
    return [
        (head[0] + tip * math.cos(towards), head[1] + tip * math.sin(towards)),
        *(
            (head[0] + (radius + rim) * math.cos(a), head[1] + (radius + rim) * math.sin(a))
            for a in (towards - spread, towards + spread)
        ),
    ]


def _write_numbers(picture: Image.Image, nearby: Nearby, pins: Sequence[Pin]) -> None:
    if nearby.radius < _NUMBERED_HEAD:
        return
    for pin, head in zip(pins, nearby.heads, strict=True):
        number = str(pin.number)
        size = round(nearby.radius * (1.2 if len(number) < 3 else 0.85))
        write(picture, head, number, size, PAPER, bold=True)


def _write_here(picture: Image.Image, here: Point, name: str, room: Room) -> None:
    """Write "You are here" to the right, left, below or above, where there is room."""
    width, height = text_width(name, _HERE_SIZE) + 12, _HERE_SIZE + 8
    away = _HERE_HALO + 2
    centres = (
        (here[0] + away + width / 2, here[1]),
        (here[0] - away - width / 2, here[1]),
        (here[0], here[1] + away + height / 2),
        (here[0], here[1] - away - height / 2),
    )
    for centre in centres:
        if room.take(Box.around(centre, width, height)):
            write(picture, centre, name, _HERE_SIZE, _HERE, halo=PAPER, bold=True)
            return


def _rings(view: View) -> Iterator[tuple[float, float]]:
    """Yield the miles and the radius in pixels of each ring around "here"."""
    least, greatest = _RING_RADII
    for miles in _RING_MILES:
        if least <= miles * view.scale <= greatest:
            yield miles, miles * view.scale


def _write_ring_names(
    picture: Image.Image, view: View, here: Point, room: Room, language: str
) -> None:
    """Name each ring on its line: at the top, or else at the nearest place that is free."""
    for miles, radius in _rings(view):
        name = _miles(miles, language)
        width = text_width(name, _MILES_SIZE) + 8
        for degrees in _RING_NAME_AT:
            turn = math.radians(degrees)
            centre = here[0] + radius * math.sin(turn), here[1] - radius * math.cos(turn)
            if room.take(Box.around(centre, width, _MILES_SIZE + 6)):
                write(picture, centre, name, _MILES_SIZE, _RING_INK, halo=PAPER)
                break


def _miles(miles: float, language: str) -> str:
    return text("miles", language, number=f"{miles:g}")


def _scale_miles(view: View) -> float:
    return max(miles for miles in (0.1, *_RING_MILES) if miles * view.scale <= _SCALE_WIDTH)


def _scale_bar(view: View) -> Box:
    width = _scale_miles(view) * view.scale
    return Box(18, _MAP.bottom - 20, 18 + width, _MAP.bottom - 16)


def _scale_box(view: View) -> Box:
    """Return the room that the scale bar and its name take."""
    bar = _scale_bar(view)
    return Box(bar.left - 6, bar.top - 28, bar.right + 6, bar.bottom + 6)


def _write_scale(picture: Image.Image, view: View, language: str) -> None:
    bar = _scale_bar(view)
    centre = bar.centre[0], bar.top - 14
    name = _miles(_scale_miles(view), language)
    write(picture, centre, name, _MILES_SIZE, INK, halo=LAND)


def _legend(language: str) -> Iterator[tuple[str, Point, Point]]:
    """Yield each kind, the middle of its dot and the middle of its name, evenly over the width."""
    names = kind_names(language)
    widths = {kind: text_width(name, _LEGEND_SIZE) for kind, name in names.items()}
    dot = 2 * _DOT_RADIUS + 8
    room = _SIZE - sum(widths.values()) - dot * len(widths)
    gap = room / (len(widths) + 1)
    x, y = gap, _LEGEND.centre[1]
    for kind, width in widths.items():
        yield kind, (x + _DOT_RADIUS, y), (x + dot + width / 2, y)
        x += dot + width + gap


def _write_legend(picture: Image.Image, language: str) -> None:
    names = kind_names(language)
    for kind, _, centre in _legend(language):
        write(picture, centre, names[kind], _LEGEND_SIZE, INK)
