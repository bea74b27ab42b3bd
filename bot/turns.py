"""What reaches the assistant, whatever the channel: one neutral turn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from actions.meaning import Meaning

MAX_PAYLOAD_BYTES = 64
"""Telegram's limit for what a button may carry (Bot API, callback_data)."""

_PLACE_DECIMALS = 3
"""A person's own place is rounded to about 100 m before anything keeps it."""

_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<values>\{.*\})?")


@dataclass(frozen=True)
class Typed:
    """A text that somebody typed. It is only ever text, whatever it looks like."""

    text: str


@dataclass(frozen=True)
class Tap:
    """A tap on a button, which says what it means: its payload."""

    payload: str


@dataclass(frozen=True)
class Command:
    """A command such as /start, with the words behind it."""

    name: str
    argument: str = ""


@dataclass(frozen=True)
class Location:
    """A place on the globe that somebody shared, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Unreadable:
    """A picture, a voice message or something else that holds no text."""


Content = Typed | Tap | Command | Location | Unreadable


@dataclass(frozen=True)
class Turn:
    """One thing that one person did in one conversation.

    Attributes:
        conversation: whose conversation it is; unique over all channels, as "telegram:123".
        content: what was done.
        language_hint: the language that the channel names for the person, as "es" or "es-MX".
        update_id: the channel's number for it, the same when it is delivered again.
    """

    conversation: str
    content: Content
    language_hint: str | None = None
    update_id: str | None = None


_COMMANDS = {
    "start": Meaning("greet", {"command": "start"}),
    "host": Meaning("submit_event"),
    "message": Meaning("submit_message"),
    "nearby": Meaning("find_nearby"),
    "mine": Meaning("my_submissions"),
    "help": Meaning("help"),
    "faq": Meaning("browse_faq"),
    "language": Meaning("change_language"),
    "privacy": Meaning("privacy"),
    "delete": Meaning("privacy", {"choice": "delete"}),
    "about": Meaning("about_assistant"),
    "cancel": Meaning("cancel"),
}

COMMANDS = tuple(_COMMANDS)
"""The commands in the order in which Telegram lists them."""

_STEPS = {
    "back": Meaning("go_back"),
    "skip": Meaning("skip"),
    "submit": Meaning("submit"),
    "change": Meaning("change"),
}
"""Commands that help in a form but would only crowd Telegram's list."""

_UNKNOWN_COMMAND = Meaning("help", {"command": "unknown"})
_STALE_BUTTON = Meaning("stale_button")


def meaning_of(content: Tap | Command | Location | Unreadable, intents: frozenset[str]) -> Meaning:
    """Return what a tap, a command, a place or something unreadable means.

    Args:
        content: what was done.
        intents: the intents that a button may carry; any other payload is forged or stale.
    """
    if isinstance(content, Tap):
        return _meaning_of_payload(content.payload, intents) or _STALE_BUTTON
    if isinstance(content, Command):
        name = content.name.lower()
        meaning = {**_COMMANDS, **_STEPS}.get(name, _UNKNOWN_COMMAND)
        if name == "start" and content.argument:
            linked = {"choice": content.argument[:MAX_PAYLOAD_BYTES]}
            return Meaning(meaning.intent, {**meaning.values, **linked})
        return meaning
    if isinstance(content, Location):
        place = f"{content.latitude:.{_PLACE_DECIMALS}f},{content.longitude:.{_PLACE_DECIMALS}f}"
        return Meaning("find_nearby", {"location": place})
    return Meaning("send_media")


def _meaning_of_payload(payload: str, intents: frozenset[str]) -> Meaning | None:
    match = _PAYLOAD.fullmatch(payload)
    is_too_long = len(payload.encode(errors="replace")) > MAX_PAYLOAD_BYTES
    if is_too_long or not match or match["intent"] not in intents:
        return None
    if not match["values"]:
        return Meaning(match["intent"])
    try:
        values = json.loads(match["values"])
    except ValueError:
        return None
    if set(values) != {"choice"} or not isinstance(values["choice"], str):
        return None
    return Meaning(match["intent"], values)
