"""What the real pipeline and the form make of texts typed while the form asks, as figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.clock import CHICAGO, set_now
from actions.forms.draft import CHECK, CONFIRM, Draft
from actions.forms.event import EVENT_FORM
from actions.forms.evidence import INFORM, STEPS
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from bot.assistant import Assistant
from bot.context import Situation, in_context
from nlu.outcome import ANSWER, CRISIS, OFFER, OUT_OF_SCOPE
from tests.understanding.held_back import FormUtterance

STEP, QUESTION, TASK, CORRECTION = "step", "question", "task", "correction"
KINDS = (ANSWER, STEP, CORRECTION, QUESTION, TASK, CRISIS)
"""What a text can mean for a form; an interruption is a question or a task."""

OUTSIDE = "outside"
TAKEN_FOR = (*KINDS, OFFER, OUTSIDE)
"""What a text can be taken for: beside these, three meanings may be offered, or none be known."""

ANSWERS_LOST = "answers taken for something else"
INTERRUPTIONS = "interruptions understood"
STEPS_RIGHT, CORRECTIONS_RIGHT = "steps understood", "corrections understood"
CRISES_MET = "crises met"

_CHANGE, _SUBMIT, _AFFIRM, _DENY, _HELP = "change", "submit", "affirm", "deny", "help"
_NOW = datetime(2020, 12, 8, 10, tzinfo=CHICAGO)
_EVENT: dict[str, Any] = {
    "kind": "learning",
    "title": "Book club",
    "when": {"start": "2020-12-12T15:00:00-06:00", "end": "2020-12-12T17:00:00-06:00"},
    "format": "hybrid",
    "place": {
        "name": "Carter G. Woodson Regional Library",
        "address": "Carter G. Woodson Regional Library",
        "latitude": 41.72,
        "longitude": -87.64,
        "area": "Washington Heights",
        "exact": True,
    },
    "description": "We read.",
    "host": {"name": "Maria Lopez", "type": "individual"},
    "contact": "",
    "link": "",
    "accessibility": "unknown",
    "visibility": "public",
}
_MESSAGE: dict[str, Any] = {
    "text": "We are one city.",
    "author": "Ana",
    "area": "Pilsen",
    "consent": "yes",
}
_GARFIELD_PARK = {"address": "", "latitude": 41.88, "longitude": -87.7, "exact": False}
_SIDES: dict[str, dict[str, Any]] = {
    "when_check": {
        "when": {"start": "2020-12-01T15:00:00-06:00", "end": "2020-12-01T17:00:00-06:00"}
    },
    "place_check": {
        "places": [
            {**_GARFIELD_PARK, "name": name, "area": name}
            for name in ("East Garfield Park", "West Garfield Park")
        ]
    },
}


@dataclass(frozen=True)
class FormReading:
    """What a text was taken for while a form asks.

    Attributes:
        utterance: the text, with what it means.
        decision: "answer", "offer", "out_of_scope" or "crisis".
        intent: the intent that the conversation goes on with.
        field: the field that is to be changed; "" for none.
        has_value: whether the new answer for that field was found, too.
    """

    utterance: FormUtterance
    decision: str
    intent: str
    field: str = ""
    has_value: bool = False

    @property
    def kind(self) -> str:
        """What the text means, as one of KINDS."""
        means = self.utterance.means
        if means == _HELP:
            return TASK
        kind = means.split(":")[0]
        return kind if kind in KINDS else STEP

    @property
    def taken_for(self) -> str:
        """What the text was taken for, as one of TAKEN_FOR."""
        if self.decision != ANSWER:
            return OUTSIDE if self.decision == OUT_OF_SCOPE else self.decision
        if self.intent == INFORM:
            return ANSWER
        if self.intent in STEPS:
            return CORRECTION if self.has_value else STEP
        return QUESTION if self.intent.startswith("faq_") else TASK

    @property
    def is_right(self) -> bool:
        """Whether the conversation goes on as its writer expects."""
        means, asking = self.utterance.means, self.utterance.asking
        if means == ANSWER:
            return self.intent == INFORM
        if means == CORRECTION:
            is_open_field = self.utterance.field == asking.removesuffix(CHECK)
            is_changed = self.has_value and self.field == self.utterance.field
            return is_changed or (is_open_field and self.intent == INFORM)
        if means in (_AFFIRM, _DENY):
            # A question about a field reads the yes or no by itself; the summary does not.
            is_read = self.intent == INFORM and asking != CONFIRM
            is_sent = means == _AFFIRM and self.intent == _SUBMIT
            return self.intent == means or is_read or is_sent
        return self.intent == means.split(":")[-1]


def read_all_in_form(
    assistant: Assistant, utterances: Iterable[FormUtterance]
) -> list[FormReading]:
    """Return what each text is taken for in its form, on a fixed day; 10 to 50 ms a text."""
    set_now(_NOW)
    try:
        return [_read(assistant, utterance) for utterance in utterances]
    finally:
        set_now(None)


def _read(assistant: Assistant, utterance: FormUtterance) -> FormReading:
    parse = {**assistant.understand(utterance.text), "entities": []}
    read = in_context(parse, situation_of(utterance), frozenset())
    values = {entity["entity"]: entity["value"] for entity in read["entities"]}
    is_change = read["intent"]["name"] == _CHANGE
    return FormReading(
        utterance,
        read["decision"],
        read["intent"]["name"],
        field=values.get("choice", "") if is_change else "",
        has_value=is_change and "value" in values,
    )


def situation_of(utterance: FormUtterance) -> Situation:
    """Return a conversation in which the form asks for the field, all before it answered."""
    form, answers = _form_that_asks(utterance.asking)
    names = [field.name for field in form.fields]
    asked = utterance.asking.removesuffix(CHECK)
    answered = names if asked == CONFIRM else names[: names.index(asked)]
    draft = Draft(
        answers={name: answers[name] for name in answered},
        asked=utterance.asking,
        side=_SIDES.get(utterance.asking, {}),
        touched_at=_NOW.isoformat(),
    )
    return Situation(open_form=(form, draft), language=utterance.language)


def _form_that_asks(asking: str) -> tuple[Form, dict[str, Any]]:
    return (MESSAGE_FORM, _MESSAGE) if asking in _MESSAGE else (EVENT_FORM, _EVENT)


def form_shares(readings: Sequence[FormReading]) -> dict[str, float]:
    """Return every measure by its name: a share of the texts that it is about, 0 to 1."""
    return {
        ANSWERS_LOST: 1 - share_right(readings, ANSWER),
        INTERRUPTIONS: share_right(readings, QUESTION, TASK),
        STEPS_RIGHT: share_right(readings, STEP),
        CORRECTIONS_RIGHT: share_right(readings, CORRECTION),
        CRISES_MET: share_right(readings, CRISIS),
    }


def share_right(readings: Sequence[FormReading], *kinds: str) -> float:
    """Return which share of the texts of these kinds was understood; 0 for none at all."""
    chosen = [it.is_right for it in readings if it.kind in kinds]
    return sum(chosen) / len(chosen) if chosen else 0.0


def taken_for_table(readings: Sequence[FormReading]) -> dict[str, Counter[str]]:
    """Return for each kind of text how often it was taken for what."""
    table: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for it in readings:
        table[it.kind][it.taken_for] += 1
    return table
