"""How long a place look-up takes, beside its budget."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import yaml

from actions.healing_map.places import find_places
from tests.bench.report import Figure, Report

BUDGET_MS = 1.0
"""For one look-up, median."""

_EXPRESSIONS = Path(__file__).parents[1] / "actions" / "healing_map" / "places.yml"
_ROUNDS = 5


def measure(report: Report, small: bool) -> None:
    """Add the first look-up, which loads the tables, and the median and worst of the later ones.

    It is quick, so that the small form is the same.
    """
    expressions = yaml.safe_load(_EXPRESSIONS.read_text(encoding="utf-8"))
    texts = [expression["text"] for expression in expressions]
    first = _milliseconds("63rd and Halsted")
    rounds = [[_milliseconds(text) for text in texts] for _ in range(_ROUNDS)]
    medians = tuple(statistics.median(times) for times in rounds)
    report.add(
        Figure(f"median of {len(texts)} expressions", medians, "ms", BUDGET_MS),
        Figure("the slowest of them", tuple(map(max, rounds)), "ms"),
        Figure("the first one, with loading the tables", (first,), "ms"),
    )


def _milliseconds(text: str) -> float:
    start = time.perf_counter()
    find_places(text)
    return (time.perf_counter() - start) * 1000
