"""The report of `twh check`: what is configured, what works, what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from redis.exceptions import RedisError
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from actions.healing_map.database import IN_MEMORY, open_database
from actions.healing_map.encryption import VARIABLE, UnusableKey, secret_key
from actions.texts import LANGUAGES, UnreadableData
from bot.conversations import ConversationStore
from bot.errors import CommandError
from bot.map_database import open_map
from bot.rasa_in_process import load_agent
from bot.settings import ROOT, Settings
from bot.shared_locks import SharedLocks
from bot.texts_command import problems, sentences
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
    parts: tuple[Callable[[Settings], Finding], ...] = (
        _telegram,
        _staff_chat,
        _database,
        _redis,
        _model,
        _key,
    )
    for part in parts:
        yield part(settings)
    yield from _texts()
    yield True, f"geocoder: {_GEOCODERS[settings.geocoder]}"


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


def _staff_chat(settings: Settings) -> Finding:
    number = settings.staff_chat
    if number is None or not settings.telegram_token:
        missing = "TWH_STAFF_CHAT" if number is None else "TELEGRAM_BOT_TOKEN"
        return True, f"staff chat: no {missing}, so submissions are reviewed with `twh review`"
    try:
        title = asyncio.run(_chat_title(settings, number))
    except TelegramError as error:
        return False, f"staff chat: {number} cannot be reached ({error}); add the assistant to it"
    return True, f"staff chat: {number} ({title})"


async def _chat_title(settings: Settings, number: int) -> str:
    async with Bot(settings.telegram_token, base_url=settings.telegram_api_url) as bot:
        return (await bot.get_chat(number)).effective_name or ""


def _key(settings: Settings) -> Finding:
    try:
        secret = secret_key()
    except UnusableKey as error:
        return False, f"key: {error}"
    if secret.source == VARIABLE:
        return True, f"key: {VARIABLE}"
    return True, f"key: {secret.source}; keep it apart from the database, and keep a copy"


def _database(settings: Settings) -> Finding:
    try:
        engine = open_map(settings.database_url)
    except CommandError as error:
        return False, f"database: {error}"
    ConversationStore(engine).close()
    return True, f"database: {engine.url.render_as_string(hide_password=True)}"


def _redis(settings: Settings) -> Finding:
    if not settings.redis_url:
        return True, "redis: no REDIS_URL; needed only where several processes share the work"
    try:
        asyncio.run(SharedLocks(settings.redis_url).check())
    except (RedisError, OSError) as error:
        return False, f"redis: REDIS_URL does not answer ({type(error).__name__})"
    return True, "redis: locks are shared with other processes"


def _texts() -> Iterator[Finding]:
    try:
        found = [f"texts: {problem}" for problem in problems()]
        number = len(sentences())
    except UnreadableData as error:
        found, number = [f"texts: {error}"], 0
    yield from ((False, line) for line in found)
    if not found:
        yield True, f"texts: {number} sentences in {' and '.join(LANGUAGES)}, none is missing"


def _model(settings: Settings) -> Finding:
    try:
        path = model_path()
    except UnreadableData:
        return False, "model: the training data cannot be read (see texts)"
    if not path.exists():
        return False, "model: missing or older than the training data; run `twh train`"
    try:
        load_agent(path, ConversationStore(open_database(IN_MEMORY)))
    except Exception as error:
        return False, f"model: {path.name} is damaged ({type(error).__name__}); run `twh train`"
    return True, f"model: {path.relative_to(ROOT)}"
