"""The webhook's port: what anybody can send to it who does not know the secret, and who does."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
import zlib

import aiohttp
import pytest

from bot.health import HealthServer, Readiness
from tests.bot.program_logs import program_logs
from tests.bot.telegram.channel import Channel, on_telegram
from tests.bot.telegram.test_webhook import ANA, HEADER, SECRET, post, update_of, webhook
from tests.processes import free_port

_MEGABYTE = 2**20
_BOMB_MEGABYTES = 512


@pytest.mark.parametrize("header", ["Authorization", "X-Telegram-Bot-Api-Token", "Cookie"])
def test_the_secret_counts_in_its_own_header_only(header: str) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        async with webhook(channel) as settings:
            assert await post(settings, update_of(ANA, "hi"), None, **{header: SECRET}) == 403
            in_url = f"{settings.webhook_url}?secret_token={SECRET}"
            async with (
                aiohttp.ClientSession() as session,
                session.post(in_url, json=update_of(ANA, "hi")) as response,
            ):
                assert response.status == 403
        assert channel.parrot.turns == []

    story()


@pytest.mark.parametrize("secret", ["", " ", SECRET[:-1], SECRET + SECRET, "%", "*", "null"])
def test_what_resembles_the_secret_is_refused(secret: str) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        async with webhook(channel) as settings:
            assert await post(settings, update_of(ANA, "hi"), None, **{HEADER: secret}) == 403
        assert channel.parrot.turns == []

    story()


@on_telegram()
async def test_without_the_secret_nothing_is_read(channel: Channel) -> None:
    """A body beyond the limit would be refused with 413, if anybody looked at it."""
    async with webhook(channel) as settings:
        assert await post(settings, b"x" * 3 * _MEGABYTE, "wrong") == 403


@on_telegram()
async def test_a_body_that_grows_when_it_is_unpacked_takes_no_memory(channel: Channel) -> None:
    """Telegram packs nothing, so that nothing needs to be unpacked; least of all for strangers."""
    async with webhook(channel) as settings:
        status, megabytes = await _throw_bomb(settings.webhook_port, "/hook")
    assert status == 403
    assert megabytes < _BOMB_MEGABYTES / 8


def test_neither_does_one_at_the_health_routes() -> None:
    async def story() -> tuple[int, float]:
        port = free_port()
        server = HealthServer(Readiness({}), "127.0.0.1", port)
        await server.listen()
        try:
            return await _throw_bomb(port, "/healthz")
        finally:
            await server.stop()

    status, megabytes = asyncio.run(story())
    assert status == 405
    assert megabytes < _BOMB_MEGABYTES / 8


async def _throw_bomb(port: int, path: str) -> tuple[int, float]:
    """Post a body that grows a thousandfold; return the status and the megabytes that it took."""
    bomb = _packed_zeros(_BOMB_MEGABYTES)
    tracemalloc.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {path} HTTP/1.1\r\nHost: bot\r\nContent-Encoding: gzip\r\n"
    writer.write(f"{head}Content-Length: {len(bomb)}\r\n\r\n".encode() + bomb)
    status = await asyncio.wait_for(reader.readline(), 30)
    writer.close()
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return int(status.split()[1]), most_bytes / _MEGABYTE


def _packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    zeros = bytes(_MEGABYTE)
    return b"".join([*(packer.compress(zeros) for _ in range(megabytes)), packer.flush()])


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json; charset=nonsense"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-16"},
        {"Content-Encoding": "gzip"},
        {"Content-Encoding": "nonsense"},
    ],
)
def test_odd_headers_end_in_no_failure_of_the_server(headers: dict[str, str]) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        async with webhook(channel) as settings, aiohttp.ClientSession() as session:
            body = json.dumps(update_of(ANA, "hi")).encode()
            async with session.post(
                settings.webhook_url,
                data=body,
                headers={HEADER: SECRET, **headers},
                skip_auto_headers=["Content-Encoding"],
                compress=False,
            ) as response:
                assert response.status == 200

    story()


@on_telegram()
async def test_a_line_break_in_an_updates_number_begins_no_line_of_the_log(
    channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = "1\r\n2020-12-08 10:00:00 ERROR bot.cli all is lost\x1b[2J"
    with program_logs("DEBUG"):
        async with webhook(channel) as settings:
            update = {**update_of(ANA, "fail"), "update_id": forged}
            assert await post(settings, update) == 200
    lines = capsys.readouterr().err.splitlines()
    assert not any(line.startswith("2020-12-08 10:00:00 ERROR") for line in lines)
    assert not any("\x1b" in line for line in lines)
