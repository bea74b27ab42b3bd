"""The report of `twh check`: what is configured, what works, what is missing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from actions.healing_map.database import IN_MEMORY, DatabaseError, open_database
from actions.healing_map.migrations import MigrationError, migrate
from bot.conversations import ConversationStore
from bot.rasa_in_process import load_agent
from bot.settings import ROOT, Settings
from bot.training import model_path

_GEOCODERS = {
    "off": "places are looked up offline, no address leaves the machine",
    "nominatim": "what is not found offline is asked of Nominatim",
}

Finding = tuple[bool, str]
"""Whether the assistant can run with it, and the line to print."""


def report(settings: Settings) -> int:
    """Print a line for each part, and return 1 if the assistant could not run, else 0."""
    findings = list(_findings(settings))
    for works, line in findings:
        print(f"{'ok     ' if works else 'problem'} {line}")
    return 0 if all(works for works, _ in findings) else 1


def _findings(settings: Settings) -> Iterator[Finding]:
    parts: tuple[Callable[[Settings], Finding], ...] = (_telegram, _database, _model)
    for part in parts:
        yield part(settings)
    setting = os.environ.get("TWH_GEOCODER", "").strip() or "off"
    yield True, f"geocoder: {_GEOCODERS[setting]}"


def _telegram(settings: Settings) -> Finding:
    if not settings.telegram_token:
        return True, "telegram: no TELEGRAM_BOT_TOKEN, so `twh run` chats in the terminal"
    try:
        name = asyncio.run(_bot_name(settings))
    except InvalidToken:
        return False, "telegram: TELEGRAM_BOT_TOKEN was refused; copy it from BotFather again"
    except TelegramError as error:
        return False, f"telegram: {settings.telegram_api_url} does not answer ({error})"
    way = f"webhook {settings.webhook_url}" if settings.webhook_url else "polling"
    return True, f"telegram: @{name}, {way}"


async def _bot_name(settings: Settings) -> str:
    async with Bot(settings.telegram_token, base_url=settings.telegram_api_url) as bot:
        return bot.username


def _database(settings: Settings) -> Finding:
    try:
        engine = open_database(settings.database_url)
        migrate(engine)
    except (DatabaseError, MigrationError) as error:
        return False, f"database: {error}"
    ConversationStore(engine).close()
    return True, f"database: {engine.url.render_as_string(hide_password=True)}"


def _model(settings: Settings) -> Finding:
    path = model_path()
    if not path.exists():
        return False, "model: missing or older than the training data; run `twh train`"
    try:
        load_agent(path, ConversationStore(open_database(IN_MEMORY)))
    except Exception as error:
        return False, f"model: {path.name} is damaged ({type(error).__name__}); run `twh train`"
    return True, f"model: {path.relative_to(ROOT)}"
