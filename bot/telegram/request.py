"""Carries python-telegram-bot's requests over aiohttp.

Why not its own httpx carrier: with many sends at once httpx's connection pool costs 12 ms of
processor time an update instead of 0.8 ms, and answers five times fewer (measured with
python-telegram-bot 22.8 and httpx 0.28).
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_CONNECT_SECONDS = 5.0
_CONNECT_WITH_NAME_SECONDS = 10.0
"""For a connection with all that comes before it: looking up the name, waiting for a free one."""


class NotSent(NetworkError):
    """No connection came about, so Telegram cannot have got the request: it may be repeated."""


class AiohttpRequest(BaseRequest):
    """A pool of connections to the Bot API."""

    def __init__(self, connections: int, read_seconds: float = 20.0) -> None:
        """Set how many requests run at once, and how long to wait for an answer."""
        self._connections = connections
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer is waited for unless a request says otherwise, in seconds."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the pool."""
        connector = aiohttp.TCPConnector(limit=self._connections)
        self._session = aiohttp.ClientSession(connector=connector, trust_env=True)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Parse an answer; unlike the original, never log one that is broken: it holds texts."""
        answer = _answer_in(payload)
        if answer is None:
            raise TelegramError("This is no answer of the Bot API")
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request and return the status and the body of the answer.

        Raises:
            NotSent: no connection came about.
            TimedOut: the answer did not come in time; the request may have been carried out.
            NetworkError: the connection broke, or something on the way answered in Telegram's
                place; the request may have been carried out.
        """
        if self._session is None:
            raise RuntimeError("initialize() was not awaited")
        seconds = self._read_seconds if isinstance(read_timeout, DefaultValue) else read_timeout
        timeout = aiohttp.ClientTimeout(
            # Also against an answer that comes byte by byte and never ends.
            total=_CONNECT_WITH_NAME_SECONDS + seconds,
            connect=_CONNECT_WITH_NAME_SECONDS,
            sock_connect=_CONNECT_SECONDS,
            sock_read=seconds,
        )
        headers = {"User-Agent": self.USER_AGENT}
        try:
            async with self._session.request(
                method,
                url,
                data=_form(request_data),
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return response.status, _checked(response.status, await response.read())
        except aiohttp.ClientConnectorError as error:
            raise NotSent(type(error).__name__) from None
        except asyncio.TimeoutError as error:
            # aiohttp 3.9 tells a connection that did not come about in time by its cause only.
            if isinstance(error.__cause__, asyncio.TimeoutError):
                raise NotSent(type(error).__name__) from None
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None


def _checked(status: int, body: bytes) -> bytes:
    """Return the body; a proxy's 404 must not pass for Telegram's, which means a wrong token."""
    if status >= HTTPStatus.MULTIPLE_CHOICES and _answer_in(body) is None:
        raise NetworkError(f"HTTP {status}")
    return body


def _answer_in(body: bytes) -> dict[str, Any] | None:
    """Return the Bot API's answer, or None for anything else, such as a proxy's page."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_answer = isinstance(answer, dict) and ("result" in answer if answer.get("ok") else True)
    return answer if is_answer and "ok" in answer else None


def _form(request_data: RequestData | None) -> Any:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (file_name, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime_type)
    return form
