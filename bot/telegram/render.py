"""Draws neutral replies for Telegram: HTML, keyboards, and texts split to fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies import Reply

MAX_TEXT = 4096
"""Telegram's limit for a text, in UTF-16 code units after parsing (Bot API, sendMessage)."""

_BREAKS = ("\n\n", "\n", " ")


@dataclass(frozen=True)
class OutgoingMessage:
    """One message as Telegram takes it: its text in HTML and plain, and its keyboard."""

    html: str
    plain: str
    keyboard: InlineKeyboardMarkup | None = None


def messages_of(reply: Reply) -> list[OutgoingMessage]:
    """Return the messages for a reply; the buttons hang under the last."""
    above = f"{reply.heading}\n" if reply.heading else ""
    parts = list(split(reply.text, MAX_TEXT - _length(above)))
    keyboard = _keyboard_of(reply)
    messages = []
    for number, part in enumerate(parts):
        heading = reply.heading if number == 0 else ""
        html = f"<b>{escape(heading)}</b>\n{escape(part)}" if heading else escape(part)
        plain = f"{heading}\n{part}" if heading else part
        is_last = number == len(parts) - 1
        messages.append(OutgoingMessage(html, plain, keyboard if is_last else None))
    return messages


def split(text: str, limit: int) -> Iterator[str]:
    """Yield parts of at most `limit` UTF-16 units, cut between paragraphs, lines or words."""
    text = text.strip()
    while _length(text) > limit:
        head = _head(text, limit)
        positions = (head.rfind(mark) for mark in _BREAKS)
        cut = next((position for position in positions if position > 0), len(head))
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    yield text


def _length(text: str) -> int:
    """Return how long Telegram takes a text to be: characters beyond the first 65,536 count 2."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(text: str, limit: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def _keyboard_of(reply: Reply) -> InlineKeyboardMarkup | None:
    if not reply.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.title, callback_data=button.payload) for button in row]
            for row in reply.buttons
        ]
    )
