"""The conversation itself: its start, its language, what is stored of it and its deletion."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, Restarted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import button, entity_of, language_of, say
from actions.texts import LANGUAGES, text

_NAMED_LANGUAGE = {
    "en": re.compile(r"\b(english|ingl[eé]s)\b", re.IGNORECASE),
    "es": re.compile(r"\b(spanish|spanglish|espa[nñ]ol|castellano)\b", re.IGNORECASE),
}
# "I don't speak Spanish" asks for English; "why don't we speak Spanish" does not.
_SUGGESTION = re.compile(r"\b(why don'?t we|por ?qu[eé] no)\b", re.IGNORECASE)
_NEGATION = r"\b(no|not|don'?t|can'?t|cannot|never|nunca|why|por ?qu[eé])\b[^,.;:!?¿]{0,40}"
_OTHER_LANGUAGE = re.compile(
    r"\b(polish|polaco|polski|chinese|chino|mandarin|cantonese|arabic|[aá]rabe|french|franc[eé]s"
    r"|urdu|hindi|tagalog|ukrainian|ucraniano|russian|ruso|german|alem[aá]n|portuguese"
    r"|portugu[eé]s|vietnamese|korean|coreano|yoruba|creole|criollo|haitian|sign language)\b",
    re.IGNORECASE,
)


class ActionSessionStart(Action):
    """Begins a conversation in the language that Telegram names for the person."""

    def name(self) -> str:
        """Return the name that Rasa calls it by."""
        return "action_session_start"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Set the language where there is a hint."""
        metadata = tracker.get_slot("session_started_metadata") or {}
        hint = metadata.get("language_hint")
        language = [SlotSet("language", hint)] if hint in LANGUAGES else []
        return [SessionStarted(), *language, ActionExecuted("action_listen")]


class ActionChangeLanguage(Action):
    """Changes to the language that was named or tapped; asks where none was."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_change_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Change the language and say so in it."""
        typed = tracker.latest_message.get("text") or ""
        chosen = _chosen_language(entity_of(tracker, "choice"), typed)
        if chosen:
            say(dispatcher, chosen, "language_changed")
            return [SlotSet("language", chosen), SlotSet("language_chosen", True)]
        name = "language_unavailable" if _OTHER_LANGUAGE.search(typed) else "change_language"
        buttons = [button(text("language_name", it), "change_language", it) for it in LANGUAGES]
        say(dispatcher, language_of(tracker), name, buttons)
        return []


def _chosen_language(choice: str | None, typed: str) -> str | None:
    """Return the language that was tapped or is asked for in the text, if it is one."""
    if choice in LANGUAGES:
        return choice
    plain = _SUGGESTION.sub("", typed)
    named = {name for name in LANGUAGES if _NAMED_LANGUAGE[name].search(plain)}
    refused = {name for name in named if _is_refused(name, plain)}
    asked_for = named - refused or (set(LANGUAGES) - refused if refused else set())
    return asked_for.pop() if len(asked_for) == 1 else None


def _is_refused(language: str, typed: str) -> bool:
    pattern = _NEGATION + _NAMED_LANGUAGE[language].pattern
    return bool(re.search(pattern, typed, re.IGNORECASE))


class ActionPrivacy(Action):
    """Says what is stored, and deletes it after a clear question."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_privacy"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Tell, ask or delete, as was chosen."""
        language, choice = language_of(tracker), entity_of(tracker, "choice")
        if choice == "deleted":
            say(dispatcher, language, "delete_done")
            return [Restarted()]
        if choice == "kept":
            say(dispatcher, language, "delete_kept")
        elif choice == "delete":
            yes = button(text("delete_confirm_button", language), "privacy", "deleted")
            no = button(text("delete_keep_button", language), "privacy", "kept")
            say(dispatcher, language, "delete_question", [yes, no])
        else:
            delete = button(text("delete_button", language), "privacy", "delete")
            say(dispatcher, language, "privacy", [delete])
        return []
