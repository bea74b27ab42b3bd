"""What a typed text means while a form asks: the answer, a step, or something between."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.draft import CONFIRM, Draft
from actions.forms.event import EVENT_FORM
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from actions.forms.reading import INFORM, STEPS, Reading, read_in_form
from actions.texts import LANGUAGES
from tests.actions.forms.filling import EVENT, INTENTS, MESSAGE, NOW

BEGUN = {"kind": "learning", "title": "Book club", "when": EVENT["when"]}
ANSWER, SOMETHING_ELSE = Reading(INFORM), None


def parse(
    typed: str, decision: str = "answer", *, has_crisis_words: bool = False, **likely: float
) -> dict[str, Any]:
    """What the pipeline finds in a text: each intent with its likelihood."""
    ranking = [{"name": name, "confidence": it} for name, it in likely.items()]
    first = max(ranking, key=lambda it: it["confidence"], default={"name": None, "confidence": 0})
    crisis = {"name": "crisis", "confidence": 1.0}
    return {
        "text": typed,
        "intent": crisis if has_crisis_words else first,
        "decision": decision,
        "intent_ranking": ranking,
        "offers": [],
    }


def reading(
    found: dict[str, Any],
    asked: str,
    *,
    form: Form = EVENT_FORM,
    answers: dict[str, Any] | None = None,
    side: dict[str, Any] | None = None,
    language: str = "en",
) -> Reading | None:
    draft = Draft(asked=asked, answers=BEGUN if answers is None else answers, side=side or {})
    return read_in_form(found, form, draft, language, NOW)


@pytest.mark.parametrize("asked", ["title", "description", "host"])
@pytest.mark.parametrize("nothing", ["inform", "out_of_scope"])
def test_a_text_that_means_nothing_by_itself_is_the_answer(asked: str, nothing: str) -> None:
    found = parse("An evening with neighbors", **{nothing: 0.9})
    assert reading(found, asked) == ANSWER


def test_a_title_may_sound_like_a_question_that_goes_on() -> None:
    found = parse("What is racial healing? An evening with neighbors", faq_racial_healing=0.95)
    assert reading(found, "title") == ANSWER


@pytest.mark.parametrize("typed", ["what counts as a healing event?", "¿qué es un evento?"])
def test_a_sure_question_is_left_to_the_rules_in_the_middle_of_anything(typed: str) -> None:
    for asked in ("title", "kind", "when", "place", "contact", CONFIRM):
        assert reading(parse(typed, faq_events=0.97, inform=0.01), asked) is SOMETHING_ELSE


def test_where_nothing_is_likely_a_free_text_is_the_answer() -> None:
    found = parse("A table for everyone", "offer", faq_after=0.2, find_nearby=0.19, greet=0.1)
    assert reading(found, "title") == ANSWER


@pytest.mark.parametrize("step", sorted(STEPS - {"change"}))
def test_a_step_works_at_every_question(step: str) -> None:
    for asked in ("kind", "title", "when", "description", "contact", CONFIRM):
        assert reading(parse("ok then", **{step: 0.97}), asked) == Reading(step)


def test_a_greeting_in_between_is_left_to_the_rules() -> None:
    assert reading(parse("hello there", greet=0.98), "title") is SOMETHING_ELSE


@pytest.mark.parametrize(
    ("asked", "typed", "language"),
    [
        ("kind", "a book club", "en"),
        ("kind", "2", "en"),
        ("format", "por internet", "es"),
        ("when", "Saturday at 3", "en"),
        ("place", "near the Woodson library", "en"),
        ("contact", "ana@example.org", "en"),
        ("link", "zoom.us/j/123", "en"),
        ("accessibility", "there is a ramp", "en"),
        ("visibility", "solo la zona", "es"),
    ],
)
def test_what_fits_the_question_is_the_answer_whatever_the_model_takes_it_for(
    asked: str, typed: str, language: str
) -> None:
    answers = {"kind": "learning"}
    found = parse(typed, find_nearby=0.9, out_of_scope=0.05)
    assert reading(found, asked, answers=answers, language=language) == ANSWER


def test_a_sure_question_is_one_even_if_it_would_fit() -> None:
    found = parse("are there events on Saturday?", find_nearby=0.95)
    assert reading(found, "when", answers={}) is SOMETHING_ELSE
    assert reading(parse("is it on Saturday?", find_nearby=0.2), "when", answers={}) == ANSWER


def test_a_bad_answer_is_an_answer_all_the_same() -> None:
    assert reading(parse("something with music", out_of_scope=0.6, greet=0.2), "kind") == ANSWER
    assert reading(parse("asdf", out_of_scope=0.9), CONFIRM) == ANSWER


def test_an_unclear_question_is_no_answer_to_a_choice() -> None:
    assert reading(parse("who knows?", out_of_scope=0.5), "kind") is SOMETHING_ELSE


def test_the_answer_to_a_side_question_is_known_as_one() -> None:
    past = {"when": {"start": "2020-12-01T15:00:00-06:00", "end": "2020-12-01T17:00:00-06:00"}}
    assert reading(parse("yes", affirm=0.99), "when_check", side=past) == Reading("affirm")
    new = parse("no, Saturday at 3", deny=0.6, find_nearby=0.3)
    assert reading(new, "when_check", answers={}, side=past) == ANSWER
    host = {"name": "Austin Weavers"}
    group = parse("we are a group", faq_who=0.8)
    assert reading(group, "host_check", side=host) == ANSWER


@pytest.mark.parametrize(
    ("typed", "entities"),
    [
        ("change the title", {"choice": "title"}),
        ("actually it's at 4", {"choice": "when", "value": "at 4"}),
        ("cambia la fecha al 14", {"choice": "when", "value": "el 14"}),
    ],
)
def test_a_correction_is_a_change_with_its_value(typed: str, entities: dict[str, str]) -> None:
    found = parse(typed, find_nearby=0.9)
    assert reading(found, "description") == Reading("change", entities)
    assert reading(found, "contact") == Reading("change", entities)


@pytest.mark.parametrize(
    ("typed", "draft", "meant"),
    [
        ("keep it", {"asked": "title"}, Reading(INFORM, {"choice": "title:keep"})),
        ("déjalo así", {"asked": "title"}, Reading(INFORM, {"choice": "title:keep"})),
        ("use it", {"asked": "host", "held": "Who?"}, Reading(INFORM, {"choice": "held"})),
        (
            "bring back what I had",
            {"asked": "host", "aside": Draft(answers=BEGUN).to_slot()},
            Reading("start_over", {"choice": "back"}),
        ),
    ],
)
def test_a_button_can_be_asked_for_in_words(
    typed: str, draft: dict[str, Any], meant: Reading
) -> None:
    found = parse(typed, inform=0.9)
    assert read_in_form(found, EVENT_FORM, Draft(answers=BEGUN, **draft), "en", NOW) == meant
    there_is_none = Draft(answers={"kind": "learning"}, asked="title")
    assert read_in_form(found, EVENT_FORM, there_is_none, "en", NOW) == ANSWER


def test_a_date_that_answers_the_question_corrects_nothing() -> None:
    assert reading(parse("December 14 at 3", inform=0.5), "when", answers={}) == ANSWER


def test_a_crisis_is_one_in_the_middle_of_a_form() -> None:
    found = parse("I want to die", "crisis", has_crisis_words=True, crisis=0.97)
    for asked in ("title", "description", "kind", "when", CONFIRM):
        assert reading(found, asked) is SOMETHING_ELSE
    assert reading(found, "text", form=MESSAGE_FORM, answers={}) is SOMETHING_ELSE


def test_a_story_of_pain_is_the_message_that_was_asked_for() -> None:
    story = "My brother was killed on our block. We plant a tree for him."
    found = parse(story, "crisis", has_crisis_words=True, inform=0.8, crisis=0.15)
    assert reading(found, "text", form=MESSAGE_FORM, answers={}) == ANSWER
    assert reading(found, "description") == ANSWER


def test_a_number_is_no_crisis() -> None:
    assert reading(parse("2", "crisis", crisis=0.6), "kind") == ANSWER


likelihoods = st.dictionaries(
    st.sampled_from(sorted(INTENTS)), st.floats(0, 1, allow_nan=False), max_size=5
)


@settings(deadline=None)
@given(
    st.text(max_size=60) | st.sampled_from(["actually 4", "no", "yes?", "change the date"]),
    st.sampled_from(["answer", "offer", "out_of_scope", "crisis"]),
    likelihoods,
    st.sampled_from([field.name for field in EVENT_FORM.fields] + [CONFIRM]),
    st.sampled_from(LANGUAGES),
)
def test_any_text_has_a_meaning(
    typed: str, decision: str, likely: dict[str, float], asked: str, language: str
) -> None:
    found = parse(typed, decision, **likely)
    for answers in (BEGUN, {}):
        meaning = reading(found, asked, answers=answers, language=language)
        assert meaning is None or meaning.intent in STEPS | {INFORM}
    message = parse(typed, decision, **likely)
    assert reading(message, "text", form=MESSAGE_FORM, answers=MESSAGE) != Reading("")


@pytest.mark.parametrize("words", ["?", "¿", "what ", "so, ", "puedo ", "1-", "no, ", "? a", "\n"])
def test_4000_characters_are_read_in_no_time(words: str) -> None:
    found = parse((words * 4000)[:4000], faq_events=0.9)
    took = []
    for _ in range(3):
        began = time.thread_time()
        reading(found, "title")
        took.append(time.thread_time() - began)
    assert min(took) < 0.05
