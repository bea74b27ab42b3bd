"""How long it takes to read a date, beside its budget."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import yaml

from actions.clock import CHICAGO
from actions.healing_map.dates import find_span
from tests.bench.report import Figure, Report

BUDGET_MS = 1.0
"""For one expression, median."""

WORST_MS = 10.0
"""For any text at all."""

_EXPRESSIONS = Path(__file__).parents[1] / "actions" / "healing_map" / "dates.yml"
_NOW = datetime(2020, 12, 8, 10, tzinfo=CHICAGO)
_ROUNDS = 5
_JUMBLES = 2000
_JUMBLES_IF_SMALL = 400
_MOST_WORDS = 700


def measure(report: Report, small: bool) -> None:
    """Add the processor time for the expressions of dates.yml, and for jumbles of their words."""
    sets = yaml.load(_EXPRESSIONS.read_text(encoding="utf-8"), yaml.CBaseLoader)
    texts = {
        language: [text for part in sets[language].values() for text in part] for language in sets
    }
    for language, expressions in texts.items():
        rounds = [_times(expressions, language) for _ in range(_ROUNDS)]
        what = f"median of {len(expressions)} expressions, {language}"
        medians = tuple(statistics.median(times) for times in rounds)
        report.add(Figure(what, medians, "ms", BUDGET_MS))
    words = " ".join(text for expressions in texts.values() for text in expressions).split()
    number = _JUMBLES_IF_SMALL if small else _JUMBLES
    jumbles = _jumbles(words, number)
    worst = tuple(max(_times(jumbles, "en")) for _ in range(_ROUNDS))
    what = f"the slowest of {number} jumbles of up to {_MOST_WORDS} words"
    report.add(Figure(what, worst, "ms", WORST_MS))


def _jumbles(words: Sequence[str], number: int) -> list[str]:
    chance = random.Random(1)
    return [
        " ".join(chance.choices(words, k=chance.randint(5, _MOST_WORDS))) for _ in range(number)
    ]


def _times(texts: Sequence[str], language: str) -> list[float]:
    return [_milliseconds(text, language) for text in texts]


def _milliseconds(text: str, language: str) -> float:
    start = time.thread_time()
    find_span(text, _NOW, language)
    return (time.thread_time() - start) * 1000
