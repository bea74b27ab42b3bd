"""Conversations in English as residents have them, with the real assistant and the real model."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.clock import set_now
from bot.turns import COMMANDS, Tap, Typed
from tests.conversation import Talk, english, intent_of, says_in, spanish, text_of

says = says_in("en")


def test_a_resident_asks_and_follows_what_comes_next(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("hello"), "greet")
    answer = resident.taps("What is Together We Heal?")
    assert text_of(answer).startswith("What is Together We Heal?\nTogether We Heal (TWH) is")
    answer = resident.taps("What is racial healing?")
    assert "Truth, Racial Healing, and Transformation" in text_of(answer)
    answer = resident.taps("What kinds of events are there?")
    assert intent_of(answer) == "faq_event_kinds"
    answer = resident.types("and when does all this end?")
    assert "end of January 2021" in text_of(answer)
    assert says(resident.types("thank you!"), "thanks")
    assert says(resident.types("bye"), "goodbye")
    assert not resident.buttons


def test_a_resident_browses_all_questions_by_topic(talk: Talk) -> None:
    resident = talk()
    assert says(resident.sends("/faq"), "browse_topics")
    topics = list(resident.buttons)
    assert len(topics) == 5
    seen = set()
    for topic in topics:
        resident.sends("/faq")
        answer = resident.taps(topic)
        assert text_of(answer).startswith(f"{topic}: ")
        for question, payload in list(resident.buttons.items()):
            answer = resident.does(Tap(payload))
            assert text_of(answer).startswith(f"{question}\n")
            assert answer.replies[0].buttons
            seen.add(payload)
    assert len(seen) == 35


def test_browsing_is_asked_for_in_plain_words_too(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("show me all the questions"), "browse_topics")
    resident.taps("The City's office (OERJ)")
    assert intent_of(resident.taps("Who leads OERJ?")) == "faq_oerj_leader"


def test_the_language_follows_what_is_written(talk: Talk) -> None:
    resident = talk()
    assert resident.types("What is racial healing?").language == "en"
    answer = resident.types("¿Y cuándo termina la campaña?")
    assert answer.language == "es"
    assert text_of(answer).startswith("¿Cuándo es?")
    assert resident.types("Who is the chief equity officer of this office?").language == "en"


@pytest.mark.parametrize(
    "words", ["sí", "gracias", "taco", "no sé", "hola", "Pilsen", "La Villita", "Maria Garcia"]
)
def test_the_language_does_not_flip_on_a_word_or_two(talk: Talk, words: str) -> None:
    resident = talk()
    resident.types("What is racial healing?")
    assert resident.types(words).language == "en"


@pytest.mark.parametrize(
    "typed",
    [
        "Anchors, Ambassadors, Partners?",
        "ambassador program details",
        "my name is José Hernández",
        "is there a quinceañera near Peña street",
    ],
)
def test_english_words_with_a_spanish_look_stay_english(talk: Talk, typed: str) -> None:
    resident = talk()
    resident.types("What is racial healing?")
    assert resident.types(typed).language == "en"


def test_a_chosen_language_stays_whatever_is_written(talk: Talk) -> None:
    resident = talk()
    assert says(resident.sends("/language"), "change_language")
    assert says(resident.taps("English"), "language_changed")
    assert resident.types("¿Cuándo termina la campaña de sanación?").language == "en"
    assert resident.types("¿Qué es la sanación racial?").language == "en"
    changed, again = resident.types("can we speak Spanish please").replies
    assert changed.text == spanish("language_changed")
    assert again.heading == "¿Qué es la sanación racial?"
    assert resident.types("what is racial healing and who is behind it?").language == "es"


def test_another_language_is_not_spoken_but_two_are_offered(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("do you speak Polish?"), "language_unavailable")
    assert list(resident.buttons) == ["English", "Español"]


def test_two_near_meanings_are_offered_and_one_is_chosen(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("partners or anchors"), "offer")
    *offers, none = resident.buttons
    assert 1 <= len(offers) <= 3
    assert none == "None of these"
    answer = resident.taps(offers[0])
    assert intent_of(answer) not in ("nlu_fallback", "out_of_scope", "stale_button")


def test_none_of_what_was_offered_leads_to_the_topics(talk: Talk) -> None:
    resident = talk()
    resident.types("partners or anchors")
    assert says(resident.taps("None of these"), "none_of_these_reply")
    assert "The campaign" in resident.buttons


@pytest.mark.parametrize(
    "typed",
    ["what is the weather tomorrow?", "who won the Bears game", "write me a poem about pizza"],
)
def test_what_is_out_of_scope_is_said_kindly_with_what_can_be_asked(talk: Talk, typed: str) -> None:
    resident = talk()
    assert says(resident.types(typed), "out_of_scope")
    answer = resident.taps("Racial healing")
    assert "What is racial healing?" in resident.buttons
    assert text_of(answer).startswith("Racial healing: ")


CRISES = [
    "I want to kill myself",
    "i dont want to live anymore",
    "my son says he will shoot up his school",
    "someone attacked my neighbor because she is Muslim",
    "I keep cutting myself",
    "What is racial healing? I want to die",
]


@pytest.mark.parametrize("typed", CRISES)
def test_a_crisis_is_answered_with_help_and_nothing_else(talk: Talk, typed: str) -> None:
    resident = talk()
    answer = resident.types(typed)
    assert says(answer, "crisis")
    assert "988" in text_of(answer)
    assert "911" in text_of(answer)
    assert not resident.buttons


def test_a_crisis_is_seen_wherever_in_a_conversation_it_comes(talk: Talk) -> None:
    resident = talk()
    resident.types("hello")
    assert says(resident.types("honestly I want to end my life"), "crisis")
    resident.types("partners or anchors")
    assert says(resident.types("i want to kill myself"), "crisis")
    resident.sends("/delete")
    assert says(resident.types("I am going to kill myself tonight"), "crisis")
    assert intent_of(resident.types("What is racial healing?")) == "faq_racial_healing"


def test_a_crisis_in_spanish_in_an_english_conversation_is_answered_in_spanish(talk: Talk) -> None:
    resident = talk(language_hint="en")
    resident.types("What is racial healing?")
    answer = resident.types("ya no quiero vivir, me quiero matar")
    assert text_of(answer) == spanish("crisis")


def test_start_welcomes_and_says_where_privacy_is_explained(talk: Talk) -> None:
    resident = talk()
    answer = resident.sends("/start")
    assert says(answer, "welcome")
    assert "/privacy" in text_of(answer)
    assert "Español" in resident.buttons
    changed, welcome = resident.taps("Español").replies
    assert (changed.text, welcome.text) == (spanish("language_changed"), spanish("welcome"))


def test_a_link_into_the_chat_opens_its_question(talk: Talk) -> None:
    resident = talk()
    welcome, answer = resident.sends("/start faq_dates").replies
    assert welcome.text == english("welcome")
    assert answer.heading == "When does it take place?"
    assert "Is it over? What comes after?" in resident.buttons


@pytest.mark.parametrize(
    "payload", ["nonsense", "crisis", "faq_nothing", "/faq_dates", '{"x":1}', "x" * 500, "\x00"]
)
def test_a_link_with_a_payload_that_means_nothing_only_welcomes(talk: Talk, payload: str) -> None:
    resident = talk()
    assert says(resident.sends(f"/start {payload}"), "welcome")


def test_start_in_the_middle_of_a_conversation_keeps_the_language(talk: Talk) -> None:
    resident = talk()
    resident.types("Let's speak Spanish please")
    assert text_of(resident.sends("/start")) == spanish("welcome")


def test_what_is_stored_is_told_and_deleted_after_a_question(talk: Talk) -> None:
    resident = talk()
    assert says(resident.sends("/privacy"), "privacy")
    assert says(resident.taps("Delete my data"), "delete_question")
    assert says(resident.taps("Yes, delete it"), "delete_done")
    assert says(resident.types("hi"), "greet")


def test_what_is_stored_is_kept_when_the_resident_thinks_again(talk: Talk) -> None:
    resident = talk()
    resident.does(Tap('/change_language{"choice": "en"}'))
    assert says(resident.sends("/delete"), "delete_question")
    assert says(resident.taps("No, keep it"), "delete_kept")
    assert resident.types("¿Cuándo termina la campaña de sanación?").language == "en"


@pytest.mark.parametrize(
    "typed", ["what do you store about me?", "is my data private", "how is my data handled?"]
)
def test_privacy_is_asked_for_in_plain_words_too(talk: Talk, typed: str) -> None:
    assert says(talk().types(typed), "privacy")


def test_about_says_who_is_behind_it_with_the_citys_disclaimer(talk: Talk) -> None:
    answer = talk().sends("/about")
    assert says(answer, "about_assistant")
    for words in (
        "modified for use from its original source",
        "www.cityofchicago.org",
        "makes no claims as to the content, accuracy, timeliness, or completeness",
        "used at one's own risk",
    ):
        assert words in text_of(answer)


def test_every_command_has_an_answer(talk: Talk) -> None:
    resident = talk()
    for command in COMMANDS:
        answer = resident.sends(f"/{command}")
        assert text_of(answer)
        assert not says(answer, "failure")


def test_an_unknown_command_is_told_what_there_is(talk: Talk) -> None:
    answer = talk().sends("/nonsense")
    unknown, help_ = answer.replies
    assert unknown.text == english("unknown_command")
    assert help_.text == english("help")


def test_cancel_without_anything_open_says_so(talk: Talk) -> None:
    resident = talk()
    assert says(resident.sends("/cancel"), "nothing_to_cancel")
    assert says(resident.types("cancel"), "nothing_to_cancel")
    assert says(resident.types("skip"), "nothing_to_skip")


@pytest.mark.parametrize(
    "payload",
    ["/no_such_thing", "/restart", "/session_start", '/faq_dates{"language": "es"}', "hi", ""],
)
def test_a_forged_or_old_button_is_said_to_be_so(talk: Talk, payload: str) -> None:
    resident = talk()
    assert says(resident.does(Tap(payload)), "stale_button")
    assert "The campaign" in resident.buttons


@pytest.mark.parametrize(
    "typed", ['/intent{"x":1}', '/change_language{"choice": "es"}', "/restart", "/faq_dates"]
)
def test_a_typed_payload_is_only_text_and_changes_nothing(talk: Talk, typed: str) -> None:
    resident = talk()
    resident.types("What is racial healing?")
    answer = resident.does(Typed(typed))
    assert not says(answer, "failure")
    assert resident.sends("/help").language == "en"


def test_a_picture_gets_a_friendly_sentence(talk: Talk) -> None:
    resident = talk()
    assert says(resident.sends_a_photo(), "send_media")
    assert resident.buttons


@pytest.mark.parametrize("typed", ["", " \n\t ", "\x00\x01", "\u200b\u2060"])
def test_a_message_without_words_is_said_to_be_so(talk: Talk, typed: str) -> None:
    assert says(talk().types(typed), "empty_message")


def test_a_very_long_message_is_answered_by_what_it_begins_with(talk: Talk) -> None:
    answer = talk().types("What is racial healing? " + "I would really like to know. " * 200)
    assert not says(answer, "failure")
    assert intent_of(answer)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (datetime(2020, 11, 30, 23, 59), "launches at the beginning of December 2020 and runs"),
        (datetime(2020, 12, 1), "happening now"),
        (datetime(2021, 1, 31, 23, 59), "happening now"),
        (datetime(2021, 2, 1), "ran through the end of January 2021"),
    ],
)
def test_when_it_ends_is_told_as_it_is_today(talk: Talk, today: datetime, words: str) -> None:
    set_now(today)
    answer = talk().types("when does it end?")
    assert intent_of(answer) == "faq_dates"
    assert words in text_of(answer)


def test_an_answer_changes_with_the_day_within_one_conversation(talk: Talk) -> None:
    resident = talk()
    set_now(datetime(2020, 11, 15))
    before = text_of(resident.types("is it over?"))
    set_now(datetime(2021, 3, 1))
    after = text_of(resident.types("is it over?"))
    assert "has not begun yet" in before
    assert "has ended" in after
