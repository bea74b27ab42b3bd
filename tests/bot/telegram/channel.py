"""The channel over the fake Bot API, with a parrot in the assistant's place."""

from __future__ import annotations

import asyncio
import inspect
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update

from bot.assistant import Answer
from bot.replies import Reply
from bot.telegram.handler import UpdateHandler
from bot.telegram.request import AiohttpRequest
from bot.telegram.sender import Sender
from bot.telegram.updates import Me
from bot.turns import Command, Tap, Turn, Typed
from tests.fakes.bot_api import BotApi

FAILING = "fail"
"""A text that the parrot fails at."""


class Hold:
    """A turn that begins and does not end before it is released."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()
        self._released = asyncio.Event()

    async def begins(self) -> None:
        """Wait until the turn has begun."""
        await asyncio.wait_for(self._begun.wait(), 5)

    @property
    def has_begun(self) -> bool:
        """Whether the turn has begun."""
        return self._begun.is_set()

    def release(self) -> None:
        """Let the turn end."""
        self._released.set()

    async def last(self) -> None:
        """Be the turn."""
        self._begun.set()
        await self._released.wait()


class Parrot:
    """Stands in for the assistant where the channel is tested: says back what it is told."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.is_closed = False
        self._holds: dict[str, Hold] = {}

    def hold(self, said: str) -> Hold:
        """Hold the turns that say this."""
        return self._holds.setdefault(said, Hold())

    @property
    def heard(self) -> list[str]:
        """What was said in all turns that have begun, in order."""
        return [_said_in(turn) for turn in self.turns]

    async def handle(self, turn: Turn) -> Answer:
        """Say back what is said."""
        said = _said_in(turn)
        self.turns.append(turn)
        if said in self._holds:
            await self._holds[said].last()
        if said == FAILING:
            raise RuntimeError(said)
        return Answer((Reply(f"You: {said}"),), None, None, None, "en")

    async def delete_old(self) -> None:
        """Have nothing to delete."""

    def close(self) -> None:
        """Note that nothing more will come."""
        self.is_closed = True


def _said_in(turn: Turn) -> str:
    content = turn.content
    if isinstance(content, Typed):
        return content.text
    if isinstance(content, Tap):
        return content.payload
    return f"/{content.name}" if isinstance(content, Command) else type(content).__name__


@dataclass
class Channel:
    """Everything between Telegram and the parrot."""

    api: BotApi
    bot: Bot
    parrot: Parrot = field(default_factory=Parrot)

    def __post_init__(self) -> None:
        self.sender = Sender(self.bot)
        self.handler = self.new_handler()

    def new_handler(self) -> UpdateHandler:
        """A handler as a process has it that has just started."""
        me = Me(self.bot.id, self.bot.username)
        return UpdateHandler(self.parrot, self.sender, me)  # type: ignore[arg-type]

    async def updates(self) -> list[Update]:
        """All updates that wait for the bot; none is confirmed by that."""
        return list(await self.bot.get_updates())


Story = Callable[..., Awaitable[None]]


def on_telegram(**options: Any) -> Callable[[Story], Callable[..., None]]:
    """Make a plain test of a coroutine that is given a channel, and pytest's fixtures behind it."""

    def decorate(story: Story) -> Callable[..., None]:
        async def tell(**fixtures: Any) -> None:
            async with BotApi(**options) as api, bot_of(api) as bot:
                await story(Channel(api, bot), **fixtures)

        def test(**fixtures: Any) -> None:
            asyncio.run(tell(**fixtures))

        _, *wanted = inspect.signature(story).parameters.values()
        test.__name__ = story.__name__
        test.__signature__ = inspect.Signature(wanted)  # type: ignore[attr-defined]
        return test

    return decorate


@asynccontextmanager
async def bot_of(api: BotApi, read_seconds: float = 5.0) -> AsyncIterator[Bot]:
    """The bot as the service makes it, connected to the fake."""
    requests = {
        "request": AiohttpRequest(16, read_seconds),
        "get_updates_request": AiohttpRequest(2, read_seconds),
    }
    async with Bot(api.token, base_url=api.base_url, **requests) as bot:
        yield bot


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
