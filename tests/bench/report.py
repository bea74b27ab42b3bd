"""What the benchmarks found: figures beside their budgets, and curves of what grows.

As a table for people, as JSON for programs, and each curve as a picture.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from matplotlib.figure import Figure as Drawing


@dataclass(frozen=True)
class Figure:
    """One figure, measured several times.

    Attributes:
        what: it is, in words; the first part names the set-up where there are several ("ours: ...",
            "stock: ...", "floor: ...").
        values: one for each repeat, in the order in which they were measured.
        unit: of the values, for instance "ms", "MB" or "times".
        budget: which the median must not exceed; None where there is none.
        at_least: whether the budget must be reached instead.
    """

    what: str
    values: tuple[float, ...]
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def median(self) -> float:
        """The middle of the values."""
        return statistics.median(self.values)

    @property
    def is_kept(self) -> bool | None:
        """Whether the budget is kept; None without one."""
        if self.budget is None:
            return None
        return self.median >= self.budget if self.at_least else self.median <= self.budget


@dataclass(frozen=True)
class Curve:
    """How something grows.

    Attributes:
        name: of the picture's file, without its ending.
        title: what is shown, in words.
        x: what it grows with, and its unit.
        y: what grows, and its unit.
        series: the points (x, y) by the name of their line.
        is_logarithmic: whether x is drawn by powers of ten.
    """

    name: str
    title: str
    x: str
    y: str
    series: dict[str, tuple[tuple[float, float], ...]]
    is_logarithmic: bool = False


@dataclass
class Report:
    """All that was found, in the order in which it was found."""

    figures: list[Figure] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)

    def table(self) -> str:
        """Return the figures, a line each, with median, spread, budget and verdict."""
        rows = [_row(figure) for figure in self.figures]
        heading = ("what", "median", "lowest to highest", "budget", "")
        widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(5)]
        return "\n".join(_line(row, widths) for row in (heading, *rows))

    def to_json(self) -> str:
        """Return everything, with the machine that it was measured on."""
        content = {
            "machine": {"cores": _cores(), "system": platform.platform()},
            "figures": [
                asdict(it) | {"median": it.median, "is_kept": it.is_kept} for it in self.figures
            ],
            "curves": [asdict(it) for it in self.curves],
        }
        return json.dumps(content, indent=1)

    def draw(self, folder: Path) -> list[Path]:
        """Draw each curve as an SVG in the folder, and return the files."""
        folder.mkdir(parents=True, exist_ok=True)
        return [_draw(curve, folder / f"{curve.name}.svg") for curve in self.curves]


def ratio(
    what: str, ours: Figure, theirs: Figure, budget: float | None = None, at_least: bool = False
) -> Figure:
    """Return how many times as much ours is, repeat by repeat."""
    pairs = zip(ours.values, theirs.values, strict=True)
    return Figure(what, tuple(it / other for it, other in pairs), "times", budget, at_least)


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "at least" if figure.at_least else "at most"
    lowest, highest = min(figure.values), max(figure.values)
    return (
        figure.what,
        f"{_number(figure.median)} {figure.unit}",
        f"{_number(lowest)} to {_number(highest)}" if lowest < highest else "",
        f"{sign} {_number(figure.budget)}" if figure.budget is not None else "",
        {None: "", True: "kept", False: "MISSED"}[figure.is_kept],
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _draw(curve: Curve, path: Path) -> Path:
    drawing = Drawing(figsize=(7, 4), constrained_layout=True)
    axes = drawing.subplots()
    for name, points in curve.series.items():
        axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=name)
    axes.set(title=curve.title, xlabel=curve.x, ylabel=curve.y)
    axes.set_ylim(bottom=0)
    if curve.is_logarithmic:
        axes.set_xscale("log")
    axes.grid(alpha=0.3)
    axes.legend()
    drawing.savefig(path, metadata={"Date": None})
    return path
