"""Every setting: its default, a good value, and a bad one that is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot import settings as settings_module
from bot.settings import ROOT, Settings, SettingsError

VARIABLES = (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_URL",
    "TELEGRAM_WEBHOOK_URL",
    "TELEGRAM_WEBHOOK_SECRET",
    "TELEGRAM_WEBHOOK_LISTEN",
    "DATABASE_URL",
    "REDIS_URL",
    "TWH_LOG_LEVEL",
    "TWH_CAMPAIGN_START",
    "TWH_CAMPAIGN_END",
    "TWH_SAMPLE_MAP",
    "TWH_KEEP_UNANSWERED",
    "TWH_GEOCODER",
    "TWH_GEOCODER_URL",
    "TWH_SECRET_KEY",
    "TWH_STAFF_CHAT",
    "TWH_HEALTH_LISTEN",
)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take every setting away, and look for .env in an empty folder."""
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "")  # so that what .env sets is taken back as well
        monkeypatch.delenv(variable)
    monkeypatch.setattr(settings_module, "ROOT", tmp_path)


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_environment()
    assert settings.telegram_token == ""
    assert settings.telegram_api_url == "https://api.telegram.org/bot"
    assert settings.webhook_url == ""
    assert (settings.webhook_host, settings.webhook_port) == ("127.0.0.1", 8080)
    assert settings.health_listen is None
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'twh.db'}"
    assert settings.redis_url == ""
    assert settings.geocoder == "off"
    assert settings.staff_chat is None
    assert settings.log_level == ""
    assert settings.sample_map is False
    assert settings.keep_unanswered is True


def test_the_webhook_secret_is_a_new_one_at_each_start_unless_it_is_set() -> None:
    first, second = Settings.from_environment(), Settings.from_environment()
    assert first.webhook_secret != second.webhook_secret
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,256}", first.webhook_secret)


@pytest.mark.parametrize(
    ("variable", "value", "attribute", "read"),
    [
        ("TELEGRAM_BOT_TOKEN", "123456:AB-c_d", "telegram_token", "123456:AB-c_d"),
        ("TELEGRAM_BOT_TOKEN", "  123456:ABC\n", "telegram_token", "123456:ABC"),
        ("TELEGRAM_API_URL", "http://[::1]:8081/bot", "telegram_api_url", "http://[::1]:8081/bot"),
        ("TELEGRAM_WEBHOOK_URL", "https://twh.org/hook", "webhook_url", "https://twh.org/hook"),
        ("TELEGRAM_WEBHOOK_SECRET", "s" * 256, "webhook_secret", "s" * 256),
        ("TELEGRAM_WEBHOOK_LISTEN", "0.0.0.0:443", "webhook_host", "0.0.0.0"),
        ("TELEGRAM_WEBHOOK_LISTEN", "0.0.0.0:443", "webhook_port", 443),
        ("TWH_HEALTH_LISTEN", "127.0.0.1:9000", "health_listen", ("127.0.0.1", 9000)),
        ("DATABASE_URL", "sqlite:////tmp/a.db", "database_url", "sqlite:////tmp/a.db"),
        ("DATABASE_URL", "postgresql://u:p@h/n", "database_url", "postgresql://u:p@h/n"),
        ("REDIS_URL", "redis://:p@h:6379/0", "redis_url", "redis://:p@h:6379/0"),
        ("REDIS_URL", "rediss://h", "redis_url", "rediss://h"),
        ("TWH_GEOCODER", "off", "geocoder", "off"),
        ("TWH_GEOCODER", "nominatim", "geocoder", "nominatim"),
        ("TWH_LOG_LEVEL", "DEBUG", "log_level", "DEBUG"),
        ("TWH_SAMPLE_MAP", "1", "sample_map", True),
        ("TWH_SAMPLE_MAP", "0", "sample_map", False),
        ("TWH_KEEP_UNANSWERED", "1", "keep_unanswered", True),
        ("TWH_KEEP_UNANSWERED", "0", "keep_unanswered", False),
        ("TWH_STAFF_CHAT", "-1001234567890", "staff_chat", -1001234567890),
        ("TWH_STAFF_CHAT", "42", "staff_chat", 42),
    ],
)
def test_a_good_value_is_used(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, attribute: str, read: Any
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(Settings.from_environment(), attribute) == read


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TWH_GEOCODER_URL", "https://geo.example.org/nominatim/"),
        ("TWH_GEOCODER_URL", "http://127.0.0.1:8080"),
    ],
)
def test_a_good_address_of_a_geocoder_is_accepted(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    Settings.from_environment()


@pytest.mark.parametrize("variable", VARIABLES)
def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "fixed")
    without = Settings.from_environment()
    monkeypatch.setenv(variable, "")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "fixed")
    assert Settings.from_environment() == without


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "my token"),
        ("TELEGRAM_BOT_TOKEN", "123456"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org/bot"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "http://[bad/bot"),
        ("TELEGRAM_WEBHOOK_URL", "twh.org"),
        ("TELEGRAM_WEBHOOK_SECRET", "with space"),
        ("TELEGRAM_WEBHOOK_SECRET", "s" * 257),
        ("TELEGRAM_WEBHOOK_LISTEN", "8080"),
        ("TELEGRAM_WEBHOOK_LISTEN", ":8080"),
        ("TELEGRAM_WEBHOOK_LISTEN", "localhost:"),
        ("TELEGRAM_WEBHOOK_LISTEN", "localhost:http"),
        ("TELEGRAM_WEBHOOK_LISTEN", "localhost:65536"),
        ("TWH_HEALTH_LISTEN", "9000"),
        ("DATABASE_URL", "var/twh.db"),
        ("DATABASE_URL", "postgresql://user:hunter2@host:port/name"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost:6379"),
        ("REDIS_URL", "redis://localhost:port/0"),
        ("TWH_LOG_LEVEL", "LOUD"),
        ("TWH_LOG_LEVEL", "debug"),
        ("TWH_CAMPAIGN_START", "foo"),
        ("TWH_CAMPAIGN_END", "2021-02-30"),
        ("TWH_CAMPAIGN_END", "2020-11-30"),
        ("TWH_SAMPLE_MAP", "yes"),
        ("TWH_SAMPLE_MAP", "2"),
        ("TWH_KEEP_UNANSWERED", "no"),
        ("TWH_GEOCODER", "google"),
        ("TWH_GEOCODER", "Nominatim"),
        ("TWH_GEOCODER_URL", "nominatim.openstreetmap.org"),
        ("TWH_GEOCODER_URL", "file:///etc/hosts"),
        ("TWH_GEOCODER_URL", "https://"),
        ("TWH_SECRET_KEY", "fifteen letters"),
        ("TWH_STAFF_CHAT", "@healing_team"),
        ("TWH_STAFF_CHAT", "0"),
        ("TWH_STAFF_CHAT", "-"),
        ("TWH_STAFF_CHAT", "1e9"),
    ],
)
def test_a_bad_value_is_refused_in_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment()
    assert variable in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "123456 hunter2"),
        ("TELEGRAM_WEBHOOK_SECRET", "hunter2 hunter2"),
        ("DATABASE_URL", "postgresql//user:hunter2@host/name"),
        ("REDIS_URL", "//:hunter2@host:6379"),
        ("TWH_SECRET_KEY", "hunter2"),
    ],
)
def test_a_bad_secret_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment()
    assert "hunter2" not in str(refused.value)


def test_the_file_env_beside_the_program_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# The bot\nTELEGRAM_BOT_TOKEN=123456:ABC\nTWH_LOG_LEVEL='ERROR'\n", encoding="utf-8"
    )
    settings = Settings.from_environment()
    assert settings.telegram_token == "123456:ABC"
    assert settings.log_level == "ERROR"


def test_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=123456:ABC\n", encoding="utf-8")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7:XYZ")
    assert Settings.from_environment().telegram_token == "7:XYZ"


def test_a_bad_value_in_the_file_is_refused_as_well(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_WEBHOOK_LISTEN=8080\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_LISTEN"):
        Settings.from_environment()
