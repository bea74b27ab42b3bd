"""The way to a person, and who is behind the assistant."""

from __future__ import annotations

import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import button, intent_buttons, language_of, say
from actions.texts import text


class ActionContactHuman(Action):
    """Tells how to reach the team, where the City has said so (TWH_CONTACT)."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_contact_human"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        language, contact = language_of(tracker), os.environ.get("TWH_CONTACT")
        if contact:
            say(dispatcher, language, "contact_human", contact=contact)
        else:
            say(dispatcher, language, "contact_human_unknown")
        return []


class ActionAboutAssistant(Action):
    """Says who is behind the assistant, with the City's data disclaimer."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_about_assistant"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        language = language_of(tracker)
        delete = button(text("privacy_button", language), "privacy")
        buttons = [*intent_buttons(("faq_twh_oerj",), language), delete]
        say(dispatcher, language, "about_assistant", buttons)
        return []
