"""What the pictures in the folder `pictures` show; `make pictures` draws them anew."""

from __future__ import annotations

from pathlib import Path

from actions.healing_map.picture import Pin, draw_city, draw_nearby

PICTURES = Path(__file__).with_name("pictures")

HERE = (41.8020, -87.6100)
PINS = [
    Pin(1, "dialogue", 41.8110, -87.6230),
    Pin(2, "collaboration", 41.8090, -87.5960),
    Pin(3, "learning", 41.7921, -87.6072),
    Pin(4, "connections", 41.7860, -87.5850),
    Pin(5, "dialogue", 41.7990, -87.5920),
]
AT_ONE_ADDRESS = [Pin(number, "learning", 41.7931, -87.6069) for number in range(95, 105)]
COUNTS = {
    "Englewood": {"dialogue": 12},
    "Loop": {"dialogue": 3, "collaboration": 1, "learning": 2, "connections": 1},
    "O'Hare": {"connections": 1},
    "Hegewisch": {},
}


def drawn() -> dict[str, bytes]:
    """Return each picture, as it is drawn now, by its file's name."""
    return {
        "nearby_en.png": draw_nearby(HERE, PINS, "en"),
        "nearby_es.png": draw_nearby((41.9633, -87.6390), PINS[:1], "es"),
        "one_address.png": draw_nearby(HERE, AT_ONE_ADDRESS, "en"),
        "nobody_asks.png": draw_nearby(None, PINS, "en"),
        "city_en.png": draw_city(COUNTS, "en"),
        "city_es.png": draw_city(COUNTS | {"": {"learning": 5}, "Uptown": {"learning": 2}}, "es"),
    }
