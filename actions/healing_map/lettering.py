"""Letters for pictures, from the font that Pillow carries.

That font (Pillow 12.3.0: Aileron) holds only ASCII and a few signs, and neither "á" nor "ñ": an
accent is set over its letter from the font's own "´" and "~", and an accented i loses its dot.
"""

from __future__ import annotations

import math
import unicodedata
from functools import cache, lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

Colour = str
Point = tuple[float, float]

_CAPITAL = 0.7
"""The height of a capital letter, in font sizes."""
_SMALL = 0.53
"""The height of a small letter such as x."""
_DOT = 0.56
"""Where the dot of an i begins."""

_ACCENTS = {"\N{COMBINING ACUTE ACCENT}": "´", "\N{COMBINING TILDE}": "~"}
_ACCENT_FOOT = {"´": 0.57, "~": 0.19}
"""How high over the baseline an accent's glyph begins of itself."""
_GAP = 0.05
"""Between a letter and its accent."""


def text_width(text: str, size: int) -> float:
    """Return how many pixels wide a line of text is."""
    return _font(size).getlength(_split(text)[0])


def write(
    picture: Image.Image,
    centre: Point,
    text: str,
    size: int,
    colour: Colour,
    *,
    halo: Colour | None = None,
    bold: bool = False,
    turned: float = 0.0,
) -> None:
    """Write one line of text; its capital letters have their middle at `centre`.

    Args:
        picture: what to write on.
        centre: where, in pixels.
        text: ASCII, and letters with an acute accent or a tilde.
        size: the size of the font in pixels.
        colour: of the letters.
        halo: the colour of a rim around the letters that keeps them readable on a busy ground.
        bold: whether the strokes are thicker.
        turned: degrees by which the line is turned anticlockwise.
    """
    weight = size / 40 if bold else 0.0
    layers = [(colour, weight)]
    if halo is not None:
        layers.insert(0, (halo, weight + size / 7))
    for layer_colour, stroke in layers:
        mask = _mask(text, size, stroke, turned)
        corner = round(centre[0] - mask.width / 2), round(centre[1] - mask.height / 2)
        picture.paste(layer_colour, corner, mask)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # as it is wherever Pillow has FreeType
    return font


@lru_cache(maxsize=1024)
def _mask(text: str, size: int, stroke: float, turned: float) -> Image.Image:
    """Return the line's shape with the middle of its capital letters at the shape's centre."""
    font, (letters, accents) = _font(size), _split(text)
    half_height = math.ceil(size * 0.75 + stroke)
    baseline = half_height + size * _CAPITAL / 2
    pad = math.ceil(stroke) + 1
    mask = Image.new("L", (math.ceil(font.getlength(letters)) + 2 * pad, 2 * half_height))
    ImageDraw.Draw(mask).text(
        (pad, baseline), letters, fill=255, font=font, anchor="ls", stroke_width=stroke
    )
    for index, accent in accents:
        start = pad + font.getlength(letters[:index])
        width = font.getlength(letters[index])
        if letters[index] == "i":
            dot = (round(start - 1), 0, round(start + width), round(baseline - size * _DOT))
            mask.paste(0, dot)
        top = _CAPITAL if letters[index].isupper() else _SMALL
        rise = size * (top + _GAP - _ACCENT_FOOT[accent])
        layer = Image.new("L", mask.size)
        ImageDraw.Draw(layer).text(
            (start + width / 2, baseline - rise),
            accent,
            fill=255,
            font=font,
            anchor="ms",
            stroke_width=stroke,
        )
        mask = ImageChops.lighter(mask, layer)
    if turned:
        mask = mask.rotate(turned, Image.Resampling.BICUBIC, expand=True)
    return mask


def _split(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return the bare letters, and which of them wear which accent."""
    letters, accents = "", []
    for character in unicodedata.normalize("NFD", text):
        if character in _ACCENTS:
            accents.append((len(letters) - 1, _ACCENTS[character]))
        else:
            letters += character
    return letters, accents
