"""A card: an entry as the staff sees it in their chat, with buttons to decide on it.

All that a tap or a written reason needs is in the message itself, so that it still counts after a
restart, and in another process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from actions.healing_map.models import Event, Message
from actions.healing_map.screening import Mark
from actions.healing_map.store import CODE_ALPHABET, entry_table
from actions.texts import LANGUAGES, text
from bot.replies import Button, Reply
from bot.review_words import STAFF_LANGUAGE, all_of, heading_of
from bot.telegram.render import MAX_TEXT, split

APPROVE, REJECT, BACK, WRITE = "approve", "reject", "back", "write"
REASONS = ("unfit", "personal", "abuse", "duplicate")
"""The ready reasons for a rejection."""

_ACTIONS = (APPROVE, REJECT, BACK, WRITE, *REASONS)
_ROOM_FOR_DECISION = 1000
"""Of MAX_TEXT: for the heading and for the line that tells the decision, with its reason."""

_PRESS = re.compile(rf"review:({'|'.join(_ACTIONS)}):([{CODE_ALPHABET}]+):(\d{{1,9}})")


@dataclass(frozen=True)
class Press:
    """A tap on a card: what to do, with which revision of which entry."""

    action: str
    code: str
    revision: int

    @property
    def data(self) -> str:
        """What the button carries (Telegram's callback data)."""
        return f"review:{self.action}:{self.code}:{self.revision}"


@dataclass(frozen=True)
class ReasonRequest:
    """The bot's request for a written reason: about which revision of which entry.

    Attributes:
        card_id: the message's number of the card that was tapped.
    """

    code: str
    revision: int
    card_id: int

    def words(self, name: str, most: int, entry_language: str, language: str) -> str:
        """Return the question to a member of the staff, whose reply to it is the reason.

        Args:
            name: of who is asked.
            most: characters of the reason.
            entry_language: that the submitter reads.
            language: of the question.
        """
        return text(
            "review_write",
            language,
            name=name,
            code=self.code,
            most=str(most),
            language=text("language_name", entry_language),
            reference=f"{self.code}-{self.revision}-{self.card_id}",
        )


def read_press(data: str) -> Press | None:
    """Return what a tap says, or None for any other button's."""
    match = _PRESS.fullmatch(data)
    return Press(match[1], match[2], int(match[3])) if match else None


def read_reason_request(words: str) -> ReasonRequest | None:
    """Return what a message of the bot asks a reason for, or None for any other message.

    The whole message has to be that question: a part of it could be a submitter's text.
    """
    for language in LANGUAGES:
        match = _request_pattern(language).fullmatch(words.strip())
        if match:
            return ReasonRequest(match["code"], int(match["revision"]), int(match["card"]))
    return None


@cache
def _request_pattern(language: str) -> re.Pattern[str]:
    code = f"[{CODE_ALPHABET}]+"
    open_words = {
        "name": ".*",
        "most": r"\d+",
        "language": r"\w+",
        "code": code,
        "reference": rf"(?P<code>{code})-(?P<revision>\d{{1,9}})-(?P<card>\d{{1,18}})",
    }
    words = re.escape(text("review_write", language, **{it: f"<{it}>" for it in open_words}))
    for name, pattern in open_words.items():
        words = words.replace(f"<{name}>", pattern)
    return re.compile(words, re.DOTALL)


def card_of(entry: Event | Message, marks: tuple[Mark, ...], now: datetime) -> list[Reply]:
    """Return an entry as messages, mostly one; the buttons hang under the last."""
    parts = split(all_of(entry, marks, now), MAX_TEXT - _ROOM_FOR_DECISION)
    replies = [Reply(part) for part in parts]
    replies[0] = replace(replies[0], heading=heading_of(entry))
    replies[-1] = replace(replies[-1], buttons=decision_buttons(entry))
    return replies


def decided_card(card: list[Reply], line: str) -> Reply:
    """Return the last message of a card without buttons, with a line that tells what became."""
    return replace(card[-1], text=f"{card[-1].text}\n\n{line}", buttons=())


def decision_buttons(entry: Event | Message) -> tuple[tuple[Button, ...], ...]:
    """Return Approve and Reject."""
    return (_buttons((APPROVE, REJECT), entry),)


def reason_buttons(entry: Event | Message) -> tuple[tuple[Button, ...], ...]:
    """Return the ready reasons, Write a reason, and Back."""
    rows = [(REASONS[0],), REASONS[1:2], REASONS[2:], (WRITE, BACK)]
    return tuple(_buttons(row, entry) for row in rows)


def _buttons(actions: Iterable[str], entry: Event | Message) -> tuple[Button, ...]:
    return tuple(
        Button(_title_of(action, entry), Press(action, entry.code, entry.revision).data)
        for action in actions
    )


def _title_of(action: str, entry: Event | Message) -> str:
    if action == BACK:
        return text("step_back", STAFF_LANGUAGE)
    return text(f"review_{_text_name(action, entry)}_button", STAFF_LANGUAGE)


def ready_reason(action: str, entry: Event | Message) -> str:
    """Return one of REASONS as the submitter is told it, in the entry's language."""
    return text(f"review_{_text_name(action, entry)}", entry.language)


def _text_name(action: str, entry: Event | Message) -> str:
    return f"{action}_{entry_table(entry)}" if action == "unfit" else action
