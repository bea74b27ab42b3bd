"""Every way in which a network breaks: we come back by ourselves, and say so once."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import aiohttp
import pytest
from aiohttp.resolver import ThreadedResolver
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut

from bot.health import Readiness
from bot.telegram import polling as polling_module
from bot.telegram import request as carrier
from bot.telegram import retries
from bot.telegram.polling import Polling
from bot.telegram.request import AiohttpRequest, NotSent
from bot.telegram.service import connect
from tests.background import in_background
from tests.bot.telegram.channel import Channel, new_database
from tests.fakes.bot_api import BotApi, User
from tests.fakes.network import (
    ANSWERED_BY_ANOTHER,
    CUTTING,
    DOWN,
    DRIPPING,
    SILENT,
    UP,
    Network,
)

ANA = User(7, "Ana")

PROMISED_SECONDS = 30.0
"""After so long at most we are back when the network is."""


# Added up here, before the fixture below shortens them.
POLL_SECONDS = polling_module.LONG_POLL_SECONDS + polling_module._LATE_SECONDS
BACK_AFTER_A_LOST_POLL = POLL_SECONDS + retries._FIRST_PAUSE_SECONDS + carrier._CONNECT_SECONDS
BACK_AFTER_A_FAILURE = retries._LONGEST_PAUSE_SECONDS + 2 * carrier._CONNECT_WITH_NAME_SECONDS


@pytest.mark.parametrize("seconds", [BACK_AFTER_A_LOST_POLL, BACK_AFTER_A_FAILURE])
def test_the_times_are_such_that_the_promise_can_be_kept(seconds: float) -> None:
    assert seconds <= PROMISED_SECONDS


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch, short_pauses: None) -> None:
    """Times of which the promise is three seconds."""
    monkeypatch.setattr(polling_module, "LONG_POLL_SECONDS", 1)
    monkeypatch.setattr(polling_module, "_LATE_SECONDS", 1.0)
    monkeypatch.setattr(carrier, "_CONNECT_SECONDS", 0.6)
    monkeypatch.setattr(carrier, "_CONNECT_WITH_NAME_SECONDS", 0.8)


SHORT_PROMISE_SECONDS = 10.0
"""Some times of what it takes with the times above, for a machine that is busy."""


def bot_through(network: Network, api: BotApi) -> Bot:
    """A bot that is connected through a network, and waits two seconds for an answer."""
    requests = {"request": AiohttpRequest(16, 2.0), "get_updates_request": AiohttpRequest(2, 2.0)}
    return Bot(api.token, base_url=network.base_url, **requests)


@asynccontextmanager
async def through_network(
    api: BotApi, certificate: ssl.SSLContext | None = None
) -> AsyncIterator[Network]:
    """A network with the channel at work through it."""
    async with Network(api.base_url, certificate) as network, bot_through(network, api) as bot:
        with new_database() as engine:
            channel = Channel(api, bot, engine)
            try:
                async with in_background(Polling(bot, channel.handler, Readiness({})).run()):
                    yield network
            finally:
                await channel.handler.finish(1)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [it.getMessage() for it in caplog.records if it.name == "bot.telegram.retries"]


async def answers(api: BotApi) -> None:
    """Ana writes, and has an answer in time."""
    before = len(api.texts(ANA.id))
    api.text(ANA, "hi")
    end = time.monotonic() + SHORT_PROMISE_SECONDS
    while len(api.texts(ANA.id)) == before:
        assert time.monotonic() < end, [f"{call.method} {call.error}" for call in api.calls]
        await asyncio.sleep(0.02)


async def fails(caplog: pytest.LogCaptureFixture) -> None:
    """The outage is noticed."""
    end = time.monotonic() + 20
    while not lines(caplog):
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("condition", [DOWN, SILENT, CUTTING, DRIPPING, *ANSWERED_BY_ANOTHER])
def test_the_network_breaks_and_comes_back(
    condition: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with BotApi() as api, through_network(api) as network:
            await answers(api)
            await network.become(condition)
            await fails(caplog)
            await asyncio.sleep(0.5)
            await network.become(UP)
            await answers(api)
        begin, end = lines(caplog)
        assert begin.startswith("fetching updates fails, trying on: reason=")
        assert end.startswith("fetching updates works again: failures=")

    caplog.set_level(logging.INFO, "bot")
    asyncio.run(story())


@pytest.mark.parametrize(
    "break_it",
    [
        lambda api: api.hang_next("getUpdates", times=2),
        lambda api: api.fail_next("getUpdates", 409, times=3),
        lambda api: api.fail_next("getUpdates", 502, times=3),
        lambda api: api.fail_next("getUpdates", 429, retry_after=1),
        lambda api: api.cut_next("getUpdates", times=3),
    ],
    ids=["hangs", "409", "502", "429", "cut"],
)
def test_telegram_fails_and_comes_back(
    break_it: Callable[[BotApi], None], caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with BotApi() as api, through_network(api):
            await answers(api)
            break_it(api)
            api.text(User(8), "hi")
            await fails(caplog)
            await api.wait_until(lambda: len(lines(caplog)) == 2)
            await answers(api)
        assert len(lines(caplog)) == 2

    caplog.set_level(logging.INFO, "bot")
    asyncio.run(story())


def test_a_start_without_name_service_goes_on_when_there_is_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The machine's own resolver cannot be told to fail; its place is taken for a moment."""

    async def fail(*arguments: object, **named: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    async def story() -> None:
        async with BotApi() as api, Network(api.base_url) as network:
            with monkeypatch.context() as patched:
                patched.setattr(ThreadedResolver, "resolve", fail)
                bot = bot_through(network, api)
                connecting = asyncio.create_task(connect(bot))
                await fails(caplog)
                await asyncio.sleep(0.3)
            await asyncio.wait_for(connecting, SHORT_PROMISE_SECONDS)
            await bot.shutdown()
        begin, end = lines(caplog)
        assert begin == "connecting to Telegram fails, trying on: reason=NotSent"
        assert end.startswith("connecting to Telegram works again: failures=")

    caplog.set_level(logging.INFO, "bot")
    asyncio.run(story())


def test_a_certificate_that_is_not_trusted_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    right, wrong = certificate(tmp_path / "right.pem"), certificate(tmp_path / "wrong.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "right.pem"))
    aiohttp.TCPConnector._make_ssl_context.cache_clear()

    async def story() -> None:
        async with BotApi() as api, through_network(api, right) as network:
            await answers(api)
            await network.become(DOWN)
            await network.become(UP, wrong)
            await fails(caplog)
            await asyncio.sleep(0.5)
            assert len(lines(caplog)) == 1
            await network.become(UP, right)
            await answers(api)
        assert len(lines(caplog)) == 2

    caplog.set_level(logging.INFO, "bot")
    try:
        asyncio.run(story())
    finally:
        aiohttp.TCPConnector._make_ssl_context.cache_clear()


def certificate(file: Path) -> ssl.SSLContext:
    """A server's certificate for localhost that signs itself; the file holds it and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(timezone.utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize(
    ("condition", "error"),
    [(SILENT, TimedOut), (DRIPPING, TimedOut), (CUTTING, NetworkError)]
    + [(condition, TelegramError) for condition in ANSWERED_BY_ANOTHER],
)
def test_what_was_perhaps_sent_is_told_apart_from_a_wrong_token_and_from_not_sent(
    condition: str, error: type[TelegramError]
) -> None:
    async def story() -> None:
        async with BotApi() as api, Network(api.base_url) as network:
            bot = bot_through(network, api)
            await bot.initialize()
            await network.become(condition)
            with pytest.raises(error) as caught:
                await bot.send_message(ANA.id, "hi")
            assert not isinstance(caught.value, (NotSent, InvalidToken))
            await bot.shutdown()

    asyncio.run(story())
