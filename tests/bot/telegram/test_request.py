"""Requests to the Bot API over aiohttp: what went wrong, and whether it may be repeated."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut

from bot.telegram import request as carrier
from bot.telegram.request import AiohttpRequest, NotSent
from tests.bot.telegram.channel import Channel, bot_of, on_telegram
from tests.fakes.bot_api import User
from tests.processes import free_port

ANA = User(7)


@on_telegram()
async def test_an_answer_comes_back(channel: Channel) -> None:
    assert (await channel.bot.get_me()).username == "test_bot"


@on_telegram()
async def test_files_are_sent_with_the_other_parameters(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    await channel.bot.send_document(7, b"BEGIN:VCALENDAR", "Día 1 & 2", filename="event.ics")
    [call] = channel.api.sent
    assert call.files == (("event.ics", b"BEGIN:VCALENDAR"),)
    assert call.text == "Día 1 & 2"


def fails(url: str, error: type[Exception]) -> None:
    async def ask() -> None:
        request = AiohttpRequest(1, read_seconds=0.5)
        await request.initialize()
        try:
            await request.do_request(url, "POST")
        finally:
            await request.shutdown()

    with pytest.raises(error) as caught:
        asyncio.run(ask())
    assert type(caught.value) is error


def test_nobody_listening_means_not_sent() -> None:
    fails(f"http://127.0.0.1:{free_port()}/", NotSent)


@contextmanager
def full_backlog() -> Iterator[int]:
    """The port of a server that takes no more connections and does not refuse them either."""
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield int(server.getsockname()[1])


def test_a_connection_that_does_not_come_about_in_time_means_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrier, "_CONNECT_SECONDS", 0.2)
    with full_backlog() as port:
        fails(f"http://127.0.0.1:{port}/", NotSent)


@on_telegram()
async def test_a_late_answer_means_perhaps_sent(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.hang_next("sendMessage", performed=True)
    async with bot_of(channel.api, read_seconds=0.2) as impatient:
        with pytest.raises(TimedOut):
            await impatient.send_message(7, "Hello")


@on_telegram()
async def test_a_cut_answer_means_perhaps_sent(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.cut_next("sendMessage")
    with pytest.raises(NetworkError) as caught:
        await channel.bot.send_message(7, "Hello")
    assert not isinstance(caught.value, NotSent)


@on_telegram()
async def test_a_broken_answer_is_an_error_that_quotes_nothing(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(TelegramError, match="no answer of the Bot API"):
        AiohttpRequest.parse_json_payload(b'{"ok": true, "result": {"text": "secret')
    channel.api.fail_next("getMe", 502)
    with pytest.raises(TelegramError):
        await channel.bot.get_me()
    assert "secret" not in caplog.text and "nginx" not in caplog.text


@on_telegram()
async def test_a_wrong_token_is_told_apart(channel: Channel) -> None:
    channel.api.token = "123:ANOTHER"
    with pytest.raises(InvalidToken):
        await channel.bot.get_me()


def test_a_request_needs_an_open_pool() -> None:
    request = AiohttpRequest(1)
    with pytest.raises(RuntimeError, match="initialize"):
        asyncio.run(request.do_request("http://127.0.0.1:1/", "POST"))
