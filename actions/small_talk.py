"""Greetings, thanks, help and the other short answers that say one text."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import (
    Button,
    button,
    entity_of,
    intent_buttons,
    intent_of,
    language_of,
    say,
)
from actions.faq import answer_question, topic_buttons
from actions.knowledge import questions
from actions.texts import LANGUAGES, text

_FIRST_STEPS = ("faq_twh_about", "find_nearby", "submit_event", "submit_message", "browse_faq")

_TEXT_OF_INTENT = {
    "cancel": "nothing_to_cancel",
    "go_back": "nothing_to_go_back_to",
    "skip": "nothing_to_skip",
    "submit": "nothing_to_submit",
    "change": "nothing_to_change",
    "start_over": "nothing_to_cancel",
    "explain": "nothing_to_explain",
}
"""The intents whose text has another name than the intent."""


def _first_steps(language: str) -> list[Button]:
    return intent_buttons(_FIRST_STEPS, language)


class ActionGreet(Action):
    """Greets; after /start it says who it is and follows the link's payload."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_greet"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the greeting."""
        language = language_of(tracker)
        if entity_of(tracker, "command") != "start":
            say(dispatcher, language, "greet", _first_steps(language))
            return []
        others = [
            button(text("language_name", other), "change_language", other)
            for other in LANGUAGES
            if other != language
        ]
        say(dispatcher, language, "welcome", [*_first_steps(language), *others])
        linked = entity_of(tracker, "choice")
        if linked in questions(language):
            answer_question(dispatcher, linked, language)
        return []


class ActionHelp(Action):
    """Says what the assistant can do."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_help"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it; a command that does not exist is named first."""
        language = language_of(tracker)
        if entity_of(tracker, "command") == "unknown":
            say(dispatcher, language, "unknown_command")
        say(dispatcher, language, "help", _first_steps(language))
        return []


class ActionSmallTalk(Action):
    """Says the one text that belongs to the intent."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_small_talk"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it, with a way to go on unless the person is leaving."""
        language, intent = language_of(tracker), intent_of(tracker)
        buttons = [] if intent in ("goodbye", "deny") else _first_steps(language)
        say(dispatcher, language, _TEXT_OF_INTENT.get(intent, intent), buttons)
        return []


class ActionNotReadable(Action):
    """Says that a picture, a voice message or an old button cannot be read."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_not_readable"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it, with the topics that can be asked about."""
        language = language_of(tracker)
        say(dispatcher, language, intent_of(tracker), topic_buttons(language))
        return []


class ActionCrisis(Action):
    """Answers a crisis with where real help is, and nothing else."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_crisis"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        say(dispatcher, language_of(tracker), "crisis")
        return []
