"""What the assistant takes to start, to run and to be trained, and what makes that grow.

Memory is what Linux counts as resident.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.healing_map.database import open_database
from actions.healing_map.migrations import migrate
from bot.settings import ROOT
from bot.training import ensure_model
from tests.bench.ours import SECRET
from tests.bench.report import Curve, Figure, Report
from tests.bench.search import NOW, fill
from tests.bench.trained import Training, copy_program, train
from tests.processes import PEAK, RESIDENT, inherited_environment, megabytes
from tests.understanding.held_back import read_held_back

START_S = 20.0
"""From the command to the first answer, with a trained model."""

MEMORY_MB = 800.0
"""Of the running assistant."""

TRAINING_S = 120.0
"""From nothing, with all examples."""

_REPEATS, _REPEATS_IF_SMALL = 3, 2
_PEOPLE = 10
_QUESTIONS = range(0, 500, 60)
"""Which of the held-back texts are asked: far enough apart to be about different things."""

_EVENTS = (0, 10_000, 1_000_000)
_SHARES = (0.25, 1.0)
_KEPT_MODELS = ROOT / "var" / "bench" / "models"
_NO_SAMPLE = {"TELEGRAM_BOT_TOKEN": "123:TEST"}
"""A map that could serve Telegram is never filled with the sample."""


@dataclass(frozen=True)
class Footprint:
    """What one process took.

    Attributes:
        start: seconds from the command to the first answer.
        start_processor: seconds of all cores together, up to the same moment.
        memory: MB after all turns.
        peak: the most MB that there ever were.
    """

    start: float
    start_processor: float
    memory: float
    peak: float


def measure(report: Report, small: bool) -> None:
    """Add start and memory, and how both grow with the map and with the training data."""
    ensure_model()
    repeats = _REPEATS_IF_SMALL if small else _REPEATS
    found = [_footprint(ROOT, {}, "--ephemeral") for _ in range(repeats)]
    turns = len(mixed_turns())
    report.add(
        _figure("start to the first answer", "s", found, lambda it: it.start, START_S),
        _figure("start, processor time", "s", found, lambda it: it.start_processor),
        _figure(f"memory after {turns} turns", "MB", found, lambda it: it.memory, MEMORY_MB),
        _figure("memory, the peak", "MB", found, lambda it: it.peak),
    )
    _add_growth(report, "map", "events", _by_events(_EVENTS[:2] if small else _EVENTS))
    if small:
        report.notes.append("Not measured in the small form: the training, and what it makes grow.")
    else:
        _add_trainings(report)


def _figure(
    what: str,
    unit: str,
    found: list[Footprint],
    value: Callable[[Footprint], float],
    budget: float | None = None,
) -> Figure:
    return Figure(what, tuple(value(it) for it in found), unit, budget)


def _by_events(sizes: tuple[int, ...]) -> dict[int, Footprint]:
    """Return what the assistant takes over a map of each size, on SQLite."""
    found = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'map.db'}"
            engine = open_database(url)
            migrate(engine)
            fill(engine, size)
            engine.dispose()
            found[size] = _footprint(ROOT, {**_NO_SAMPLE, "DATABASE_URL": url})
    return found


def _add_trainings(report: Report) -> None:
    found: dict[int, Footprint] = {}
    trainings: list[Training] = []
    for share in _SHARES:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "program"
            kept = _KEPT_MODELS / f"{share:.2f}"
            training = train(program, copy_program(program, share), kept)
            trainings.append(training)
            found[training.examples] = _footprint(program, {}, "--ephemeral")
    report.notes.append("The training's times are those of the last one, which var/bench keeps.")
    _add_growth(report, "training data", "examples", found)
    whole = trainings[-1]
    report.add(
        Figure("training from nothing", (whole.seconds,), "s", TRAINING_S),
        Figure("training, processor time", (whole.processor_seconds,), "s"),
    )
    times = {
        "from the command to its end": tuple((float(it.examples), it.seconds) for it in trainings),
        "processor time": tuple((float(it.examples), it.processor_seconds) for it in trainings),
    }
    title = "Training from nothing, by the training data"
    report.curves.append(Curve("training", title, "examples", "s", times))


def _add_growth(report: Report, what: str, unit: str, found: dict[int, Footprint]) -> None:
    """Add the curves of start and memory."""
    name = what.replace(" ", "_")
    starts = {
        "to the first answer": tuple((float(x), it.start) for x, it in found.items()),
        "processor time": tuple((float(x), it.start_processor) for x, it in found.items()),
    }
    memory = {
        "after all turns": tuple((float(x), it.memory) for x, it in found.items()),
        "peak": tuple((float(x), it.peak) for x, it in found.items()),
    }
    report.curves += [
        Curve(f"start_by_{name}", f"Start, by the {what}", unit, "s", starts),
        Curve(f"memory_by_{name}", f"Memory, by the {what}", unit, "MB", memory),
    ]


def mixed_turns() -> list[dict[str, Any]]:
    """Return what ten people do, as lines of `twh chat --json`: about 200 turns of every kind."""
    questions = {
        language: [it.text for it in read_held_back() if it.language == language]
        for language in ("en", "es")
    }
    turns = []
    for person in range(_PEOPLE):
        asked = (questions["es" if person % 3 == 2 else "en"][it + person] for it in _QUESTIONS)
        turns += [{**turn, "chat": str(person)} for turn in _turns_of(person, asked)]
    return turns


def _turns_of(person: int, asked: Iterator[str]) -> list[dict[str, Any]]:
    here = {"latitude": 41.70 + 0.02 * person, "longitude": -87.63}
    message = f"We grow better together, says neighbor {person}."
    return [
        {"text": "/start"},
        *[{"text": text} for text in asked],
        {"tap": "/faq_celebrate"},
        {"location": here},
        {"text": "anything near 63rd and Halsted this weekend?"},
        {"text": "I want to leave a message of healing"},
        *[{"text": text} for text in (message, f"Neighbor {person}", "Englewood", "yes")],
        {"tap": "/submit"},
        {"text": "I'm hosting a book club at the Woodson library on December 12 at 3pm"},
        {"tap": "/cancel"},
    ]


def _footprint(folder: Path, settings: dict[str, str], *options: str) -> Footprint:
    """Start the program that stands in a folder, take all turns with it, and end it."""
    turns = mixed_turns()
    began = time.monotonic()
    with _chat(folder, settings, options) as chat:
        chat.answer(turns[0])
        start, processor = time.monotonic() - began, chat.processor_seconds()
        for turn in turns[1:]:
            chat.answer(turn)
        return Footprint(start, processor, chat.megabytes(RESIDENT), chat.megabytes(PEAK))


class _Chat:
    """`twh chat --json` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def answer(self, turn: dict[str, Any]) -> None:
        """Take a turn, and wait for its answer.

        Raises:
            RuntimeError: there is none.
        """
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{json.dumps(turn)}\n")
        self._process.stdin.flush()
        if '"replies"' not in (line := self._process.stdout.readline()):
            raise RuntimeError(f"no answer to {turn}: {line}")

    def megabytes(self, name: str) -> float:
        """Return a figure of the process's memory by the name that Linux has for it."""
        return megabytes(self._process.pid, name)

    def processor_seconds(self) -> float:
        """Return what the process has used so far."""
        # After the name in brackets, which may hold anything: user and system time, 12th and 13th.
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _chat(folder: Path, settings: dict[str, str], options: tuple[str, ...]) -> Iterator[_Chat]:
    command = [sys.executable, "-m", "bot.cli", "chat", "--json", "--now", NOW.isoformat()]
    with subprocess.Popen(
        [*command, *options],
        cwd=folder,
        env=inherited_environment() | {"TWH_SECRET_KEY": SECRET} | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield _Chat(process)
