"""The picture of the whole city: how many events of which kinds each community area has."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from actions.healing_map.areas import AREAS
from actions.healing_map.canvas import Canvas
from actions.healing_map.lettering import text_width, write
from actions.healing_map.map_ground import LAND, paint_ground, write_lake_name
from actions.healing_map.map_layout import Room, spread_circles
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

_WIDTH, _HEIGHT = 800, 1000
_TITLE = Box(0, 0, _WIDTH, 70)
_MAP = Box(0, _TITLE.bottom, _WIDTH, _HEIGHT)
_CITY = Box(28, 94, 772, 976)
"""What the whole city is fitted into."""
_LEGEND = Box(20, 700, 366, 980)
"""Over the suburbs in the south-west."""

_SMALLEST = 14.0
"""The radius of the circle of one event."""
_LARGEST = (36.0, 32.0, 28.0, 24.0, 20.0)
"""The radius of the greatest circle: the first that leaves all of them near their places."""
_FARTHEST = 14.0
"""Pixels that a circle may move: less than half a mile."""
_FEW = 9
"""While no area has more events than this, circles stay smaller than the greatest."""
_FULLEST = 90_000.0
"""Square pixels that all circles may cover, about a third of the city."""
_RIM = 1.5

_NAME_SIZE = 17
_LEGEND_SIZE = 25


@dataclass(frozen=True)
class Circle:
    """An area's events: where and how large their circle is, in pixels, and how many by kind."""

    area: str
    centre: Point
    radius: float
    counts: Mapping[str, int]


@dataclass(frozen=True)
class _Row:
    """A line of the legend, with the dot of a kind or without."""

    text: str
    kind: str | None = None


def city_view(frame: Box) -> View:
    """Return the view that fits the whole city into a frame."""
    corners = [point for area in AREAS for point in (area.bounds[:2], area.bounds[2:])]
    return view_of([(latitude, longitude) for longitude, latitude in corners], frame)


def lay_out_city(counts_by_area: Mapping[str, Mapping[str, int]]) -> list[Circle]:
    """Stand a circle on each area with events, the largest first, none over another."""
    view = city_view(_CITY)
    found = [
        (sum(counts.values()), area, counts)
        for area in AREAS
        if sum((counts := counts_by_area.get(area.name, {})).values()) > 0
    ]
    found.sort(key=lambda entry: (-entry[0], entry[1].number))
    wanted = [view.point(area.latitude, area.longitude) for _, area, _ in found]
    for largest in _LARGEST:
        radii = _radii([total for total, _, _ in found], largest)
        centres = spread_circles(wanted, radii, _MAP.inset(6), [_LEGEND])
        if all(math.dist(*pair) <= _FARTHEST for pair in zip(wanted, centres, strict=True)):
            break
    return [
        Circle(area.name, centre, radius, counts)
        for (_, area, counts), centre, radius in zip(found, centres, radii, strict=True)
    ]


def draw_city(counts_by_area: Mapping[str, Mapping[str, int]], language: str) -> bytes:
    """Draw the journey so far: the whole city, with a circle where an area has events.

    A circle's size tells how many they are, its slices of which kinds.

    Args:
        counts_by_area: the number of events by area and kind. Under "" stand those of no area in
            particular: the legend counts them.
        language: "en" or "es".

    Returns:
        A PNG of 800 by 1000 pixels.

    Raises:
        ValueError: there is no such area or no such kind.
    """
    _check(counts_by_area)
    circles = lay_out_city(counts_by_area)
    canvas = Canvas(_WIDTH, _HEIGHT)
    view = city_view(_CITY)
    paint_ground(canvas, view)
    canvas.rectangle(_TITLE, PAPER)
    for circle in circles:
        _paint(canvas, circle)
    legend = _legend(counts_by_area, language)
    _paint_legend(canvas, legend)
    picture = canvas.finished()

    write(picture, _TITLE.centre, text("picture_city_title", language), 34, INK, bold=True)
    for circle in circles:
        total = str(sum(circle.counts.values()))
        size = round(min(circle.radius * 1.1, circle.radius * 2.2 / len(total)))
        write(picture, circle.centre, total, size, PAPER, bold=True)
    _write_legend(picture, legend)
    # A circle leaves the corners of its square free: a name may reach a little into them.
    squares = [Box.around(each.centre, 1.8 * each.radius, 1.8 * each.radius) for each in circles]
    room = Room(_MAP.inset(4), [*squares, _LEGEND, write_credit(picture, _MAP, language)])
    _write_names(picture, circles, room)
    write_lake_name(picture, view, room, text("picture_lake", language))
    return as_png(picture)


def _check(counts_by_area: Mapping[str, Mapping[str, int]]) -> None:
    names = {area.name for area in AREAS} | {""}
    for area, counts in counts_by_area.items():
        if area not in names:
            raise ValueError(f"No community area: {area!r}")
        for kind in counts:
            if kind not in KINDS:
                raise ValueError(f"No kind of event: {kind!r}")


def _radii(totals: Sequence[int], largest: float) -> list[float]:
    """Return the circles' radii: they grow with the square root, and shrink where all are large."""
    if not totals:
        return []
    growth = (largest - _SMALLEST) / (math.sqrt(max(*totals, _FEW)) - 1)
    radii = [_SMALLEST + growth * (math.sqrt(total) - 1) for total in totals]
    surface = sum(math.pi * radius**2 for radius in radii)
    return [radius * min(1.0, math.sqrt(_FULLEST / surface)) for radius in radii]


def _paint(canvas: Canvas, circle: Circle) -> None:
    canvas.circle(circle.centre, circle.radius, PAPER)
    radius = circle.radius - _RIM
    total = sum(circle.counts.values())
    start = 0.0
    for kind in KINDS:
        part = circle.counts.get(kind, 0) / total * 360
        if part:
            canvas.slice(circle.centre, radius, start, start + part, KIND_COLOURS[kind])
        start += part


def _legend(counts_by_area: Mapping[str, Mapping[str, int]], language: str) -> list[_Row]:
    """Return what the legend says: how many events, in how many areas, and of which kinds."""
    names = kind_names(language)
    by_kind: Counter[str] = Counter()
    for counts in counts_by_area.values():
        by_kind.update(counts)
    total = sum(by_kind.values())
    if not total:
        return [
            _Row(text("picture_no_events", language)),
            *(_Row(name, kind) for kind, name in names.items()),
        ]
    areas = sum(bool(name) and any(counts.values()) for name, counts in counts_by_area.items())
    events = "picture_one_event" if total == 1 else "picture_events"
    rows = [
        _Row(text(events, language, number=str(total))),
        _Row(text("picture_areas", language, areas=str(areas))),
    ]
    if citywide := sum(counts_by_area.get("", {}).values()):
        rows.append(_Row(text("picture_citywide", language, number=str(citywide))))
    return [*rows, *(_Row(f"{name}: {by_kind[kind]}", kind) for kind, name in names.items())]


def _row_centre(row: int, rows: int) -> float:
    return _LEGEND.bottom - 32 - 36 * (rows - 1 - row)


def _paint_legend(canvas: Canvas, rows: Sequence[_Row]) -> None:
    canvas.rectangle(_LEGEND._replace(top=_row_centre(0, len(rows)) - 32), PAPER)
    for number, row in enumerate(rows):
        if row.kind:
            place = _LEGEND.left + 30, _row_centre(number, len(rows))
            canvas.circle(place, 10, KIND_COLOURS[row.kind])


def _write_legend(picture: Image.Image, rows: Sequence[_Row]) -> None:
    for number, row in enumerate(rows):
        left = _LEGEND.left + (52 if row.kind else 20)
        centre = left + text_width(row.text, _LEGEND_SIZE) / 2, _row_centre(number, len(rows))
        write(picture, centre, row.text, _LEGEND_SIZE, INK, bold=number == 0)


def _write_names(picture: Image.Image, circles: Sequence[Circle], room: Room) -> None:
    """Name as many areas as there is room for, those with most events first."""
    for circle in circles:
        x, y = circle.centre
        width = text_width(circle.area, _NAME_SIZE) + 4
        up, across = circle.radius + _NAME_SIZE * 0.6, circle.radius + width / 2
        places = [
            *((x + aside * width, y + up) for aside in (0, 0.25, -0.25)),
            *((x + aside * width, y - up) for aside in (0, 0.25, -0.25)),
            (x + across, y),
            (x - across, y),
        ]
        for centre in places:
            if room.take(Box.around(centre, width, _NAME_SIZE + 2)):
                write(picture, centre, circle.area, _NAME_SIZE, INK, halo=LAND)
                break
