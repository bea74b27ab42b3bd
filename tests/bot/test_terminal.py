"""The chat in a terminal, and what it does when its input is a pipe."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from bot.cli import main
from bot.replies import Button
from bot.settings import ROOT
from bot.terminal import _content_of
from bot.turns import Command, Content, Tap, Typed
from tests.bot.program_logs import program_logs

BUTTONS = [Button("The campaign", '/browse_faq{"choice": "campaign"}'), Button("Help", "/help")]
PATIENCE_SECONDS = 180


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("1", Tap(BUTTONS[0].payload)),
        ("2", Tap("/help")),
        ("0", Typed("0")),
        ("3", Typed("3")),
        ("-1", Typed("-1")),
        ("1.", Typed("1.")),
        ("²", Typed("²")),
        ("60601", Typed("60601")),
        ("Help", Typed("Help")),
        ("hello", Typed("hello")),
        ("/help", Command("help")),
        ("/start faq_dates", Command("start", "faq_dates")),
        ('/faq_dates{"choice": "x"}', Command('faq_dates{"choice":', '"x"}')),
    ],
)
def test_a_number_is_a_tap_on_the_button_with_this_number(line: str, content: Content) -> None:
    assert _content_of(line, BUTTONS) == content


def test_without_buttons_a_number_is_a_text() -> None:
    assert _content_of("1", []) == Typed("1")


@pytest.fixture
def piped_chat(model: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program over an empty database, with pipes; it ends with the test."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'twh.db'}",
        "TELEGRAM_BOT_TOKEN": "",
        "TWH_LOG_LEVEL": "",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "run"],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    watchdog = threading.Timer(PATIENCE_SECONDS, process.kill)
    watchdog.start()
    with process:
        yield process
        process.kill()
    watchdog.cancel()


def read_until(stream: IO[bytes] | None, marker: str) -> str:
    """Return the lines up to one that holds the marker."""
    assert stream is not None
    lines: list[str] = []
    while not lines or marker not in lines[-1]:
        line = stream.readline().decode()
        assert line, f"{marker!r} never came: {lines}"
        lines.append(line)
    return "".join(lines)


def test_a_piped_chat_answers_line_by_line_and_ends_with_the_input(
    piped_chat: subprocess.Popen[bytes],
) -> None:
    def say(line: str) -> None:
        assert piped_chat.stdin is not None
        piped_chat.stdin.write(f"{line}\n".encode())
        piped_chat.stdin.flush()

    say("What is racial healing?")
    answer = read_until(piped_chat.stdout, "[1]")
    assert answer.startswith("twh > What is racial healing?\n")
    assert '[1] What does "to heal" mean?' in answer

    say("")
    say("1")
    assert 'twh > What does "to heal" mean?' in read_until(piped_chat.stdout, "[1]")

    say("/language")
    read_until(piped_chat.stdout, "[2] Español")
    say("2")
    rest, errors = piped_chat.communicate()
    assert "Seguimos en español." in rest.decode()
    assert errors.decode().startswith("Starting ...\nReady after")
    assert b"\x1b[" not in errors
    assert piped_chat.returncode == 0


@pytest.mark.usefixtures("model")
def test_a_piped_chat_survives_bytes_that_are_no_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    typed = io.BytesIO(b"caf\xe9 \xff\xfe\nWhat is TRHT?\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(typed, encoding="utf-8", errors="strict"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'twh.db'}")
    with program_logs():
        assert main(["chat"]) == 0
    assert "twh > What is TRHT?" in capfd.readouterr().out
