"""The stock set-up: the same domain, rules, training data and actions, the rest as Rasa gives it.

Rasa 3.6's default pipeline and policies, `rasa run` with the REST channel and the tracker store in
memory, and `rasa run actions`, each a process of its own, with HTTP between them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
import rasa
import yaml

from bot.settings import ROOT
from nlu.fingerprint import fingerprint_of
from tests.bench.ours import SECRET, sample_map
from tests.chaos.machines import new_port
from tests.processes import inherited_environment, megabytes

EPOCHS = 1
"""Rasa's default is 100, and takes far longer; how long a turn takes does not depend on it."""

DEFAULTS = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
"""The configuration that Rasa fills in where a project names none, as after `rasa init`."""

_KEPT = ROOT / "var" / "bench"
_OUTPUT = _KEPT / "stock.log"
_DATABASE = "stock.db"
_START_SECONDS = 300.0
_STOP_SECONDS = 30.0
_TURN_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.1
_WITHOUT_TELEMETRY = {"RASA_TELEMETRY_ENABLED": "false"}
_DATA = ("nlu", "rules")


class StockError(Exception):
    """The stock set-up does not run; the text says what was tried, and where its output is."""


def stock_config() -> dict[str, Any]:
    """Return Rasa's defaults, with our importer (the data are to be the same) and few epochs."""
    config: dict[str, Any] = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    config["importers"] = ours["importers"]
    for part in (*config["pipeline"], *config["policies"]):
        if "epochs" in part:
            part["epochs"] = EPOCHS
    return config


def stock_model() -> Path:
    """Return the stock model for the present training data, trained first if there is none.

    That takes about two minutes. The model is kept, and Rasa's output stands beside it.

    Raises:
        StockError: it could not be trained.
    """
    model = _KEPT / f"stock-{_fingerprint()}.tar.gz"
    if not model.exists():
        print("Training the stock model, once: about two minutes ...", file=sys.stderr, flush=True)
        _KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_KEPT) as folder:
            _train(Path(folder), model.name, _KEPT / "stock-training.log")
            (Path(folder) / model.name).rename(model)
    return model


def _fingerprint() -> str:
    data = [ROOT / "data" / name for name in _DATA]
    files = [ROOT / "domain.yml", ROOT / "nlu" / "faq_importer.py", *data]
    content = (json.dumps(stock_config()), version("rasa"), fingerprint_of(*files))
    return hashlib.sha256("".join(content).encode()).hexdigest()[:16]


def _train(folder: Path, name: str, output: Path) -> None:
    config = folder / "config.yml"
    config.write_text(yaml.safe_dump(stock_config(), sort_keys=False), encoding="utf-8")
    data = [str(ROOT / "data" / name) for name in _DATA]
    command = [
        *(sys.executable, "-m", "rasa", "train", "--config", str(config), "--data", *data),
        *("--domain", str(ROOT / "domain.yml"), "--out", str(folder), "--fixed-model-name", name),
    ]
    environment = inherited_environment() | _WITHOUT_TELEMETRY
    environment["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    with output.open("wb") as log:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, check=False
        )
    if done.returncode:
        raise StockError(f"`rasa train` failed, see {output}.")


class StockAssistant:
    """The running stock set-up.

    Attributes:
        seconds_to_ready: from the start of the processes until both answer.
    """

    def __init__(
        self,
        seconds_to_ready: float,
        address: str,
        session: aiohttp.ClientSession,
        processes: list[subprocess.Popen[bytes]],
    ) -> None:
        """Name the address of Rasa, and the session that keeps the connection to it."""
        self.seconds_to_ready = seconds_to_ready
        self._address = address
        self._session = session
        self._processes = processes

    async def say(self, conversation: str, said: str) -> list[dict[str, Any]]:
        """Say a text, or the payload of a button, and return the messages of the answer.

        Raises:
            aiohttp.ClientError: it does not answer.
        """
        turn = {"sender": conversation, "message": said}
        async with self._session.post(self._address, json=turn) as response:
            response.raise_for_status()
            messages: list[dict[str, Any]] = await response.json()
            return messages

    def memory_mb(self) -> float:
        """Return what both processes hold in memory at present, in MB (millions of bytes)."""
        return sum(megabytes(process.pid) for process in self._processes)


@asynccontextmanager
async def stock_assistant(folder: Path) -> AsyncIterator[StockAssistant]:
    """Run the stock set-up on a sample map of its own.

    Args:
        folder: takes the database and the settings.

    Raises:
        StockError: its model could not be trained, or it does not start.
    """
    model = stock_model()
    sample_map(folder / _DATABASE).dispose()
    rasa_port, actions_port = new_port(), new_port()
    address = f"http://127.0.0.1:{rasa_port}/webhooks/rest/"
    commands = {
        f"http://127.0.0.1:{actions_port}/health": ["run", "actions", "--port", str(actions_port)],
        address: _rasa_command(folder, model, rasa_port, actions_port),
    }
    timeout = aiohttp.ClientTimeout(total=_TURN_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        with ExitStack() as stack:
            began = time.monotonic()
            processes = [stack.enter_context(_running(it, folder)) for it in commands.values()]
            for process, route in zip(processes, commands, strict=True):
                await _until_it_answers(process, session, route)
            seconds = time.monotonic() - began
            yield StockAssistant(seconds, f"{address}webhook", session, processes)


def _rasa_command(folder: Path, model: Path, port: int, actions_port: int) -> list[str]:
    """Write the settings of `rasa run`, and return its arguments."""
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
    endpoints.write_text(
        f"action_endpoint: {{url: 'http://127.0.0.1:{actions_port}/webhook'}}\n", encoding="utf-8"
    )
    credentials.write_text("rest:\n", encoding="utf-8")
    return [
        *("run", "--interface", "127.0.0.1", "--port", str(port), "--model", str(model)),
        *("--endpoints", str(endpoints), "--credentials", str(credentials)),
    ]


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of Rasa's commands until the end of the block."""
    environment = inherited_environment() | {
        **_WITHOUT_TELEMETRY,
        "DATABASE_URL": f"sqlite:///{folder / _DATABASE}",
        "SANIC_HOST": "127.0.0.1",
        "TWH_SECRET_KEY": SECRET,
    }
    with _OUTPUT.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa", *command],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _until_it_answers(
    process: subprocess.Popen[bytes], session: aiohttp.ClientSession, route: str
) -> None:
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(aiohttp.ClientError, asyncio.TimeoutError):
            async with session.get(route) as response:
                if response.ok:
                    return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    raise StockError(f"`rasa run` or `rasa run actions` does not answer, see {_OUTPUT}.")
