"""Hosting: the form by which people put an event on the Healing Map."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.dialogue import FormDialogue
from actions.forms.event import EVENT_FORM


class EventForm(Action):
    """Asks for an event, step by step (an action of a form's name stands in for Rasa's own)."""

    def name(self) -> str:
        """Return the name that rules use."""
        return EVENT_FORM.name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Go on with the form."""
        return await FormDialogue(EVENT_FORM, dispatcher, tracker).go_on()
