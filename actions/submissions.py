"""My submissions: how what somebody sent stands, and changing, copying or withdrawing it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.clock import now
from actions.conversation import (
    Button,
    button,
    entity_of,
    intent_buttons,
    language_of,
    say,
    typed_text,
    utter,
)
from actions.database import in_transaction
from actions.drafts import resume_buttons
from actions.event_words import entry_line, entry_name
from actions.forms.draft import Draft
from actions.forms.form import Form
from actions.forms.registry import FORMS, form_of
from actions.healing_map.models import Entry, Event
from actions.healing_map.store import (
    code_in,
    draft_of,
    entries_of,
    entry_of,
    withdraw,
)
from actions.knowledge import titles
from actions.people import is_group, person_of
from actions.texts import text

PAGE = 8
"""How many submissions are listed at once."""

_INTENT = "my_submissions"

Events = list[dict[str, Any]]


class ActionMySubmissions(Action):
    """Lists what somebody sent, shows one of it, and does with it what they wish."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_my_submissions"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Do what was asked for; in a group others would read along."""
        if is_group(tracker.sender_id):
            say(dispatcher, language_of(tracker), "form_in_group")
            return []
        return await _Submissions(dispatcher, tracker).go_on()


class _Submissions:
    """One turn with one's own submissions.

    The choices are "show:CODE" and the like; "more:8" is the list from the ninth on.
    """

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._language = language_of(tracker)
        self._person = person_of(tracker.sender_id)

    async def go_on(self) -> Events:
        """Do what was asked for, and return the events that follow from it."""
        handlers = {
            "show": self._show,
            "change": self._change,
            "copy": self._copy,
            "withdraw": self._ask_to_withdraw,
            "withdrawn": self._say_withdrawn,
        }
        wish, _, value = self._choice().partition(":")
        if wish not in handlers:
            return await self._list(value)
        find = _withdraw if wish == "withdrawn" else entry_of
        entry = await in_transaction(find, self._person, value)
        if entry is None:
            self._say("submission_unknown", intent_buttons([_INTENT], self._language))
            return []
        return handlers[wish](entry)

    def _choice(self) -> str:
        """Return what was tapped; a code in a typed text means the one that it names."""
        choice = entity_of(self._tracker, "choice")
        if choice is not None:
            return choice
        code = code_in(typed_text(self._tracker))
        return f"show:{code}" if code else ""

    async def _list(self, offset: str) -> Events:
        entries = await in_transaction(entries_of, self._person)
        if not entries:
            begin = intent_buttons(["submit_event", "submit_message"], self._language)
            self._say("no_submissions", [*self._resume(), *begin])
            return []
        start = int(offset) if offset.isdecimal() and int(offset) < len(entries) else 0
        page = list(enumerate(entries[start : start + PAGE], start=start + 1))
        buttons = [button(str(number), _INTENT, f"show:{entry.code}") for number, entry in page]
        if start + PAGE < len(entries):
            more = text("more_button", self._language)
            buttons.append(button(more, _INTENT, f"more:{start + PAGE}"))
        lines = [entry_line(number, entry, self._language, now()) for number, entry in page]
        utter(
            self._dispatcher,
            "\n".join(lines),
            [*buttons, *self._resume()],
            heading=titles(self._language)[_INTENT],
        )
        return []

    def _resume(self) -> list[Button]:
        """Return the button that goes on with a draft; a form that is open offers it itself."""
        is_open = self._tracker.active_loop_name is not None
        return [] if is_open else resume_buttons(self._tracker, self._language)

    def _show(self, entry: Entry) -> Events:
        summary = form_of(entry).summary(_answers_of(entry), self._language, now())
        status = text(f"submission_{entry.status}", self._language, reason=entry.review_note)
        named = text(f"status_{entry.status}", self._language)
        utter(
            self._dispatcher,
            f"{summary}\n\n{status}",
            self._wishes(entry),
            heading=f"{entry.code} · {named}",
        )
        return []

    def _wishes(self, entry: Entry) -> list[Button]:
        """Return the buttons for what can be done with an entry."""
        wishes = ["change"]
        if entry.status != "withdrawn":
            wishes.append("withdraw")
        if isinstance(entry, Event):
            wishes.append("copy")
        buttons = [self._button(f"{wish}_button", f"{wish}:{entry.code}") for wish in wishes]
        return [*buttons, self._button("list_button")]

    def _change(self, entry: Entry) -> Events:
        """Open the form at its summary, with what was changed already if that was not sent yet."""
        form = form_of(entry)
        waiting = self._draft_in(form)
        line = waiting.line() if waiting else ()
        begun = (it.answers for it in line if it.editing == entry.code)
        answers = next(begun, None) or _answers_of(entry)
        is_public = entry.status == "approved"
        note = "change_submission_approved" if is_public else "change_submission"
        return self._open(
            form, Draft(answers=answers, editing=entry.code), text(note, self._language)
        )

    def _copy(self, entry: Entry) -> Events:
        """Open the form with all but the date of an event; a message has none to copy to."""
        if not isinstance(entry, Event):
            return self._show(entry)
        answers = {name: it for name, it in _answers_of(entry).items() if name != "when"}
        note = text("copy_submission", self._language, title=entry.title)
        return self._open(form_of(entry), Draft(answers=answers), note)

    def _open(self, form: Form, draft: Draft, note: str) -> Events:
        """Open a form with a draft; it asks its next question by itself."""
        paused = self._paused(draft)
        utter(self._dispatcher, "\n\n".join(filter(None, [paused, note])))
        draft = _before(draft, self._draft_in(form))
        return [SlotSet(form.slot, draft.to_slot()), ActiveLoop(form.name)]

    def _paused(self, draft: Draft) -> str:
        """Say that what is open waits, unless it is the same."""
        form = FORMS.get(self._tracker.active_loop_name or "")
        left = self._draft_in(form) if form else None
        if not form or not left or not left.is_begun or _is_same(left, draft):
            return ""
        thing = text(f"thing_{form.thing}", self._language)
        return text("form_paused", self._language, thing=thing)

    def _ask_to_withdraw(self, entry: Entry) -> Events:
        yes = self._button("yes_button", f"withdrawn:{entry.code}")
        no = self._button("no_button", f"show:{entry.code}")
        self._say("withdraw_question", [yes, no], title=entry_name(entry))
        return []

    def _say_withdrawn(self, entry: Entry) -> Events:
        self._say("withdrawn", self._wishes(entry), title=entry_name(entry))
        return []

    def _draft_in(self, form: Form) -> Draft | None:
        return Draft.from_slot(self._tracker.get_slot(form.slot))

    def _button(self, title: str, choice: str | None = None) -> Button:
        return button(text(title, self._language), _INTENT, choice)

    def _say(self, name: str, buttons: list[Button], **values: str) -> None:
        say(self._dispatcher, self._language, name, buttons, **values)


def _withdraw(session: Session, person: str, code: str) -> Entry | None:
    """Withdraw an entry of somebody's own and return it; a second time changes nothing."""
    entry = entry_of(session, person, code)
    if entry is not None and entry.status != "withdrawn":
        withdraw(session, entry, now())
    return entry


def _answers_of(entry: Entry) -> dict[str, Any]:
    return form_of(entry).answers_of(draft_of(entry))


def _before(draft: Draft, waiting: Draft | None) -> Draft:
    """Return a draft with those put aside that wait already.

    An earlier one of the same does not wait too, so that tapping again piles up nothing.
    """
    others = waiting.line() if waiting else ()
    return draft.in_front_of(it for it in others if not _is_same(it, draft))


def _is_same(one: Draft, other: Draft) -> bool:
    """Tell whether two drafts change the same entry or, new ones, hold the same answers."""
    if one.editing or other.editing:
        return one.editing == other.editing
    return one.answers == other.answers
