"""People who write to the assistant, and what they hear."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.chats import Script, Step
from tests.fakes.bot_api import BotApi, User
from tests.fakes.methods import Call

_LISTEN_SECONDS = 0.02


@dataclass
class Person:
    """One of the people, in a private chat.

    Attributes:
        user: who it is.
        script: what they do.
        updates: the number of each update that they made, in order.
        heard: what was sent to them, in order.
    """

    user: User
    script: Script
    updates: list[int] = field(default_factory=list)
    heard: list[Call] = field(default_factory=list)

    async def live(self, api: BotApi, moments: Sequence[float]) -> None:
        """Do each step at its moment of the loop's clock, or later.

        An answer is waited for only where one has to see it before one can go on: it has the button
        that is tapped, or Telegram would let a text overtake the taps before it.
        """
        steps, clock = self.script.steps, asyncio.get_running_loop().time
        for number, (step, moment) in enumerate(zip(steps, moments, strict=True)):
            await asyncio.sleep(moment - clock())
            before = steps[number - 1] if number else None
            if before and bool(before.on) != bool(step.on):
                await self._hears(before.answer)
            self.updates.append(await self._do(api, step))

    async def _do(self, api: BotApi, step: Step) -> int:
        if not step.on:
            return api.text(self.user, step.says)
        message_id = (await self._hears(step.on)).message_id
        assert message_id is not None
        return api.tap(self.user, message_id, data=step.says)

    async def _hears(self, words: str) -> Call:
        """Wait for an answer that has these words."""
        while True:
            for call in self.heard:
                if words in (call.text or ""):
                    return call
            await asyncio.sleep(_LISTEN_SECONDS)


async def listen(api: BotApi, people: Sequence[Person]) -> None:
    """Let everybody hear for ever what is sent to them."""
    by_chat = {person.user.id: person for person in people}
    read = 0
    while True:
        for call in api.calls[read:]:
            if call.method == "sendMessage" and call.error is None:
                by_chat[call.params["chat_id"]].heard.append(call)
        read = len(api.calls)
        await asyncio.sleep(_LISTEN_SECONDS)
