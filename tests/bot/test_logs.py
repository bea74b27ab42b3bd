"""What gets into the log, and what never does."""

from __future__ import annotations

import logging
import os
import sys

import pytest

from bot.logs import place_of, prepare_libraries
from tests.bot.program_logs import program_logs

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz_-12345"
log = logging.getLogger("bot.test_logs")


def test_a_line_names_its_level_and_its_logger(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs():
        log.info("ready: %s", "yes")
    output = capsys.readouterr()
    assert output.err.endswith("INFO bot.test_logs ready: yes\n")
    assert output.out == ""


@pytest.mark.parametrize(
    "line", ["%s", "https://api.telegram.org/bot%s/getUpdates", "token='%s', other"]
)
def test_a_bot_token_never_appears(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with program_logs():
        log.warning(line, TOKEN)
    written = capsys.readouterr().err
    assert "AAEabc" not in written
    assert line.replace("%s", "TOKEN") in written


def test_a_bot_token_in_the_text_of_an_error_never_appears(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with program_logs():
        log.error("request failed: %s", ConnectionError(f"no route to /bot{TOKEN}/sendMessage"))
    assert "AAEabc" not in capsys.readouterr().err


def test_an_error_is_named_with_its_place_but_without_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with program_logs():
        try:
            raise ValueError("my name is Rosa and I live at 1 Main Street")
        except ValueError:
            log.exception("turn failed")
    written = capsys.readouterr().err
    assert "ValueError at" in written
    assert __file__ in written
    assert "Rosa" not in written


def test_an_error_that_was_caused_by_another_quotes_neither(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with program_logs():
        try:
            try:
                raise KeyError("Rosa")
            except KeyError as error:
                raise RuntimeError("Main Street") from error
        except RuntimeError:
            log.exception("turn failed")
    written = capsys.readouterr().err
    assert "RuntimeError at" in written
    assert "Rosa" not in written
    assert "Main Street" not in written


def test_libraries_are_heard_only_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs():
        logging.getLogger("rasa.core.processor").info("user said hello")
        logging.getLogger("telegram.ext").info("chatter")
        logging.getLogger("sqlalchemy.engine").info("SELECT 1")
        logging.getLogger("telegram.ext").warning("trouble")
    written = capsys.readouterr().err
    assert "trouble" in written
    assert len(written.splitlines()) == 1


def test_the_place_of_an_error_is_where_it_was_raised() -> None:
    def raises() -> None:
        raise ValueError

    try:
        raises()
    except ValueError:
        place = place_of(sys.exc_info()[2])
    line = raises.__code__.co_firstlineno + 1
    assert place == f"{__file__}:{line}"


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place_of(None) == "unknown place"


def test_telemetry_is_off_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_TELEMETRY_ENABLED", "true")
    prepare_libraries()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
