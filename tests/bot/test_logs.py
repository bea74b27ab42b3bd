"""What gets into the log, and what never does."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timezone

import pytest
import structlog

from bot.logs import about_update, place_of, prepare_libraries
from tests.bot.program_logs import program_logs

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz_-12345"
log = logging.getLogger("bot.test_logs")


def fields_of(line: str) -> dict[str, str]:
    """Read a line as any reader of such lines does."""
    pairs = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', line)
    return {name: json.loads(it) if it.startswith('"') else it for name, it in pairs}


def test_a_line_is_made_of_named_values(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs():
        log.info("turn: intent=%s ms=%.1f", "faq_dates", 12.34)
    output = capsys.readouterr()
    assert output.out == ""
    moment, rest = output.err.split(" ", 1)
    assert rest == "level=INFO logger=bot.test_logs event=turn intent=faq_dates ms=12.3\n"
    assert datetime.fromisoformat(moment.removeprefix("time=")).tzinfo == timezone.utc


@pytest.mark.parametrize(
    "words",
    [
        "ready: yes",
        "a: b=c d",
        'said "so"',
        "x=1",
        "",
        "two\nlines\r\x1b[31m",
        "\u2028\u202eright",
        "día",
        "turn: a=b\u2028c=d",
    ],
)
def test_a_value_stays_one_value_in_one_line_whatever_is_in_it(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with program_logs():
        log.warning(words)
    [line] = capsys.readouterr().err.splitlines()
    assert line.isascii() and line.isprintable()
    assert fields_of(line)["event"] == words


@pytest.mark.parametrize("value", ["x", "two words", "x level=DEBUG", "", 'said "so"', "día", "%s"])
def test_a_value_stays_in_its_field(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs():
        log.warning("%s of %d refused: reason=%s times=%d", "one", 2, value, 3)
    fields = fields_of(capsys.readouterr().err)
    assert fields["event"] == "one of 2 refused"
    assert (fields["reason"], fields["times"], fields["level"]) == (value, "3", "WARNING")


def test_all_lines_of_an_update_carry_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    async def handle(update_id: int) -> None:
        with about_update(update_id):
            await asyncio.sleep(0)
            log.info("one")
            await asyncio.gather(later(), asyncio.to_thread(log.info, "two"))
            logging.getLogger("a.library").warning("three: %s", "value")

    async def later() -> None:
        log.info("four")

    async def both() -> None:
        await asyncio.gather(handle(1), handle(2))

    with program_logs():
        asyncio.run(both())
        log.info("outside")
    lines = [fields_of(line) for line in capsys.readouterr().err.splitlines()]
    events = {(line.get("update"), line["event"]) for line in lines}
    inside = {(number, event) for number in "12" for event in ("one", "two", "three: %s", "four")}
    assert events == inside | {(None, "outside")}


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
    assert "error=ValueError at=" in written
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
    assert "error=RuntimeError at=" in written
    assert "Rosa" not in written
    assert "Main Street" not in written


def test_libraries_are_heard_only_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs("DEBUG"):
        for name in ("rasa.core.processor", "telegram.ext", "sqlalchemy.engine", "geopy"):
            logging.getLogger(name).info("said %s", "hello")
            logging.getLogger(name).debug("said %s", "hello")
        logging.getLogger("telegram.ext").warning("trouble with %s", "hello")
        log.debug("ours")
    trouble, ours = [fields_of(line) for line in capsys.readouterr().err.splitlines()]
    assert trouble["event"] == "trouble with %s"
    assert ours["event"] == "ours"


def test_libraries_may_be_silenced_further(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs("ERROR"):
        logging.getLogger("telegram.ext").warning("trouble with %s", "hello")
        log.warning("ours")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "report",
    [
        lambda: logging.getLogger("asyncio").error("never retrieved: ValueError('I am Rosa')"),
        lambda: logging.getLogger("telegram.Bot").critical("Received data was %r", "I am Rosa"),
        lambda: structlog.get_logger("rasa").error("a.slot.failed", slot_values="I am Rosa"),
        lambda: sys.excepthook(ValueError, ValueError("I am Rosa"), None),
        lambda: in_thread(fail),
        lambda: log.error("failed", exc_info=ValueError("I am Rosa")),
    ],
    ids=["written into", "put into", "beside", "uncaught", "uncaught in a thread", "ours"],
)
def test_what_people_wrote_does_not_get_into_the_log(
    report: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    with program_logs("DEBUG"):
        report()
    output = capfd.readouterr()
    [line] = output.err.splitlines()
    assert "Rosa" not in line and output.out == ""
    assert {"event", "at"} & set(fields_of(line))


def fail() -> None:
    raise ValueError("I am Rosa")


def in_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_an_event_of_rasa_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs():
        structlog.get_logger("rasa").warning("a.slot.failed", slot_values="hello")
        structlog.get_logger("rasa").info("a.slot.filled", slot_values="hello")
    [line] = capsys.readouterr().err.splitlines()
    assert fields_of(line)["event"] == "a.slot.failed"


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
