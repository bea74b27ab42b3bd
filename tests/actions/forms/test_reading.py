"""What a typed text means while a form asks: the answer, a step, or something between."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.draft import CONFIRM, Draft
from actions.forms.event import EVENT_FORM
from actions.forms.evidence import INFORM, STEPS
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from actions.forms.reading import read_in_form
from actions.meaning import Meaning
from actions.texts import LANGUAGES
from tests.actions.forms.filling import EVENT, INTENTS, MESSAGE, NOW

BEGUN = {"kind": "learning", "title": "Book club", "when": EVENT["when"]}
ANSWER, SOMETHING_ELSE = Meaning(INFORM), None


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
) -> Meaning | None:
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
        assert reading(parse("ok then", **{step: 0.97}), asked) == Meaning(step)


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
    assert reading(parse("yes", affirm=0.99), "when_check", side=past) == Meaning("affirm")
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
    assert reading(found, "description") == Meaning("change", entities)
    assert reading(found, "contact") == Meaning("change", entities)


@pytest.mark.parametrize(
    ("typed", "draft", "meant"),
    [
        ("keep it", {"asked": "title"}, Meaning(INFORM, {"choice": "title:keep"})),
        ("déjalo así", {"asked": "title"}, Meaning(INFORM, {"choice": "title:keep"})),
        ("use it", {"asked": "host", "held": "Who?"}, Meaning(INFORM, {"choice": "held"})),
        (
            "bring back what I had",
            {"asked": "host", "aside": Draft(answers=BEGUN).to_slot()},
            Meaning("start_over", {"choice": "back"}),
        ),
    ],
)
def test_a_button_can_be_asked_for_in_words(
    typed: str, draft: dict[str, Any], meant: Meaning
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


@pytest.mark.parametrize(
    ("asked", "typed"),
    [("accessibility", "no ramp, and I want to die"), ("visibility", "leave me out of my house")],
)
def test_the_words_of_an_answer_hide_no_crisis(asked: str, typed: str) -> None:
    likely = parse(typed, "crisis", crisis=0.8, inform=0.1)
    assert reading(likely, asked) is SOMETHING_ELSE
    by_words = parse(typed, "crisis", has_crisis_words=True, crisis=0.2, inform=0.6)
    assert reading(by_words, asked) is SOMETHING_ELSE


@pytest.mark.parametrize(
    "typed", ["I swallowed all the pills, forgive me", "me tomé un frasco de pastillas"]
)
def test_what_was_done_to_oneself_is_a_crisis_even_if_it_reads_like_a_message(typed: str) -> None:
    found = parse(typed, "crisis", crisis=0.3, inform=0.35)
    assert reading(found, "text", form=MESSAGE_FORM, answers={}) is SOMETHING_ELSE
    story = parse("Forgive each other", "crisis", crisis=0.3, inform=0.35)
    assert reading(story, "text", form=MESSAGE_FORM, answers={}) == ANSWER


@pytest.mark.parametrize(
    "typed", ["my wife and I", "me and my cousin", "mi hermano y yo", "we're hosting it ourselves"]
)
def test_who_says_only_that_they_are_the_hosts_is_in_no_danger(typed: str) -> None:
    assert reading(parse(typed, "crisis", crisis=0.7), "host") == ANSWER
    assert reading(parse(f"{typed} are in danger", "crisis", crisis=0.7), "host") is SOMETHING_ELSE


def test_an_unlikely_crisis_is_the_step_that_it_sounds_like() -> None:
    found = parse("I'd rather keep that", "crisis", crisis=0.3, skip=0.35, deny=0.1)
    assert reading(found, "contact") == Meaning("skip")


@pytest.mark.parametrize(
    ("typed", "likely", "choice"),
    [
        ("nope, two flights up", {"deny": 0.6, "inform": 0.2}, "accessibility:not_accessible"),
        ("sure, roll right in", {"affirm": 0.5, "out_of_scope": 0.3}, "accessibility:accessible"),
        ("an evening of making stuff", {"faq_encourage_collaboration": 0.5}, "kind:collaboration"),
    ],
)
def test_a_choice_can_be_meant_without_its_words(
    typed: str, likely: dict[str, float], choice: str
) -> None:
    asked, _, _ = choice.partition(":")
    assert reading(parse(typed, **likely), asked) == Meaning(INFORM, {"choice": choice})
    assert reading(parse(f"what is {typed}?", **likely), asked) != Meaning(
        INFORM, {"choice": choice}
    )


def test_of_two_kinds_none_is_chosen() -> None:
    found = parse("a bit of each", faq_promote_dialogue=0.41, faq_seed_connections=0.38)
    assert reading(found, "kind") == ANSWER


def test_a_message_that_is_kept_private_is_not_shown() -> None:
    found = parse("just between us please", skip=0.8)
    assert reading(found, "consent", form=MESSAGE_FORM, answers=MESSAGE) == Meaning("deny")


def test_none_of_several_places_is_meant_but_one_more() -> None:
    side = {"places": [EVENT["place"], EVENT["place"]]}
    other = parse("nope, the one on 71st", deny=0.5)
    assert reading(other, "place_check", side=side) == ANSWER
    assert reading(parse("nope", deny=0.9), "place_check", side=side) == Meaning("deny")


@pytest.mark.parametrize(
    ("typed", "likely", "meant"),
    [
        ("please submit this", {"go_back": 0.3, "submit": 0.25}, Meaning("submit")),
        ("it is good, envíalo", {"affirm": 0.4, "submit": 0.3}, Meaning("submit")),
        ("very good", {"affirm": 0.9}, Meaning("affirm")),
        ("hm well", {"affirm": 0.3, "submit": 0.1}, ANSWER),
        ("what comes after I send it", {"submit": 0.3, "explain": 0.2}, ANSWER),
        ("do not send it yet", {"submit": 0.7}, Meaning("deny")),
        ("before you send it", {"submit": 0.3}, ANSWER),
        ("this is bad", {"feedback_negative": 0.5}, Meaning("change")),
        ("let me fix one thing", {"go_back": 0.5, "change": 0.3}, Meaning("change")),
        ("everything is right, post it", {"submit": 0.7, "affirm": 0.2}, Meaning("submit")),
    ],
)
def test_in_the_summary_the_steps_that_are_possible_are_told_apart(
    typed: str, likely: dict[str, float], meant: Meaning
) -> None:
    answers = {**EVENT, "visibility": "area_only"}
    assert reading(parse(typed, **likely), CONFIRM, answers=answers) == meant


@pytest.mark.parametrize(
    ("typed", "explain"), [("I have no idea what that means", 0.3), ("no sé qué significa", 0.3)]
)
def test_who_does_not_know_the_words_asks_for_them(typed: str, explain: float) -> None:
    found = parse(typed, explain=explain, out_of_scope=0.4)
    assert reading(found, "accessibility") == Meaning("explain")
    assert reading(parse("I have no idea", explain=explain), "accessibility") == ANSWER


def test_a_question_about_the_field_is_one_even_if_it_would_fit() -> None:
    found = parse("why is the elevator important?", explain=0.4, out_of_scope=0.2)
    assert reading(found, "accessibility") == Meaning("explain")


def test_what_may_be_skipped_is_skipped_sooner() -> None:
    assert reading(parse("I keep that to myself", cancel=0.4, skip=0.3), "contact") == Meaning(
        "skip"
    )
    assert reading(parse("skip it, next question", inform=0.4, skip=0.15), "contact") == Meaning(
        "skip"
    )
    found = parse("I keep that to myself", cancel=0.4, skip=0.3)
    assert reading(found, "when", answers={}) == Meaning("cancel")


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        ("contact", "privacy", "explore_map"),
        ("kind", "faq_event_kinds", "faq_oerj_categories"),
        ("when", "faq_dates", "faq_after"),
    ],
)
def test_of_two_questions_the_one_about_what_is_asked_is_likelier(
    asked: str, near: str, far: str
) -> None:
    found = parse("what about these?", **{far: 0.4, near: 0.3})
    assert reading(found, asked) == Meaning(near)
    assert reading(found, "host") is SOMETHING_ELSE


def test_a_clear_question_is_answered_where_it_would_be_offered_outside() -> None:
    found = parse("who runs this?", "offer", faq_oerj_leader=0.45, faq_partners=0.25, inform=0.2)
    assert reading(found, "contact") == Meaning("faq_oerj_leader")
    unclear = parse("who runs this?", "offer", faq_oerj_leader=0.45, faq_partners=0.4)
    assert reading(unclear, "contact") is SOMETHING_ELSE


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("My Block My Home", {"my_submissions": 0.7}),
        ("do not lose hope", {"deny": 0.4, "skip": 0.3}),
        ("heal together, friends", {"faq_heal_meaning": 0.5}),
        ("change takes time", {"change": 0.7}),
        ("put Joe", {"submit": 0.4}),
    ],
)
def test_a_free_text_may_sound_like_anything(typed: str, likely: dict[str, float]) -> None:
    assert reading(parse(typed, **likely), "description") == ANSWER


def test_a_wish_to_change_something_is_one_in_a_free_text() -> None:
    found = parse("I need to word it better", change=0.6)
    assert reading(found, "description") == Meaning("change")


def test_where_nothing_was_answered_yet_there_is_nothing_to_change() -> None:
    found = parse("I want to change my city", change=0.6)
    assert reading(found, "text", form=MESSAGE_FORM, answers={}) == ANSWER


@pytest.mark.parametrize("typed", ["que se vea todo", "que no salga nada"])
def test_a_spanish_wish_is_no_question(typed: str) -> None:
    assert reading(parse(typed, out_of_scope=0.3, greet=0.1), "visibility") == ANSWER


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
        assert meaning is None or meaning.intent in {*STEPS, INFORM, *likely}
    message = parse(typed, decision, **likely)
    assert reading(message, "text", form=MESSAGE_FORM, answers=MESSAGE) != Meaning("")


@pytest.mark.parametrize("words", ["?", "¿", "what ", "so, ", "puedo ", "1-", "no, ", "? a", "\n"])
def test_4000_characters_are_read_in_no_time(words: str) -> None:
    found = parse((words * 4000)[:4000], faq_events=0.9)
    took = []
    for _ in range(3):
        began = time.thread_time()
        reading(found, "title")
        took.append(time.thread_time() - began)
    assert min(took) < 0.05
