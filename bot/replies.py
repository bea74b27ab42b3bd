"""What the assistant gives back, whatever the channel: neutral replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_SHORT_TITLE = 16
"""Two buttons with titles up to this many characters fit side by side on a phone."""


@dataclass(frozen=True)
class Button:
    """A button: what it shows, and what a tap on it says (at most 64 bytes)."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message of the assistant.

    Attributes:
        text: plain text, without any markup.
        heading: stands above the text, as the question above its answer; may be empty.
        buttons: rows of buttons under the message.
    """

    text: str
    heading: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()

    @property
    def full_text(self) -> str:
        """The text with its heading above it."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


def reply_from(message: dict[str, Any]) -> Reply:
    """Return the reply that a message of Rasa's describes."""
    buttons = [Button(b["title"], b["payload"]) for b in message.get("buttons") or []]
    return Reply(
        text=message.get("text") or "",
        heading=(message.get("custom") or {}).get("heading", ""),
        buttons=_rows(buttons),
    )


def _rows(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    """Put short buttons side by side in pairs, long ones below each other."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        beside = rows[-1] if rows else ()
        if len(beside) == 1 and _is_short(beside[0]) and _is_short(button):
            rows[-1] = (beside[0], button)
        else:
            rows.append((button,))
    return tuple(rows)


def _is_short(button: Button) -> bool:
    return len(button.title) <= _SHORT_TITLE
