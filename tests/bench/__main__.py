"""Measures everything that has a budget, beside the stock set-up and beside the floor.

Run it with `make bench`; OPTIONS="--small" is quick, OPTIONS="--only turns" measures one part, and
OPTIONS="--day" adds a campaign's whole day, which takes long.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.logs import configure_logs
from bot.settings import ROOT
from tests.bench import (
    chats,
    dates,
    day,
    footprint,
    picture,
    places,
    search,
    telegram,
    turns,
)
from tests.bench.report import Report, cores

Measure = Callable[[Report, bool], None]
"""Adds what it finds to a report; the second says whether the small form is enough."""

_PARTS: dict[str, tuple[str, Measure]] = {
    "turns": ("a turn, beside the stock set-up", turns.measure),
    "chats": ("many chats that write at once, without Telegram", chats.measure),
    "telegram": ("a process behind a fake of Telegram, beside an echo bot", telegram.measure),
    "search": ("the map's search", search.measure),
    "places": ("looking up a place", places.measure),
    "dates": ("reading a date, processor time", dates.measure),
    "picture": ("drawing a map", picture.measure),
    "footprint": ("start, memory and training", footprint.measure),
}
_DAY: dict[str, tuple[str, Measure]] = {"day": ("a campaign's whole day", day.measure)}
_FOLDER = ROOT / "var" / "bench"


def main() -> None:
    """Measure the parts that are asked for, print the table, and write the JSON and the curves."""
    options = _options()
    configure_logs("WARNING")
    report = Report(notes=_about_other_work())
    parts = {name: it for name, it in _PARTS.items() if name in (options.only or _PARTS)}
    for name, (about, measure) in (parts | (_DAY if options.day else {})).items():
        _measure(report, name, about, measure, options.small)
    print(report.table())
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / "report.json").write_text(report.to_json(), encoding="utf-8")
    report.draw(options.folder)
    print(f"As JSON, with the curves: {options.folder}", file=sys.stderr)


def _measure(report: Report, name: str, about: str, measure: Measure, is_small: bool) -> None:
    # What other parts loaded is not searched for garbage in the middle of this one.
    gc.collect()
    gc.freeze()
    started = time.monotonic()
    print(f"Measuring: {name} ...", file=sys.stderr, flush=True)
    report.begin(name, about)
    measure(report, is_small)
    seconds = time.monotonic() - started
    print(f"Measured: {name}, in {seconds:.0f} s", file=sys.stderr, flush=True)


def _about_other_work() -> list[str]:
    """Say so where other work keeps the cores busy, because then no time means much."""
    load = os.getloadavg()[0]
    if load < cores() / 2:
        return []
    return [
        f"Other work was running at the start (load {load:.1f}, {cores()} cores): times are long."
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--small", action="store_true", help="fewer repeats and smaller sizes")
    parser.add_argument(
        "--only", nargs="+", choices=_PARTS, metavar="PART", help=f"of: {', '.join(_PARTS)}"
    )
    parser.add_argument("--day", action="store_true", help="also a campaign's day: 40 minutes")
    parser.add_argument(
        "--folder", type=Path, default=_FOLDER, help="for the JSON and the curves (var/bench)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
