"""The language of the conversation: it is changed, and the last answer is said again in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from actions.conversation import button, entity_of, language_of, say, typed_text
from actions.faq import ActionBrowseFaq, ActionFaq, ActionOffer, ActionOutOfScope
from actions.nearby import ActionExploreMap, ActionFindNearby
from actions.session import ActionPrivacy
from actions.small_talk import ActionCrisis, ActionGreet, ActionHelp, ActionNotReadable
from actions.tasks import ActionAboutAssistant, ActionContactHuman
from actions.texts import LANGUAGES, text

PASSING = frozenset({"change_language", "thanks", "feedback_positive", "affirm"})
"""The intents of a turn after which people still speak of what was answered before it."""

_REPEATABLE: dict[str, Action] = {
    action.name(): action
    for action in (
        *(ActionFaq(), ActionBrowseFaq(), ActionOffer(), ActionOutOfScope()),
        *(ActionFindNearby(), ActionExploreMap(), ActionGreet(), ActionHelp(), ActionCrisis()),
        *(ActionNotReadable(), ActionContactHuman(), ActionAboutAssistant(), ActionPrivacy()),
    )
}
"""The actions that can answer a turn once more: they store nothing beside the conversation."""

_SHOW_THE_SAME = ("show", "map", "kinds", "days")
"""The choices of a search that can be made twice; any other one changes the search again."""

_DELETES_NOTHING = (None, "delete")
"""The choices about one's data that only tell or ask."""

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


class ActionChangeLanguage(Action):
    """Changes to the language that was named or tapped; asks where none was."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_change_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Change the language, say so in it, and say the last answer again."""
        typed = typed_text(tracker)
        chosen = _chosen_language(entity_of(tracker, "choice"), typed)
        if chosen:
            say(dispatcher, chosen, "language_changed")
            again = await _say_again(dispatcher, tracker, domain, chosen)
            return [SlotSet("language", chosen), SlotSet("language_chosen", True), *again]
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


async def _say_again(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any], language: str
) -> list[dict[str, Any]]:
    """Say the last answer in this language, and return the events that follow from it.

    In a form nothing is: it repeats its question by itself.
    """
    turn = _turn_before(tracker.events)
    if turn is None or tracker.active_loop_name or turn.language == language:
        return []
    action = _REPEATABLE.get(turn.action)
    deletes = turn.action == ActionPrivacy().name() and turn.choice not in _DELETES_NOTHING
    if action is None or deletes:
        return []
    then = Tracker(
        sender_id=tracker.sender_id,
        slots={**tracker.slots, "language": language},
        latest_message=turn.message,
        events=tracker.events,
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=None,
    )
    events: list[dict[str, Any]] = await call_potential_coroutine(
        action.run(dispatcher, then, domain)
    )
    return events


@dataclass(frozen=True)
class _AnsweredTurn:
    """A turn that was answered.

    Attributes:
        message: what was understood, such that doing it again shows the same.
        choice: what was tapped.
        action: the action that answered it.
        language: that in which it was answered; None before anything told it.
    """

    message: dict[str, Any]
    choice: str | None
    action: str
    language: str | None


def _turn_before(events: list[dict[str, Any]]) -> _AnsweredTurn | None:
    """Return the turn that the latest one speaks of."""
    turns = [index for index, event in enumerate(events) if event["event"] == "user"]
    speaks_of = [i for i in turns[:-1] if _intent(events[i]) not in PASSING]
    if not speaks_of:
        return None
    begin = speaks_of[-1]
    answered = events[begin + 1 : turns[turns.index(begin) + 1]]
    actions = (event["name"] for event in answered if event["event"] == "action")
    action = next((name for name in actions if name in _REPEATABLE), "")
    message = events[begin]["parse_data"]
    choice = next((it["value"] for it in message["entities"] if it["entity"] == "choice"), None)
    if action == ActionFindNearby().name() and (choice or "").split(":")[0] not in _SHOW_THE_SAME:
        message = {**message, "entities": [{"entity": "choice", "value": "again"}]}
    return _AnsweredTurn(message, choice, action, _language_at(events[: turns[-1]]))


def _intent(event: dict[str, Any]) -> str:
    return str(event["parse_data"]["intent"]["name"])


def _language_at(events: list[dict[str, Any]]) -> str | None:
    slots = [event for event in reversed(events) if event["event"] == "slot"]
    return next((event["value"] for event in slots if event["name"] == "language"), None)
