"""The chat in a terminal: history, colours, and buttons that are chosen by their number."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory

from bot.assistant import Assistant
from bot.jsonlines import content_of_text
from bot.replies import Button, Reply
from bot.turns import Content, Tap, Turn

_CONVERSATION = "terminal:me"
_ASSISTANT = "bold ansicyan"
_HEADING = "bold"
_BUTTON = "ansigreen"

_WELCOME = """\
Together We Heal in your terminal. Type a question; choose a button by its number; /help tells more.
Ctrl-D ends. To answer on Telegram instead, set TELEGRAM_BOT_TOKEN (see README.md).
"""


async def chat(assistant: Assistant, history: Path, language_hint: str | None) -> None:
    """Talk with one person until the input ends."""
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    await assistant.delete_old()
    buttons: list[Button] = []
    if is_terminal:
        print(_WELCOME)
    async for line in _typed_lines(history) if is_terminal else _piped_lines():
        content = _content_of(line.strip(), buttons)
        answer = await assistant.handle(Turn(_CONVERSATION, content, language_hint))
        buttons = [b for reply in answer.replies for row in reply.buttons for b in row]
        _show(answer.replies, history.parent, in_colour=is_terminal)


async def _typed_lines(history: Path) -> AsyncIterator[str]:
    history.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(history=FileHistory(str(history)))
    while True:
        try:
            line = await session.prompt_async("you > ")
        except (EOFError, KeyboardInterrupt):
            return
        if line.strip():
            yield line


async def _piped_lines() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            yield line


def _content_of(line: str, buttons: list[Button]) -> Content:
    """Return what a line means: the number of a button is a tap on it."""
    if line.isdecimal() and 0 < int(line) <= len(buttons):
        return Tap(buttons[int(line) - 1].payload)
    return content_of_text(line)


def _lines_of(reply: Reply, folder: Path) -> Iterator[str]:
    if reply.text:
        yield reply.text
    if reply.pin:
        pin = reply.pin
        yield f"{pin.title}, {pin.address} ({pin.latitude}, {pin.longitude})"
    if reply.picture:
        yield f"{reply.picture.caption}\n{_keep(folder / 'map.png', reply.picture.content)}"
    if reply.file:
        yield str(_keep(folder / reply.file.name, reply.file.content.encode()))


def _keep(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _show(replies: tuple[Reply, ...], folder: Path, in_colour: bool) -> None:
    """Print the replies; pictures and files are kept in the folder, and their place is named."""
    number = 0
    for reply in replies:
        parts = [(_ASSISTANT, "twh > ")]
        if reply.heading:
            parts.append((_HEADING, f"{reply.heading}\n"))
        parts.append(("", "\n".join([*_lines_of(reply, folder)])))
        for row in reply.buttons:
            for button in row:
                number += 1
                parts.append((_BUTTON, f"\n  [{number}] {button.title}"))
        if in_colour:
            print_formatted_text(FormattedText(parts), end="\n\n")
        else:
            print("".join(text for _, text in parts), end="\n\n", flush=True)
