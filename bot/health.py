"""Tells machines how the process is: /healthz, /readyz and /metrics."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from actions.database import in_transaction
from bot import metrics

log = logging.getLogger(__name__)

MODEL, DATABASE, TELEGRAM = "model", "database", "telegram"
"""The parts that have to work before the assistant can answer."""

DATABASE_LASTS_SECONDS = 15.0
_ASK_DATABASE_SECONDS = 5.0
_SHUTDOWN_SECONDS = 1.0  # what still runs was waited for before


class Readiness:
    """Knows when each part was last seen to work, and whether that was long ago."""

    def __init__(self, lasting: Mapping[str, float]) -> None:
        """Set for each part after how many seconds without a sign it counts as broken."""
        self._lasting = lasting
        self._seen: dict[str, float] = {}

    def note(self, part: str) -> None:
        """Note that a part works at this moment."""
        self._seen[part] = time.monotonic()

    def report(self) -> dict[str, str]:
        """Return for each part "ok", or since when it is not."""
        return {part: self._state_of(part) for part in self._lasting}

    def seconds_since(self, part: str) -> float | None:
        """Return how long ago a part was last seen to work; None where it never was."""
        return round(time.monotonic() - self._seen[part], 1) if part in self._seen else None

    @property
    def is_ready(self) -> bool:
        """Whether every part works."""
        return all(state == "ok" for state in self.report().values())

    def _state_of(self, part: str) -> str:
        if part not in self._seen:
            return "not yet"
        seconds = time.monotonic() - self._seen[part]
        return "ok" if seconds <= self._lasting[part] else f"silent for {seconds:.0f} s"


def add_routes(app: web.Application, readiness: Readiness) -> None:
    """Serve the three routes; they tell no secrets, but are not meant for the public."""

    async def healthz(request: web.Request) -> web.Response:
        return web.Response(text="ok")  # that it is said shows that the event loop lives

    async def readyz(request: web.Request) -> web.Response:
        is_ready, contact = readiness.is_ready, readiness.seconds_since(TELEGRAM)
        report = {"ready": is_ready, **readiness.report(), "last_contact_seconds": contact}
        return web.json_response(report, status=200 if is_ready else 503)

    async def show_metrics(request: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST}
        return web.Response(body=metrics.exposition(), headers=headers)

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", show_metrics)


def runner_of(app: web.Application) -> web.AppRunner:
    """Return what serves an app, and unpacks nothing: a small body could fill the memory."""
    return web.AppRunner(
        app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS, auto_decompress=False
    )


class HealthServer:
    """The routes on a port of their own."""

    def __init__(self, readiness: Readiness, host: str, port: int) -> None:
        self._address = host, port
        app = web.Application()
        add_routes(app, readiness)
        self._runner = runner_of(app)

    async def listen(self) -> None:
        """Open the port.

        Raises:
            OSError: the address cannot be listened on.
        """
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._address).start()
        log.info("health: host=%s port=%d", *self._address)

    async def stop(self) -> None:
        """Close it."""
        await self._runner.cleanup()


async def watch_database(readiness: Readiness) -> None:
    """Ask the database for its figures for ever, which shows whether it answers."""
    answered = True
    while True:
        try:
            await in_transaction(metrics.read_stored)
            readiness.note(DATABASE)
            answered = True
        except Exception as error:
            if answered:
                log.warning("figures not read: reason=%s", type(error).__name__)
            metrics.forget_stored()
            answered = False
        await asyncio.sleep(_ASK_DATABASE_SECONDS)
