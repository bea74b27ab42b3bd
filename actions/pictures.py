"""Map pictures as actions ask for them: described in words and numbers, drawn when they are sent.

A conversation is stored with everything that was said in it; a description is small, a picture is
not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.healing_map.picture import Pin, draw_city, draw_nearby

Description = dict[str, Any]


def nearby_picture(
    here: tuple[float, float] | None, pins: Sequence[Pin], language: str, caption: str
) -> Description:
    """Describe the picture of what is near; `here` is in degrees, latitude first."""
    return {
        "here": here,
        "pins": [[pin.number, pin.kind, pin.latitude, pin.longitude] for pin in pins],
        "language": language,
        "caption": caption,
    }


def city_picture(
    counts: Mapping[str, Mapping[str, int]], language: str, caption: str
) -> Description:
    """Describe the picture of the whole city; counts by community area and kind."""
    return {"counts": counts, "language": language, "caption": caption}


def draw(description: Description) -> bytes:
    """Return the picture that was described, as PNG or JPEG; takes up to 0.15 s."""
    language = description["language"]
    if "counts" in description:
        return draw_city(description["counts"], language)
    here = description["here"]
    pins = [Pin(*values) for values in description["pins"]]
    return draw_nearby(tuple(here) if here else None, pins, language)
