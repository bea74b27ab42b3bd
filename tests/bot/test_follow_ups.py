"""What a short text means after an answer or a search, without a model."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.places import Place
from actions.meaning import Meaning
from actions.nearby_search import NearbySearch
from bot.follow_ups import read_follow_up

SHOWN = ("AAAAAA", "BBBBBB", "CCCCCC")
LIST = NearbySearch(shown=SHOWN)
FOUND = Meaning("find_nearby")
ONE_SHOWN = Meaning("find_nearby", {"choice": "show:BBBBBB"})


def read(
    typed: str,
    *turns: Meaning,
    search: NearbySearch | None = LIST,
    understood: str = "out_of_scope",
    confidence: float = 0.3,
) -> Meaning | None:
    """What a text means after these turns, the latest first."""
    parse = {
        "text": typed,
        "intent": {"name": understood, "confidence": confidence},
    }
    return read_follow_up(parse, turns, search, "en")


def after(answered: str, typed: str, **understood: Any) -> str | None:
    """The intent of a text after an answer."""
    meaning = read(typed, Meaning(answered), search=None, **understood)
    return meaning and meaning.intent


def choice(typed: str, *turns: Meaning, **known: Any) -> str | None:
    """What a text chooses after a search, a list of three where nothing else is named."""
    meaning = read(typed, *(turns or [FOUND]), **known)
    assert meaning is None or meaning.intent == "find_nearby"
    return meaning and meaning.values["choice"]


# After an answer


@pytest.mark.parametrize(
    "typed",
    [
        *("when?", "and when?", "When is it", "ok but when", "great thanks, and when is that?"),
        *("wen", "WHEN???", "whennn", "when exactly please", "what day?", "what month is that"),
        *("when did all of this start", "¿a partir de cuándo?", "¿y en qué mes?"),
        *("¿cuándo?", "y eso cuándo es", "cuando", "oye ¿y desde cuándo?", "¿qué día?"),
    ],
)
def test_a_bare_question_word_asks_about_what_was_answered(typed: str) -> None:
    assert after("faq_why_twh", typed) == "faq_dates"
    assert after("faq_oerj_work", typed) == "faq_oerj_established"


@pytest.mark.parametrize(
    ("answered", "typed", "answer"),
    [
        ("faq_twh_about", "why?", "faq_why_twh"),
        ("faq_oerj_about", "¿por qué?", "faq_oerj_goals"),
        ("faq_virtual", "why", "faq_health_safety"),
        ("faq_twh_about", "who?", "faq_twh_oerj"),
        ("faq_oerj_about", "y quién", "faq_oerj_leader"),
        ("faq_oerj_about", "who made it", "faq_oerj_established"),
        ("faq_twh_oerj", "who else?", "faq_anchors"),
        ("faq_anchors", "¿quién más?", "faq_partners"),
        ("faq_take_part", "where?", "faq_virtual"),
        ("faq_healing_map", "¿dónde?", "faq_healing_map"),
        ("faq_take_part", "how?", "faq_event_kinds"),
        ("faq_partners", "¿cómo?", "faq_submission_form"),
        ("faq_racial_healing", "how?", "faq_take_part"),
        ("faq_oerj_goals", "cómo", "faq_oerj_methods"),
        ("faq_twh_about", "how long?", "faq_dates"),
        ("faq_promote_dialogue", "cuánto dura", "faq_promote_dialogue"),
        ("faq_event_kinds", "con quién", "faq_organize"),
        ("faq_take_part", "is it online?", "faq_virtual"),
        ("faq_healing_map", "y en línea?", "faq_virtual_on_map"),
        ("faq_oerj_methods", "like what?", "faq_oerj_categories"),
        ("faq_racial_healing", "what does that mean", "faq_heal_meaning"),
        ("faq_take_part", "who can join?", "faq_organize"),
        ("faq_dates", "and then?", "faq_after"),
    ],
)
def test_each_question_is_answered_by_another_of_its_topic(
    answered: str, typed: str, answer: str
) -> None:
    assert after(answered, typed) == answer


@pytest.mark.parametrize(
    "typed",
    [
        *("when does the campaign end?", "when was OERJ established", "who is the mayor"),
        *("why not", "why me", "how are you", "how old are you", "how do I sign up", "how much"),
        *("where are you", "who are you", "what time is it", "what else can you do?"),
        *("tell me a joke", "tell me more about the anchors", "more events", "go away", "next"),
        *(
            "is it free?",
            "for kids?",
            "thanks",
            "ok",
            "and",
            "y",
            "good",
            "",
            "?",
            "👍",
            "continue",
        ),
        *("¿cuándo termina la campaña?", "¿por qué no?", "¿cómo estás?", "¿qué más haces?"),
        *("cuéntame un chiste", "dime más sobre los eventos", "¿qué hora es?", "gratis?"),
        "ok so tell me when the next one of these is on",
    ],
)
def test_what_says_more_than_that_keeps_its_own_meaning(typed: str) -> None:
    assert after("faq_twh_about", typed) is None


@pytest.mark.parametrize("typed", ["where?", "¿con quién?", "who else?"])
def test_what_the_city_does_not_answer_leads_to_the_questions_of_the_topic(typed: str) -> None:
    meaning = read(typed, Meaning("faq_oerj_about"))
    assert meaning == Meaning("browse_faq", {"choice": "office"})


def test_without_an_answer_in_the_topic_one_that_the_model_knows_stands() -> None:
    understood = {"understood": "faq_virtual", "confidence": 0.9}
    assert after("faq_oerj_about", "is it online?", **understood) is None
    assert after("faq_dates", "is it online?", **understood) == "faq_virtual"


MORE = ["tell me more", "tel me more", "what else?", "more", "go on", "cuéntame más", "¿qué más?"]


@pytest.mark.parametrize("typed", MORE)
def test_more_is_the_next_question_that_was_not_answered_yet(typed: str) -> None:
    about, take_part = Meaning("faq_twh_about"), Meaning("faq_take_part")
    assert read(typed, about) == take_part
    assert read(typed, about, take_part) == Meaning("faq_racial_healing")


@pytest.mark.parametrize("typed", MORE)
def test_when_all_were_answered_more_shows_the_questions_and_then_the_topics(typed: str) -> None:
    turns = [Meaning("faq_celebrate"), Meaning("faq_dates"), Meaning("faq_after")]
    questions = Meaning("browse_faq", {"choice": "campaign"})
    assert read(typed, *turns) == questions
    assert read(typed, questions, *turns[:2]) == Meaning("browse_faq")
    assert read(typed, Meaning("browse_faq")) is None


def test_a_question_that_a_link_opened_is_an_answer_too() -> None:
    linked = Meaning("greet", {"command": "start", "choice": "faq_oerj_about"})
    assert read("who?", linked) == Meaning("faq_oerj_leader")
    assert read("who?", Meaning("greet")) is None


@pytest.mark.parametrize("passing", ["thanks", "change_language", "feedback_positive", "affirm"])
def test_after_thanks_people_still_speak_of_the_answer(passing: str) -> None:
    assert read("when?", Meaning(passing), Meaning("faq_twh_about")) == Meaning("faq_dates")


@pytest.mark.parametrize("other", ["out_of_scope", "nlu_fallback", "cancel", "greet", "help"])
def test_after_something_else_nothing_is_a_follow_up(other: str) -> None:
    for typed in ("when?", "tell me more", "in Pilsen?", "the second one"):
        assert read(typed, Meaning(other), Meaning("faq_twh_about")) is None
        assert read(typed, Meaning(other), FOUND) is None


def test_in_a_new_conversation_nothing_is_a_follow_up() -> None:
    for typed in ("when?", "tell me more", "in Pilsen?", "the second one"):
        assert read(typed, search=None) is None


# After a search


@pytest.mark.parametrize(
    "typed",
    [
        *("what about virtual ones?", "only online", "ok and virtual ones pls", "in person?"),
        *("y en línea?", "solo virtuales", "que sean virtuales", "¿y en persona?"),
        *("and tomorrow?", "for this Saturday please", "¿y mañana?", "este fin de semana", "hoy"),
        *("only learning", "what about peace circles?", "¿y talleres?", "solo clubes de lectura"),
        *("in Pilsen?", "Pilsen", "and in Pilsen?", "¿y en La Villita?", "what about Evanston?"),
        *("the whole city", "en todo Chicago", "within 2 miles", "a 2 millas", "and messages?"),
        *("what about book clubs in Austin?", "the same in Austin", "lo mismo en Austin"),
        *("any on Saturday?", "anything tomorrow", "any over Zoom", "en línea por favor"),
    ],
)
def test_a_search_goes_on_with_what_a_short_text_changes(typed: str) -> None:
    assert choice(typed) == "on"


@pytest.mark.parametrize(
    "typed",
    [
        *("events in Pilsen", "book clubs in Austin", "algo en Austin", "peace circles near 60637"),
        *("not in Pilsen", "no virtual", "not tomorrow", "virtual or in person?"),
        *("what is a peace circle", "are the events virtual?", "¿los eventos son virtuales?"),
        *("my name is Austin", "i live in Pilsen", "see you tomorrow", "hasta mañana"),
        *("free ones?", "for kids?", "¿gratis?", "why?", "¿cómo?", "ok", "thanks", "yes", "", "?"),
        *("in Foobarville?", "on the 25th of Smarch", "🙏"),
        "virtual and tomorrow and in Pilsen and only learning ones please",
    ],
)
def test_a_whole_sentence_or_another_wish_does_not(typed: str) -> None:
    assert choice(typed) is None


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("¡hermosa!", "feedback_positive"),
        ("till tomorrow", "goodbye"),
        ("mensaje de sanación", "submit_message"),
        ("sumbit", "submit"),
    ],
)
def test_what_is_surely_something_else_is_no_place_and_no_day(typed: str, understood: str) -> None:
    assert choice(typed, understood=understood, confidence=0.95) is None


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        *(
            (it, "more")
            for it in ("more", "what else?", "who else?", "next", "hay más?", "¿y otro?")
        ),
        *((it, "more") for it in ("tell me more", "more events please", "los siguientes")),
        *((it, "wider") for it in ("further", "a bit farther", "más lejos", "look wider")),
        *((it, "nearer") for it in ("closer", "these are too far", "nothing closer?", "más cerca")),
        *((it, "day:any") for it in ("any day", "sin importar el día", "cuando sea", "whenever")),
        *((it, "kind:") for it in ("any kind", "everything", "de cualquier tipo")),
        *((it, "day:past") for it in ("past events", "los pasados")),
        *((it, "days") for it in ("another day", "otro día", "when?", "¿cuándo?")),
        *((it, "place") for it in ("somewhere else", "otra zona")),
        *((it, "kinds") for it in ("other kinds", "otro tipo de eventos")),
        *((it, "map") for it in ("on the map", "where?", "¿dónde?", "muéstralos en el mapa")),
    ],
)
def test_short_words_do_what_the_buttons_of_a_list_do(typed: str, chosen: str) -> None:
    assert choice(typed) == chosen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((it, "AAAAAA") for it in ("the first", "tell me more about the first", "el primero")),
        *((it, "BBBBBB") for it in ("the second one", "show me number 2", "dime más del segundo")),
        *((it, "BBBBBB") for it in ("#2", "event two please", "la segunda", "opción 2")),
        *((it, "CCCCCC") for it in ("the 3rd", "the last one", "la última", "el número 3")),
    ],
)
def test_an_event_of_the_list_is_meant_by_its_place(typed: str, code: str) -> None:
    assert choice(typed) == f"show:{code}"


@pytest.mark.parametrize(
    "typed", ["the fourth", "number 4", "the quarter", "el quinto", "0", "one"]
)
def test_what_does_not_stand_in_the_list_is_not_meant(typed: str) -> None:
    assert choice(typed) is None


def test_on_a_later_page_figures_are_the_numbers_and_words_count_the_page() -> None:
    page = NearbySearch(shown=SHOWN, offset=5)
    assert choice("number 7", search=page) == "show:BBBBBB"
    assert choice("the second one", search=page) == "show:BBBBBB"
    assert choice("number 2", search=page) is None


@pytest.mark.parametrize("typed", ["when?", "where?", "tell me more", "¿dónde?"])
def test_a_question_about_the_only_event_shows_it(typed: str) -> None:
    only = NearbySearch(shown=("AAAAAA",))
    assert choice(typed, search=only) == "show:AAAAAA"
    assert choice("and online?", search=only) == "on"


@pytest.mark.parametrize(
    "typed",
    [
        *("when?", "and where is it?", "who is hosting?", "tell me more", "what time is it"),
        *("is it wheelchair accessible?", "the address please", "how do i get there"),
        *(
            "¿cuándo?",
            "¿y dónde?",
            "¿quién lo organiza?",
            "¿a qué hora?",
            "¿cómo llego?",
            "is it online?",
        ),
    ],
)
def test_a_question_about_the_event_that_is_shown_shows_it_again(typed: str) -> None:
    assert choice(typed, ONE_SHOWN) == "show:BBBBBB"


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("what else?", "more"), ("the third one", "show:CCCCCC"), ("and tomorrow?", "on")],
)
def test_after_an_event_the_list_goes_on(typed: str, chosen: str) -> None:
    assert choice(typed, ONE_SHOWN) == chosen


def test_between_places_one_is_chosen_by_its_number() -> None:
    places = [Place(name, "address", 41.9, -87.6, ()) for name in ("north", "south")]
    asking = NearbySearch(candidates=tuple(places), asks_place=True, shown=SHOWN)
    assert choice("the second one", search=asking) == "at:1"
    assert choice("2", search=asking) == "at:1"
    assert choice("the third", search=asking) is None
    assert choice("when?", search=asking) is None


@pytest.mark.parametrize("menu", ["kinds", "days"])
def test_after_the_kinds_and_days_to_choose_from_no_event_is_meant(menu: str) -> None:
    chosen = Meaning("find_nearby", {"choice": menu})
    assert choice("the second one", chosen) is None
    assert choice("only learning", chosen) == "on"
    assert choice("any day", chosen) == "day:any"


def test_messages_have_no_map_no_days_and_no_numbers() -> None:
    messages = NearbySearch(shown=SHOWN, wants_messages=True)
    for typed in ("where?", "when?", "the second one"):
        assert choice(typed, search=messages) is None
    assert choice("more", search=messages) == "more"
    assert choice("in Austin?", search=messages) == "on"


@given(st.text(max_size=200))
def test_any_text_is_safe(typed: str) -> None:
    read(typed, FOUND)
    read(typed, Meaning("faq_twh_about"))


@pytest.mark.parametrize("typed", ["and " * 3000, "tell me more " * 500, "9" * 5000, "é" * 6000])
def test_long_texts_are_no_follow_ups(typed: str) -> None:
    assert read(typed, FOUND) is None
    assert read(typed, Meaning("faq_twh_about")) is None
