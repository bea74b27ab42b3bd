"""What the readers find in a text: days, a moment, or something that only looks like a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Days:
    """One day or several, and the part of the plain text that says so.

    Attributes:
        start_index: where the words begin; end_index: where they end.
        first: the first day.
        after: the day after the last one.
        before_now: the last time that there was such a day, where the words leave it open which
            one they mean ("Dec 5", "the 5th"); None where they do not.
        is_weekday: whether a day of the week is all that was said.
    """

    start_index: int
    end_index: int
    first: date
    after: date
    before_now: date | None = None
    is_weekday: bool = False


@dataclass(frozen=True)
class Moment:
    """A moment counted from now ("in two hours"), aware, and the words that say so."""

    start_index: int
    end_index: int
    at: datetime


@dataclass(frozen=True)
class NoSuchDay:
    """Words that look like a date which no calendar has: "February 30", "13/45"."""

    start_index: int
    end_index: int


class Found(Protocol):
    """Anything that was read, with its place in the plain text."""

    @property
    def start_index(self) -> int:
        """Where its words begin."""

    @property
    def end_index(self) -> int:
        """Where its words end."""


DAY_MASK, PART_MASK, CLOCK_MASK = "\x01", "\x02", "\x03"
"""Stand for each character of what has been read already; no plain text holds them."""


def masked(text: str, found: Iterable[Found], by: str = DAY_MASK) -> str:
    """Return the text, as long as before, with the words that were read masked."""
    for part in found:
        length = part.end_index - part.start_index
        text = text[: part.start_index] + by * length + text[part.end_index :]
    return text
