"""The figures of `make evaluate` as text: about two screens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.understanding import form_time, measures
from tests.understanding.benchmarks import SEEDS, SHOTS, Score
from tests.understanding.form_time import FormReading, form_shares, share_right, taken_for_table
from tests.understanding.held_back import LANGUAGES
from tests.understanding.measures import (
    GROUPS,
    OUTCOMES,
    Reading,
    confusions,
    f1_by_intent,
    outcome_shares,
    shares,
)

AT_LEAST, AT_MOST = "at least", "at most"
GOALS = {
    measures.RIGHT: (AT_LEAST, 0.90),
    measures.RIGHT_OR_OFFERED: (AT_LEAST, 0.97),
    measures.WRONG: (AT_MOST, 0.03),
    measures.OUTSIDE_ANSWERED: (AT_MOST, 0.02),
    measures.CRISIS_CAUGHT: (AT_LEAST, 0.99),
    measures.FALSE_ALARMS: (AT_MOST, 0.005),
    form_time.ANSWERS_LOST: (AT_MOST, 0.02),
    form_time.INTERRUPTIONS: (AT_LEAST, 0.95),
}
"""What the project wants to reach on unseen texts."""

MOST_CONFUSIONS = 24
_MEAN_F1 = "mean F1 of the intents"
_F1_COLUMNS, _CONFUSION_COLUMNS = 3, 2


@dataclass(frozen=True)
class Measured:
    """Everything that was measured.

    Attributes:
        readings: what was made of the texts typed outside of any form.
        form_readings: what was made of those typed while a form asks.
        scores: of the public benchmarks whose files were given, by name.
    """

    readings: Sequence[Reading]
    form_readings: Sequence[FormReading]
    scores: Mapping[str, Score]


def report(measured: Measured) -> str:
    """Return the whole report."""
    sections = [
        _outside_of_forms(measured.readings),
        _outcomes(measured.readings),
        _intents(measured.readings),
        _confusions(measured.readings),
        _while_a_form_asks(measured.form_readings),
        _taken_for(measured.form_readings),
        _benchmarks(measured.scores),
    ]
    return "\n\n".join(section for section in sections if section)


def _outside_of_forms(readings: Sequence[Reading]) -> str:
    parts = {
        **{it: [r for r in readings if r.utterance.language == it] for it in LANGUAGES},
        "both": readings,
    }
    columns = {name: {**shares(part), _MEAN_F1: _mean_f1(part)} for name, part in parts.items()}
    return _measure_table(f"{len(readings)} held-back texts", columns)


def _mean_f1(readings: Sequence[Reading]) -> float:
    f1 = f1_by_intent(readings)
    return sum(f1.values()) / max(len(f1), 1)


def _while_a_form_asks(readings: Sequence[FormReading]) -> str:
    parts = {
        **{it: [r for r in readings if r.utterance.language == it] for it in LANGUAGES},
        "both": readings,
        "untuned": [r for r in readings if r.utterance.untuned],
    }
    columns = {name: form_shares(part) for name, part in parts.items()}
    return _measure_table(f"{len(readings)} typed while a form asks", columns)


def _measure_table(title: str, columns: Mapping[str, Mapping[str, float]]) -> str:
    heads = "".join(f"{name:>9}" for name in columns)
    lines = [f"{title:<38}{'goal':>16}{heads}"]
    for name in next(iter(columns.values())):
        goal = f"{GOALS[name][0]} {GOALS[name][1]:.1%}" if name in GOALS else ""
        cells = "".join(f"{column[name]:>9.1%}" for column in columns.values())
        lines.append(f"  {name:<36}{goal:>16}{cells}")
    return "\n".join(lines)


def _outcomes(readings: Sequence[Reading]) -> str:
    rows = [(group, language) for group in GROUPS for language in LANGUAGES]
    columns = [
        outcome_shares([it for it in readings if (it.group, it.utterance.language) == row])
        for row in rows
    ]
    heads = "".join(f"{group + ' ' + language:>12}" for group, language in rows)
    lines = [f"{'What became of texts':<25}{heads}"]
    for outcome in OUTCOMES:
        cells = "".join(f"{column[outcome]:>12.1%}" for column in columns)
        lines.append(f"  {outcome:<23}{cells}")
    return "\n".join(lines)


def _intents(readings: Sequence[Reading]) -> str:
    worst_first = sorted(f1_by_intent(readings).items(), key=lambda it: (it[1], it[0]))
    cells = [f"{f1:.2f} {intent}" for intent, f1 in worst_first]
    return "F1 of each intent, the lowest first\n" + _in_columns(cells, _F1_COLUMNS)


def _confusions(readings: Sequence[Reading]) -> str:
    found = confusions(readings)[:MOST_CONFUSIONS]
    cells = [f"{it.times:>4} {it.meant} > {it.taken_for}" for it in found]
    title = "Most frequent confusions: what was meant > what it was taken for\n"
    return title + _in_columns(cells, _CONFUSION_COLUMNS)


def _in_columns(cells: Sequence[str], columns: int) -> str:
    height, width = math.ceil(len(cells) / columns), max(map(len, cells), default=0)
    rows = [[cell.ljust(width) for cell in cells[row::height]] for row in range(height)]
    return "\n".join(f"  {'  '.join(row)}".rstrip() for row in rows)


def _taken_for(readings: Sequence[FormReading]) -> str:
    table = taken_for_table(readings)
    heads = "".join(f"{name:>11}" for name in (*form_time.TAKEN_FOR, "understood"))
    lines = [f"{'In a form':<12}{heads}"]
    for kind, times in table.items():
        cells = "".join(f"{times[name]:>11}" for name in form_time.TAKEN_FOR)
        lines.append(f"  {kind:<10}{cells}{share_right(readings, kind):>11.1%}")
    return "\n".join(lines)


def _benchmarks(scores: Mapping[str, Score]) -> str:
    if not scores:
        return ""
    title = f"{SHOTS} examples an intent, mean of {len(SEEDS)}"
    lines = [f"{title:<38}{'accuracy':>16}{'outside found':>16}{'AUROC':>9}"]
    for name, score in scores.items():
        has_outside = not math.isnan(score.outside_recall)
        outside = f"{score.outside_recall:>16.1%}{score.outside_auroc:>9.3f}" if has_outside else ""
        lines.append(f"  {name:<36}{score.accuracy:>16.1%}{outside}")
    return "\n".join(lines)
