"""What a run is made of beside the fake Bot API: processes that are killed, and a load balancer."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random, randrange

import aiohttp
from aiohttp import web

from bot.settings import ROOT
from tests.chaos.chats import CAMPAIGN
from tests.processes import inherited_environment

HOOK = "/hook"
TOKEN = "123:TEST"

_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.1
_STOPPED = 0.2
"""How many of the processes are asked to stop instead, as for an upgrade."""

_KILLED_AT_THE_START = 0.2
"""How many of the kills come before the process is ready."""

_LONGEST_START, _LONGEST_LIFE = 8.0, 6.0


class Machine:
    """Runs `twh run`, and starts it again at once whenever it ends.

    Attributes:
        port: where its routes for machines are, and its webhook.
        output: the file that takes all that the processes print.
        kills: how often it was killed.
        stops: how often it was asked to stop in the middle of its work.
        bad_ends: what was wrong when it ended by itself, or when it was asked to, in words.
    """

    def __init__(self, settings: dict[str, str], port: int, output: Path) -> None:
        """Set the process's environment, its port, and the file for all that it prints."""
        self.port = port
        self._environment = inherited_environment() | settings | self._addresses(settings)
        self.output = output
        self.kills = self.stops = 0
        self.bad_ends: list[str] = []

    def _addresses(self, settings: dict[str, str]) -> dict[str, str]:
        address = f"127.0.0.1:{self.port}"
        is_webhook = bool(settings["TELEGRAM_WEBHOOK_URL"])
        return {"TELEGRAM_WEBHOOK_LISTEN" if is_webhook else "TWH_HEALTH_LISTEN": address}

    async def run(self, kills: int, random: Random, stopped: asyncio.Event) -> None:
        """Serve until the stop, and be killed so often at random moments."""
        while not stopped.is_set():
            process = await self._start()
            try:
                if self.kills == kills:
                    await self._serves_until(stopped, process)
                elif random.random() < _STOPPED:
                    await self._lives_for_a_while(process, random)
                    await self._stop(process)
                    self.stops += 1
                else:
                    if random.random() < _KILLED_AT_THE_START:
                        await asyncio.sleep(random.uniform(0, _LONGEST_START))
                    else:
                        await self._lives_for_a_while(process, random)
                    self._check_that_it_runs(process)
                    self.kills += 1
            finally:
                await _kill(process)

    async def _start(self) -> asyncio.subprocess.Process:
        while True:
            try:
                return await self._start_now()
            except RuntimeError:
                # uvloop refuses while a loop of another thread starts a process.
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _start_now(self) -> asyncio.subprocess.Process:
        with self.output.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "run"),
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
            )

    async def _lives_for_a_while(self, process: asyncio.subprocess.Process, random: Random) -> None:
        await self._until_ready(process)
        await asyncio.sleep(random.uniform(0, _LONGEST_LIFE))

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        end = time.monotonic() + _START_SECONDS
        async with aiohttp.ClientSession() as session:
            while process.returncode is None and time.monotonic() < end:
                with suppress(aiohttp.ClientError, asyncio.TimeoutError):
                    async with session.get(f"http://127.0.0.1:{self.port}/readyz") as response:
                        if response.ok:
                            return
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _serves_until(
        self, stopped: asyncio.Event, process: asyncio.subprocess.Process
    ) -> None:
        """Serve until the stop; a process that is still starting then is of no use any more."""
        ready = asyncio.create_task(self._until_ready(process))
        ended = asyncio.create_task(process.wait())
        stop = asyncio.create_task(stopped.wait())
        await asyncio.wait((ended, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        is_ready = ready.done()
        ready.cancel()
        self._check_that_it_runs(process)
        if is_ready and process.returncode is None:
            await self._stop(process)

    def _check_that_it_runs(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            self.bad_ends.append(f"a process ended by itself, with {process.returncode}")

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        """Ask a process to stop, and see that it does."""
        with suppress(ProcessLookupError, asyncio.TimeoutError):
            process.terminate()
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        if process.returncode != 0:
            self.bad_ends.append(
                f"a process that was asked to stop ended with {process.returncode}"
            )


def new_port() -> int:
    """Return a port on loopback that nobody listens on.

    It is none of those that systems give to outgoing connections: one of them would get in the way
    of a process that starts again.
    """
    while True:
        port = randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


async def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def settings(api_url: str, webhook_url: str, database_url: str, redis_url: str) -> dict[str, str]:
    """Return the settings that all processes of a run share.

    What is empty is set as well, so that a file .env cannot set it.
    """
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "TELEGRAM_WEBHOOK_URL": webhook_url,
        "TELEGRAM_WEBHOOK_SECRET": "a-secret-that-all-share",
        "TWH_STAFF_CHAT": "",
        "TWH_SAMPLE_MAP": "",
        "TWH_SECRET_KEY": os.environ["TWH_SECRET_KEY"],
        "TWH_LOG_LEVEL": "INFO",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "NO_PROXY": "127.0.0.1",
        **CAMPAIGN,
    }


@asynccontextmanager
async def load_balancer(port: int, backends: list[int]) -> AsyncIterator[None]:
    """Pass posts on to processes in turn, as the one in docs/several-machines.md.

    One that does not answer, or answers 503, is followed by the next; when none is left, 502.
    """
    turns = itertools.count()

    async def pass_on(request: web.Request) -> web.Response:
        body, first = await request.read(), next(turns)
        headers = {name: it for name, it in request.headers.items() if name != "Host"}
        for number in range(len(backends)):
            address = f"http://127.0.0.1:{backends[(first + number) % len(backends)]}{request.path}"
            try:
                async with session.post(address, data=body, headers=headers) as response:
                    if response.status != web.HTTPServiceUnavailable.status_code:
                        return web.Response(status=response.status)
            except (aiohttp.ClientError, asyncio.TimeoutError):
                continue
        return web.Response(status=web.HTTPBadGateway.status_code)

    app = web.Application()
    app.router.add_post(HOOK, pass_on)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    # A connection of its own for each post: one that is kept may be to a process that has ended.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield
        finally:
            await runner.cleanup()
