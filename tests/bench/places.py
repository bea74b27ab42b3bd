"""How long a place look-up takes, beside its budget.

Run it with `python -m tests.bench.places`.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import yaml

from actions.healing_map.places import find_places

BUDGET_MS = 1.0
"""For one look-up, median."""

_EXPRESSIONS = Path(__file__).parents[1] / "actions" / "healing_map" / "places.yml"
_ROUNDS = 5


def main() -> None:
    """Print how long the first look-up takes, which loads the tables, and the later ones."""
    expressions = yaml.safe_load(_EXPRESSIONS.read_text(encoding="utf-8"))
    texts = [expression["text"] for expression in expressions]
    print(f"the first look-up, with loading: {_milliseconds('63rd and Halsted'):.0f} ms")
    times = [_milliseconds(text) for _ in range(_ROUNDS) for text in texts]
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{len(texts)} expressions: median {statistics.median(times):.3f} ms "
        f"(budget {BUDGET_MS} ms), 95th percentile {cuts[94]:.2f} ms, worst {max(times):.1f} ms"
    )


def _milliseconds(text: str) -> float:
    start = time.perf_counter()
    find_places(text)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
