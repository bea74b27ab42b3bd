"""The figures of `make evaluate` as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.understanding.form_time import KINDS, TAKEN_FOR, FormReading, taken_for_table
from tests.understanding.held_back import LANGUAGES
from tests.understanding.measures import (
    GROUPS,
    OUTCOMES,
    Reading,
    confusions,
    f1_by_intent,
    outcome_shares,
)
from tests.understanding.report import MOST_CONFUSIONS, Measured

_SIZE = (14, 13)  # inches
_DOTS = 90  # an inch
_COLOURS = ("#2f7d4f", "#c0392b", "#8fc7a3", "#e6a23c", "#8a8f98", "#5b4b8a")  # as OUTCOMES
_BAR = "#3b6ea5"


def draw(measured: Measured, path: Path) -> None:
    """Draw the F1 of each intent, the outcomes, the confusions and the form's table as a PNG."""
    figure = Figure(figsize=_SIZE, dpi=_DOTS)
    grid = figure.add_gridspec(3, 2, height_ratios=(3, 6, 4))
    _draw_f1(figure.add_subplot(grid[:, 0]), measured.readings)
    _draw_outcomes(figure.add_subplot(grid[0, 1]), measured.readings)
    _draw_confusions(figure.add_subplot(grid[1, 1]), measured.readings)
    _draw_form(figure.add_subplot(grid[2, 1]), measured.form_readings)
    figure.tight_layout(pad=2)
    figure.savefig(path)


def _draw_f1(axes: Axes, readings: Sequence[Reading]) -> None:
    best_last = sorted(f1_by_intent(readings).items(), key=lambda it: (-it[1], it[0]))
    intents, values = zip(*best_last, strict=True)
    bars = axes.barh(intents, values, color=_BAR)
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=7)
    axes.set(xlim=(0, 1.08), title="F1 of each intent, the lowest on top")
    axes.tick_params(axis="y", labelsize=7)
    axes.margins(y=0.01)


def _draw_outcomes(axes: Axes, readings: Sequence[Reading]) -> None:
    rows = [(group, language) for group in reversed(GROUPS) for language in reversed(LANGUAGES)]
    names = [f"{group}, {language}" for group, language in rows]
    parts = [
        outcome_shares([it for it in readings if (it.group, it.utterance.language) == row])
        for row in rows
    ]
    left = [0.0] * len(rows)
    for outcome, colour in zip(OUTCOMES, _COLOURS, strict=True):
        widths = [100 * part[outcome] for part in parts]
        axes.barh(names, widths, left=left, color=colour, label=outcome.replace("_", " "))
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set(xlim=(0, 100), title="What became of the texts, in percent")
    axes.legend(ncol=3, fontsize=7, loc="upper center", bbox_to_anchor=(0.45, -0.14), frameon=False)


def _draw_confusions(axes: Axes, readings: Sequence[Reading]) -> None:
    found = confusions(readings)[:MOST_CONFUSIONS][::-1]
    names = [f"{it.meant} taken for {it.taken_for}" for it in found]
    axes.barh(names, [it.times for it in found], color=_BAR)
    axes.set(title="Most frequent confusions, in texts")
    axes.tick_params(axis="y", labelsize=7)
    axes.locator_params(axis="x", integer=True)
    axes.margins(y=0.02)


def _draw_form(axes: Axes, readings: Sequence[FormReading]) -> None:
    table = taken_for_table(readings)
    shares = [
        [table[kind][name] / max(sum(table[kind].values()), 1) for name in TAKEN_FOR]
        for kind in KINDS
    ]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, kind in enumerate(KINDS):
        for column, name in enumerate(TAKEN_FOR):
            colour = "white" if shares[row][column] > 0.5 else "black"
            times = str(table[kind][name])
            axes.text(column, row, times, ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(range(len(TAKEN_FOR)), labels=TAKEN_FOR, fontsize=8)
    axes.set_yticks(range(len(KINDS)), labels=KINDS, fontsize=8)
    axes.set(title="In a form: meant (rows), taken for")
