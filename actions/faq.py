"""Answers the FAQ, shows it by topic, and asks back where a text had two meanings."""

from __future__ import annotations

from collections.abc import Sequence
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
    utter,
)
from actions.knowledge import questions
from actions.texts import text

TOPICS = ("campaign", "taking_part", "events", "healing", "office")
NONE_OF_THESE = "none"


def answer_question(
    dispatcher: CollectingDispatcher, intent: str, language: str, others: Sequence[str] = ()
) -> None:
    """Say the answer under its question, with what else may be meant and what comes next."""
    question = questions(language)[intent]
    buttons = intent_buttons(dict.fromkeys([*others, *question.next]), language)
    utter(dispatcher, question.answer(language), buttons, heading=question.title)


def topic_buttons(language: str) -> list[Button]:
    """Return a button for each topic of the FAQ."""
    return [button(text(f"topic_{topic}", language), "browse_faq", topic) for topic in TOPICS]


class ActionFaq(Action):
    """Answers the question that the turn's intent names."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_faq"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the answer."""
        others = tracker.latest_message.get("offers", [])
        answer_question(dispatcher, intent_of(tracker), language_of(tracker), others)
        return []


class ActionBrowseFaq(Action):
    """Shows the topics of the FAQ or, once one was chosen, its questions."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_browse_faq"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Show the buttons."""
        language, topic = language_of(tracker), entity_of(tracker, "choice")
        if topic not in TOPICS:
            say(dispatcher, language, "browse_topics", topic_buttons(language))
            return []
        intents = [q.intent for q in questions(language).values() if q.topic == topic]
        buttons = intent_buttons(intents, language)
        say(
            dispatcher,
            language,
            "browse_questions",
            buttons,
            topic=text(f"topic_{topic}", language),
        )
        return []


class ActionOffer(Action):
    """Asks which of up to three meanings was meant."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_offer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Show the meanings as buttons."""
        language = language_of(tracker)
        buttons = intent_buttons(tracker.latest_message.get("offers", []), language)
        none = button(text("none_of_these", language), "out_of_scope", NONE_OF_THESE)
        say(dispatcher, language, "offer", [*buttons, none])
        return []


class ActionOutOfScope(Action):
    """Says kindly what the assistant cannot help with, and what it can."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_out_of_scope"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it, with what may have been meant, or else the topics that can be asked about."""
        language = language_of(tracker)
        others = tracker.latest_message.get("offers", [])
        if others:
            buttons = intent_buttons(dict.fromkeys([*others, "browse_faq"]), language)
            say(dispatcher, language, "out_of_scope_perhaps", buttons)
        else:
            say(dispatcher, language, _out_of_scope_text(tracker), topic_buttons(language))
        return []


def _out_of_scope_text(tracker: Tracker) -> str:
    if entity_of(tracker, "choice") == NONE_OF_THESE:
        return "none_of_these_reply"
    typed = tracker.latest_message.get("text") or ""
    has_something_visible = any(c.isprintable() and not c.isspace() for c in typed)
    return "out_of_scope" if has_something_visible else "empty_message"
