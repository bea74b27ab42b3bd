"""Runs the assistant on Telegram: connects, serves, and stops in an orderly way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot import metrics
from bot.assistant import Assistant
from bot.errors import CommandError
from bot.health import (
    DATABASE,
    DATABASE_LASTS_SECONDS,
    MODEL,
    TELEGRAM,
    HealthServer,
    Readiness,
    watch_database,
)
from bot.settings import Settings
from bot.telegram.handler import UpdateHandler
from bot.telegram.inbox import delete_old
from bot.telegram.limits import TelegramLimits
from bot.telegram.notifier import Notifier
from bot.telegram.outbox import Outbox
from bot.telegram.polling import LONG_POLL_SECONDS, Polling
from bot.telegram.profile import register_profile
from bot.telegram.request import AiohttpRequest
from bot.telegram.retries import Retries
from bot.telegram.sender import Sender
from bot.telegram.staff import StaffChat
from bot.telegram.updates import Me
from bot.telegram.webhook import Webhook

log = logging.getLogger(__name__)

_FINISH_SECONDS = 8.0  # of the 10 s that a supervisor gives
_DAY_SECONDS = 86_400.0
_CONNECTIONS = 64


@dataclass(frozen=True)
class _Work:
    """What runs, and is finished at the stop: the turns, and the notice that is being sent."""

    handler: UpdateHandler
    notifying: asyncio.Task[None]

    async def finish(self) -> None:
        """Wait for it, but not long."""
        turns = self.handler.finish(_FINISH_SECONDS)
        await asyncio.gather(turns, asyncio.wait([self.notifying], timeout=_FINISH_SECONDS))


async def serve(settings: Settings, load: Callable[[], Assistant]) -> None:
    """Answer on Telegram until SIGINT or SIGTERM, then finish the running turns.

    Args:
        settings: with a token.
        load: returns the assistant; takes seconds.

    Raises:
        CommandError: the token is refused, or the webhook cannot be set up.
    """
    bot: Bot = ExtBot(
        settings.telegram_token,
        base_url=settings.telegram_api_url,
        request=AiohttpRequest(_CONNECTIONS),
        # More than one connection, so that a torn poll cannot block the next.
        get_updates_request=AiohttpRequest(2),
        rate_limiter=TelegramLimits(),
    )
    readiness = _readiness(settings)
    stopped = _stop_on_signals()
    try:
        with metrics.errors_counted():
            async with _health(settings, readiness):
                if await _unless(stopped, connect(bot)):
                    await _load_and_serve(bot, load, settings, readiness, stopped)
    except InvalidToken:
        raise CommandError(
            "Telegram refuses TELEGRAM_BOT_TOKEN: copy the token from BotFather again."
        ) from None
    finally:
        await bot.shutdown()


def _readiness(settings: Settings) -> Readiness:
    """Return what has to be heard of how often; a model, and a webhook that is set, stay."""
    poll_lasts = math.inf if settings.webhook_url else 2.0 * LONG_POLL_SECONDS
    return Readiness({MODEL: math.inf, DATABASE: DATABASE_LASTS_SECONDS, TELEGRAM: poll_lasts})


@contextlib.asynccontextmanager
async def _health(settings: Settings, readiness: Readiness) -> AsyncIterator[None]:
    """Tell machines how the process is, if they are to be told on a port of its own."""
    if settings.health_listen is None:
        yield
        return
    server = HealthServer(readiness, *settings.health_listen)
    try:
        await server.listen()
    except OSError as error:
        await server.stop()
        raise CommandError(
            f"TWH_HEALTH_LISTEN cannot be used: {error.strerror}; set another host:port."
        ) from None
    try:
        yield
    finally:
        await server.stop()


async def _load_and_serve(
    bot: Bot,
    load: Callable[[], Assistant],
    settings: Settings,
    readiness: Readiness,
    stopped: asyncio.Event,
) -> None:
    # In a thread, so that the health routes answer meanwhile.
    assistant = await asyncio.to_thread(load)
    readiness.note(MODEL)
    watching = asyncio.create_task(watch_database(readiness))
    try:
        await _serve(bot, assistant, settings, readiness, stopped)
    finally:
        watching.cancel()
        assistant.close()


def _stop_on_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


async def _unless(stopped: asyncio.Event, work: Awaitable[None]) -> bool:
    """Do the work, and return False if the stop came first."""
    task, waiting = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
    await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        task.result()
        return True
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return False


async def connect(bot: Bot) -> None:
    """Get to know the bot itself; a network that is down is waited for."""
    retries = Retries("connecting to Telegram")
    while True:
        try:
            await bot.initialize()
            retries.note_success()
            return
        except TelegramError as error:
            await retries.wait(error)


async def _serve(
    bot: Bot,
    assistant: Assistant,
    settings: Settings,
    readiness: Readiness,
    stopped: asyncio.Event,
) -> None:
    sender, staff_chat = Sender(bot), settings.staff_chat
    staff = None if staff_chat is None else StaffChat(bot, sender, staff_chat)
    outbox = Outbox(assistant.transactions, sender)
    handler = UpdateHandler(assistant, sender, outbox, Me(bot.id, bot.username), staff)
    await register_profile(bot)
    housekeeping = asyncio.create_task(_delete_old(assistant))
    notifying = asyncio.create_task(Notifier(sender, staff_chat).run(stopped))
    taking_over = asyncio.create_task(outbox.run(stopped))
    work = _Work(handler, notifying)
    try:
        if settings.webhook_url:
            await _serve_webhook(Webhook(bot, handler, settings, readiness), work, stopped)
        else:
            await _serve_polling(Polling(bot, handler, readiness), work, stopped)
    finally:
        for task in (housekeeping, notifying, taking_over):
            task.cancel()
    log.info("stopped")


async def _serve_polling(polling: Polling, work: _Work, stopped: asyncio.Event) -> None:
    log.info("polling")
    await _unless(stopped, polling.run())
    await work.finish()
    await polling.confirm()


async def _serve_webhook(webhook: Webhook, work: _Work, stopped: asyncio.Event) -> None:
    try:
        await webhook.listen()
        await _unless(stopped, _register(webhook))
        await stopped.wait()
        await work.finish()
    except OSError as error:
        raise CommandError(
            f"TELEGRAM_WEBHOOK_LISTEN cannot be used: {error.strerror}; set another host:port."
        ) from None
    except BadRequest as error:
        raise CommandError(f"Telegram refuses TELEGRAM_WEBHOOK_URL: {error.message}.") from None
    finally:
        await webhook.stop()


async def _register(webhook: Webhook) -> None:
    """Register the webhook; a network that is down and limits are waited for."""
    retries = Retries("setting the webhook")
    while True:
        try:
            await webhook.register()
            retries.note_success()
            return
        except BadRequest:
            raise
        except TelegramError as error:
            await retries.wait(error)


async def _delete_old(assistant: Assistant) -> None:
    while True:
        try:
            await assistant.delete_old()
            await assistant.transactions.run(delete_old)
        except Exception as error:
            log.error("what is old was not deleted", exc_info=error)
        await asyncio.sleep(_DAY_SECONDS)
