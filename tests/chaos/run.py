"""One run: people write, processes are killed, and in the end all is counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from actions.healing_map.database import open_database
from tests.chaos.chats import STEPS, scripts
from tests.chaos.figures import Figures, figures_of
from tests.chaos.machines import HOOK, TOKEN, Machine, load_balancer, new_port, settings
from tests.chaos.people import Person, listen
from tests.fakes.bot_api import BotApi, User
from tests.postgres import postgres
from tests.redis import redis_server

_FIRST_PERSON = 100
_SETTLE_SECONDS = 180.0
_LOOK_AGAIN_SECONDS = 0.25
_SENDING_SECONDS = 0.03
"""How long Telegram takes to send a message: time enough to be killed in the middle."""


@dataclass(frozen=True)
class Mode:
    """How the assistant is run.

    Attributes:
        name: of the mode.
        processes: how many; more than one share PostgreSQL and Redis behind a load balancer.
        is_webhook: whether Telegram posts; otherwise the process fetches.
    """

    name: str
    processes: int
    is_webhook: bool


MODES = {
    mode.name: mode
    for mode in (
        Mode("polling", 1, is_webhook=False),
        Mode("webhook", 1, is_webhook=True),
        Mode("two", 2, is_webhook=True),
    )
}


@dataclass(frozen=True)
class Plan:
    """What is done in a run.

    Attributes:
        mode: how the assistant is run.
        seed: of all that is left to chance; what the machine makes of it differs all the same.
        chats: how many people write, with ten updates each.
        kills: how many processes are killed, one after the other of them.
        seconds: in what time people write; more of it at the beginning.
    """

    mode: Mode
    seed: int
    chats: int
    kills: int
    seconds: float


@dataclass(frozen=True)
class Report:
    """What came of a run.

    Attributes:
        plan: what was done.
        figures: what was counted.
        kills: how many processes were killed.
        stops: how many were asked to stop in the middle of their work.
        bad_ends: what was wrong with those that ended otherwise, in words.
        left: what was still to be done when it should have been long done, in words.
        seconds: how long it took.
    """

    plan: Plan
    figures: Figures
    kills: int
    stops: int
    bad_ends: list[str]
    left: str
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled, disordered, or left without an answer."""
        figures = self.figures
        wrong = (figures.lost, figures.twice, figures.doubled, figures.disordered)
        return not any(wrong) and not figures.unanswered and not self.bad_ends and not self.left

    def __str__(self) -> str:
        plan, it = self.plan, self.figures
        figures = (
            f"processes {plan.mode.processes}, kills {self.kills}, stops {self.stops}, "
            f"chats {plan.chats}, updates in {it.updates}, effects stored {it.stored}, "
            f"lost {it.lost}, taken twice {it.twice}, submissions {it.submissions}, "
            f"doubled {it.doubled}, out of order {it.disordered}, "
            f"replies {it.replies}, of them repeated {it.repeated}, told of a delay {it.delays}, "
            f"updates without an answer {it.unanswered}, chats with such {it.silent}, "
            f"ended badly {len(self.bad_ends)}, seconds {self.seconds:.0f}"
        )
        return "\n  ".join(
            line for line in (figures, *it.problems, *self.bad_ends, self.left) if line
        )


def run(plan: Plan, folder: Path) -> Report:
    """Do a run; the folder takes the database and what the processes print."""
    with _stores(plan.mode, folder) as (database_url, redis_url):
        return asyncio.run(_run(plan, folder, database_url, redis_url))


@contextmanager
def _stores(mode: Mode, folder: Path) -> Iterator[tuple[str, str]]:
    """Give the URLs of the database and of Redis; one process needs no servers."""
    if mode.processes == 1:
        yield f"sqlite:///{folder / 'twh.db'}", ""
        return
    with postgres() as database_url, redis_server() as redis:
        yield database_url, redis.url


async def _run(plan: Plan, folder: Path, database_url: str, redis_url: str) -> Report:
    started = time.monotonic()
    random = Random(plan.seed)
    people = [
        Person(User(_FIRST_PERSON + number, f"Person {number}"), script)
        for number, script in enumerate(scripts(plan.chats, random))
    ]
    async with BotApi(TOKEN, enforce_limits=True) as api:
        api.delay("sendMessage", _SENDING_SECONDS)
        hook_port = new_port()
        hook = f"http://127.0.0.1:{hook_port}{HOOK}" if plan.mode.is_webhook else ""
        shared = settings(api.base_url, hook, database_url, redis_url)
        number = plan.mode.processes
        ports = [hook_port] if number == 1 else [new_port() for _ in range(number)]
        machines = [Machine(shared, port, folder / f"output-{port}.txt") for port in ports]
        engine = open_database(database_url)
        async with load_balancer(hook_port, ports) if number > 1 else nullcontext():
            left = await _live(plan, random, people, machines, api, engine)
        printed = "".join(it.output.read_text(errors="replace") for it in machines)
        figures = figures_of(people, api, engine, printed)
        engine.dispose()
    return Report(
        plan,
        figures,
        kills=sum(machine.kills for machine in machines),
        stops=sum(machine.stops for machine in machines),
        bad_ends=[words for machine in machines for words in machine.bad_ends],
        left=left,
        seconds=time.monotonic() - started,
    )


async def _live(
    plan: Plan,
    random: Random,
    people: list[Person],
    machines: list[Machine],
    api: BotApi,
    engine: Engine,
) -> str:
    """Let people write and processes be killed, and return what is left to be done in the end."""
    stopped = asyncio.Event()
    listening = asyncio.create_task(listen(api, people))
    serving = asyncio.gather(
        *[
            machine.run(_share(plan, number), Random(f"{plan.seed} {number}"), stopped)
            for number, machine in enumerate(machines)
        ]
    )
    now = asyncio.get_running_loop().time()
    writing = asyncio.gather(
        *[person.live(api, _moments(now, plan.seconds, random)) for person in people]
    )
    end = None
    while left := _left(plan, people, machines, api, engine):
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        if end is None and sum(machine.kills for machine in machines) == plan.kills:
            end = time.monotonic() + plan.seconds + _SETTLE_SECONDS
        if any(task.done() for task in (listening, serving)) or (end and end < time.monotonic()):
            break
    await asyncio.sleep(2 * _LOOK_AGAIN_SECONDS)  # the last message is heard
    stopped.set()
    await serving
    for task in (listening, writing):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return left


def _share(plan: Plan, number: int) -> int:
    """Return how often a process is killed; the first have one more where it does not come out."""
    each, rest = divmod(plan.kills, plan.mode.processes)
    return each + (number < rest)


def _moments(now: float, seconds: float, random: Random) -> list[float]:
    """Return when somebody writes; many people at the beginning, so that much waits then."""
    return sorted(now + seconds * random.random() ** 2 for _ in range(STEPS))


def _left(
    plan: Plan, people: list[Person], machines: list[Machine], api: BotApi, engine: Engine
) -> str:
    """Return what is still to be done, in words."""
    parts = {
        "kills": plan.kills - sum(machine.kills for machine in machines),
        "updates to be made": sum(STEPS - len(person.updates) for person in people),
        "updates not acknowledged": len(api.unconfirmed),
    }
    if not any(parts.values()):
        parts["answers not sent"] = _unsent(engine)
    return ", ".join(f"{name}: {number}" for name, number in parts.items() if number)


def _unsent(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sql("SELECT count(*) FROM outbox")).scalar_one())
