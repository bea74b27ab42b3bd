"""What all map pictures share: colours, the legend's dots, the credit and the file."""

from __future__ import annotations

import io

from PIL import Image

from actions.healing_map.lettering import text_width, write
from actions.healing_map.map_ground import LAND
from actions.healing_map.map_view import Box
from actions.healing_map.models import KINDS
from actions.texts import text

KIND_COLOURS = {
    "dialogue": "#7A3EA1",
    "collaboration": "#12796B",
    "learning": "#C4570F",
    "connections": "#C1244E",
}
"""The colour of each kind of event; a dot in a text has the same (see event_words.py)."""

INK = "#2F2B36"
PALE_INK = "#625D6B"
PAPER = "#FFFFFF"

_CREDIT_SIZE = 14


def kind_names(language: str) -> dict[str, str]:
    """Return the name of each kind of event, in the order of the legend."""
    return {kind: text(f"kind_{kind}", language) for kind in KINDS}


def write_credit(picture: Image.Image, part: Box, language: str) -> Box:
    """Say in a corner of a part of the picture whose the boundaries are; return where."""
    credit = text("picture_credit", language)
    width = text_width(credit, _CREDIT_SIZE) + 8
    box = Box(part.right - width - 4, part.bottom - 22, part.right - 4, part.bottom - 4)
    write(picture, box.centre, credit, _CREDIT_SIZE, PALE_INK, halo=LAND)
    return box


def as_png(picture: Image.Image) -> bytes:
    """Return the picture as a file: a PNG of 256 colours.

    Measured on a picture of what is near (20 ms, 43 kB): all colours took 53 ms and 116 kB, and a
    JPEG of quality 85, in 1 ms, 80 kB and rings of noise around the letters.
    """
    file = io.BytesIO()
    palette = picture.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette.save(file, "PNG")
    return file.getvalue()
