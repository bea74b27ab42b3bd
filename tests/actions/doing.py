"""Runs one action over a literal tracker, without a model, and collects what it says."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


@dataclass(frozen=True)
class Done:
    """What an action did.

    Attributes:
        messages: as the dispatcher collected them.
        events: what the action returned.
    """

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def texts(self) -> list[str]:
        """The messages' texts, in order."""
        return [message["text"] for message in self.messages]

    @property
    def text(self) -> str:
        """The text of the only message."""
        (message,) = self.messages
        return message["text"]

    @property
    def titles(self) -> list[str]:
        """The titles of all buttons, in order."""
        return [button["title"] for message in self.messages for button in message["buttons"]]

    @property
    def payloads(self) -> list[str]:
        """What all buttons send, in order."""
        return [button["payload"] for message in self.messages for button in message["buttons"]]


def do(
    action: Action,
    intent: str,
    text: str | None = None,
    *,
    language: str | None = None,
    choice: str | None = None,
    command: str | None = None,
    location: str | None = None,
    value: str | None = None,
    offers: tuple[str, ...] = (),
    slots: dict[str, Any] | None = None,
    conversation: str = "someone",
    form: str | None = None,
    after: str = "action_listen",
    events: Sequence[dict[str, Any]] = (),
) -> Done:
    """Run the action for a turn with this intent; language is the conversation's.

    `form` is the one that is open, `after` the action that ran just before, `events` what happened
    so far.
    """
    carried = {"choice": choice, "command": command, "location": location, "value": value}
    tracker = Tracker(
        sender_id=conversation,
        slots={"language": language, **(slots or {})},
        latest_message={
            "intent": {"name": intent, "confidence": 1.0},
            "text": f"/{intent}" if text is None else text,
            "entities": [
                {"entity": name, "value": it} for name, it in carried.items() if it is not None
            ],
            "offers": list(offers),
        },
        events=[*events],
        paused=False,
        followup_action=None,
        active_loop={"name": form} if form else {},
        latest_action_name=after,
    )
    dispatcher = CollectingDispatcher()
    done: Any = action.run(dispatcher, tracker, {})
    if inspect.isawaitable(done):
        done = asyncio.run(_result_of(done))
    return Done(dispatcher.messages, done)


async def _result_of(work: Awaitable[Any]) -> Any:
    return await work


def said_in(done: Done) -> list[dict[str, Any]]:
    """Return the events of what an action said."""
    return [{"event": "bot", "data": message} for message in done.messages]
