"""A picture in the making: shapes, drawn at twice the size and reduced, so that edges are smooth.

All coordinates are pixels of the finished picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from actions.healing_map.map_view import Box, Point

_ZOOM = 2


class Canvas:
    """Takes shapes, the later over the earlier."""

    def __init__(self, width: int, height: int) -> None:
        self.box = Box(0, 0, width, height)
        self._large = Image.new("RGB", (width * _ZOOM, height * _ZOOM))
        self._draw = ImageDraw.Draw(self._large)

    def finished(self) -> Image.Image:
        """Return the picture at its final size."""
        return self._large.reduce(_ZOOM)

    def rectangle(self, box: Box, colour: str) -> None:
        """Fill a rectangle."""
        self._draw.rectangle([_ZOOM * value for value in box], fill=colour)

    def polygon(self, points: Sequence[Point], colour: str) -> None:
        """Fill a polygon."""
        self._draw.polygon(_zoomed(points), fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: float, *, joined: bool) -> None:
        """Draw a line; `joined` rounds its corners, which costs time and shows from 3 pixels on."""
        joint = "curve" if joined else None
        self._draw.line(_zoomed(points), fill=colour, width=round(width * _ZOOM), joint=joint)

    def circle(self, centre: Point, radius: float, colour: str) -> None:
        """Fill a circle."""
        self._draw.circle(_zoomed([centre])[0], radius * _ZOOM, fill=colour)

    def slice(self, centre: Point, radius: float, start: float, end: float, colour: str) -> None:
        """Fill a slice of a circle; the angles are in degrees, clockwise from the top."""
        box = [_ZOOM * value for value in Box.around(centre, 2 * radius, 2 * radius)]
        self._draw.pieslice(box, start - 90, end - 90, fill=colour)

    def dashed_circle(self, centre: Point, radius: float, colour: str, width: float) -> None:
        """Draw a circle of dashes of about 7 pixels."""
        dashes = max(8, round(2 * math.pi * radius / 14))
        for dash in range(dashes):
            # Straight lines: Pillow's arcs take a hundred times as long (45 ms a picture).
            ends = (2 * math.pi * (dash + part) / dashes for part in (0, 0.5))
            line = [
                (centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn))
                for turn in ends
            ]
            self.line(line, colour, width, joined=False)


def _zoomed(points: Sequence[Point]) -> list[Point]:
    return [(x * _ZOOM, y * _ZOOM) for x, y in points]
