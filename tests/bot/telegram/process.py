"""The real process, `twh run`, connected to the fake Bot API."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT
from tests.fakes.bot_api import BotApiThread
from tests.processes import free_port, inherited_environment

TOKEN = "123:TEST"
PROGRAM = ("-m", "bot.cli")
"""What Python runs, before the command `run`."""

_START_SECONDS = 90

_numbers = itertools.count(1)


@dataclass
class Running:
    """A process and the fake that it is connected to."""

    api: BotApiThread
    process: subprocess.Popen[bytes]
    output: Path
    """Everything that the process prints."""

    @property
    def printed(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_until_it_serves(self, last_step: str) -> None:
        """Wait for the last call of the start, as long as the process lives."""
        before = len(self.api.calls)
        end = time.monotonic() + _START_SECONDS
        while last_step not in [call.method for call in self.api.calls[before:]]:
            assert self.process.poll() is None and time.monotonic() < end, self.printed
            with suppress(TimeoutError):
                self.api.wait_until(
                    lambda: len(self.api.calls) > before and self.api.calls[-1].method == last_step,
                    0.5,
                )


@contextmanager
def run(
    api: BotApiThread,
    folder: Path,
    mode: str = "polling",
    program: Sequence[str] = PROGRAM,
    **settings: str,
) -> Iterator[Running]:
    """Start `twh run` and wait until it serves; at the end kill it if it still runs.

    The settings are environment variables beside the usual ones.
    """
    output = folder / f"output-{next(_numbers)}.txt"
    variables = environment(api, folder, mode) | {"TWH_LOG_LEVEL": "DEBUG"} | settings
    with output.open("wb") as file:
        process = subprocess.Popen(
            command(program), cwd=ROOT, env=variables, stdout=file, stderr=file
        )
    running = Running(api, process, output)
    try:
        running.wait_until_it_serves("setWebhook" if mode == "webhook" else "deleteWebhook")
        yield running
    finally:
        process.kill()
        process.wait()


def command(program: Sequence[str] = PROGRAM) -> list[str]:
    return [sys.executable, *program, "run"]


def environment(api: BotApiThread, folder: Path, mode: str = "polling") -> dict[str, str]:
    """A person's own: nothing of this process that is meant for the assistant or its libraries.

    What is empty is set as well, so that a file .env cannot set it.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook" if mode == "webhook" else ""
    return inherited_environment() | {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api.base_url,
        "TELEGRAM_WEBHOOK_URL": url,
        "TELEGRAM_WEBHOOK_SECRET": "",
        "TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder / 'twh.db'}",
        "TWH_LOG_LEVEL": "",
        "TWH_SAMPLE_MAP": "1",
        "TWH_SECRET_KEY": os.environ["TWH_SECRET_KEY"],
        "NO_PROXY": "127.0.0.1",
    }
