"""A conversation with the real assistant, led by a script, as somebody sees it on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.assistant import Assistant
from bot.replies import Reply
from bot.settings import ROOT
from tests.conversation import Conversation

_ASKS_FOR_THE_CITY = "show me the whole map"
SCRIPT = ROOT / "docs" / "pictures" / "conversation.yml"


@dataclass(frozen=True)
class Bubble:
    """Something that was said.

    Attributes:
        is_person: whether the person said it.
        heading: what stands above it in bold; "" for nothing.
        text: what it says.
        buttons: their titles, row by row.
        picture: a PNG that is shown, or None.
    """

    is_person: bool
    heading: str
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    picture: bytes | None = None


def lead(assistant: Assistant, script: Path = SCRIPT) -> list[Bubble]:
    """Say what the script says, and return the whole conversation."""
    conversation = Conversation(assistant)
    bubbles = []
    for step in yaml.safe_load(script.read_text(encoding="utf-8")):
        [(how, words)] = step.items()
        bubbles.append(Bubble(True, "", words))
        answer = conversation.taps(words) if how == "tap" else conversation.types(words)
        bubbles += [bubble for reply in answer.replies for bubble in _bubbles_of(reply)]
    return bubbles


def city_of(assistant: Assistant) -> bytes:
    """Ask for the map of the whole city, and return the PNG that is shown."""
    [reply] = Conversation(assistant).types(_ASKS_FOR_THE_CITY).replies
    assert reply.picture, reply
    return reply.picture.content


def _bubbles_of(reply: Reply) -> list[Bubble]:
    titles = tuple(tuple(button.title for button in row) for row in reply.buttons)
    if reply.picture:
        return [Bubble(False, "", reply.picture.caption, titles, reply.picture.content)]
    return [Bubble(False, reply.heading, reply.text, titles)]
