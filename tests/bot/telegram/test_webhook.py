"""The webhook: who may post, what is acknowledged and when, and the health route."""

from __future__ import annotations

import asyncio
import gzip
import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from telegram.error import BadRequest

from bot.health import TELEGRAM, Readiness
from bot.settings import Settings
from bot.telegram.updates import ALLOWED_UPDATES
from bot.telegram.webhook import Webhook
from tests.bot.telegram.channel import FAILING, Channel, on_telegram
from tests.fakes.bot_api import User
from tests.processes import free_port

ANA, BEN = User(7, "Ana"), User(8, "Ben")
SECRET = "s3cret"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def settings_for(api_url: str) -> Settings:
    port = free_port()
    return Settings(
        telegram_token="123:TEST",
        telegram_api_url=api_url,
        webhook_url=f"http://127.0.0.1:{port}/hook",
        webhook_secret=SECRET,
        webhook_host="127.0.0.1",
        webhook_port=port,
        health_listen=None,
        staff_chat=None,
        database_url="sqlite://",
        redis_url="",
        geocoder="off",
        log_level="",
        sample_map=False,
        keep_unanswered=False,
    )


@asynccontextmanager
async def webhook(channel: Channel) -> AsyncIterator[Settings]:
    """The webhook at work."""
    settings = settings_for(channel.api.base_url)
    server = Webhook(channel.bot, channel.handler, settings, Readiness({}))
    await server.listen()
    await server.register()
    try:
        yield settings
    finally:
        await server.stop()


async def post(
    settings: Settings, body: object, secret: str | None = SECRET, **headers: str
) -> int:
    """Post as Telegram does, and return the status."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers |= {"Content-Type": "application/json"} | ({HEADER: secret} if secret else {})
    async with (
        aiohttp.ClientSession() as session,
        session.post(settings.webhook_url, data=data, headers=headers) as response,
    ):
        return response.status


def update_of(user: User, text: str, update_id: int = 1) -> dict[str, object]:
    message = {"message_id": 5, "date": 0, "chat": user.private_chat(), "from": user.to_json()}
    return {"update_id": update_id, "message": {**message, "text": text}}


@on_telegram()
async def test_telegram_is_told_where_to_post_what(channel: Channel) -> None:
    async with webhook(channel) as settings:
        [call] = [call for call in channel.api.calls if call.method == "setWebhook"]
    assert call.params["url"] == settings.webhook_url
    assert call.params["secret_token"] == SECRET
    assert call.params["allowed_updates"] == list(ALLOWED_UPDATES)
    assert "drop_pending_updates" not in call.params


@on_telegram()
async def test_what_telegram_posts_is_answered_and_acknowledged(channel: Channel) -> None:
    channel.api.text(ANA, "before the start")
    async with webhook(channel):
        channel.api.text(BEN, "hi")
        channel.api.tap(BEN, 999, data="/faq_dates")
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
        await channel.handler.finish(5)
    assert channel.api.texts(ANA.id) == ["You: before the start"]
    assert sorted(channel.api.texts(BEN.id)) == ["You: /faq_dates", "You: hi"]


@on_telegram()
async def test_an_update_is_acknowledged_only_after_it_was_handled(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    slow = channel.api.text(ANA, "slow")
    async with webhook(channel):
        await hold.begins()
        channel.api.text(BEN, "quick")
        await channel.api.wait_until(lambda: channel.api.unconfirmed == [slow])
        await channel.api.wait_until(lambda: channel.api.texts(BEN.id) == ["You: quick"])
        hold.release()
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
        await channel.handler.finish(5)
    assert channel.api.texts(ANA.id) == ["You: slow"]


@on_telegram()
async def test_an_update_that_is_posted_again_meanwhile_is_handled_once(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    channel.api.text(ANA, "hi")
    async with webhook(channel) as settings:
        update = update_of(ANA, "slow")
        first = asyncio.create_task(post(settings, update))
        await hold.begins()
        second = asyncio.create_task(post(settings, update))
        hold.release()
        assert await first == await second == await post(settings, update) == 200
    assert channel.parrot.heard.count("slow") == 1


@on_telegram()
async def test_an_update_that_cannot_be_handled_is_acknowledged(channel: Channel) -> None:
    async with webhook(channel):
        channel.api.text(ANA, FAILING)
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    assert channel.parrot.heard == [FAILING]


@pytest.mark.parametrize("secret", [None, "wrong", "S3CRET", "s3cret2"])
def test_nobody_without_the_secret_may_post(secret: str | None) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        async with webhook(channel) as settings:
            assert await post(settings, update_of(ANA, "hi"), secret) == 403
        assert channel.parrot.turns == []

    story()


@on_telegram()
async def test_a_secret_of_broken_bytes_is_wrong(channel: Channel) -> None:
    async with webhook(channel) as settings:
        reader, writer = await asyncio.open_connection("127.0.0.1", settings.webhook_port)
        head = b"POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
        writer.write(head + HEADER.encode() + b": \xff\xfe\r\n\r\n{}")
        status = await asyncio.wait_for(reader.readline(), 20)
        writer.close()
    assert status.split()[1] == b"403"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"message": {}}',
        b'{"update_id": [1]}',
        b'{"update_id": 1, "message": 5}',
        b'{"update_id": 1, "message": {"message_id": 1}}',
        b'{"update_id": ' + b"9" * 100_000 + b"}",
        b'{"update_id": 1, "message": {"message_id": 1, "date": 1e20, "chat": {"id": 7}}}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": NaN, "chat": {"id": 7}}}',
        b"[" * 100_000,
        b'{"update_id": 1, "message": ' + b'{"reply_to_message": ' * 400 + b"{}" + b"}" * 401,
        b'{"update_id": 1, "new": ' + b"[" * 900 + b"]" * 900 + b"}",
    ],
    ids=[
        "nothing",
        "half",
        "no UTF-8",
        "null",
        "list",
        "text",
        "empty",
        "no number",
        "odd number",
        "odd message",
        "half a message",
        "endless number",
        "no such year",
        "no moment",
        "too deep",
        "a deep message",
        "deep and new",
    ],
)
def test_what_cannot_be_read_is_acknowledged_and_the_next_update_is_answered(body: bytes) -> None:
    """Telegram would post the same bytes again for a day."""

    @on_telegram()
    async def story(channel: Channel) -> None:
        async with webhook(channel) as settings:
            assert await post(settings, body) == 200
            channel.api.text(ANA, "hi")
            await channel.api.wait_until(lambda: channel.api.texts(ANA.id) == ["You: hi"])

    story()


@on_telegram()
async def test_an_update_of_a_kind_that_is_not_known_yet_is_acknowledged(channel: Channel) -> None:
    async with webhook(channel) as settings:
        assert await post(settings, {"update_id": 1, "telepathy": {"thought": "hi"}}) == 200
    assert channel.parrot.turns == []


@on_telegram()
async def test_a_body_beyond_any_update_is_refused(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    async with webhook(channel) as settings:
        assert await post(settings, b" " * 2**21) == 413
        await channel.api.wait_until(lambda: not channel.api.unconfirmed)


@on_telegram()
async def test_so_is_one_that_does_not_tell_its_length(channel: Channel) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 2**17

    async with (
        webhook(channel) as settings,
        aiohttp.ClientSession(headers={HEADER: SECRET}) as session,
        session.post(settings.webhook_url, data=in_pieces()) as response,
    ):
        assert response.status == 413


_LINES = f"POST /hook HTTP/1.1\r\nHost: bot\r\n{HEADER}: {SECRET}\r\n".encode()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
        b"WHATEVER /hook HTTP/1.1\r\nHost: bot\r\n\r\n",
        _LINES + b"Content-Length: -5\r\n\r\n{}",
        _LINES + b"Content-Length: many\r\n\r\n{}",
        _LINES + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        _LINES + b"Transfer-Encoding: chunked\r\n\r\nnone\r\n{}\r\n0\r\n\r\n",
        _LINES + b"X-Long: " + b"x" * 20_000 + b"\r\n\r\n",
    ],
    ids=["TLS", "no method", "less than no", "no", "both", "no piece", "overlong"],
)
def test_what_is_no_http_is_refused_and_the_next_update_is_answered(sent: bytes) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        async with webhook(channel) as settings:
            reader, writer = await asyncio.open_connection("127.0.0.1", settings.webhook_port)
            writer.write(sent)
            status = await asyncio.wait_for(reader.readline(), 20)
            writer.close()
            assert status.split()[1] == b"400"
            assert await post(settings, update_of(ANA, "hi")) == 200
        assert channel.parrot.heard == ["hi"]

    story()


@on_telegram()
async def test_a_post_that_breaks_off_is_no_update(channel: Channel) -> None:
    async with webhook(channel) as settings:
        _, writer = await asyncio.open_connection("127.0.0.1", settings.webhook_port)
        body = json.dumps(update_of(ANA, "half")).encode()
        writer.write(_LINES + f"Content-Length: {len(body) + 1}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        assert await post(settings, update_of(ANA, "whole")) == 200
    assert channel.parrot.heard == ["whole"]


@on_telegram()
async def test_a_packed_body_is_not_unpacked(channel: Channel) -> None:
    async with webhook(channel) as settings:
        packed = gzip.compress(json.dumps(update_of(ANA, "packed", 8)).encode())
        assert await post(settings, packed, **{"Content-Encoding": "gzip"}) == 200
        assert await post(settings, update_of(ANA, "plain", 9)) == 200
    assert channel.parrot.heard == ["plain"]


@on_telegram()
async def test_the_last_delivery_is_known(channel: Channel) -> None:
    settings, readiness = settings_for(channel.api.base_url), Readiness({TELEGRAM: math.inf})
    server = Webhook(channel.bot, channel.handler, settings, readiness)
    await server.listen()
    assert await post(settings, update_of(ANA, "hi"), "wrong") == 403
    assert not readiness.is_ready
    assert await post(settings, update_of(ANA, "hi")) == 200
    assert readiness.is_ready and readiness.seconds_since(TELEGRAM) is not None
    await server.stop()


@on_telegram()
async def test_the_health_route_needs_no_secret_and_nothing_else_is_there(
    channel: Channel,
) -> None:
    async with webhook(channel) as settings, aiohttp.ClientSession() as session:
        base = f"http://127.0.0.1:{settings.webhook_port}"
        async with session.get(f"{base}/healthz") as response:
            assert (response.status, await response.text()) == (200, "ok")
        for method, path, status in [("GET", "/hook", 405), ("POST", "/", 404), ("GET", "/x", 404)]:
            async with session.request(method, base + path) as response:
                assert response.status == status


@on_telegram()
async def test_an_address_without_a_path_is_served_at_the_root(channel: Channel) -> None:
    settings = settings_for(channel.api.base_url)
    settings = replace(settings, webhook_url=f"http://127.0.0.1:{settings.webhook_port}")
    server = Webhook(channel.bot, channel.handler, settings, Readiness({}))
    await server.listen()
    await server.register()
    channel.api.text(ANA, "hi")
    await channel.api.wait_until(lambda: not channel.api.unconfirmed)
    await server.stop()


@on_telegram()
async def test_a_url_that_telegram_refuses_is_an_error(channel: Channel) -> None:
    settings = replace(settings_for(channel.api.base_url), webhook_url="http://example.org/hook")
    server = Webhook(channel.bot, channel.handler, settings, Readiness({}))
    with pytest.raises(BadRequest, match=r"(?i)https"):
        await server.listen()
        await server.register()
    await server.stop()


@on_telegram()
async def test_an_address_that_is_taken_is_an_error(channel: Channel) -> None:
    async with webhook(channel) as settings:
        second = Webhook(channel.bot, channel.handler, settings, Readiness({}))
        with pytest.raises(OSError, match="in use"):
            await second.listen()
            await second.register()
        await second.stop()


@on_telegram()
async def test_stopping_does_not_wait_for_a_turn_that_never_ends(channel: Channel) -> None:
    hold = channel.parrot.hold("stuck")
    stuck = channel.api.text(ANA, "stuck")
    server = Webhook(
        channel.bot, channel.handler, settings_for(channel.api.base_url), Readiness({})
    )
    await server.listen()
    await server.register()
    await hold.begins()
    await asyncio.wait_for(server.stop(), 20)
    assert channel.api.unconfirmed == [stuck]
