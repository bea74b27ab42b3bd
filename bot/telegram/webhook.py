"""Receives updates by webhook, and answers 200 only after an update was handled."""

from __future__ import annotations

import hmac
import json
import logging
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update

from bot import metrics
from bot.health import TELEGRAM, Readiness, add_routes, runner_of
from bot.settings import Settings
from bot.telegram.handler import UpdateHandler
from bot.telegram.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MAX_BODY_BYTES = 1024 * 1024
_MAX_CONNECTIONS = 100
_RETRY_AFTER_SECONDS = 2


class Webhook:
    """The web server that Telegram posts to, with the routes of bot/health.py beside."""

    def __init__(
        self, bot: Bot, handler: UpdateHandler, settings: Settings, readiness: Readiness
    ) -> None:
        self._readiness = readiness
        self._bot = bot
        self._handler = handler
        self._settings = settings
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.router.add_post(urlsplit(settings.webhook_url).path or "/", self._receive)
        add_routes(app, readiness)
        self._runner = runner_of(app)

    async def listen(self) -> None:
        """Open the port.

        Raises:
            OSError: the address cannot be listened on.
        """
        await self._runner.setup()
        host, port = self._settings.webhook_host, self._settings.webhook_port
        await web.TCPSite(self._runner, host, port).start()
        log.info("webhook: host=%s port=%d", host, port)

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
        self._readiness.note(TELEGRAM)

    async def stop(self) -> None:
        """Stop listening. Telegram keeps what it could not deliver."""
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        secret = self._settings.webhook_secret
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=403)
        metrics.LAST_CONTACT.set_to_current_time()
        self._readiness.note(TELEGRAM)
        if self._handler.is_full:
            # Telegram keeps it, and all that follows it in its chat, and posts it again.
            return web.Response(status=503, headers={"Retry-After": str(_RETRY_AFTER_SECONDS)})
        body = await request.read()
        try:
            task = self._handler.submit(Update.de_json(json.loads(body), self._bot))
        except Exception as error:
            # Whatever it is, it is not to be repeated: the same bytes would fail again.
            log.warning("update cannot be read: reason=%s", type(error).__name__)
            return web.Response(status=200)
        await task
        return web.Response(status=200)
