"""Runs the fault suite in its long form, and prints the figures: `make chaos`."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from bot.logs import prepare_libraries

prepare_libraries()

# The processes and this one make the same fingerprints.
os.environ["TWH_SECRET_KEY"] = "a secret of the tests' own"

from bot.training import ensure_model  # noqa: E402
from tests.chaos.run import MODES, Plan, run  # noqa: E402

_CHATS, _KILLS, _SECONDS = 100, 12, 120.0


def main() -> int:
    """Do the runs that the arguments ask for; return 1 if any was not good."""
    options = _options()
    ensure_model()
    modes = [options.mode] if options.mode else list(MODES)
    good = True
    for number in range(options.runs):
        for name in modes:
            good &= _run(Plan(MODES[name], options.seed + number, _CHATS, _KILLS, _SECONDS))
    print("good" if good else "NOT GOOD")
    return 0 if good else 1


def _run(plan: Plan) -> bool:
    """Do a run, and tell whether it was good; if not, what it leaves is kept."""
    print(f"{plan.mode.name}, seed {plan.seed}:", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="twh-chaos-"))
    try:
        report = run(plan, folder)
    except pytest.skip.Exception as missing:
        print(f"  not done: {missing}", flush=True)
        return False
    print(f"  {report}", flush=True)
    if report.is_good:
        shutil.rmtree(folder)
    else:
        print(f"  see {folder}", flush=True)
    return report.is_good


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="how many of each mode; 1 by default")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="of the first")
    parser.add_argument("--mode", choices=MODES, help="only this one; all by default")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
