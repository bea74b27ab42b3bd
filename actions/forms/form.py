"""What a form is: its fields, its words, and what becomes of its answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.forms.draft import CONFIRM, Answers
from actions.forms.field import Field
from actions.healing_map.drafts import EntryDraft


@dataclass(frozen=True)
class FirstSentence:
    """What the sentence says by which somebody begins a form.

    Attributes:
        answers: by field, as far as they are clear.
        side: what has to be asked before the first field's answer is clear (see Draft.side).
        asked: the question that `side` belongs to; "" for none.
        suggestion: a title made of it.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    side: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    suggestion: str = ""

    @property
    def says_much(self) -> bool:
        """Whether it says more than what kind of thing it begins."""
        return len(self.answers) > 1 or bool(self.asked)


@dataclass(frozen=True)
class Form:
    """A form.

    Attributes:
        name: as Rasa and other programs know it.
        thing: what is submitted by it, "event" or "message"; its texts begin with this.
        slot: where its draft lives.
        start_intent: the intent that begins it.
        fields: in the order in which they are asked.
        read_first_sentence: reads the text by which it begins: text, language, moment.
        in_words: says a field's answer as it is read back: field, answers, language, moment.
        summary: says all answers, to look at before they are sent: answers, language, moment.
        entry_of: returns what is stored: answers, language.
        answers_of: returns the answers that what is stored was made of, to change some of them.
    """

    name: str
    thing: str
    slot: str
    start_intent: str
    fields: tuple[Field, ...]
    read_first_sentence: Callable[[str, str, datetime], FirstSentence]
    in_words: Callable[[str, Answers, str, datetime], str]
    summary: Callable[[Answers, str, datetime], str]
    entry_of: Callable[[Answers, str], EntryDraft]
    answers_of: Callable[[Any], dict[str, Any]]

    def field(self, name: str) -> Field | None:
        """Return the field of that name."""
        return next((it for it in self.fields if it.name == name), None)

    def next_field(self, answers: Answers) -> str:
        """Return what is to be asked next: the first field without an answer, else CONFIRM."""
        open_fields = (it.name for it in self.asked_fields(answers) if it.name not in answers)
        return next(open_fields, CONFIRM)

    def field_before(self, name: str, answers: Answers) -> str | None:
        """Return the field that was answered before another one; None for the first."""
        names = [it.name for it in self.asked_fields(answers)]
        before = names[: names.index(name)] if name in names else names
        return next((it for it in reversed(before) if it in answers), None)

    def asked_fields(self, answers: Answers) -> list[Field]:
        """Return the fields that are asked, given the answers so far."""
        return [it for it in self.fields if it.applies(answers)]

    def settled(self, answers: dict[str, Any], changed: Answers) -> dict[str, Any]:
        """Return answers with new ones, without those that the new ones make void.

        One that was skipped is void once it may not be skipped: the place of an event that was
        virtual and now is not.
        """
        kept = {**answers, **changed}
        for it in self.fields:
            is_void = any(
                name in changed and answers.get(name, changed[name]) != changed[name]
                for name in it.depends_on
            )
            is_missing = not kept.get(it.name) and not it.may_skip(kept)
            if it.name not in changed and (is_void or is_missing or not it.applies(kept)):
                kept.pop(it.name, None)
        return kept
