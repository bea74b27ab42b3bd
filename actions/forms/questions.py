"""How a form's open question is put: its words, and the buttons under it."""

from __future__ import annotations

from datetime import date, datetime

from actions.conversation import Button, button, payload
from actions.event_words import kind_in_words
from actions.forms.draft import CONFIRM, Draft
from actions.forms.form import Form
from actions.forms.side_questions import SIDE_QUESTIONS
from actions.healing_map.dates import in_words
from actions.healing_map.dates.spans import whole_days
from actions.healing_map.models import MESSAGE_LENGTH
from actions.texts import text

_LONGEST_TITLE = 40
_ONE_DAY = date.resolution


def question(form: Form, draft: Draft, language: str, now: datetime) -> str:
    """Return the words of the question that the draft has open."""
    if draft.asked == CONFIRM:
        summary = form.summary(draft.answers, language, now)
        return f"{summary}\n\n" + text(f"{form.thing}_confirm_ask", language)
    if draft.asked in SIDE_QUESTIONS:
        return SIDE_QUESTIONS[draft.asked].question(draft.side, language, now)
    if "day" in draft.side:
        day = date.fromisoformat(draft.side["day"])
        words = in_words(whole_days(day, day + _ONE_DAY), language, now)
        return text("event_when_time", language, day=words)
    if "which_day" in draft.side:
        return text("event_when_which_day", language)
    is_online_place = draft.asked == "place" and draft.answers.get("format") == "virtual"
    name = f"{form.thing}_{draft.asked}_ask" + ("_virtual" if is_online_place else "")
    place = form.in_words("place", draft.answers, language, now)
    return text(name, language, place=place, most=f"{MESSAGE_LENGTH:,}")


def question_buttons(form: Form, draft: Draft, language: str, now: datetime) -> list[Button]:
    """Return the buttons under the open question: answers first, then ways to get around."""
    if draft.asked == CONFIRM:
        names = {"submit": "submit_button", "change": "change_button", "cancel": "step_cancel"}
        return [button(text(title, language), intent) for intent, title in names.items()]
    return [
        *_answers(form, draft, language),
        *held_button(draft, language),
        *_keep(form, draft, language, now),
        *_steps(form, draft, language),
    ]


def held_button(draft: Draft, language: str) -> list[Button]:
    """Return the button that takes a text as the answer which was first taken for a question."""
    if not draft.held:
        return []
    title = text("use_button", language, value=_short(draft.held))
    return [button(title, "inform", "held")]


def go_on_button(form: Form, language: str) -> Button:
    """Return the button that goes on with a form which waits."""
    return button(text("go_on_button", language), "resume_draft", form.name)


def number_of_steps(buttons: list[Button]) -> int:
    """Return how many of the buttons, at the end, are ways to get around."""
    payloads = {payload(intent) for intent in ("go_back", "skip", "explain", "cancel")}
    return sum(it["payload"] in payloads for it in buttons)


def _answers(form: Form, draft: Draft, language: str) -> list[Button]:
    asked = draft.asked
    if asked in SIDE_QUESTIONS:
        titled = SIDE_QUESTIONS[asked].choices(draft.side, language)
        return [button(_short(title), "inform", f"{asked}:{value}") for title, value in titled]
    if asked == "title" and draft.suggestion and asked not in draft.answers:
        return [button(_short(draft.suggestion), "inform", "title:suggested")]
    field = form.field(asked)
    choices = field.choices if field else ()
    return [button(_choice(form, asked, it, language), "inform", f"{asked}:{it}") for it in choices]


def _choice(form: Form, field: str, choice: str, language: str) -> str:
    if field == "kind":
        return kind_in_words(choice, language)
    return text(f"{form.thing}_{field}_{choice}", language)


def _keep(form: Form, draft: Draft, language: str, now: datetime) -> list[Button]:
    """Return the buttons that leave an answer as it is, or take it back, where there is one."""
    asked = draft.asked
    if asked not in draft.answers:
        return []
    value = _short(form.in_words(asked, draft.answers, language, now))
    buttons = [button(text("keep_button", language, value=value), "inform", f"{asked}:keep")]
    field = form.field(asked)
    is_removable = field is not None and field.may_skip(draft.answers) and not field.choices
    if is_removable and draft.answers[asked]:
        buttons.append(button(text("leave_empty_button", language), "inform", f"{asked}:none"))
    return buttons


def _steps(form: Form, draft: Draft, language: str) -> list[Button]:
    field = form.field(draft.asked)
    why = "step_choose" if field and field.name == "kind" else "step_why"
    steps = {"step_back": "go_back", "step_skip": "skip", why: "explain", "step_cancel": "cancel"}
    if form.field_before(draft.field_asked, draft.answers) is None and field:
        del steps["step_back"]
    if field is None or draft.asked in draft.answers or not field.may_skip(draft.answers):
        del steps["step_skip"]
    if field is None:
        del steps[why]
    return [button(text(title, language), intent) for title, intent in steps.items()]


def _short(words: str) -> str:
    """Return words that fit on a button."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"
