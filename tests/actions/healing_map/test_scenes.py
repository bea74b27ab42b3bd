"""The pictures look as they did when somebody last looked at them."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

from tests.actions.healing_map.scenes import PICTURES, drawn

_VISIBLE = 48
"""Of 255: by how much a pixel has to differ to be seen; edges differ a little between machines."""
_FEW = 12
"""So many pixels in a picture may differ visibly."""


def visibly_different(one: Image.Image, other: Image.Image) -> int:
    """Count the pixels that look different."""
    red, green, blue = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[_VISIBLE + 1 :])


def test_every_picture_looks_as_it_did() -> None:
    for name, content in drawn().items():
        before, now = Image.open(PICTURES / name), Image.open(io.BytesIO(content))
        assert visibly_different(before, now) <= _FEW, (
            f"{name} has changed: `make pictures` draws it anew, then look at it"
        )


def test_a_picture_that_is_moved_by_a_pixel_is_seen() -> None:
    before = Image.open(PICTURES / "nearby_en.png").convert("RGB")
    moved = ImageChops.offset(before, 1, 0)
    assert visibly_different(before, moved) > _FEW
