"""What a field finds in a text: an answer, a side question, or why it is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.forms.draft import Answers


@dataclass(frozen=True)
class Asked:
    """A text, and the question that it was typed as an answer to.

    Attributes:
        text: as it was typed.
        intent: what the model takes it for.
        language: the conversation's.
        now: the moment, in America/Chicago.
        answers: what was answered before, by field.
        side: what the question is about beside its field (see Draft.side).
    """

    text: str
    intent: str
    language: str
    now: datetime
    answers: Answers
    side: Answers = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """Answers, by field: that of the field itself, and what the text says beside it."""

    answers: dict[str, Any]


@dataclass(frozen=True)
class SideQuestion:
    """Something has to be asked before there is an answer.

    Attributes:
        side: what it is about (see Draft.side).
        has_name: whether it is a question of its own (`when_check`), rather than the same field
            asked more precisely (`when`, of which only the day is known).
    """

    side: dict[str, Any]
    has_name: bool = True


@dataclass(frozen=True)
class Misfit:
    """The text is no answer.

    Attributes:
        problem: the name of the text that says why, without the form's name in front.
        values: for the open words of that text.
        side: what stays known of it (see Draft.side).
    """

    problem: str
    values: dict[str, str] = field(default_factory=dict)
    side: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AskAnew:
    """What was understood is not meant: the field is asked once more, from the beginning."""


Finding = Fit | SideQuestion | Misfit | AskAnew
