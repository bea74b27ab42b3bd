"""A Nominatim on 127.0.0.1, in a thread of its own, that answers what a test tells it to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Request:
    """A request that arrived.

    Attributes:
        query: the parameters.
        user_agent: how the client named itself.
        at: when, in seconds of time.monotonic().
    """

    query: dict[str, str]
    user_agent: str
    at: float


def place(name: str, latitude: float, longitude: float) -> dict[str, Any]:
    """A result as Nominatim writes it: numbers are texts."""
    return {"display_name": name, "lat": str(latitude), "lon": str(longitude)}


@dataclass
class Nominatim:
    """The server; use it as a context manager.

    Attributes:
        places: what is found for a text; nothing for any other.
        status: the status of every answer.
        body: the text of every answer, in place of what is found.
        delay: seconds before every answer.
        requests: what arrived, in order.
    """

    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 200
    body: str | None = None
    delay: float = 0.0
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> Nominatim:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._wait_for(self._start())
        return self

    def __exit__(self, *exception: object) -> None:
        self._wait_for(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order."""
        return [request.query["q"] for request in self.requests]

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/nominatim/search", self._search)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}/nominatim/"

    async def _search(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        arrived = Request(query, request.headers["User-Agent"], time.monotonic())
        self.requests.append(arrived)
        await asyncio.sleep(self.delay)
        if self.body is not None:
            return web.Response(text=self.body, status=self.status)
        found = self.places.get(query["q"])
        return web.json_response([found] if found else [], status=self.status)

    def _wait_for(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()
