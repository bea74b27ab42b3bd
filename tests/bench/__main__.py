"""Measures everything that has a budget, beside the stock set-up and beside the floor.

Run it with `make bench`; OPTIONS="--small" is quick, OPTIONS="--only turns" measures one part, and
OPTIONS="--day" adds a campaign's whole day, which takes long.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.settings import ROOT
from tests.bench import dates, picture, places, search
from tests.bench.report import Report

Measure = Callable[[Report, bool], None]
"""Adds what it finds to a report; the second says whether the small form is enough."""

_PARTS: dict[str, Measure] = {
    "places": places.measure,
    "dates": dates.measure,
    "picture": picture.measure,
    "search": search.measure,
}
_FOLDER = ROOT / "var" / "bench"


def main() -> None:
    """Measure the parts that are asked for, print the table, and write the JSON and the curves."""
    options = _options()
    report = Report()
    for name in options.only or _PARTS:
        started = time.monotonic()
        print(f"Measuring: {name} ...", file=sys.stderr, flush=True)
        _PARTS[name](report, options.small)
        seconds = time.monotonic() - started
        print(f"Measured: {name}, in {seconds:.0f} s", file=sys.stderr, flush=True)
    print(report.table())
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / "report.json").write_text(report.to_json(), encoding="utf-8")
    report.draw(options.folder)
    print(f"As JSON, with the curves: {options.folder}", file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--small", action="store_true", help="fewer repeats and smaller sizes")
    parser.add_argument(
        "--only", nargs="+", choices=_PARTS, metavar="PART", help=f"of: {', '.join(_PARTS)}"
    )
    parser.add_argument(
        "--folder", type=Path, default=_FOLDER, help="for the JSON and the curves (var/bench)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
