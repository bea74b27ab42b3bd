"""Somebody who fills in a form, turn by turn, over literal trackers and without a model."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from actions.clock import CHICAGO
from actions.event_form import EventForm
from actions.forms.answers import Asked, Finding
from actions.forms.draft import CONFIRM, Draft
from actions.forms.event import EVENT_FORM
from actions.forms.field import Field
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from actions.message_form import MessageForm
from actions.texts import text
from bot.turns import Location, Tap, meaning_of
from tests.actions.doing import Done, do

NOW = datetime(2020, 12, 8, 10, 0, tzinfo=CHICAGO)
"""A Tuesday, on which the clock stands still in all tests."""

ACTIONS = {EVENT_FORM.name: EventForm(), MESSAGE_FORM.name: MessageForm()}
LISTENING = "action_listen"

_DOMAIN = Path(__file__).parents[3] / "domain.yml"
INTENTS = frozenset(yaml.safe_load(_DOMAIN.read_text(encoding="utf-8"))["intents"])

ELLIS: dict[str, Any] = {
    "name": "4100 S Ellis Ave",
    "address": "4100 S Ellis Ave",
    "latitude": 41.8205,
    "longitude": -87.6024,
    "area": "Oakland",
    "exact": True,
}
PILSEN: dict[str, Any] = {
    "name": "Pilsen",
    "address": "",
    "latitude": 41.8536,
    "longitude": -87.6577,
    "area": "Lower West Side",
    "exact": False,
}
SATURDAY = {"start": "2020-12-12T15:00:00-06:00", "end": "2020-12-12T17:00:00-06:00"}
"""From 3 to 5 in the afternoon."""

EVENT: dict[str, Any] = {
    "kind": "learning",
    "title": "Book club",
    "when": SATURDAY,
    "format": "in_person",
    "place": ELLIS,
    "description": "We read together.",
    "host": {"name": "Kenwood Neighbors", "type": "organization"},
    "contact": "ana@example.org",
    "accessibility": "accessible",
    "visibility": "public",
}
"""All answers of an event form."""

MESSAGE: dict[str, Any] = {
    "text": "We are one city.",
    "author": "Ana",
    "area": "Lower West Side",
    "consent": "yes",
}
"""All answers of a message form."""


def read(
    field: Field,
    typed: str,
    intent: str = "inform",
    *,
    language: str = "en",
    now: datetime = NOW,
    answers: dict[str, Any] | None = None,
    side: dict[str, Any] | None = None,
) -> Finding:
    """Read a text as the answer to a field's question."""
    return field.read(Asked(typed, intent, language, now, answers or {}, side or {}))


def field_of(form: Form, name: str) -> Field:
    """Return the form's field of that name."""
    field = form.field(name)
    assert field is not None
    return field


class Person:
    """One person in one conversation; slots are kept as a conversation keeps them, in JSON.

    Each method does one thing and returns what the form did; `buttons` are those of the last
    answer, what they send by their title.
    """

    def __init__(
        self, form: Form = EVENT_FORM, language: str = "en", conversation: str = "telegram:7"
    ) -> None:
        self._form = form
        self.language = language
        self._conversation = conversation
        self.slots: dict[str, Any] = {}
        self.open_form: str | None = None
        self.buttons: dict[str, str] = {}

    def holding(self, answers: dict[str, Any], asked: str = CONFIRM, **draft: Any) -> Person:
        """Return the same person with a form open that has these answers already."""
        self.slots[self._form.slot] = Draft(answers=dict(answers), asked=asked, **draft).to_slot()
        self.slots["requested_slot"] = asked
        self.open_form = self._form.name
        return self

    def begins(self, typed: str | None = None, form: Form | None = None) -> Done:
        """Begin a form, with a sentence or by a button."""
        form = form or self._form
        return self._run(form.start_intent, typed, form=form)

    def types(self, typed: str, intent: str = "inform", **carried: str) -> Done:
        """Type a text which was understood as this intent."""
        return self._run(intent, typed, **carried)

    def taps(self, title: str) -> Done:
        """Tap the button with this title under the last answer."""
        return self.sends(self.buttons[title])

    def sends(self, payload: str) -> Done:
        """Send what a button says, be it an old one or a forged one."""
        meaning = meaning_of(Tap(payload), INTENTS)
        return self._run(meaning.intent, None, **meaning.values)

    def taps_step(self, intent: str) -> Done:
        """Tap a way to get around, such as Back, or send the command for it."""
        return self.sends(f"/{intent}")

    def shares(self, latitude: float, longitude: float) -> Done:
        """Share a place."""
        meaning = meaning_of(Location(latitude, longitude), INTENTS)
        return self._run(meaning.intent, None, **meaning.values)

    def sends_a_photo(self) -> Done:
        """Send something that holds no text."""
        return self._run("send_media", None)

    def asks_in_between(self, intent: str, typed: str | None = None) -> Done:
        """Do something that a rule answers, and return what the form says after that."""
        left = self._run(intent, typed)
        assert left.messages == []
        assert left.events[0]["event"] == "action_execution_rejected"
        return self._run(intent, typed, after="the rule's action")

    def runs_after(self, intent: str) -> Done:
        """Let the form have its turn after another action, which opened it."""
        return self._run(intent, None, after="the rule's action")

    def words(self, name: str, /, **values: str) -> str:
        """Return the named text in the person's language."""
        return text(name, self.language, **values)

    @property
    def draft(self) -> Draft:
        """The draft as the form left it."""
        draft = Draft.from_slot(self.slots[self._form.slot])
        assert draft is not None
        return draft

    @property
    def asked(self) -> str | None:
        """What other programs are told that the open question is about."""
        return self.slots.get("requested_slot") if self.open_form else None

    def _run(
        self,
        intent: str,
        typed: str | None,
        *,
        form: Form | None = None,
        after: str = LISTENING,
        **carried: str,
    ) -> Done:
        done = do(
            ACTIONS[(form or self._form).name],
            intent,
            typed,
            language=self.language,
            slots=self.slots,
            conversation=self._conversation,
            form=self.open_form,
            after=after,
            **carried,
        )
        self._keep(json.loads(json.dumps(done.events)))
        if done.messages:
            self.buttons = dict(zip(done.titles, done.payloads, strict=True))
        return done

    def _keep(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.open_form = event["name"]
