"""What the assistant gives back, whatever the channel: neutral replies."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.pictures import draw

_ROW_WIDTH = 34
_BUTTON_MARGIN = 4
_MOST_IN_ROW = 5


@dataclass(frozen=True)
class Button:
    """A button: what it shows, and what a tap on it says (at most 64 bytes)."""

    title: str
    payload: str


@dataclass(frozen=True)
class Pin:
    """A place to open in a map: degrees (WGS 84), a name and an address in words."""

    latitude: float
    longitude: float
    title: str
    address: str


@dataclass(frozen=True)
class Picture:
    """A picture (PNG or JPEG), with words that say what it shows."""

    content: bytes
    caption: str


@dataclass(frozen=True)
class File:
    """A text file to keep, as a calendar entry."""

    name: str
    mime: str
    content: str


@dataclass(frozen=True)
class Reply:
    """One message of the assistant.

    Attributes:
        text: plain text, without any markup; may be empty beside a pin, a picture or a file.
        heading: stands above the text, as the question above its answer; may be empty.
        buttons: rows of buttons under the message.
        pin: a place to show.
        picture: a picture to show.
        file: a file to hand over.
        location_request: the label of a button that shares the person's place, where the channel
            has such a button; empty for none.
    """

    text: str = ""
    heading: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    pin: Pin | None = None
    picture: Picture | None = None
    file: File | None = None
    location_request: str = ""

    @property
    def full_text(self) -> str:
        """The text with its heading above it."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


async def replies_from(messages: Sequence[Mapping[str, Any]]) -> list[Reply]:
    """Return the replies that Rasa's messages describe.

    Where a picture is to be drawn, which takes up to 0.2 s, that is done in a thread.
    """
    if any("picture" in (message.get("custom") or {}) for message in messages):
        return await asyncio.to_thread(lambda: [reply_from(message) for message in messages])
    return [reply_from(message) for message in messages]


def reply_from(message: Mapping[str, Any]) -> Reply:
    """Return the reply that a message of Rasa's describes, with its picture drawn."""
    custom = message.get("custom") or {}
    picture = custom.get("picture")
    return Reply(
        text=message.get("text") or "",
        heading=custom.get("heading", ""),
        buttons=_all_rows(message.get("buttons") or [], custom.get("last_row", 0)),
        pin=Pin(**custom["pin"]) if "pin" in custom else None,
        picture=Picture(draw(picture), picture["caption"]) if picture else None,
        file=File(**custom["file"]) if "file" in custom else None,
        location_request=custom.get("location_request", ""),
    )


def _all_rows(buttons: list[dict[str, str]], last_row: int) -> tuple[tuple[Button, ...], ...]:
    """Put the last few buttons, which lead around, into rows of their own."""
    drawn = [Button(it["title"], it["payload"]) for it in buttons]
    cut = len(drawn) - last_row
    return _rows(drawn[:cut]) + _rows(drawn[cut:])


def _rows(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    """Put short buttons side by side, as many as fit on a phone."""
    rows: list[list[Button]] = []
    for button in buttons:
        if rows and len(rows[-1]) < _MOST_IN_ROW and _width([*rows[-1], button]) <= _ROW_WIDTH:
            rows[-1].append(button)
        else:
            rows.append([button])
    return tuple(tuple(row) for row in rows)


def _width(buttons: list[Button]) -> int:
    return sum(len(button.title) + _BUTTON_MARGIN for button in buttons)
