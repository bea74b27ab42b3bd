"""What a typed text means in the middle of something: a search, a form, buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from actions.drafts import FORMS
from actions.forms.draft import Draft
from actions.meaning import Meaning
from actions.nearby_search import NearbySearch
from bot.context import Situation, in_context, is_answer, situation_of

INTENTS = frozenset({"find_nearby", "inform", "submit", "change_language"})
ASKING = Situation(search=NearbySearch(asks_place=True))
SECOND_PAGE = Situation(search=NearbySearch(offset=5, shown=("AAAAAA", "BBBBBB")))


def parse(
    typed: str,
    decision: str = "out_of_scope",
    intent: str = "out_of_scope",
    confidence: float = 0.3,
) -> dict[str, Any]:
    """What the pipeline finds in a text."""
    return {
        "text": typed,
        "decision": decision,
        "intent": {"name": intent, "confidence": confidence},
        "offers": ["help"],
        "entities": [{"entity": "language", "value": "en"}],
        "written_language": {"language": None},
        "intent_ranking": [{"name": intent, "confidence": confidence}],
    }


def is_search(found: dict[str, Any]) -> bool:
    return bool(found["intent"]["name"] == "find_nearby" and found["decision"] == "answer")


@pytest.mark.parametrize(
    "typed",
    [
        *("Pilsen", "60637", "63rd and Halsted", "Evanston", "the whole city", "toda la ciudad"),
        *("Share my location", "COMPARTIR MI UBICACIÓN", "The whole city", "blorptown"),
    ],
)
def test_what_may_be_a_place_answers_the_question_for_one(typed: str) -> None:
    found = in_context(parse(typed), ASKING, INTENTS)
    assert is_search(found)
    assert found["offers"] == []
    assert found["entities"] == parse(typed)["entities"]


@pytest.mark.parametrize(
    "typed", ["who won the Bears game?", "i just do not know what to tell you", "why?"]
)
def test_a_question_or_a_long_text_is_no_unknown_place(typed: str) -> None:
    assert in_context(parse(typed), ASKING, INTENTS) == parse(typed)


def test_what_is_surely_something_else_is_no_place() -> None:
    asked = parse("What is the Healing Map of Pilsen?", "answer", "faq_healing_map", 0.95)
    assert in_context(asked, ASKING, INTENTS) == asked


def test_two_near_meanings_are_offered_all_the_same() -> None:
    unsure = parse("healing events money", "offer", "nlu_fallback", 0.4)
    assert in_context(unsure, ASKING, INTENTS) == unsure


def test_a_crisis_is_a_crisis_whatever_was_asked() -> None:
    crisis = parse("60637", "crisis", "crisis", 1.0)
    assert in_context(crisis, ASKING, INTENTS) == crisis


@pytest.mark.parametrize("search", [None, NearbySearch()])
def test_without_a_question_or_a_list_nothing_changes(search: NearbySearch | None) -> None:
    for typed in ("Pilsen", "1", ""):
        assert in_context(parse(typed), Situation(search=search), INTENTS) == parse(typed)


@pytest.mark.parametrize(("typed", "code"), [("6", "AAAAAA"), (" 7 ", "BBBBBB"), ("06", "AAAAAA")])
def test_a_number_means_the_event_that_it_stands_at(typed: str, code: str) -> None:
    found = in_context(parse(typed), SECOND_PAGE, INTENTS)
    assert is_search(found)
    assert found["entities"][-1] == {"entity": "choice", "value": f"show:{code}"}


@pytest.mark.parametrize("typed", ["0", "5", "8", "-6", "6.0", "²", "9" * 5000])
def test_any_other_number_means_nothing_new(typed: str) -> None:
    assert in_context(parse(typed), SECOND_PAGE, INTENTS) == parse(typed)


def form_asks(asked: str, form: str = "event_form", **answers: Any) -> Situation:
    return Situation(open_form=(FORMS[form], Draft(asked=asked, answers=answers)))


def meaning(found: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The intent that a text was given, and what it carries beside its language."""
    assert found["decision"] == "answer"
    assert found["intent"]["confidence"] == 1.0
    assert found["offers"] == []
    carried = {it["entity"]: it["value"] for it in found["entities"] if it["entity"] != "language"}
    return found["intent"]["name"], carried


BUTTONS = Situation(
    buttons={
        "sí, enviar": "/submit",
        "book club": '/inform{"choice": "title:suggested"}',
        "gone": "/no_such_intent",
    }
)


@pytest.mark.parametrize("typed", ["Sí, enviar", " SÍ, ENVIAR ", "sí, enviar"])
def test_a_text_that_repeats_a_button_is_a_tap_on_it(typed: str) -> None:
    assert meaning(in_context(parse(typed), BUTTONS, INTENTS)) == ("submit", {})


def test_what_a_button_chooses_comes_with_its_title() -> None:
    found = in_context(parse("Book Club", "answer", "faq_dates", 0.99), BUTTONS, INTENTS)
    assert meaning(found) == ("inform", {"choice": "title:suggested"})
    assert found["text"] == "Book Club"


def test_the_title_of_a_button_that_no_longer_works_is_a_stale_tap() -> None:
    assert meaning(in_context(parse("gone"), BUTTONS, INTENTS)) == ("stale_button", {})


@pytest.mark.parametrize("typed", ["sí", "Sí, enviar ahora", "", "/submit"])
def test_a_part_of_a_title_or_a_payload_is_only_text(typed: str) -> None:
    assert in_context(parse(typed), BUTTONS, INTENTS) == parse(typed)


@pytest.mark.parametrize("typed", ["what about CDF234?", "cdf234", "¿y CDF234?"])
def test_the_code_of_a_submission_asks_for_it(typed: str) -> None:
    found = in_context(parse(typed), Situation(), INTENTS)
    assert meaning(found) == ("my_submissions", {})


@pytest.mark.parametrize("typed", ["234678", "CDF23", "CDF2345", "people"])
def test_what_is_no_code_asks_for_nothing(typed: str) -> None:
    assert in_context(parse(typed), Situation(), INTENTS) == parse(typed)


def test_a_crisis_without_a_form_is_no_tap() -> None:
    crisis = parse("Sí, enviar", "crisis", "crisis", 1.0)
    assert in_context(crisis, BUTTONS, INTENTS) == crisis


def test_a_button_comes_before_the_question_of_a_form() -> None:
    asking = replace(form_asks("title", kind="learning"), buttons=BUTTONS.buttons)
    found = in_context(parse("book club"), asking, INTENTS)
    assert meaning(found) == ("inform", {"choice": "title:suggested"})


def test_while_a_form_is_open_a_text_answers_its_question() -> None:
    found = in_context(parse("An evening with neighbors"), form_asks("title"), INTENTS)
    assert meaning(found) == ("inform", {})
    assert is_answer(found)
    assert found["text"] == "An evening with neighbors"


def test_a_message_form_is_read_by_its_own_fields() -> None:
    situation = form_asks("area", "message_form", text="We heal.", author="")
    assert meaning(in_context(parse("Pilsen"), situation, INTENTS)) == ("inform", {})


def test_a_correction_carries_its_field_and_its_words() -> None:
    when = {"start": "2020-12-12T15:00:00-06:00", "end": "2020-12-12T17:00:00-06:00"}
    situation = form_asks("description", when=when)
    found = in_context(parse("actually it's at 4"), situation, INTENTS)
    assert meaning(found) == ("change", {"choice": "when", "value": "at 4"})


def test_something_in_between_keeps_its_own_meaning() -> None:
    asked = parse("what counts as a healing event?", "answer", "faq_events", 0.97)
    found = in_context(asked, form_asks("when", kind="learning"), INTENTS)
    assert found == asked
    assert not is_answer(found)


def test_a_crisis_in_a_form_is_a_crisis() -> None:
    crisis = parse("I want to die", "crisis", "crisis", 1.0)
    assert in_context(crisis, form_asks("title"), INTENTS) == crisis


def test_a_form_comes_before_the_search_that_was_open() -> None:
    asking = replace(form_asks("title"), search=NearbySearch(asks_place=True))
    assert meaning(in_context(parse("Pilsen"), asking, INTENTS)) == ("inform", {})


AFTER_LIST = replace(SECOND_PAGE, turns=(Meaning("find_nearby"),))


def test_a_follow_up_becomes_what_it_means_after_the_turn_before() -> None:
    unsure = parse("and tomorrow?", "offer", "nlu_fallback", 0.3)
    assert meaning(in_context(unsure, AFTER_LIST, INTENTS)) == ("find_nearby", {"choice": "on"})
    answered = Situation(turns=(Meaning("faq_twh_about"),))
    assert meaning(in_context(parse("when?"), answered, INTENTS)) == ("faq_dates", {})


def test_while_a_form_is_open_nothing_is_a_follow_up() -> None:
    asking = replace(form_asks("when"), search=AFTER_LIST.search, turns=AFTER_LIST.turns)
    assert meaning(in_context(parse("tomorrow at 3"), asking, INTENTS)) == ("inform", {})
    asked = parse("when?", "answer", "faq_dates", 0.6)
    assert in_context(asked, asking, INTENTS) == asked


def test_a_crisis_is_no_follow_up() -> None:
    crisis = parse("tonight", "crisis", "crisis", 0.9)
    assert in_context(crisis, AFTER_LIST, INTENTS) == crisis


def test_a_follow_up_comes_before_the_answer_to_an_older_question_for_a_place() -> None:
    situation = replace(ASKING, turns=(Meaning("faq_twh_about"), Meaning("find_nearby")))
    found = in_context(parse("tell me more"), situation, INTENTS)
    assert meaning(found) == ("faq_take_part", {})


def tracker_after(*events: Event, **slots: Any) -> DialogueStateTracker:
    names = ("language", "search", "event_draft", "message_draft")
    tracker = DialogueStateTracker("test", [AnySlot(name, mappings=[]) for name in names])
    for event in [*(SlotSet(name, it) for name, it in slots.items()), *events]:
        tracker.update(event)
    return tracker


def test_where_a_conversation_stands_is_read_from_what_is_stored() -> None:
    draft, search = Draft(asked="title"), NearbySearch(shown=("AAAAAA",))
    slots = {"event_draft": draft.to_slot(), "search": search.to_slot(), "language": "es"}
    tracker = tracker_after(ActiveLoop("event_form"), **slots)
    open_form = (FORMS["event_form"], draft)
    assert situation_of(tracker) == Situation(open_form=open_form, search=search, language="es")


def test_what_the_turns_before_meant_is_read_from_the_latest_on() -> None:
    chosen = {"entity": "choice", "value": "show:AAAAAA"}
    tracker = tracker_after(
        UserUttered("what is it?", {"name": "faq_twh_about"}),
        BotUttered("..."),
        UserUttered("/find_nearby", {"name": "find_nearby"}, [chosen]),
    )
    shown = Meaning("find_nearby", {"choice": "show:AAAAAA"})
    assert situation_of(tracker).turns == (shown, Meaning("faq_twh_about"))


def test_a_new_conversation_stands_nowhere() -> None:
    assert situation_of(tracker_after()) == Situation()


def test_only_the_buttons_under_the_last_answer_count() -> None:
    def said(*titles: str) -> BotUttered:
        buttons = [{"title": it, "payload": f"/{it}"} for it in titles]
        return BotUttered("...", {"buttons": buttons})

    tracker = tracker_after(
        said("Old"), UserUttered("hello"), said("Yes", "No"), BotUttered("..."), said("YES", "Back")
    )
    buttons = {"yes": "/YES", "no": "/No", "back": "/Back"}
    assert situation_of(tracker).buttons == buttons
