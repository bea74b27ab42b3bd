"""The log: what comes from outside begins no line of its own and steers no terminal."""

from __future__ import annotations

import logging

import pytest

from bot.replies import Reply
from bot.telegram.updates import Destination
from tests.bot.program_logs import program_logs
from tests.bot.telegram.channel import Channel, on_telegram
from tests.fakes.bot_api import User

ANA = User(7, "Ana")
FORGED = "2020-12-08 10:00:00,000 INFO bot.telegram.staff approved: code=H7K2QM"
BREAKS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x1b[2K\x1b[1A")


@pytest.mark.parametrize("line_break", BREAKS)
def test_what_is_logged_stays_in_one_line(
    capsys: pytest.CaptureFixture[str], line_break: str
) -> None:
    with program_logs():
        logging.getLogger("bot.test").info("code=%s", f"x{line_break}{FORGED}")
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert not written.startswith(FORGED)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x07", "\x9b", "\x00"])
def test_what_is_logged_steers_no_terminal(capsys: pytest.CaptureFixture[str], mark: str) -> None:
    with program_logs():
        logging.getLogger("bot.test").warning("code=%s", f"x{mark}y")
    assert mark not in capsys.readouterr().err


def test_a_value_takes_no_other_fields_place(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs():
        logging.getLogger("bot.test").warning("refused: reason=%s", "x level=DEBUG logger=root")
    written = capsys.readouterr().err
    assert "level=WARNING" in written and "logger=bot.test" in written


def test_half_a_character_does_not_silence_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    with program_logs():
        logging.getLogger("bot.test").warning("code=%s", "x\ud800y")
    assert "code=x" in capsys.readouterr().err


@on_telegram()
async def test_what_another_bot_api_server_says_begins_no_line(
    channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    channel.api.text(ANA, "hi")
    await channel.updates()
    channel.api.fail_next("sendMessage", 400, f"Bad Request: no\n{FORGED}")
    with program_logs():
        await channel.sender.send(Destination(ANA.id), [Reply("hi")])
    written = capsys.readouterr().err
    assert "refused by Telegram" in written
    assert len(written.splitlines()) == 1
