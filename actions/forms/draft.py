"""What somebody has answered so far for a submission, kept from turn to turn."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

CONFIRM = "confirm"
"""What is asked when every field has its answer: whether the summary is right."""

CHECK = "_check"
"""What is added to a field's name while a side question about its answer is asked."""

_PAUSE = timedelta(hours=6)
_MOST_ASIDE = 3

Answers = Mapping[str, Any]
"""Answers by field; an empty one ("" or {}) was skipped. Everything in it is plain JSON."""


@dataclass(frozen=True)
class Draft:
    """A submission in the making; it lives in the slot of its form.

    Attributes:
        id: under which it is stored when it is submitted, so that it cannot be stored twice.
        answers: by field.
        asked: the field that was asked last, with CHECK for a side question; "" before the first.
        misfits: how often in a row what was said did not answer the question.
        side: what the last question is about beside its field: the day whose time is missing and
            the hour from which it may be, the words for a place that is not known, the places
            between which to choose; "changing" where it was also asked what to change, "waits"
            where it was asked whether to go on.
        held: a text that was taken for something else than the answer to `asked`, if it could be
            that answer after all.
        suggestion: a title made of what the first sentence said.
        editing: the code of the submitted entry that this changes; "" for a new one.
        touched_at: when it was last worked on, an ISO moment.
        aside: the unfinished draft that had to make room for this one.
    """

    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answers: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    misfits: int = 0
    side: dict[str, Any] = field(default_factory=dict)
    held: str = ""
    suggestion: str = ""
    editing: str = ""
    touched_at: str = ""
    aside: dict[str, Any] | None = None

    @classmethod
    def from_slot(cls, value: dict[str, Any] | None) -> Draft | None:
        """Return the draft that the slot holds; None for an empty slot."""
        return cls(**value) if value else None

    def to_slot(self) -> dict[str, Any]:
        """Return the draft as JSON can hold it."""
        return asdict(self)

    def line(self) -> Iterator[Draft]:
        """Yield this draft, then those that had to make room for it, the latest first."""
        yield self
        waiting = Draft.from_slot(self.aside)
        if waiting:
            yield from waiting.line()

    def in_front_of(self, waiting: Iterable[Draft]) -> Draft:
        """Return this draft with others put aside for it, the latest first; only a few are kept."""
        others = [it for it in waiting if it.is_begun]
        aside: dict[str, Any] | None = None
        for other in reversed(others[:_MOST_ASIDE]):
            aside = replace(other, aside=aside).to_slot()
        return replace(self, aside=aside)

    @property
    def field_asked(self) -> str:
        """The field that the last question was about, be it a side question."""
        return self.asked.removesuffix(CHECK)

    @property
    def is_begun(self) -> bool:
        """Whether it holds anything that would be a loss."""
        return bool(self.answers or self.held)

    def asking(self, name: str, side: dict[str, Any] | None = None) -> Draft:
        """Return the draft with another question open."""
        if name == self.asked:
            return replace(self, side=side or {})
        return replace(self, asked=name, side=side or {}, misfits=0, held="")

    def was_left(self, now: datetime) -> bool:
        """Tell whether so much time has passed that the person may have forgotten it."""
        touched = datetime.fromisoformat(self.touched_at) if self.touched_at else now
        return now - touched >= _PAUSE
