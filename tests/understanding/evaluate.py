"""Measures how well texts are understood, as text and as a picture.

Run it with `make evaluate`, or `python -m tests.understanding.evaluate --help`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from bot.logs import configure_logs, prepare_libraries

prepare_libraries()

from actions.healing_map.database import IN_MEMORY, open_database  # noqa: E402
from actions.healing_map.migrations import migrate  # noqa: E402
from bot.assistant import Assistant  # noqa: E402
from bot.conversations import ConversationStore  # noqa: E402
from bot.errors import CommandError  # noqa: E402
from bot.settings import ROOT  # noqa: E402
from bot.training import ensure_model  # noqa: E402
from bot.unanswered import UnansweredQuestions  # noqa: E402
from tests.understanding.benchmarks import (  # noqa: E402
    Benchmark,
    BenchmarkError,
    read_banking77,
    read_clinc150,
    run,
)
from tests.understanding.form_time import read_all_in_form  # noqa: E402
from tests.understanding.held_back import read_form_time, read_held_back  # noqa: E402
from tests.understanding.measures import read_all  # noqa: E402
from tests.understanding.picture import draw  # noqa: E402
from tests.understanding.report import Measured, report  # noqa: E402

PICTURE = ROOT / "docs" / "pictures" / "understanding.png"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report and draw the picture; return 2 when a benchmark's file cannot be used."""
    options = _parser().parse_args(arguments)
    configure_logs("ERROR")
    try:
        benchmarks = _benchmarks(options)
        measured = _measure(benchmarks)
    except (BenchmarkError, CommandError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    print(report(measured))
    draw(measured, PICTURE)
    print(f"\nThe picture: {PICTURE.relative_to(ROOT)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument(
        "--banking77",
        type=Path,
        metavar="PATH",
        help="BANKING77's folder with train.csv and test.csv, or one such file",
    )
    parser.add_argument("--clinc150", type=Path, metavar="FILE", help="CLINC150's data_full.json")
    return parser


def _benchmarks(options: argparse.Namespace) -> list[Benchmark]:
    """Read the benchmarks that are asked for, before anything slow begins."""
    wanted = ((read_banking77, options.banking77), (read_clinc150, options.clinc150))
    return [read(path) for read, path in wanted if path]


def _measure(benchmarks: Sequence[Benchmark]) -> Measured:
    engine = open_database(IN_MEMORY)
    migrate(engine)
    nothing_kept = UnansweredQuestions(engine, is_on=False)
    assistant = Assistant(ensure_model(), ConversationStore(engine), nothing_kept)
    try:
        readings = read_all(assistant, tqdm(read_held_back(), "Held-back texts", disable=None))
        in_form = read_all_in_form(
            assistant, tqdm(read_form_time(), "Typed in a form", disable=None)
        )
    finally:
        assistant.close()
    return Measured(readings, in_form, {it.name: run(it) for it in benchmarks})


if __name__ == "__main__":
    sys.exit(main())
