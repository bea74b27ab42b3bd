"""Sharing: the form by which people leave a message of healing."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.dialogue import FormDialogue
from actions.forms.message import MESSAGE_FORM


class MessageForm(Action):
    """Asks for a message, step by step (an action of a form's name stands in for Rasa's own)."""

    def name(self) -> str:
        """Return the name that rules use."""
        return MESSAGE_FORM.name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Go on with the form."""
        return await FormDialogue(MESSAGE_FORM, dispatcher, tracker).go_on()
