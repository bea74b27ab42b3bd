"""Draws a conversation as it looks on a phone, as an SVG."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Iterator, Sequence
from html import escape

from tests.pictures.talk import Bubble

_WIDTH = 460
_BUBBLE = 360
_MARGIN = 12
_LINE = 19
_LETTERS = 46  # of the text's size, in a bubble; letters are of different widths, so a little less
_BUTTON = 30
_PICTURE = _BUBBLE  # they are square
_STYLE = (
    "text{font:14px system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;fill:#111}"
    ".b{font-weight:600}.t{fill:#2b5f8a;text-anchor:middle}"
)


def draw(bubbles: Sequence[Bubble]) -> str:
    """Return the SVG; it holds its pictures."""
    y, parts = _MARGIN, []
    for bubble in bubbles:
        height, drawn = _draw(bubble, y)
        parts += drawn
        y += height + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y}" role="img">'
        f"<style>{_STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{y}" fill="#dfe7ee"/>{"".join(parts)}</svg>\n'
    )


def _draw(bubble: Bubble, y: int) -> tuple[int, list[str]]:
    """Return the height of a bubble with its buttons, and its parts."""
    lines = list(_lines(bubble))
    picture = _PICTURE if bubble.picture else 0
    width = _BUBBLE if picture or not bubble.is_person else _width(lines)
    x = _WIDTH - _MARGIN - width if bubble.is_person else _MARGIN
    height = picture + len(lines) * _LINE + _MARGIN
    colour = "#d8f3c8" if bubble.is_person else "#fff"
    parts = [f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="12" fill="{colour}"/>']
    if bubble.picture:
        parts.append(_image(bubble.picture, x, y, width))
    for number, (line, is_bold) in enumerate(lines, start=1):
        bold = ' class="b"' if is_bold else ""
        at = f'x="{x + 10}" y="{y + picture + number * _LINE}"'
        parts.append(f"<text{bold} {at}>{escape(line)}</text>")
    for row in bubble.buttons:
        parts += _row(row, y + height + 4)
        height += _BUTTON + 4
    return height, parts


def _lines(bubble: Bubble) -> Iterator[tuple[str, bool]]:
    for text, is_bold in ((bubble.heading, True), (bubble.text, False)):
        for line in text.splitlines():
            yield from ((part, is_bold) for part in textwrap.wrap(line, _LETTERS) or [""])


def _width(lines: Sequence[tuple[str, bool]]) -> int:
    return min(_BUBBLE, 20 + 8 * max(len(line) for line, _ in lines))


def _image(picture: bytes, x: int, y: int, width: int) -> str:
    content = base64.b64encode(picture).decode()
    return (
        f'<image x="{x}" y="{y}" width="{width}" height="{_PICTURE}" '
        f'href="data:image/png;base64,{content}"/>'
    )


def _row(titles: Sequence[str], y: int) -> Iterator[str]:
    width = _BUBBLE / len(titles)
    for number, title in enumerate(titles):
        x = _MARGIN + number * width
        yield (
            f'<rect x="{x + 1:.0f}" y="{y}" width="{width - 2:.0f}" height="{_BUTTON}" rx="8" '
            f'fill="#f7fafc"/><text class="t" x="{x + width / 2:.0f}" y="{y + 20}">'
            f"{escape(title)}</text>"
        )
