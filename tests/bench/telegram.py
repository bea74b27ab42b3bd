"""The assistant behind Telegram's Bot API, as a real process, beside an echo bot as the floor.

The fake Bot API is served on loopback by this process, and its time is in every figure of both.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bot.settings import ROOT
from bot.training import ensure_model
from tests.bench.ours import SECRET
from tests.bench.report import Figure, Report
from tests.bench.residents import COMMAND, KNOWN, TAP, UNSEEN, Done, Residents, some
from tests.bot.telegram.process import PROGRAM, TOKEN, Running, run
from tests.fakes.bot_api import BotApi, BotApiThread
from tests.processes import megabytes

_ADAPTER_MS = 10.0
_ANSWERED_SECONDS = 1.0
_MEMORY_MB = 800.0
_KINDS = (TAP, COMMAND, KNOWN, UNSEEN)
_PACE = 20.0
"""Updates a second at which the time beside the turn is measured, and nothing is asked faster."""

LOAD = 30.0
"""Updates a second: as many messages as Telegram lets a bot send."""

_LIMIT_SECONDS = 2.0
"""After so long no message waits any more because of those before."""

_CALLS = 200
_SETTLE_SECONDS = 60.0
_TURN = re.compile(r"time=(\S+) .*\bupdate=(\d+) event=turn .*\bms=([\d.]+)")


@dataclass(frozen=True)
class _Size:
    """How much is measured.

    Attributes:
        repeats: of each measurement.
        chats: in which people write, but for the load.
        one_by_one: updates of a kind in a repeat of what is done one at a time.
        paced_seconds: of even updates in a repeat.
        load_chats: in which people write at the load.
        load_seconds: for which the load lasts, by the way in which updates come.
    """

    repeats: int
    chats: int
    one_by_one: int
    paced_seconds: float
    load_chats: int
    load_seconds: dict[str, float]


_FULL = _Size(3, 200, 30, 10.0, 1_000, {"webhook": 300.0, "polling": 60.0})
_SMALL = _Size(2, 100, 10, 5.0, 100, {"webhook": 15.0})


def measure(report: Report, small: bool) -> None:
    """Measure the floor, then the assistant by webhook and, in the full form, by polling."""
    size = _SMALL if small else _FULL
    ensure_model()
    with BotApiThread(TOKEN) as api, _floor(api):
        report.add(_figure_of_fake(api, size))
        report.add(*api.run(lambda fake: _figures_of_floor(fake, size)))
    for mode in size.load_seconds:
        with assistant(mode) as running:
            _measure_ours(report, running, mode, size)
    for mode, seconds in size.load_seconds.items():
        with assistant(mode) as running:
            _measure_load(report, running, mode, size.load_chats, seconds)


@contextmanager
def assistant(
    mode: str, *, enforce_limits: bool = True, program: Sequence[str] = PROGRAM
) -> Iterator[Running]:
    """Run the assistant against a fake that holds it to Telegram's limits, on an SQLite file."""
    # No benchmark reads or makes the key file of this machine.
    os.environ.setdefault("TWH_SECRET_KEY", SECRET)
    with (
        TemporaryDirectory(prefix="twh-bench-") as folder,
        BotApiThread(TOKEN, enforce_limits=enforce_limits) as api,
        run(api, Path(folder), mode, program, TWH_LOG_LEVEL="INFO") as running,
    ):
        yield running


def percentile_95(values: Sequence[float]) -> float:
    """Return what 95% of the values do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


@contextmanager
def _floor(api: BotApiThread) -> Iterator[None]:
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "tests.bench.echo", api.base_url]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        api.wait_until(lambda: any(call.method == "deleteWebhook" for call in api.calls))
        yield
    finally:
        process.kill()
        process.wait()


def _figure_of_fake(api: BotApiThread, size: _Size) -> Figure:
    """Measure how long the fake itself takes for a call."""
    url = urlsplit(f"{api.base_url}{TOKEN}/getMe")
    connection = HTTPConnection(url.netloc)
    medians = []
    for _ in range(size.repeats):
        times = []
        for _ in range(_CALLS):
            began = time.monotonic()
            connection.request("GET", url.path)
            connection.getresponse().read()
            times.append(1000 * (time.monotonic() - began))
        medians.append(statistics.median(times))
    connection.close()
    return Figure("floor: a call of the fake Bot API", tuple(medians), "ms")


async def _figures_of_floor(api: BotApi, size: _Size) -> list[Figure]:
    residents = Residents(api, size.chats)
    alone, at_once, paced = [], [], []
    async with residents.listening():
        for _ in range(size.repeats):
            done = await residents.one_at_a_time(some(KNOWN, size.one_by_one), _PACE)
            alone.append(statistics.median(_milliseconds(done)))
            began = time.monotonic()
            done = [residents.do(deed) for deed in some(KNOWN, size.chats)]
            await residents.until_answered(0)
            at_once.append(len(done) / (max(it.ended or 0 for it in done) - began))
            texts = some(KNOWN, round(size.paced_seconds * _PACE))
            done = await residents.evenly(texts, _PACE)
            await residents.until_answered(0)
            paced.append(percentile_95(_milliseconds(done)))
    return [
        Figure("floor: a text, one at a time", tuple(alone), "ms"),
        Figure(f"floor: updates answered when {size.chats} wait", tuple(at_once), "a second"),
        Figure(f"floor: a text at {_PACE:.0f} a second, 95%", tuple(paced), "ms"),
    ]


def _measure_ours(report: Report, running: Running, mode: str, size: _Size) -> None:
    """Measure what an unhurried assistant takes, and how much it does of what waits."""
    found = running.api.run(lambda fake: _measured(fake, size))
    name = f"ours: by {mode}"
    for kind in _KINDS:
        report.add(Figure(f"{name}, {kind}, one at a time", tuple(found.alone[kind]), "ms"))
    taken = tuple(found.at_once)
    report.add(Figure(f"{name}, taps taken when {size.chats} wait", taken, "a second"))
    turns = turns_in(running.printed)
    beside = [[1000 * it.seconds - turns[it.number].ms for it in done] for done in found.paced]
    of_turns = [[turns[it.number].ms for it in done] for done in found.paced]
    pace = f"{_PACE:.0f} a second"
    for what, values, budget in (
        (f"the turn at {pace}, 95%", map(percentile_95, of_turns), None),
        (f"all but the turn at {pace}, median", map(statistics.median, beside), None),
        (f"all but the turn at {pace}, 95%", map(percentile_95, beside), _ADAPTER_MS),
    ):
        report.add(Figure(f"{name}, {what}", tuple(values), "ms", budget))


@dataclass
class _Found:
    """What was measured of the assistant.

    Attributes:
        alone: by kind, the median of each repeat of what is done one at a time, in ms.
        at_once: taps taken a second, of many that wait, for each repeat.
        paced: the updates of each repeat of what is done at an even pace.
    """

    alone: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})
    at_once: list[float] = field(default_factory=list)
    paced: list[list[Done]] = field(default_factory=list)


async def _measured(api: BotApi, size: _Size) -> _Found:
    residents, found = Residents(api, size.chats), _Found()
    async with residents.listening():
        await residents.evenly(itertools.repeat(None, size.chats), _PACE)
        await residents.until_answered(0)
        for repeat in range(size.repeats):
            for kind in _KINDS:
                deeds = some(kind, size.one_by_one, seed=repeat)
                done = await residents.one_at_a_time(deeds, _PACE)
                found.alone[kind].append(statistics.median(_milliseconds(done)))
            began = time.monotonic()
            taps = [residents.do(deed) for deed in some(TAP, size.chats)]
            await api.wait_until(lambda: not api.unconfirmed, _SETTLE_SECONDS)
            found.at_once.append(len(taps) / (time.monotonic() - began))
            await residents.until_answered(0)
            await asyncio.sleep(_LIMIT_SECONDS)
            number = round(size.paced_seconds * _PACE)
            done = await residents.evenly(itertools.repeat(None, number), _PACE)
            await residents.until_answered(0)
            found.paced.append(done)
    return found


def _measure_load(report: Report, running: Running, mode: str, chats: int, seconds: float) -> None:
    """Measure the load that a bot may have, for minutes."""
    before = megabytes(running.process.pid)
    number = round(seconds * LOAD)
    done = running.api.run(lambda fake: _loaded(fake, chats, number))
    after = megabytes(running.process.pid)
    answered = [it for it in done if it.ended is not None]
    within = percentile_95([it.seconds for it in answered])
    turns, real = turns_in(running.printed), time.time() - time.monotonic()
    taken = percentile_95([turns[it.number].ended - real - it.began for it in answered])
    name = f"ours: by {mode}, {LOAD:.0f} a second for {seconds:.0f} s from {chats:,} chats"
    report.add(
        # An answer may wait for Telegram's limit, which this load reaches; the turn does not.
        Figure(f"{name}, turn taken within, 95%", (taken,), "s"),
        Figure(f"{name}, answered within, 95%", (within,), "s", _ANSWERED_SECONDS),
        Figure(f"{name}, lost", (len(done) - len(answered),), "updates", 0),
        Figure(f"{name}, memory before", (before,), "MB", _MEMORY_MB),
        Figure(f"{name}, memory after", (after,), "MB", _MEMORY_MB),
    )


async def _loaded(api: BotApi, chats: int, number: int) -> list[Done]:
    residents = Residents(api, chats)
    async with residents.listening():
        done = await residents.evenly(itertools.repeat(None, number), LOAD)
        await residents.until_answered(0)
    return done


@dataclass(frozen=True)
class TurnLine:
    """What the log says of a turn.

    Attributes:
        ended: when its effects and its answer were stored, by time.time().
        ms: how long that took from the moment that the turn was begun, with the waiting for the
            database and for the conversation's lock.
    """

    ended: float
    ms: float


def turns_in(printed: str) -> dict[int, TurnLine]:
    """Return what a process printed of its turns, by the number of the update."""
    return {
        int(number): TurnLine(datetime.fromisoformat(moment).timestamp(), float(ms))
        for moment, number, ms in _TURN.findall(printed)
    }


def _milliseconds(done: Iterable[Done]) -> list[float]:
    return [1000 * it.seconds for it in done]
