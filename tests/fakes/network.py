"""A network between the assistant and the Bot API that can be broken and mended, on loopback.

    async with BotApi() as api, Network(api.base_url) as network:
        ...  # start a bot with base_url=network.base_url
        await network.become(SILENT)
        await network.become(UP)

A connection that was hit once stays as it was hit when the network comes back, as in truth.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

UP = "up"
DOWN = "down"  # nobody listens, and what is open is torn
SILENT = "silent"  # what is open and what is opened gets no answer ever
CUTTING = "cutting"  # an answer ends in its middle
GARBAGE = "garbage"  # something answers that speaks no HTTP
DRIPPING = "dripping"  # an answer comes byte by byte, and never ends

_PAGE = b"<html>Please log in</html>"
_NO_ANSWERS = {
    GARBAGE: b"SSH-2.0-OpenSSH_9.2\r\n" * 20,
    "login page": b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n" + _PAGE,
    "no such page": b"HTTP/1.1 404 Not Found\r\nContent-Length: 26\r\n\r\n" + _PAGE,
    "not allowed": b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 26\r\n\r\n" + _PAGE,
    "redirection": b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
    "bad gateway": b'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 13\r\n\r\n"bad gateway"',
    "odd answer": b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}',
}

ANSWERED_BY_ANOTHER = tuple(_NO_ANSWERS)
"""Conditions in which something on the way answers in Telegram's place."""


class Network:
    """Passes bytes on between the client and the server behind it, as its condition allows."""

    def __init__(self, base_url: str, certificate: ssl.SSLContext | None = None) -> None:
        """Set what is behind it, and the certificate that it shows, if it speaks TLS."""
        self._behind = urlsplit(base_url)
        self._certificate = certificate
        self._condition = UP
        self._server: asyncio.Server | None = None
        self._port = 0
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        """The Bot API's address through this network."""
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://localhost:{self._port}{self._behind.path}"

    async def __aenter__(self) -> Network:
        await self._listen()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.become(DOWN)

    async def become(self, condition: str, certificate: ssl.SSLContext | None = None) -> None:
        """Be in another condition from now on; with another certificate, if one is given."""
        self._condition = condition
        self._certificate = certificate or self._certificate
        await self._stop_listening()
        if condition == DOWN or condition in _NO_ANSWERS:
            await self._tear()
        if condition != DOWN:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self._port, ssl=self._certificate
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._server:
            self._server.close()
            self._server = None

    async def _tear(self) -> None:
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        try:
            await self._connect(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._condition in _NO_ANSWERS:
            await reader.readuntil(b"\r\n")
            writer.write(_NO_ANSWERS[self._condition])
            await writer.drain()
            return
        if self._condition == SILENT:
            await asyncio.Event().wait()
        behind = await asyncio.open_connection(self._behind.hostname, self._behind.port)
        there = asyncio.create_task(self._pass_on(reader, behind[1]))
        back = asyncio.create_task(self._pass_on(behind[0], writer, is_answer=True))
        try:
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
        finally:
            there.cancel()
            back.cancel()
            behind[1].close()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_answer: bool = False
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(2**16):
                if self._condition == SILENT:
                    await asyncio.Event().wait()
                if is_answer and self._condition == CUTTING:
                    data = data[: len(data) // 2]
                if is_answer and self._condition == DRIPPING:
                    await self._drip(data[:-1], writer)
                writer.write(data)
                await writer.drain()
                if is_answer and self._condition == CUTTING:
                    return

    async def _drip(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.1)
        await asyncio.Event().wait()
