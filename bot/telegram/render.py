"""Draws neutral replies for Telegram: HTML, keyboards, and texts split to fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.replies import Button, File, Picture, Pin, Reply

MAX_TEXT = 4096
"""Telegram's limit for a text, in UTF-16 code units after parsing (Bot API, sendMessage)."""

MAX_CAPTION = 1024
"""Its limit for the words under a picture, counted in the same way (Bot API, sendPhoto)."""

_BREAKS = ("\n\n", "\n", " ")

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply


@dataclass(frozen=True)
class OutgoingText:
    """A text as Telegram takes it: in HTML, plain for the case that the HTML is refused."""

    html: str
    plain: str
    keyboard: Keyboard | None = None


@dataclass(frozen=True)
class OutgoingPicture:
    """A picture with its caption in plain text."""

    picture: Picture
    keyboard: Keyboard | None = None


@dataclass(frozen=True)
class OutgoingEdit:
    """A new text, without buttons, for a message that was sent before."""

    message_id: int
    html: str
    plain: str


@dataclass(frozen=True)
class OutgoingButtons:
    """New buttons for a message that was sent before; None takes them away."""

    message_id: int
    keyboard: InlineKeyboardMarkup | None


Outgoing = OutgoingText | OutgoingPicture | Pin | File | OutgoingEdit | OutgoingButtons


def messages_of(reply: Reply, is_private: bool) -> list[Outgoing]:
    """Return the messages for a reply. Its buttons hang under the text, else under the picture.

    Args:
        reply: what to say.
        is_private: whether it goes to a private chat; only there a place can be asked for.
    """
    keyboard = _keyboard_of(reply, is_private)
    messages: list[Outgoing] = []
    if reply.full_text:
        messages += _texts_of(reply, keyboard)
    if reply.picture:
        picture = replace(reply.picture, caption=_shortened(reply.picture.caption, MAX_CAPTION))
        messages.append(OutgoingPicture(picture, None if messages else keyboard))
    if reply.pin:
        messages.append(reply.pin)
    if reply.file:
        messages.append(reply.file)
    return messages


def edit_of(message_id: int, reply: Reply) -> OutgoingEdit:
    """Return the reply's text as the new one of a message; it has to fit into one."""
    words = next(_texts_of(reply, None))
    return OutgoingEdit(message_id, words.html, words.plain)


def _texts_of(reply: Reply, keyboard: Keyboard | None) -> Iterator[OutgoingText]:
    above = f"{reply.heading}\n" if reply.heading else ""
    parts = list(split(reply.text, MAX_TEXT - _length(above)))
    for number, part in enumerate(parts):
        heading = reply.heading if number == 0 else ""
        html = f"<b>{escape(heading)}</b>\n{escape(part)}" if heading else escape(part)
        plain = f"{heading}\n{part}" if heading else part
        is_last = number == len(parts) - 1
        yield OutgoingText(html, plain, keyboard if is_last else None)


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


def _shortened(text: str, limit: int) -> str:
    return text if _length(text) <= limit else f"{_head(text, limit - 1).rstrip()}…"


def _keyboard_of(reply: Reply, is_private: bool) -> Keyboard | None:
    if reply.location_request and is_private:
        share = KeyboardButton(reply.location_request, request_location=True)
        # Beside it Telegram takes no inline buttons: a tap on one of these types its title.
        others = [[button.title for button in row] for row in reply.buttons]
        return ReplyKeyboardMarkup([[share], *others], resize_keyboard=True, one_time_keyboard=True)
    return inline_keyboard(reply.buttons)


def inline_keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """Return the buttons as they hang under a message; None for no buttons."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.title, callback_data=button.payload) for button in row]
            for row in rows
        ]
    )
