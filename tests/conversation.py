"""Conversations with the real assistant that read as dialogue."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from actions.texts import text
from bot.assistant import Answer, Assistant
from bot.turns import Command, Content, Location, Tap, Turn, Typed, Unreadable

_numbers = itertools.count()


class Conversation:
    """One person's conversation, new and empty.

    Each method does one thing and returns the answer; `buttons` are those of the last answer.
    """

    def __init__(self, assistant: Assistant, language_hint: str | None = None) -> None:
        self._assistant = assistant
        self._hint = language_hint
        self.id = f"test:{next(_numbers)}"
        self.buttons: dict[str, str] = {}

    def types(self, text: str) -> Answer:
        """Type a text."""
        return self.does(Typed(text))

    def taps(self, title: str) -> Answer:
        """Tap the button with this title under the last answer."""
        return self.does(Tap(self.buttons[title]))

    def sends(self, command: str) -> Answer:
        """Send a command such as "/start faq_dates"."""
        name, _, argument = command.lstrip("/").partition(" ")
        return self.does(Command(name, argument))

    def shares(self, latitude: float, longitude: float) -> Answer:
        """Share a place."""
        return self.does(Location(latitude, longitude))

    def sends_a_photo(self) -> Answer:
        """Send something that holds no text."""
        return self.does(Unreadable())

    def does(self, content: Content) -> Answer:
        """Do anything at all."""
        turn = Turn(self.id, content, self._hint)
        answer = asyncio.run(self._assistant.handle(turn))
        self.buttons = {
            button.title: button.payload
            for reply in answer.replies
            for row in reply.buttons
            for button in row
        }
        return answer


Talk = Callable[..., Conversation]
"""What the fixture `talk` gives: it begins a conversation."""


def english(name: str, /, **values: str) -> str:
    """Return a text of the assistant in English."""
    return text(name, "en", **values)


def spanish(name: str, /, **values: str) -> str:
    """Return a text of the assistant in Spanish."""
    return text(name, "es", **values)


def text_of(answer: Answer) -> str:
    """Return all that an answer says."""
    return "\n".join(reply.full_text for reply in answer.replies)


def says_in(language: str) -> Callable[[Answer, str], bool]:
    """Return what tells whether an answer is exactly the named text of this language."""
    return lambda answer, name: text_of(answer) == text(name, language)


def intent_of(answer: Answer) -> str:
    """Return what a typed text was understood as."""
    assert answer.intent is not None
    return answer.intent["name"]


def everything_in(answer: Answer) -> str:
    """Return all that a channel may show of an answer: texts, pins, captions and files."""
    parts = [text_of(answer)]
    for reply in answer.replies:
        parts += [str(reply.pin or "")]
        parts += [reply.picture.caption] if reply.picture else []
        parts += [reply.file.content] if reply.file else []
    return "\n".join(parts)
