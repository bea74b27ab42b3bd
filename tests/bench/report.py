"""What the benchmarks found: figures beside their budgets, and curves of what grows.

As a table for people, as JSON for programs, and each curve as a picture.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import matplotlib
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


@dataclass
class Part:
    """What was found of one part.

    Attributes:
        name: by which it is asked for.
        about: what is measured, in words.
        figures: the rows of the table, in the order in which they were found.
    """

    name: str
    about: str
    figures: list[Figure] = field(default_factory=list)


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
    """All that was found, in the order in which it was found.

    Attributes:
        parts: with the rows of the table.
        curves: what is drawn.
        notes: a sentence each, such as why something was not measured.
    """

    parts: list[Part] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begin(self, name: str, about: str) -> None:
        """Begin a part, to which all figures belong that are added from now on."""
        self.parts.append(Part(name, about))

    def add(self, *figures: Figure) -> None:
        """Add figures to the part that was begun last."""
        self.parts[-1].figures.extend(figures)

    def table(self) -> str:
        """Return the figures, a line each, with median, spread, budget and verdict; then notes.

        Each part has a line of its own above its figures.
        """
        heading = ("", "median", "lowest to highest", "budget", "")
        rows = {part.name: [_row(figure) for figure in part.figures] for part in self.parts}
        every = [heading, *itertools.chain(*rows.values())]
        widths = [max(map(len, column)) for column in zip(*every, strict=True)]
        lines = [_line(heading, widths)]
        for part in self.parts:
            lines += ["", f"{part.name}: {part.about}"]
            lines += [_line(row, widths) for row in rows[part.name]]
        return "\n".join([*lines, *([""] if self.notes else []), *self.notes])

    def to_json(self) -> str:
        """Return everything, with the machine that it was measured on."""
        content = {
            "machine": {"cores": cores(), "system": platform.platform()},
            "figures": [
                {"part": part.name, **asdict(it), "median": it.median, "is_kept": it.is_kept}
                for part in self.parts
                for it in part.figures
            ],
            "curves": [asdict(it) for it in self.curves],
            "notes": self.notes,
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


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "at least" if figure.at_least else "at most"
    lowest, highest = min(figure.values), max(figure.values)
    return (
        f"  {figure.what}",
        f"{_number(figure.median)} {figure.unit}",
        f"{_number(lowest)} to {_number(highest)}" if lowest < highest else "",
        f"{sign} {_number(figure.budget)}" if figure.budget is not None else "",
        {None: "", True: "kept", False: "MISSED"}[figure.is_kept],
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


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
    # The same curve is the same file: no date, and no names made up by chance.
    with matplotlib.rc_context({"svg.hashsalt": curve.name}):
        drawing.savefig(path, metadata={"Date": None})
    return path
