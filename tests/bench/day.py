"""A campaign's whole day: many people, and in its middle a burst after a spot on television.

The ordinary hours are played as fast as the process takes them, with a few updates waiting; the
burst at its true pace. Telegram's limit of 30 messages a second would make an hour of that, so it
is lifted here, at both ends; the part "telegram" measures with it.
"""

from __future__ import annotations

import itertools
import sys
import time
from dataclasses import dataclass, field

from bot.training import ensure_model
from tests.bench.report import Curve, Figure, Report, ratio
from tests.bench.residents import Done, Residents
from tests.bench.telegram import LOAD, assistant, percentile_95, turns_in
from tests.bot.telegram.process import Running
from tests.fakes.bot_api import BotApi
from tests.processes import megabytes

_TURNS, _TURNS_IN_SMALL = 100_000, 3_000
_TURNS_OF_ONE = 10
_BURST_SECONDS = 300
_WAITING = 20
"""Updates that wait at once in ordinary hours."""

_LOOKS = 100
"""How often the memory is looked at."""

_EARLY = 0.05
"""After this part of the day all that is loaded once is loaded."""

_ANSWERED_SECONDS = 1.0
_GROWTH = 1.1

_WITHOUT_LIMIT = """
import bot.cli
from bot.telegram import limits
limits._OVERALL = (10_000, 0.1)
bot.cli.main()
"""


@dataclass
class _Day:
    """What happens in a day.

    Attributes:
        turns: how many there are to be.
        done: the updates so far.
        burst: those of the burst.
        memory: how much the process has, in MB, by the number of turns before.
    """

    turns: int
    done: list[Done] = field(default_factory=list)
    burst: list[Done] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    def note(self, running: Running) -> None:
        """Look at the memory."""
        self.memory.append((len(self.done), megabytes(running.process.pid)))


def measure(report: Report, small: bool) -> None:
    """Measure a day of 100,000 turns, or a small one."""
    measure_turns(report, _TURNS_IN_SMALL if small else _TURNS)


def measure_turns(report: Report, turns: int) -> None:
    """Measure a day of so many turns, by ten times fewer people."""
    ensure_model()
    print("Ordinary hours as fast as they are taken, the burst at its pace", file=sys.stderr)
    day = _Day(turns)
    program = ("-c", _WITHOUT_LIMIT)
    with assistant("webhook", enforce_limits=False, program=program) as running:
        began = time.monotonic()
        running.api.run(lambda api: _live(api, running, day))
        seconds = time.monotonic() - began
        taken = len(turns_in(running.printed))
    lost = sum(it.ended is None for it in day.done)
    within = percentile_95([it.seconds for it in day.burst if it.ended is not None])
    [early, *_] = [mb for number, mb in day.memory if number >= _EARLY * turns]
    after, end = Figure("memory after 5% of it", (early,), "MB"), day.memory[-1][1]
    at_end = Figure("memory at its end", (end,), "MB")
    report.add(
        Figure("turns", (taken,), "turns", turns, at_least=True),
        Figure("lasted", (seconds,), "s"),
        Figure("turns a second", (taken / seconds,), "a second"),
        Figure("lost", (lost,), "updates", 0),
        Figure(f"burst of {LOAD:.0f} a second, 95%", (within,), "s", _ANSWERED_SECONDS),
        *(after, at_end),
        ratio("memory at its end / after 5% of it", at_end, after, _GROWTH),
    )
    title = f"Memory of the process in a day of {turns:,} turns"
    series = {"resident": tuple(day.memory)}
    report.curves.append(Curve("day", title, "turns", "MB", series))


async def _live(api: BotApi, running: Running, day: _Day) -> None:
    residents = Residents(api, day.turns // _TURNS_OF_ONE)
    share = day.turns / _TURNS
    in_burst = round(LOAD * _BURST_SECONDS * share)
    async with residents.listening():
        await _ordinary(residents, running, day, (day.turns - in_burst) // 2)
        await residents.until_answered(0)
        day.burst = await residents.evenly(itertools.repeat(None, in_burst), LOAD)
        await residents.until_answered(0)
        day.done += day.burst
        day.note(running)
        await _ordinary(residents, running, day, day.turns - len(day.done))
        await residents.until_answered(0)
    day.note(running)


async def _ordinary(residents: Residents, running: Running, day: _Day, number: int) -> None:
    at_a_look = day.turns // _LOOKS
    while number:
        some = min(at_a_look, number)
        day.done += await residents.busily(some, _WAITING)
        day.note(running)
        number -= some
