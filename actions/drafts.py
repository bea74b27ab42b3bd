"""Unfinished submissions: going on with them, or deleting them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Button, button, entity_of, intent_buttons, language_of, say
from actions.forms.draft import Draft
from actions.forms.registry import FORMS
from actions.texts import text

_DISCARD = "discard:"


def resume_buttons(tracker: Tracker, language: str) -> list[Button]:
    """Return the button that goes on with what was begun, if a draft waits."""
    drafts = [Draft.from_slot(tracker.get_slot(form.slot)) for form in FORMS.values()]
    waits = any(draft and draft.is_begun for draft in drafts)
    return intent_buttons(["resume_draft"], language) if waits else []


class ActionResumeDraft(Action):
    """Opens the form whose draft waits; a button can name it, or have it deleted."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_resume_draft"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Open the form, which then asks where it was left."""
        language, choice = language_of(tracker), entity_of(tracker, "choice") or ""
        waiting = [name for name, form in FORMS.items() if tracker.get_slot(form.slot)]
        if choice.startswith(_DISCARD):
            name = choice.removeprefix(_DISCARD)
            if name not in waiting:
                say(dispatcher, language, "no_draft")
                return []
            say(dispatcher, language, "draft_discarded")
            slot = FORMS[name].slot
            return [SlotSet(slot, tracker.get_slot(slot)["aside"])]
        if choice in waiting:
            waiting = [choice]
        if len(waiting) == 1:
            return [ActiveLoop(waiting[0])]
        if not waiting:
            following = intent_buttons(("submit_event", "submit_message"), language)
            say(dispatcher, language, "no_draft", following)
            return []
        buttons = [
            button(text(f"thing_{FORMS[name].thing}", language), "resume_draft", name)
            for name in waiting
        ]
        say(dispatcher, language, "which_draft", buttons)
        return []
