"""The conversation itself: its start, what is stored of people, its deletion."""

from __future__ import annotations

import logging
import re
from typing import Any, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, Restarted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.clock import now
from actions.conversation import button, entity_of, language_of, payload, say, typed_text
from actions.database import in_transaction
from actions.drafts import resume_buttons
from actions.healing_map.query import plain_letters
from actions.healing_map.store import forget_person, has_published
from actions.people import is_group, person_of
from actions.texts import LANGUAGES, text

log = logging.getLogger(__name__)


class ActionSessionStart(Action):
    """Begins a conversation in the language that the channel names for the person."""

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


_DELETION = (
    r"(?:delet\w+|eras(?:e|ed|ing)|remov\w+|wip(?:e|ed|ing)|forget|get rid of|clear (?:my|all|the)"
    r"|borr(?!ador)\w+|elimin\w+|olvid\w+|quit(?:a|ar|e|en)(?:me|nme|lo|los|la|las)?|suprim\w+)\b"
)
_IS_ABOUT_DELETION = re.compile(rf"\b{_DELETION}")
# "I don't want you to delete anything"; in "no, delete it" a comma stands between.
_WANTS_NO_DELETION = re.compile(
    rf"\b(?:do not|don['’]?t|not|never|no|nunca)(?: \w+){{0,3}} {_DELETION}"
)
_ASKS_POLITELY = re.compile(
    r"[¿\s]*(?:(?:hi|hello|hey|hola|please|por favor)[, ]+)*"
    r"(?:(?:can|could|would) (?:you|u)|puede[ns]?|podria[ns]?|me)\b"
)
_BEGINS_AS_QUESTION = re.compile(
    r"[¿\s]*(?:(?:hi|hello|hey|hola|and|but|so|ok|y|pero)[, ]+)*"
    r"(?:how|what|whats|when|where|why|who|which|do|does|did|is|are|was|were|will|can|could|may"
    r"|should|if|am|tell me|como|que|cuando|donde|por ?que|quien|quienes|cual|cuanto|puedo|se|es"
    r"|hay|dime)\b"
)
_ASKS_HOW = re.compile(
    r"\b(?:how (?:do|can|to|long|soon)|what happens|tell me|dime"
    r"|como (?:puedo|hago|se|le hago|borr|elimin))"
)
_WAYS: dict[str, Literal["remove", "anonymize"]] = {
    "deleted": "remove",
    "deleted:remove": "remove",
    "deleted:anonymize": "anonymize",
}
"""For each button that deletes, what becomes of what is public."""


class ActionPrivacy(Action):
    """Says what is stored, and deletes it after a clear question."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_privacy"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Tell, ask or delete, as was chosen."""
        language, choice = language_of(tracker), entity_of(tracker, "choice")
        if choice == "kept":
            say(dispatcher, language, "delete_kept", resume_buttons(tracker, language))
        elif choice in _WAYS and not _was_asked(tracker, choice):
            say(dispatcher, language, "delete_not_asked")
        elif choice in ("delete", *_WAYS) or _wants_deletion(typed_text(tracker)):
            try:
                return await _ask_or_delete(dispatcher, tracker, choice or "delete")
            except SQLAlchemyError as error:
                log.error("deletion failed", exc_info=error)
                say(dispatcher, language, "delete_failed")
        else:
            delete = button(text("delete_button", language), "privacy", "delete")
            say(dispatcher, language, "privacy", [delete])
        return []


def _was_asked(tracker: Tracker, choice: str) -> bool:
    """Tell whether the button that was tapped belongs to the last answer to this person.

    In a group everybody can tap what was asked of another.
    """
    if not is_group(tracker.sender_id):
        return True
    answers = [event["data"] for event in tracker.events if event["event"] == "bot"]
    buttons = answers[-1].get("buttons") if answers else None
    return payload("privacy", choice) in [it["payload"] for it in buttons or ()]


async def _ask_or_delete(
    dispatcher: CollectingDispatcher, tracker: Tracker, choice: str
) -> list[dict[str, Any]]:
    """Ask what is to be deleted, or delete it; nothing is ever removed from the map unasked.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be used; nothing was deleted.
    """
    language, person = language_of(tracker), person_of(tracker.sender_id)
    is_public = await in_transaction(has_published, person)
    if choice == "delete" or (choice == "deleted" and is_public):
        _ask_what_to_delete(dispatcher, language, is_public)
        return _pause_form(tracker)
    way = _WAYS[choice]
    await in_transaction(forget_person, person, way, now())
    # By what was chosen, not by what was found: a deletion that is repeated finds nothing.
    say(dispatcher, language, "delete_done_nameless" if way == "anonymize" else "delete_done")
    return [Restarted()]


def _ask_what_to_delete(dispatcher: CollectingDispatcher, language: str, is_public: bool) -> None:
    """Ask for a clear yes; where something is on the map, also what shall become of it."""
    if is_public:
        choices = {
            "delete_remove_button": "deleted:remove",
            "delete_anonymize_button": "deleted:anonymize",
            "delete_keep_all_button": "kept",
        }
    else:
        choices = {"delete_confirm_button": "deleted", "delete_keep_button": "kept"}
    name = "delete_question_published" if is_public else "delete_question"
    buttons = [button(text(title, language), "privacy", it) for title, it in choices.items()]
    say(dispatcher, language, name, buttons)


def _pause_form(tracker: Tracker) -> list[dict[str, Any]]:
    """Close a form; its draft is kept.

    It would repeat its own question, and a typed "yes" would submit what is to be deleted.
    """
    if tracker.active_loop_name is None:
        return []
    return [ActiveLoop(None), SlotSet("requested_slot", None)]


def _wants_deletion(typed: str) -> bool:
    """Tell whether a text about privacy asks to delete data, and not whether or how that goes."""
    plain = plain_letters(typed)
    if not _IS_ABOUT_DELETION.search(plain) or _WANTS_NO_DELETION.search(plain):
        return False
    if _ASKS_HOW.search(plain):
        return False
    if _ASKS_POLITELY.match(plain):
        return True
    return not (_BEGINS_AS_QUESTION.match(plain) or plain.rstrip().endswith("?"))
