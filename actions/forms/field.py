"""A field of a form: what is asked, when it applies, and how an answer to it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from actions.forms.answers import Asked, Finding, Fit, Misfit
from actions.forms.draft import Answers
from actions.forms.words import choice_in, is_words, number_in

_INTRODUCTION = re.compile(
    r"^(((it'?s|just) )?(me|yo), |(it'?s|i'?m|i am|my name is|this is|we are|we'?re|call me"
    r"|hosted by|the host is|soy|somos|me llamo|mi nombre es|lo organizan?)\s+)",
    re.IGNORECASE,
)


def always(answers: Answers) -> bool:
    """Say yes: for a field that everybody is asked, or may skip."""
    return True


def _never(answers: Answers) -> bool:
    return False


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes:
        name: as other programs know it ("asking").
        read: finds an answer in a text.
        applies: whether it is asked at all, given the other answers.
        may_skip: whether it can stay without an answer.
        choices: the answers between which to choose; each is a button. Empty for free text.
        is_open: whether any text may be the answer, so that a question in it may be one as well.
        depends_on: the fields whose change makes its answer void.
    """

    name: str
    read: Callable[[Asked], Finding]
    applies: Callable[[Answers], bool] = always
    may_skip: Callable[[Answers], bool] = _never
    choices: tuple[str, ...] = ()
    is_open: bool = False
    depends_on: tuple[str, ...] = ()


def read_choice(field: str, choices: tuple[str, ...]) -> Callable[[Asked], Finding]:
    """Return a reader of one of several choices: its number, or words that name it."""

    def read(asked: Asked) -> Finding:
        number = number_in(asked.text)
        if number and number <= len(choices):
            return Fit({field: choices[number - 1]})
        choice = choice_in(field, asked.text)
        return Fit({field: choice}) if choice else Misfit("choice_misfit")

    return read


def read_line(field: str, most: int) -> Callable[[Asked], Finding]:
    """Return a reader of a text of one line."""

    def read(asked: Asked) -> Finding:
        return _measured(field, " ".join(asked.text.split()), most)

    return read


def read_text(field: str, most: int) -> Callable[[Asked], Finding]:
    """Return a reader of a text of any number of lines."""

    def read(asked: Asked) -> Finding:
        lines = [" ".join(line.split()) for line in asked.text.strip().splitlines()]
        return _measured(field, "\n".join(lines), most)

    return read


def _measured(field: str, words: str, most: int) -> Finding:
    if not any(character.isalnum() for character in words):
        return Misfit(f"{field}_empty")
    if len(words) > most:
        values = {"length": f"{len(words):,}", "most": f"{most:,}"}
        return Misfit(f"{field}_misfit", values)
    return Fit({field: words})


def nothing(field: str) -> Fit:
    """Return the answer of a field that is left without one."""
    return Fit({field: {} if field == "place" else ""})


def without_introduction(typed: str) -> str:
    """Return a name without the words by which people lead up to it: "I'm", "me, ", "soy"."""
    return _INTRODUCTION.sub("", " ".join(typed.split()))


def is_refusal(asked: Asked) -> bool:
    """Tell whether an optional field is answered with "no", "none" or "skip it"."""
    return asked.intent in ("deny", "skip") or is_words("nothing", asked.text)
