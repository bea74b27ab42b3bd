"""How long a map picture takes to draw, beside its budget.

Run it with `python -m tests.bench.picture`.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from actions.healing_map.areas import AREAS
from actions.healing_map.picture import Pin, draw_city, draw_nearby
from actions.healing_map.picture_style import KIND_COLOURS

BUDGET_MS = 150.0
"""For one picture, median."""

_ROUNDS = 15
_HERE = (41.8020, -87.6100)


def main() -> None:
    """Print a line a kind of picture."""
    chance = random.Random(1)
    counts = {
        area.name: {kind: chance.randint(0, 5) for kind in KIND_COLOURS}
        for area in chance.sample(AREAS, 50)
    }
    _measure("nearby, 5 pins within 1 mile", _nearby(chance, 5, 0.006))
    _measure("nearby, 10 pins within 3 miles", _nearby(chance, 10, 0.02))
    _measure("nearby, 10 pins over the city", _nearby(chance, 10, 0.08))
    _measure("the whole city, 50 areas", lambda: draw_city(counts, "es"))


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


def _measure(name: str, draw: Callable[[], bytes]) -> None:
    size = len(draw())
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        draw()
        times.append((time.perf_counter() - began) * 1000)
    print(
        f"  {name:32} median {statistics.median(times):6.1f} ms   budget {BUDGET_MS:.0f} ms"
        f"   {size / 1000:.0f} kB"
    )


if __name__ == "__main__":
    main()
