"""Whether the service says that it is ready when it is, and only then."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import aiohttp
import pytest
from sqlalchemy.engine import Engine

from bot import health
from bot.errors import CommandError
from bot.settings import Settings
from bot.telegram import polling, service
from bot.telegram.service import serve
from tests.bot.telegram.channel import Parrot
from tests.bot.telegram.test_webhook import settings_for
from tests.fakes.bot_api import BotApi, User
from tests.fakes.network import DOWN, UP, Network
from tests.processes import free_port

ANA = User(7, "Ana")


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch, short_pauses: None, own_map: Engine) -> None:
    """Shorter polls and pauses, over a map of its own."""
    monkeypatch.setattr(polling, "LONG_POLL_SECONDS", 1)
    monkeypatch.setattr(polling, "_LATE_SECONDS", 2.0)
    monkeypatch.setattr(service, "LONG_POLL_SECONDS", 2)
    monkeypatch.setattr(health, "_ASK_DATABASE_SECONDS", 0.05)
    monkeypatch.setattr(service, "_FINISH_SECONDS", 0.3)


class Load:
    """The loading of the model, which takes until it is let go."""

    def __init__(self) -> None:
        self._may_end = threading.Event()

    def end(self) -> None:
        """Let the loading end."""
        self._may_end.set()

    def __call__(self) -> Parrot:
        assert self._may_end.wait(30)
        return Parrot()


@dataclass
class Watched:
    """A service, what it loads, and the way to its health routes."""

    load: Load
    url: str

    async def ask(self, path: str) -> tuple[int, dict[str, object]]:
        """Ask for one of the routes; a port that is closed has status 0."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(self.url + path) as response,
            ):
                is_json = response.content_type == "application/json"
                return response.status, await response.json() if is_json else {}
        except aiohttp.ClientConnectorError:
            return 0, {}

    async def until(self, status: int, seconds: float = 20.0) -> dict[str, object]:
        """Wait until /readyz answers so, and return what it says."""

        async def look() -> dict[str, object]:
            while (answer := await self.ask("/readyz"))[0] != status:
                await asyncio.sleep(0.02)
            return answer[1]

        return await asyncio.wait_for(look(), seconds)


@asynccontextmanager
async def serving(settings: Settings, url: str) -> AsyncIterator[Watched]:
    """The service at work, once its health routes can be reached or it has begun to load."""
    load = Load()
    task = asyncio.create_task(serve(settings, load))  # type: ignore[arg-type]
    try:
        yield Watched(load, url)
    finally:
        load.end()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def watched(story: Callable[[Watched, Network, BotApi], Awaitable[None]]) -> Callable[[], None]:
    """Make a plain test of a coroutine that is given a polling service and its network."""

    async def tell() -> None:
        port = free_port()
        async with BotApi() as api, Network(api.base_url) as network:
            settings = settings_for(network.base_url)
            settings = replace(settings, webhook_url="", health_listen=("127.0.0.1", port))
            async with serving(settings, f"http://127.0.0.1:{port}") as service_watched:
                await story(service_watched, network, api)

    def test() -> None:
        asyncio.run(tell())

    test.__name__ = story.__name__
    return test


@watched
async def test_while_the_model_is_loaded_it_lives_and_is_not_ready(
    service: Watched, network: Network, api: BotApi
) -> None:
    report = await service.until(503)
    assert report == {
        "ready": False,
        "model": "not yet",
        "database": "not yet",
        "telegram": "not yet",
        "last_contact_seconds": None,
    }
    assert (await service.ask("/healthz"))[0] == 200
    service.load.end()
    report = await service.until(200)
    assert isinstance(report.pop("last_contact_seconds"), float)
    assert report == {"ready": True, "model": "ok", "database": "ok", "telegram": "ok"}
    assert (await service.ask("/metrics"))[0] == 200


@watched
async def test_in_a_quiet_time_it_stays_ready(
    service: Watched, network: Network, api: BotApi
) -> None:
    service.load.end()
    await service.until(200)
    for _ in range(25):
        assert (await service.ask("/readyz"))[0] == 200
        await asyncio.sleep(0.1)


@watched
async def test_without_a_network_it_is_not_ready_and_is_again_with_one(
    service: Watched, network: Network, api: BotApi
) -> None:
    service.load.end()
    await service.until(200)
    await network.become(DOWN)
    report = await service.until(503)
    assert (report["model"], report["database"]) == ("ok", "ok")
    assert str(report["telegram"]).startswith("silent for")
    assert (await service.ask("/healthz"))[0] == 200
    await network.become(UP)
    await service.until(200)


def test_with_a_webhook_the_routes_are_on_its_port_and_it_is_ready_when_that_is_set() -> None:
    async def story() -> None:
        async with BotApi() as api:
            settings = settings_for(api.base_url)
            url = f"http://127.0.0.1:{settings.webhook_port}"
            api.fail_next("setWebhook", 502, times=3)
            async with serving(settings, url) as service:
                service.load.end()
                report = await service.until(503)
                assert report["telegram"] == "not yet"
                await service.until(200)
                await asyncio.sleep(0.2)
                assert (await service.ask("/readyz"))[0] == 200

    asyncio.run(story())


def test_without_an_address_nothing_is_served_by_polling() -> None:
    async def story() -> None:
        async with BotApi() as api:
            settings = replace(settings_for(api.base_url), webhook_url="")
            url = f"http://127.0.0.1:{settings.webhook_port}"
            async with serving(settings, url) as service:
                service.load.end()
                api.text(ANA, "hi")
                await api.wait_for_sent()
                assert await service.ask("/healthz") == (0, {})

    asyncio.run(story())


def test_an_address_that_cannot_be_listened_on_is_named() -> None:
    async def story() -> None:
        async with BotApi() as api:
            taken = int(api.base_url.split(":")[2].split("/")[0])
            settings = settings_for(api.base_url)
            settings = replace(settings, health_listen=("127.0.0.1", taken))
            with pytest.raises(CommandError, match="TWH_HEALTH_LISTEN"):
                await serve(settings, Parrot)  # type: ignore[arg-type]

    asyncio.run(story())
