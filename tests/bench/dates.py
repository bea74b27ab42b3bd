"""How long it takes to read a date, beside its budget.

Run it with `python -m tests.bench.dates`.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import yaml

from actions.clock import CHICAGO
from actions.healing_map.dates import find_span

BUDGET_MS = 1.0
"""For one expression, median."""

WORST_MS = 10.0
"""For any text at all."""

_EXPRESSIONS = Path(__file__).parents[1] / "actions" / "healing_map" / "dates.yml"
_NOW = datetime(2020, 12, 8, 10, tzinfo=CHICAGO)
_ROUNDS = 5
_JUMBLES = 2000


def main() -> None:
    """Print the times for the expressions of dates.yml, and for jumbles of their words."""
    sets = yaml.load(_EXPRESSIONS.read_text(encoding="utf-8"), yaml.CBaseLoader)
    texts = {
        language: [text for part in sets[language].values() for text in part] for language in sets
    }
    for language, expressions in texts.items():
        _report(f"{len(expressions)} expressions, {language}", expressions * _ROUNDS, language)
    print(f"  budget: median {BUDGET_MS} ms")
    words = " ".join(text for expressions in texts.values() for text in expressions).split()
    chance = random.Random(1)
    jumbles = [" ".join(chance.choices(words, k=chance.randint(5, 700))) for _ in range(_JUMBLES)]
    _report(f"{_JUMBLES} jumbles of up to 700 date words", jumbles, "en")
    print(f"  budget: worst {WORST_MS} ms of processor time")


def _report(name: str, texts: Iterable[str], language: str) -> None:
    times = [_milliseconds(text, language) for text in texts]
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{name}: median {statistics.median(times):.2f} ms, 95th percentile {cuts[94]:.2f} ms, "
        f"99th {cuts[98]:.2f} ms, worst {max(times):.1f} ms"
    )


def _milliseconds(text: str, language: str) -> float:
    start = time.thread_time()
    find_span(text, _NOW, language)
    return (time.thread_time() - start) * 1000


if __name__ == "__main__":
    main()
