"""Hosting and messages of healing: what can be done of it so far; and contact."""

from __future__ import annotations

import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import (
    button,
    intent_buttons,
    intent_of,
    language_of,
    say,
)
from actions.texts import text

_MEANWHILE = {
    "submit_event": ("faq_event_kinds", "faq_on_the_table", "faq_organize"),
    "submit_message": ("faq_submission_form", "faq_ambassadors"),
    "my_submissions": ("faq_submission_form", "faq_healing_map"),
}
"""For each task that this chat cannot do yet, the questions that help meanwhile."""


class ActionTaskToCome(Action):
    """Says honestly that a task is not possible here yet, and what helps meanwhile."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_task_to_come"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        language, task = language_of(tracker), intent_of(tracker)
        say(dispatcher, language, task, intent_buttons(_MEANWHILE[task], language))
        return []


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
