"""What machines are told: that the process lives, whether it is ready, and its figures."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.engine import Engine

from actions.healing_map.models import sessions
from bot import health, metrics
from bot.health import DATABASE, HealthServer, Readiness, watch_database
from tests.actions.healing_map.making import put_event
from tests.background import in_background
from tests.processes import free_port

PORT = free_port()
URL = f"http://127.0.0.1:{PORT}"


@asynccontextmanager
async def serving(readiness: Readiness) -> AsyncIterator[aiohttp.ClientSession]:
    """The routes at work, and who asks them."""
    server = HealthServer(readiness, "127.0.0.1", PORT)
    await server.listen()
    async with aiohttp.ClientSession(URL) as session:
        yield session
    await server.stop()


def on_routes(
    story: Callable[[Readiness, aiohttp.ClientSession], Awaitable[None]],
) -> Callable[[], None]:
    """Make a plain test of a coroutine that is given two parts, one of which lasts 1 s."""

    async def tell() -> None:
        readiness = Readiness({"model": math.inf, "telegram": 1})
        async with serving(readiness) as session:
            await story(readiness, session)

    def test() -> None:
        asyncio.run(tell())

    test.__name__ = story.__name__
    return test


async def state_of(session: aiohttp.ClientSession) -> tuple[int, dict[str, object]]:
    async with session.get("/readyz") as response:
        return response.status, await response.json()


def figure(name: str, **labels: str) -> float:
    """A figure as Prometheus reads it; 0 where there is none yet."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    samples = [it for family in families for it in family.samples]
    return sum(it.value for it in samples if it.name == name and it.labels == labels)


@on_routes
async def test_a_process_that_is_not_ready_lives(
    readiness: Readiness, session: aiohttp.ClientSession
) -> None:
    async with session.get("/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok")
    nothing_yet = {"model": "not yet", "telegram": "not yet", "last_contact_seconds": None}
    assert await state_of(session) == (503, {"ready": False, **nothing_yet})


@on_routes
async def test_it_is_ready_when_every_part_works(
    readiness: Readiness, session: aiohttp.ClientSession
) -> None:
    readiness.note("telegram")
    status, report = await state_of(session)
    assert (status, report["telegram"], report["model"]) == (503, "ok", "not yet")
    readiness.note("model")
    readiness.note("telegram")
    status, report = await state_of(session)
    contact = report.pop("last_contact_seconds")
    assert (status, report) == (200, {"ready": True, "model": "ok", "telegram": "ok"})
    assert isinstance(contact, float) and 0 <= contact <= 1


@on_routes
async def test_a_part_that_falls_silent_is_named_until_it_is_heard_again(
    readiness: Readiness, session: aiohttp.ClientSession
) -> None:
    readiness.note("model")
    readiness.note("telegram")
    await asyncio.sleep(1.05)
    status, report = await state_of(session)
    assert (status, report["model"]) == (503, "ok")
    assert str(report["telegram"]).startswith("silent for ")
    contact = report["last_contact_seconds"]
    assert isinstance(contact, float) and contact >= 1
    readiness.note("telegram")
    assert (await state_of(session))[0] == 200


@on_routes
async def test_there_are_figures_that_prometheus_can_read(
    readiness: Readiness, session: aiohttp.ClientSession
) -> None:
    metrics.TURNS.labels("answer").inc()
    metrics.TURN_SECONDS.observe(0.2)
    async with session.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        names = {it.name for it in text_string_to_metric_families(await response.text())}
    assert names >= {
        "turns",
        "turn_seconds",
        "updates_waiting",
        "updates_unread",
        "last_contact_timestamp_seconds",
        "outbox_size",
        "review_waiting",
        "notices_waiting",
        "process_resident_memory_bytes",
    }


@on_routes
async def test_nothing_else_is_served(readiness: Readiness, session: aiohttp.ClientSession) -> None:
    for method, path, status in [("GET", "/", 404), ("POST", "/readyz", 405)]:
        async with session.request(method, path) as response:
            assert response.status == status


def test_an_address_that_is_taken_is_an_error() -> None:
    async def story() -> None:
        async with serving(Readiness({})):
            second = HealthServer(Readiness({}), "127.0.0.1", PORT)
            with pytest.raises(OSError, match="in use"):
                await second.listen()
            await second.stop()

    asyncio.run(story())


async def until(is_so: Callable[[], bool]) -> None:
    async def look() -> None:
        while not is_so():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(look(), 20)


def test_a_database_that_answers_gives_its_figures(
    own_map: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_ASK_DATABASE_SECONDS", 0.01)

    async def story() -> None:
        readiness = Readiness({DATABASE: 5})
        async with in_background(watch_database(readiness)):
            await until(lambda: readiness.is_ready)
            assert figure("review_waiting") == figure("notices_waiting") == 0
            with sessions(own_map).begin() as session:
                put_event(session, status="pending", submitter="telegram:7")
                put_event(session, status="approved")
            await until(lambda: figure("review_waiting") == figure("notices_waiting") == 1)
            assert figure("outbox_size") == 0

    asyncio.run(story())


def test_a_database_that_fails_is_not_ready_and_is_again_when_it_works_again(
    own_map: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "_ASK_DATABASE_SECONDS", 0.01)

    def rename(old: str, new: str) -> None:
        with own_map.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    async def story() -> None:
        readiness = Readiness({DATABASE: 0.2})
        async with in_background(watch_database(readiness)):
            await until(lambda: readiness.is_ready)
            rename("outbox", "elsewhere")
            await until(lambda: math.isnan(figure("review_waiting")))
            await until(lambda: not readiness.is_ready)
            rename("elsewhere", "outbox")
            await until(lambda: readiness.is_ready)
            assert figure("review_waiting") == 0

    asyncio.run(story())
    assert [it.getMessage() for it in caplog.records] == [
        "figures not read: reason=OperationalError"
    ]


def test_errors_are_counted_by_who_logs_them() -> None:
    log = logging.getLogger("bot.test_health")
    before = figure("errors_total", logger="bot.test_health")
    with metrics.errors_counted():
        log.error("one")
        log.warning("no error")
    log.error("not any more")
    assert figure("errors_total", logger="bot.test_health") == before + 1
