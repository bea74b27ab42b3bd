"""One turn of a form: takes what was said, notes it, and asks what is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.clock import now
from actions.conversation import (
    Button,
    button,
    entity_of,
    intent_buttons,
    intent_of,
    language_of,
    location_of,
    say,
    typed_text,
    utter,
)
from actions.forms.answers import AskAnew, Asked, Finding, Fit, Misfit, SideQuestion
from actions.forms.draft import CHECK, CONFIRM, Draft
from actions.forms.field import Field, nothing
from actions.forms.form import FirstSentence, Form
from actions.forms.message_fields import consent
from actions.forms.questions import (
    go_on_button,
    held_button,
    number_of_steps,
    question,
    question_buttons,
)
from actions.forms.registry import FORMS
from actions.forms.side_questions import SIDE_QUESTIONS
from actions.forms.spots import shared_area, shared_place
from actions.forms.submission import MOST_PENDING, Full, Gone, is_full, submit
from actions.people import is_group
from actions.texts import text

TASKS = frozenset(
    {"find_nearby", "explore_map", "my_submissions", "submit_event", "submit_message"}
)
"""The intents that begin something of several turns: an open form waits until it is resumed."""

_WELCOMES = frozenset({"help", "greet"})
_YES_OR_NO = frozenset({"affirm", "deny"})
_READ_BACK = ("when", "place")
"""The fields whose answer is read back, because it was worked out from what was typed."""
_WANTS_PLACE = ("place", "area")
_INTERLUDES = ("changing", "waits")
"""What a draft's side notes of its own: that it was asked what to change, or whether to go on."""

Events = list[dict[str, Any]]


class FormDialogue:
    """One turn of a form."""

    def __init__(self, form: Form, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._form = form
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._language = language_of(tracker)
        self._now = now()
        self._intent = intent_of(tracker)
        self._choice = entity_of(tracker, "choice")
        self._typed = typed_text(tracker)
        self._draft = Draft.from_slot(tracker.get_slot(form.slot)) or Draft()

    async def go_on(self) -> Events:
        """Do what the turn asks for, and return the events that follow from it."""
        if self._tracker.active_loop_name != self._form.name:
            return await self._begin()
        if self._was_answered():
            return self._after_interruption()
        if self._intent == "inform" and self._typed and self._draft.was_left(self._now):
            return self._welcome_back(held=self._typed)
        handler = self._handler()
        return await handler() if handler else self._leave_to_rules()

    def _was_answered(self) -> bool:
        """Tell whether a rule has answered the turn already."""
        latest: str | None = self._tracker.latest_action_name
        return latest != "action_listen"

    def _leave_to_rules(self) -> Events:
        """Let a rule answer the turn; after that, the form is asked once more."""
        field = self._form.field(self._draft.asked)
        if self._typed and field and field.is_open:
            # It was taken for a question but could be the answer all the same.
            self._draft = replace(self._draft, held=self._typed)
        return [
            ActionExecutionRejected(self._form.name),
            SlotSet(self._form.slot, self._draft.to_slot()),
        ]

    def _handler(self) -> Callable[[], Awaitable[Events]] | None:
        handlers = {
            "inform": self._inform,
            "affirm": self._affirm,
            "deny": self._deny,
            "skip": self._skip,
            "go_back": self._go_back,
            "cancel": self._cancel,
            "start_over": self._start_over,
            "explain": self._explain,
            "change": self._change,
            "submit": self._submit,
            "resume_draft": self._resume,
            "send_media": self._not_readable,
            self._form.start_intent: self._begin_again,
        }
        location = location_of(self._tracker)
        if location and self._draft.field_asked in _WANTS_PLACE:
            return partial(self._take_location, *location)
        return handlers.get(self._intent)

    # How it begins and ends.

    async def _begin(self) -> Events:
        if is_group(self._tracker.sender_id):
            self._say("form_in_group")
            return []
        first = self._first_sentence()
        if self._draft.is_begun and not first.answers:
            return self._welcome_back()
        if await self._is_full_for_sure():
            self._say_full()
            return []
        return self._begin_with(first, self._paused_other())

    def _first_sentence(self) -> FirstSentence:
        return self._form.read_first_sentence(self._typed, self._language, self._now)

    def _begin_with(self, first: FirstSentence, paused: str = "") -> Events:
        """Begin a new draft with what its first sentence says."""
        extra = self._set_aside(suggestion=first.suggestion)
        self._draft = replace(self._draft, answers=self._form.settled({}, first.answers))
        before = (paused, self._introduction())
        if first.asked:
            return self._ask(first.asked, *before, side=first.side, extra=extra)
        return self._ask_next(*before, extra=extra)

    async def _is_full_for_sure(self) -> bool:
        """Tell whether too much waits; a database that is gone is no reason not to begin."""
        try:
            return await is_full(self._tracker.sender_id)
        except SQLAlchemyError:
            return False

    def _set_aside(self, suggestion: str = "") -> list[Button]:
        """Begin a new draft, and return the button that brings the one before back."""
        before = self._draft
        self._draft = Draft(suggestion=suggestion).in_front_of(before.line())
        if not before.is_begun:
            return []
        return [button(text("bring_back_button", self._language), "start_over", "back")]

    def _introduction(self) -> str:
        name = f"{self._form.thing}_intro"
        if not self._draft.answers:
            return text(name, self._language)
        facts = self._facts(self._draft.answers)
        rich = text(f"{name}_rich", self._language, facts=facts)
        return rich + self._note_on_end(self._draft.answers)

    def _paused_other(self) -> str:
        """Say that the other form waits, where it was open."""
        other = self._tracker.active_loop_name
        if not other:
            return ""
        thing = text(f"thing_{FORMS[other].thing}", self._language)
        return text("form_paused", self._language, thing=thing)

    async def _submit(self) -> Events:
        draft = self._draft
        if draft.asked == "consent":
            return self._answer(self._typed)
        if draft.asked != CONFIRM and draft.held:
            return self._take(draft.field_asked, self._read_held())
        if draft.asked != CONFIRM:
            return self._ask_again(text("not_complete", self._language))
        entry = self._form.entry_of(draft.answers, self._language)
        try:
            code = await submit(self._tracker.sender_id, draft, entry)
        except Full:
            self._say_full()
            return self._stay_open()
        except SQLAlchemyError:
            self._say("not_stored_now", self._buttons())
            return self._stay_open()
        except Gone:
            self._say("not_stored_anymore", intent_buttons(["my_submissions"], self._language))
            return self._close(draft.aside)
        done = "changed" if draft.editing else "submitted"
        self._say(f"{self._form.thing}_{done}", self._next_steps(), code=code)
        return self._close(draft.aside)

    def _next_steps(self) -> list[Button]:
        following = ["my_submissions", "submit_event", "submit_message", "find_nearby"]
        following.remove(self._form.start_intent)
        if self._draft.aside:
            following.insert(0, "resume_draft")
        return intent_buttons(following, self._language)

    def _say_full(self) -> None:
        mine = intent_buttons(["my_submissions"], self._language)
        self._say("too_many_pending", mine, number=str(MOST_PENDING))

    async def _cancel(self) -> Events:
        if not self._draft.is_begun:
            self._say("form_cancelled_empty")
            return self._close(None)
        discard = text("discard_button", self._language)
        buttons = [
            go_on_button(self._form, self._language),
            button(discard, "resume_draft", f"discard:{self._form.name}"),
        ]
        self._say("form_cancelled", buttons)
        return self._close(self._touched())

    async def _start_over(self) -> Events:
        before = self._draft.aside
        if self._choice == "back" and before:
            self._draft = Draft(**before)
            restored = text("form_restored", self._language)
            return self._ask_again(restored) if self._draft.asked else self._ask_next(restored)
        editing = self._draft.editing
        extra = self._set_aside()
        self._draft = replace(self._draft, editing=editing)
        return self._ask_next(text("form_started_over", self._language), extra=extra)

    async def _begin_again(self) -> Events:
        """Begin anew with a sentence that says something; else go on with what is open."""
        first = self._first_sentence()
        if first.says_much or (first.answers and not self._draft.is_begun):
            return self._begin_with(first)
        return self._welcome_back() if self._draft.is_begun else self._ask_again()

    # Answers.

    async def _inform(self) -> Events:
        if self._choice is None:
            return self._answer(self._typed)
        name, _, value = self._choice.partition(":")
        finding = self._tapped(name, value)
        if finding is None:
            return self._ask_again()
        field = self._draft.field_asked if name == "held" else name.removesuffix(CHECK)
        return self._take(field, finding)

    def _tapped(self, name: str, value: str) -> Finding | None:
        """Return what a tapped answer says; None for a button that no longer fits."""
        draft = self._draft
        if name == "held":
            return self._read_held() if draft.held else None
        if name in SIDE_QUESTIONS:
            is_open = name == draft.asked
            return SIDE_QUESTIONS[name].choose(draft.side, value) if is_open else None
        if name == "title" and value == "suggested":
            return Fit({"title": draft.suggestion}) if draft.suggestion else None
        if value == "keep":
            return Fit({name: draft.answers[name]}) if name in draft.answers else None
        field = self._form.field(name)
        if value == "none" and field and field.may_skip(draft.answers):
            return nothing(name) if name in draft.answers else None
        return self._tapped_choice(name, value)

    def _tapped_choice(self, name: str, value: str) -> Finding | None:
        """Return a choice for the open question, or a change of mind about an earlier one."""
        field = self._form.field(name)
        is_due = name == self._draft.asked or name in self._draft.answers
        if field is None or value not in field.choices or not is_due:
            return None
        return consent(value) if name == "consent" else Fit({name: value})

    def _answer(self, typed: str) -> Events:
        """Take a text as the answer to what was asked."""
        if self._draft.asked == CONFIRM:
            return self._misunderstood(Misfit("confirm_misfit"))
        if not self._draft.answers and not self._draft.side:
            first = self._first_sentence()
            if first.says_much:
                return self._begin_with(first)
        return self._take(self._draft.field_asked, self._read(typed, self._intent))

    def _read_held(self) -> Finding:
        """Read the text that was held as the answer, whatever was said to have it taken."""
        return self._read(self._draft.held, "inform")

    def _read(self, typed: str, intent: str) -> Finding:
        draft = self._draft
        asked = Asked(typed, intent, self._language, self._now, draft.answers, draft.side)
        if draft.asked in SIDE_QUESTIONS:
            return SIDE_QUESTIONS[draft.asked].read(asked)
        field = self._field_asked()
        if field.is_open and not field.may_skip(draft.answers) and intent in _YES_OR_NO:
            return Misfit(f"{field.name}_empty")
        return field.read(asked)

    def _take(self, field: str, finding: Finding) -> Events:
        """Go on with what was found for a field."""
        if isinstance(finding, Misfit):
            return self._misunderstood(finding)
        if isinstance(finding, SideQuestion):
            return self._ask(field + CHECK if finding.has_name else field, side=finding.side)
        if isinstance(finding, AskAnew):
            return self._ask(field)
        answers = self._form.settled(self._draft.answers, finding.answers)
        is_aside = field != self._draft.field_asked
        held = self._draft.held if is_aside else ""
        self._draft = replace(self._draft, answers=answers, held=held)
        noted = {
            name: answer
            for name, answer in finding.answers.items()
            if is_aside or (name in _READ_BACK and answer)
        }
        if is_aside and self._is_still_due():
            return self._ask_again(self._noted(noted))
        return self._ask_next(self._noted(noted))

    def _is_still_due(self) -> bool:
        """Tell whether the open question is about a field that is still asked."""
        field = self._form.field(self._draft.field_asked)
        return field is not None and field.applies(self._draft.answers)

    def _noted(self, answers: dict[str, Any]) -> str:
        """Say what was understood, and which part of it was not said."""
        if not answers:
            return ""
        noted = text("noted", self._language, facts=self._facts(answers))
        return noted + self._note_on_end(answers)

    def _note_on_end(self, answers: dict[str, Any]) -> str:
        is_guessed = answers.get("when", {}).get("end_guessed")
        return "\n" + text("end_guessed", self._language) if is_guessed else ""

    def _misunderstood(self, misfit: Misfit) -> Events:
        """Say why a text is no answer, from the second time on in other words, and wait."""
        draft = self._draft
        name = misfit.problem
        if name.endswith("_misfit") and draft.misfits:
            name += "_again"
        if not name.startswith("choice_"):
            name = f"{self._form.thing}_{name}"
        is_choice = misfit.problem == "choice_misfit"
        asked = draft.asked if is_choice else draft.field_asked
        self._draft = replace(draft, asked=asked, side=misfit.side, misfits=draft.misfits + 1)
        self._utter(text(name, self._language, **misfit.values), self._buttons())
        return self._stay_open()

    async def _affirm(self) -> Events:
        draft = self._draft
        if draft.asked == CONFIRM:
            return self._ask(CONFIRM) if draft.side else await self._submit()
        if draft.side.get("waits"):
            return await self._resume()
        if draft.held:
            return self._take(draft.field_asked, self._read_held())
        if draft.asked == "title" and draft.suggestion and "title" not in draft.answers:
            return self._take("title", Fit({"title": draft.suggestion}))
        return self._answer(self._typed)

    async def _deny(self) -> Events:
        if self._draft.asked == CONFIRM:
            return self._ask(CONFIRM) if self._draft.side else await self._change()
        return self._answer(self._typed)

    async def _skip(self) -> Events:
        name, answers = self._draft.asked, self._draft.answers
        field = self._form.field(name)
        if field is None:
            return self._ask_again()
        if name in answers:
            return self._take(name, Fit({name: answers[name]}))
        if field.may_skip(answers):
            return self._take(name, nothing(name))
        return self._ask_again(text("cannot_skip", self._language), self._why())

    async def _take_location(self, latitude: float, longitude: float) -> Events:
        """Take a place that was shared as the answer to the question for one."""
        read = shared_place if self._form.thing == "event" else shared_area
        return self._take(self._draft.field_asked, read(latitude, longitude))

    # Getting around.

    async def _go_back(self) -> Events:
        if self._draft.asked in SIDE_QUESTIONS:
            return self._ask(self._draft.field_asked)
        before = self._form.field_before(self._draft.asked, self._draft.answers)
        if before is None:
            return self._ask_again(text("first_question", self._language))
        return self._ask(before)

    async def _change(self) -> Events:
        """Ask a field once more, or take the new value that came with the wish."""
        field = self._form.field(self._choice or "")
        if field is None or not field.applies(self._draft.answers):
            return self._ask_what_to_change()
        value = entity_of(self._tracker, "value")
        if value is None:
            return self._ask(field.name)
        finding = field.read(Asked(value, "inform", self._language, self._now, self._draft.answers))
        if not isinstance(finding, Fit):
            self._draft = self._draft.asking(field.name)
        return self._take(field.name, finding)

    def _ask_what_to_change(self) -> Events:
        answered = [
            field.name
            for field in self._form.asked_fields(self._draft.answers)
            if field.name in self._draft.answers
        ]
        if not answered:
            return self._ask_again(text("nothing_to_change_yet", self._language))
        buttons = [
            button(text(f"{self._form.thing}_{name}_name", self._language), "change", name)
            for name in answered
        ]
        self._say("change_which", [*buttons, go_on_button(self._form, self._language)])
        self._draft = replace(self._draft, side={**self._draft.side, "changing": True})
        return self._stay_open()

    async def _explain(self) -> Events:
        return self._ask_again(self._why())

    def _why(self) -> str:
        return text(f"{self._form.thing}_{self._draft.field_asked}_why", self._language)

    async def _resume(self) -> Events:
        side = {name: it for name, it in self._draft.side.items() if name not in _INTERLUDES}
        return self._ask(self._draft.asked, side=side)

    async def _not_readable(self) -> Events:
        return self._ask_again(text("cannot_read_answer", self._language))

    def _after_interruption(self) -> Events:
        """Go on after a rule has answered what was asked in between."""
        if not self._draft.asked:
            return self._ask_next()
        if self._intent == "resume_draft":
            return self._ask_again()
        if self._intent in TASKS:
            return self._pause()
        if self._intent == "crisis":
            self._wait()
            go_on = go_on_button(self._form, self._language)
            self._say("form_waits", [go_on, *held_button(self._draft, self._language)])
            return self._stay_open()
        if self._intent in _WELCOMES:
            self._wait()
            return self._welcome_back(held=self._draft.held)
        thing = text(f"thing_{self._form.thing}", self._language)
        return self._ask_again(text("back_to_form", self._language, thing=thing))

    def _wait(self) -> None:
        """Note that a "yes" means to go on, and not to take what was held for the answer."""
        self._draft = replace(self._draft, side={**self._draft.side, "waits": True})

    def _pause(self) -> Events:
        if not self._draft.is_begun:
            return self._close(None)
        thing = text(f"thing_{self._form.thing}", self._language)
        self._say("form_paused", [go_on_button(self._form, self._language)], thing=thing)
        return self._close(self._touched())

    def _welcome_back(self, held: str = "") -> Events:
        """Ask whether to go on, and repeat the question that is open."""
        asked = self._draft.asked or self._form.next_field(self._draft.answers)
        self._draft = replace(self._draft, asked=asked, held=held)
        title = self._draft.answers.get("title")
        thing = text(f"thing_{self._form.thing}", self._language)
        name = "form_resume_titled" if title else "form_resume"
        intro = text(name, self._language, thing=thing, title=title or "")
        buttons = [
            *held_button(self._draft, self._language),
            go_on_button(self._form, self._language),
            button(text("start_over_button", self._language), "start_over"),
            button(text("not_now_button", self._language), "cancel"),
        ]
        self._utter(f"{intro}\n\n{self._question()}", buttons)
        return self._stay_open()

    # Saying and keeping.

    def _field_asked(self) -> Field:
        field = self._form.field(self._draft.field_asked)
        assert field is not None
        return field

    def _facts(self, answers: dict[str, Any]) -> str:
        """Return answers as they are read back, in the form's order."""
        told = {**self._draft.answers, **answers}
        return " · ".join(
            self._fact(field.name, told) for field in self._form.fields if field.name in answers
        )

    def _fact(self, field: str, answers: dict[str, Any]) -> str:
        words = self._form.in_words(field, answers, self._language, self._now)
        if answers[field]:
            return words
        return f"{text(f'{self._form.thing}_{field}_name', self._language)}: {words}"

    def _ask_next(self, *before: str, extra: list[Button] | None = None) -> Events:
        return self._ask(self._form.next_field(self._draft.answers), *before, extra=extra)

    def _ask_again(self, *before: str) -> Events:
        return self._ask(self._draft.asked, *before, side=self._draft.side)

    def _ask(
        self,
        name: str,
        *before: str,
        side: dict[str, Any] | None = None,
        extra: list[Button] | None = None,
    ) -> Events:
        """Ask a question, in one message with what has to be said before it."""
        self._draft = self._draft.asking(name, side)
        words = [*filter(None, before), self._question()]
        self._utter("\n\n".join(words), [*(extra or []), *self._buttons()])
        return self._stay_open()

    def _question(self) -> str:
        return question(self._form, self._draft, self._language, self._now)

    def _buttons(self) -> list[Button]:
        return question_buttons(self._form, self._draft, self._language, self._now)

    def _utter(self, words: str, buttons: list[Button]) -> None:
        is_summary = self._draft.asked == CONFIRM
        wants_place = self._draft.asked in _WANTS_PLACE
        places = self._draft.side.get("places", [])
        utter(
            self._dispatcher,
            words,
            buttons,
            last_row=0 if is_summary else number_of_steps(buttons),
            location_request=text("share_location", self._language) if wants_place else "",
            pin=_pin(places[0]) if len(places) == 1 else None,
        )

    def _say(self, name: str, buttons: list[Button] | None = None, **values: str) -> None:
        say(self._dispatcher, self._language, name, buttons, **values)

    def _touched(self) -> dict[str, Any]:
        return replace(self._draft, touched_at=self._now.isoformat()).to_slot()

    def _stay_open(self) -> Events:
        return [
            ActiveLoop(self._form.name),
            SlotSet(self._form.slot, self._touched()),
            SlotSet("requested_slot", self._draft.asked),
        ]

    def _close(self, kept: dict[str, Any] | None) -> Events:
        return [
            ActiveLoop(None),
            SlotSet(self._form.slot, kept),
            SlotSet("requested_slot", None),
            FollowupAction("action_listen"),
        ]


def _pin(place: dict[str, Any]) -> dict[str, Any]:
    return {
        "latitude": place["latitude"],
        "longitude": place["longitude"],
        "title": place["name"],
        "address": place["area"],
    }
