"""How a form's open question is put: its words, and the buttons under it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.conversation import button
from actions.forms.answers import Misfit
from actions.forms.draft import CONFIRM, Draft
from actions.forms.event import EVENT_FORM
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from actions.forms.questions import held_button, number_of_steps, question, question_buttons
from actions.forms.side_questions import SIDE_QUESTIONS
from actions.texts import LANGUAGES, text
from bot.turns import MAX_PAYLOAD_BYTES, Tap, meaning_of
from tests.actions.forms.filling import EVENT, INTENTS, MESSAGE, NOW, PILSEN, read

FORMS = (EVENT_FORM, MESSAGE_FORM)
ANSWERS = {EVENT_FORM.name: {**EVENT, "link": "https://zoom.us/j/1"}, MESSAGE_FORM.name: MESSAGE}
SIDES: dict[str, dict[str, Any]] = {
    "when_check": {"when": EVENT["when"]},
    "place_check": {"places": [PILSEN] * 5},
    "host_check": {"name": "Austin Weavers"},
}
QUESTIONS = [
    *((form, field.name) for form in FORMS for field in form.fields),
    *((form, CONFIRM) for form in FORMS),
    *((EVENT_FORM, name) for name in SIDE_QUESTIONS),
]
every_question = pytest.mark.parametrize(
    ("form", "asked"), QUESTIONS, ids=lambda it: it if isinstance(it, str) else it.thing
)


def draft_at(form: Form, asked: str, **values: Any) -> Draft:
    values = {"answers": ANSWERS[form.name], "side": SIDES.get(asked, {}), **values}
    return Draft(asked=asked, **values)


def titles(form: Form, draft: Draft, language: str = "en") -> list[str]:
    return [it["title"] for it in question_buttons(form, draft, language, NOW)]


@pytest.mark.parametrize("language", LANGUAGES)
@every_question
def test_every_question_has_words_a_reason_and_an_answer_to_misfits(
    form: Form, asked: str, language: str
) -> None:
    field = asked.removesuffix("_check")
    assert question(form, draft_at(form, asked), language, NOW)
    assert text(f"{form.thing}_{field}_why", language)
    for first in ("", "_again"):
        has_choices = field in (CONFIRM, "consent") or not _choices(form, field)
        name = f"{form.thing}_{field}_misfit{first}" if has_choices else f"choice_misfit{first}"
        assert text(name, language, length="1", most="1")


def _choices(form: Form, name: str) -> tuple[str, ...]:
    field = form.field(name)
    return field.choices if field else ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.thing)
def test_every_open_question_has_words_for_an_answer_without_any(form: Form, language: str) -> None:
    for field in form.fields:
        finding = read(field, "🙂")
        if field.is_open:
            assert finding == Misfit(f"{field.name}_empty")
            assert text(f"{form.thing}_{field.name}_empty", language)


@pytest.mark.parametrize("language", LANGUAGES)
@every_question
def test_every_button_works_and_fits_into_what_telegram_carries(
    form: Form, asked: str, language: str
) -> None:
    for answers in ({"kind": "learning", "place": PILSEN}, ANSWERS[form.name]):
        known = ANSWERS[form.name] if asked == CONFIRM else answers
        draft = draft_at(form, asked, answers=known, held="What is " * 20, suggestion="x" * 120)
        for it in question_buttons(form, draft, language, NOW):
            assert 0 < len(it["title"]) <= 60
            assert len(it["payload"].encode()) <= MAX_PAYLOAD_BYTES
            assert meaning_of(Tap(it["payload"]), INTENTS).intent != "stale_button"


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_are_buttons_with_their_values(language: str) -> None:
    buttons = question_buttons(EVENT_FORM, draft_at(EVENT_FORM, "kind", answers={}), language, NOW)
    choices = [json.loads(it["payload"].removeprefix("/inform")) for it in buttons[:4]]
    assert [it["choice"] for it in choices] == [
        *("kind:dialogue", "kind:collaboration", "kind:learning", "kind:connections")
    ]
    assert buttons[0]["title"].startswith("🟣 ")


def test_the_first_question_leads_back_to_nothing_and_helps_to_choose() -> None:
    drawn = titles(EVENT_FORM, draft_at(EVENT_FORM, "kind", answers={}))
    assert drawn[4:] == [text("step_choose", "en"), text("step_cancel", "en")]


def test_a_question_in_the_middle_leads_back() -> None:
    drawn = titles(EVENT_FORM, draft_at(EVENT_FORM, "title", answers={"kind": "learning"}))
    assert drawn == [text(name, "en") for name in ("step_back", "step_why", "step_cancel")]


def test_only_what_may_be_skipped_has_a_button_to_skip_it() -> None:
    skip = text("step_skip", "en")
    for field in EVENT_FORM.fields:
        answers = {"kind": "learning", "format": "in_person"}
        drawn = titles(EVENT_FORM, draft_at(EVENT_FORM, field.name, answers=answers))
        assert (skip in drawn) == field.may_skip(answers), field.name
    virtual = draft_at(EVENT_FORM, "place", answers={"format": "virtual"})
    assert skip in titles(EVENT_FORM, virtual)


def test_an_answer_that_is_there_already_can_be_kept() -> None:
    keep, *_ = question_buttons(EVENT_FORM, draft_at(EVENT_FORM, "title"), "en", NOW)
    assert keep == button("Keep: Book club", "inform", "title:keep")
    assert text("step_skip", "en") not in titles(EVENT_FORM, draft_at(EVENT_FORM, "contact"))


def test_a_suggested_title_is_one_tap_away_until_there_is_one() -> None:
    draft = draft_at(EVENT_FORM, "title", answers={}, suggestion="Book club")
    first = question_buttons(EVENT_FORM, draft, "en", NOW)[0]
    assert first == button("Book club", "inform", "title:suggested")
    titled = draft_at(EVENT_FORM, "title", suggestion="Circle")
    assert "Circle" not in titles(EVENT_FORM, titled)


def test_what_was_held_back_is_one_tap_away() -> None:
    (use,) = held_button(Draft(held="What is racial healing?"), "en")
    assert use == button("Use it: What is racial healing?", "inform", "held")
    assert held_button(Draft(), "en") == []


def test_long_words_are_cut_to_fit_on_a_button() -> None:
    draft = draft_at(EVENT_FORM, "title", answers={}, suggestion="word " * 20)
    (first, *_) = titles(EVENT_FORM, draft)
    assert first == ("word " * 20)[:39].rstrip() + "…"


def test_the_summary_has_three_buttons() -> None:
    for language in LANGUAGES:
        buttons = question_buttons(EVENT_FORM, draft_at(EVENT_FORM, CONFIRM), language, NOW)
        assert [it["payload"] for it in buttons] == ["/submit", "/change", "/cancel"]
        assert buttons[0]["title"] == text("submit_button", language)


def test_the_ways_around_are_counted_for_a_row_of_their_own() -> None:
    draft = draft_at(EVENT_FORM, "contact", answers={"kind": "learning"})
    buttons = question_buttons(EVENT_FORM, draft, "en", NOW)
    assert number_of_steps(buttons) == 4
    assert number_of_steps([button("Yes", "inform", "when_check:yes")]) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_is_asked_more_precisely_once_its_day_is_known(language: str) -> None:
    day = question(
        EVENT_FORM, draft_at(EVENT_FORM, "when", side={"day": "2020-12-12"}), language, NOW
    )
    assert ("December 12" if language == "en" else "12 de diciembre") in day
    which = question(
        EVENT_FORM, draft_at(EVENT_FORM, "when", side={"which_day": True}), language, NOW
    )
    assert which == text("event_when_which_day", language)


def test_a_virtual_event_is_asked_for_the_place_that_it_stands_for() -> None:
    virtual = draft_at(EVENT_FORM, "place", answers={"format": "virtual"})
    assert question(EVENT_FORM, virtual, "en", NOW) == text("event_place_ask_virtual", "en")
    assert "ideally" in text("event_place_ask_virtual", "en")


def test_the_question_of_exactness_names_the_place() -> None:
    asked = question(EVENT_FORM, draft_at(EVENT_FORM, "visibility"), "en", NOW)
    assert "4100 S Ellis Ave" in asked


def test_the_summary_stands_above_the_question_whether_to_send_it() -> None:
    words = question(MESSAGE_FORM, draft_at(MESSAGE_FORM, CONFIRM), "es", NOW)
    assert words.endswith(text("message_confirm_ask", "es"))
    assert "We are one city." in words
