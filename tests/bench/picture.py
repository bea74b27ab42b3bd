"""How long a map picture takes to draw, beside its budget."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from actions.healing_map.areas import AREAS
from actions.healing_map.picture import Pin, draw_city, draw_nearby
from actions.healing_map.picture_style import KIND_COLOURS
from tests.bench.report import Figure, Report

BUDGET_MS = 150.0
"""For one picture, median."""

_ROUNDS = 15
_HERE = (41.8020, -87.6100)


def measure(report: Report, small: bool) -> None:
    """Add a figure for each kind of picture; it is quick, so that the small form is the same."""
    chance = random.Random(1)
    counts = {
        area.name: {kind: chance.randint(0, 5) for kind in KIND_COLOURS}
        for area in chance.sample(AREAS, 50)
    }
    pictures = {
        "5 pins within 1 mile": _nearby(chance, 5, 0.006),
        "10 pins within 3 miles": _nearby(chance, 10, 0.02),
        "10 pins over the city": _nearby(chance, 10, 0.08),
        "the whole city, 50 areas": lambda: draw_city(counts, "es"),
    }
    for name, draw in pictures.items():
        draw()  # the first one loads the streets and the letters
        times = tuple(_milliseconds(draw) for _ in range(_ROUNDS))
        report.add(Figure(name, times, "ms", BUDGET_MS))


def _nearby(chance: random.Random, number: int, spread: float) -> Callable[[], bytes]:
    pins = [
        Pin(
            n + 1,
            chance.choice(list(KIND_COLOURS)),
            _HERE[0] + chance.uniform(-spread, spread),
            _HERE[1] - chance.uniform(-spread / 2, spread * 1.5),
        )
        for n in range(number)
    ]
    return lambda: draw_nearby(_HERE, pins, "en")


def _milliseconds(draw: Callable[[], bytes]) -> float:
    began = time.perf_counter()
    draw()
    return (time.perf_counter() - began) * 1000
