"""What can be set from outside: the environment, and a file .env beside the program.

What only the actions need (the geocoder, the campaign's days, the contact, the key) they read by
themselves, because the stock action server runs them without this; what may be wrong with it is
found here, before the start.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from actions.campaign import Campaign
from actions.database import DEFAULT_URL

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder."""

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class SettingsError(Exception):
    """A value cannot be used; the text names its variable and says what it should be."""


@dataclass(frozen=True)
class Settings:
    """The settings of one process.

    Attributes:
        telegram_token: the bot's token from BotFather; empty for none.
        telegram_api_url: the Bot API's address, to which the token is added.
        webhook_url: the public address that Telegram posts updates to; empty for polling.
        webhook_secret: what Telegram has to send along with each update.
        webhook_host: the address to listen on.
        webhook_port: the port to listen on.
        health_listen: the host and port of /healthz, /readyz and /metrics; None for none but
            those beside the webhook.
        staff_chat: Telegram's number of the chat in which the staff review; None for none.
        database_url: SQLAlchemy's URL of the database.
        redis_url: the URL of the Redis that several processes share locks in; empty for none.
        geocoder: "off" or "nominatim".
        sample_map: whether an empty map is filled with the sample even when it serves Telegram.
        keep_unanswered: whether what was not understood is kept, masked, for 30 days.
        log_level: DEBUG, INFO, WARNING or ERROR; empty for what suits the command.
    """

    telegram_token: str
    telegram_api_url: str
    webhook_url: str
    webhook_secret: str
    webhook_host: str
    webhook_port: int
    health_listen: tuple[str, int] | None
    staff_chat: int | None
    database_url: str
    redis_url: str
    geocoder: str
    sample_map: bool
    keep_unanswered: bool
    log_level: str

    @classmethod
    def from_environment(cls) -> Settings:
        """Read all settings.

        Raises:
            SettingsError: a value cannot be used.
        """
        load_dotenv(ROOT / ".env")
        host, port = _listen_address("TELEGRAM_WEBHOOK_LISTEN", "127.0.0.1:8080")
        _address("TWH_GEOCODER_URL", "")
        _matching("TWH_SECRET_KEY", "|.{16,}", "", "16 characters or more")
        _check_campaign()
        return cls(
            telegram_token=_matching(
                "TELEGRAM_BOT_TOKEN", r"|\d+:[\w-]+", "", "a token from BotFather, like 123456:ABC"
            ),
            telegram_api_url=_address("TELEGRAM_API_URL", "https://api.telegram.org/bot"),
            webhook_url=_address("TELEGRAM_WEBHOOK_URL", ""),
            webhook_secret=_matching(
                "TELEGRAM_WEBHOOK_SECRET",
                _SECRET.pattern,
                secrets.token_urlsafe(32),
                "1 to 256 letters, digits, _ and -",
            ),
            webhook_host=host,
            webhook_port=port,
            health_listen=_health_listen(),
            staff_chat=_staff_chat(),
            database_url=_database_url(),
            redis_url=_redis_url(),
            geocoder=_matching("TWH_GEOCODER", "off|nominatim", "off", "off or nominatim"),
            sample_map=_matching("TWH_SAMPLE_MAP", "|0|1", "", "1 or 0") == "1",
            keep_unanswered=_matching("TWH_KEEP_UNANSWERED", "0|1", "1", "1 or 0") == "1",
            log_level=_matching(
                "TWH_LOG_LEVEL", "|".join(["", *_LEVELS]), "", " or ".join(_LEVELS)
            ),
        )


def _matching(variable: str, pattern: str, default: str, should_be: str) -> str:
    value = os.environ.get(variable, "").strip() or default
    if not re.fullmatch(pattern, value):
        raise SettingsError(f"{variable} should be {should_be}.")
    return value


def _address(variable: str, default: str) -> str:
    value = os.environ.get(variable, "").strip() or default
    try:
        parts = urlsplit(value)
        is_usable = not value or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        is_usable = False
    if not is_usable:
        raise SettingsError(f"{variable} should be an address that begins with https://.")
    return value


def _health_listen() -> tuple[str, int] | None:
    variable = "TWH_HEALTH_LISTEN"
    return _listen_address(variable, "") if os.environ.get(variable, "").strip() else None


def _listen_address(variable: str, default: str) -> tuple[str, int]:
    value = os.environ.get(variable, "").strip() or default
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise SettingsError(f"{variable} should be host:port, like 127.0.0.1:8080.")
    return host, int(port)


def _staff_chat() -> int | None:
    value = _matching(
        "TWH_STAFF_CHAT", r"|-?[1-9]\d{0,17}", "", "a chat's number, like -1001234567890"
    )
    return int(value) if value else None


def _database_url() -> str:
    value = os.environ.get("DATABASE_URL", "").strip() or DEFAULT_URL
    try:
        make_url(value)
    except (ArgumentError, ValueError):
        raise SettingsError(
            "DATABASE_URL should be like sqlite:///var/twh.db or postgresql://user@host/name."
        ) from None
    return value


def _redis_url() -> str:
    value = os.environ.get("REDIS_URL", "").strip()
    if not value:
        return ""
    from redis.connection import parse_url  # takes 0.2 s, which most commands need not wait for

    try:
        parse_url(value)
    except ValueError:
        # Not quoted: the URL may hold a password.
        raise SettingsError("REDIS_URL should be like redis://host:6379/0.") from None
    return value


def _check_campaign() -> None:
    try:
        Campaign.from_environment()
    except ValueError as error:
        raise SettingsError(str(error)) from None
