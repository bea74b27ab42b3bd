"""Receives updates by webhook, and answers 200 only after an update was handled."""

from __future__ import annotations

import hmac
import logging
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update

from bot.settings import Settings
from bot.telegram.handler import UpdateHandler
from bot.telegram.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MAX_BODY_BYTES = 1024 * 1024
_MAX_CONNECTIONS = 100
_SHUTDOWN_SECONDS = 1.0  # the running turns were waited for before


class Webhook:
    """The web server that Telegram posts to, with a health route beside."""

    def __init__(self, bot: Bot, handler: UpdateHandler, settings: Settings) -> None:
        self._bot = bot
        self._handler = handler
        self._settings = settings
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.router.add_post(urlsplit(settings.webhook_url).path or "/", self._receive)
        app.router.add_get("/healthz", self._health)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=_SHUTDOWN_SECONDS,
            # Telegram packs nothing; half a megabyte from a stranger could unpack to hundreds.
            auto_decompress=False,
        )

    async def listen(self) -> None:
        """Open the port.

        Raises:
            OSError: the address cannot be listened on.
        """
        await self._runner.setup()
        host, port = self._settings.webhook_host, self._settings.webhook_port
        await web.TCPSite(self._runner, host, port).start()
        log.info("webhook: listening on %s:%d", host, port)

    async def register(self) -> None:
        """Tell Telegram where to post.

        Raises:
            TelegramError: Telegram refuses the webhook or does not answer.
        """
        await self._bot.set_webhook(
            self._settings.webhook_url,
            secret_token=self._settings.webhook_secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=_MAX_CONNECTIONS,
        )

    async def stop(self) -> None:
        """Stop listening. Telegram keeps what it could not deliver."""
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        secret = self._settings.webhook_secret
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(await request.json(), self._bot)
            task = self._handler.submit(update)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            # Not repeated: the same bytes would fail again.
            log.warning("update cannot be read: %s", type(error).__name__)
            return web.Response(status=200)
        await task
        return web.Response(status=200)

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response(text="ok")
