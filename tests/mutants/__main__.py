"""Changes our own code in small ways and counts how many of the changes the tests notice.

Run it with `make mutants`. mutmut makes the changed functions (mutants), finds the tests that call
each, and runs them ([tool.mutmut] in pyproject.toml says on which code). All of them take a day, so
a sample is tried that is the same for the same seed; OPTIONS="--all" tries them all,
OPTIONS="--only nlu" one part. What survived is written as diffs, to be looked at one by one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

from mutmut.__main__ import create_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import (
    copy_also_copy_files,
    copy_src_dir,
    walk_mutatable_files,
)

from bot.settings import ROOT
from bot.training import ensure_model

_PARTS = {"healing_map": "actions.healing_map.", "nlu": "nlu.", "once": "bot.telegram."}
"""The parts that are tried, by what the names of their mutants begin with."""

_NOTICED = ("killed", "timeout", "segfault")
"""What mutmut says of a mutant that the tests noticed; one that never ends was noticed as well."""

_WANTED = 0.85
_MUTANTS = ROOT / "mutants"
_SURVIVORS = ROOT / "var" / "mutants" / "survivors.diff"


def main() -> int:
    """Try the mutants that are asked for and print what became of them; 1 says: too few noticed."""
    options = _options()
    os.chdir(ROOT)
    print("Making the mutants ...", file=sys.stderr, flush=True)
    _make_mutants()
    _give_model()
    names = _chosen(options)
    print(f"Trying {len(names)} mutants ...", file=sys.stderr, flush=True)
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count()), *names],
        env=os.environ | {"MUTANT_UNDER_TEST": ""},
        check=True,
    )
    outcomes = _outcomes()
    return _report({name: outcomes[name] for name in names})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.split("\n")[0])
    parser.add_argument("--only", choices=list(_PARTS), action="append", help="try one part only")
    parser.add_argument("--sample", type=int, default=400, help="how many of each part")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--all", action="store_true", help="try every mutant, which takes a day")
    return parser.parse_args()


def _make_mutants() -> None:
    shutil.rmtree(_MUTANTS, ignore_errors=True)
    _MUTANTS.mkdir()
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(os.cpu_count() or 1)


def _give_model() -> None:
    """Give the mutants the trained model, which their changed code would have to train anew."""
    program = "from bot.training import model_path; print(model_path())"
    asked = subprocess.run(
        [sys.executable, "-c", program],
        cwd=_MUTANTS,
        env=os.environ | {"MUTANT_UNDER_TEST": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    path = Path(asked.stdout.strip())
    path.parent.mkdir(exist_ok=True)
    shutil.copy(ensure_model(), path)


def _chosen(options: argparse.Namespace) -> list[str]:
    chosen = []
    for part in options.only or _PARTS:
        names = sorted(name for name in _outcomes() if name.startswith(_PARTS[part]))
        sample = len(names) if options.all else min(options.sample, len(names))
        chosen += Random(options.seed).sample(names, sample)
    return chosen


def _outcomes() -> dict[str, str]:
    """Return what became of every mutant, by its name."""
    outcomes = {}
    for path in walk_mutatable_files():
        tried = SourceFileMutationData(path=path)
        tried.load()
        outcomes |= {name: status_by_exit_code[it] for name, it in tried.exit_code_by_key.items()}
    return outcomes


def _report(outcomes: dict[str, str]) -> int:
    reached = True
    for part, prefix in _PARTS.items():
        counts = Counter(it for name, it in outcomes.items() if name.startswith(prefix))
        if counts:
            share = sum(counts[it] for it in _NOTICED) / counts.total()
            reached &= share >= _WANTED
            print(f"{part:12} {share:6.1%} of {counts.total()} noticed, {_in_words(counts)}")
    survivors = sorted(name for name, it in outcomes.items() if it not in _NOTICED)
    _SURVIVORS.parent.mkdir(parents=True, exist_ok=True)
    _SURVIVORS.write_text(
        "\n".join(f"# {outcomes[it]}: {it}\n{get_diff_for_mutant(it)}" for it in survivors),
        encoding="utf-8",
    )
    print(f"What was not noticed: {_SURVIVORS}")
    return 0 if reached else 1


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {status}" for status, number in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
