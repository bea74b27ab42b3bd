"""The channel over the fake Bot API, with a parrot in the assistant's place."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.engine import Engine
from telegram import Bot, Update

from actions.database import database
from actions.healing_map.database import open_database
from actions.healing_map.models import Base
from bot.assistant import Said, TakenBefore
from bot.telegram.handler import UpdateHandler, UpdateRecord
from bot.telegram.outbox import Held, Outbox
from bot.telegram.request import AiohttpRequest
from bot.telegram.sender import Sender
from bot.telegram.staff import StaffChat
from bot.telegram.updates import Me
from bot.transactions import Transactions, patiently
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
        await asyncio.wait_for(self._begun.wait(), 20)

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

    def __init__(self, engine: Engine | None = None) -> None:
        """Set where turns are stored; by default in the process's database."""
        self.transactions = Transactions(engine or database())
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

    async def take(
        self, turn: Turn, record: UpdateRecord, on_delay: Callable[[Exception], None]
    ) -> Held | None:
        """Say back what is said, as the assistant answers: once, and when it is stored."""
        if await patiently(lambda: self.transactions.run(record.is_taken), on_delay):
            return None
        said = _said_in(turn)
        self.turns.append(turn)
        if said in self._holds:
            await self._holds[said].last()
        if said == FAILING:
            raise RuntimeError(said)
        words = Said([{"text": f"You: {said}"}], "en")
        try:
            return await patiently(lambda: self.transactions.run(record.store, words), on_delay)
        except TakenBefore:
            return None

    async def language_of(self, turn: Turn) -> str:
        """Speak the language of the phone."""
        return turn.language_hint or "en"

    async def delete_old(self) -> None:
        """Have nothing to delete."""

    def close(self) -> None:
        """Note that nothing more will come."""
        self.is_closed = True
        self.transactions.close()


def _said_in(turn: Turn) -> str:
    content = turn.content
    if isinstance(content, Typed):
        return content.text
    if isinstance(content, Tap):
        return content.payload
    return f"/{content.name}" if isinstance(content, Command) else type(content).__name__


@dataclass
class Channel:
    """Everything between Telegram and the parrot, over a database of its own."""

    api: BotApi
    bot: Bot
    engine: Engine

    def __post_init__(self) -> None:
        self.parrot = Parrot(self.engine)
        self.sender = Sender(self.bot)
        self.handler = self.new_handler()

    def new_handler(self, staff: StaffChat | None = None) -> UpdateHandler:
        """A handler as a process has it that has just started."""
        me = Me(self.bot.id, self.bot.username)
        outbox = Outbox(self.parrot.transactions, self.sender)
        return UpdateHandler(self.parrot, self.sender, outbox, me, staff)  # type: ignore[arg-type]

    def kill(self) -> None:
        """End the handler as a killed process ends: in the middle of all that it does."""
        for task in (*self.handler._running.values(), *self.handler._outbox._lines):
            task.cancel()

    async def updates(self) -> list[Update]:
        """All updates that wait for the bot; none is confirmed by that."""
        return list(await self.bot.get_updates())


Story = Callable[..., Awaitable[None]]


def on_telegram(**options: Any) -> Callable[[Story], Callable[..., None]]:
    """Make a plain test of a coroutine that is given a channel, and pytest's fixtures behind it."""

    def decorate(story: Story) -> Callable[..., None]:
        async def tell(**fixtures: Any) -> None:
            with new_database() as engine:
                async with BotApi(**options) as api, bot_of(api) as bot:
                    channel = Channel(api, bot, engine)
                    await story(channel, **fixtures)
                    await channel.handler.finish(1)

        def test(**fixtures: Any) -> None:
            asyncio.run(tell(**fixtures))

        _, *wanted = inspect.signature(story).parameters.values()
        test.__name__ = story.__name__
        test.__signature__ = inspect.Signature(wanted)  # type: ignore[attr-defined]
        return test

    return decorate


@contextmanager
def new_database() -> Iterator[Engine]:
    """An empty database in a file."""
    # What a story left running may still be writing while the folder is removed.
    with TemporaryDirectory(prefix="twh-channel-", ignore_cleanup_errors=True) as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'twh.db'}")
        Base.metadata.create_all(engine)
        yield engine
        engine.dispose()


@asynccontextmanager
async def bot_of(api: BotApi, read_seconds: float = 5.0) -> AsyncIterator[Bot]:
    """The bot as the service makes it, connected to the fake."""
    requests = {
        "request": AiohttpRequest(16, read_seconds),
        "get_updates_request": AiohttpRequest(2, read_seconds),
    }
    async with Bot(api.token, base_url=api.base_url, **requests) as bot:
        yield bot


@asynccontextmanager
async def taking_over(outbox: Outbox) -> AsyncIterator[None]:
    """Let an outbox take over meanwhile what killed or other processes left."""
    stopped = asyncio.Event()
    task = asyncio.create_task(outbox.run(stopped))
    yield
    stopped.set()
    await asyncio.wait_for(task, 20)
