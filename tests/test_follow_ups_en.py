"""Short texts that go on with the last answer, in English, with the real assistant and model."""

from __future__ import annotations

import pytest

from bot.assistant import Answer
from bot.turns import Tap
from tests.conversation import Talk, english, intent_of, says_in, spanish, text_of

says = says_in("en")


def heading(answer: Answer) -> str:
    return answer.replies[0].heading


def test_bare_question_words_ask_about_the_last_answer(talk: Talk) -> None:
    resident = talk()
    resident.types("what is together we heal?")
    assert heading(resident.types("and when?")) == "When does it take place?"
    assert heading(resident.types("why?")) == "Why was it created?"
    assert heading(resident.types("ok and who is behind it")) == "Who is behind it?"
    assert heading(resident.types("who else?")) == "What are the Anchors?"
    assert heading(resident.types("cool, how long?")) == "When does it take place?"


def test_the_same_word_means_something_else_after_another_answer(talk: Talk) -> None:
    resident = talk()
    resident.types("what does OERJ do?")
    assert heading(resident.types("since when?")) == "Who created OERJ, and when?"
    assert heading(resident.types("who?")) == "Who leads OERJ?"
    assert heading(resident.types("how?")) == "How will OERJ reach its goals?"
    assert "choose a question" in text_of(resident.types("where?"))


def test_more_goes_through_what_comes_next_without_saying_anything_twice(talk: Talk) -> None:
    resident = talk()
    headings = [heading(resident.types("what is together we heal?"))]
    for typed in ("tell me more", "go on", "what else?", "more", "tell me more pls"):
        answer = resident.types(typed)
        headings.append(heading(answer))
    assert headings == [
        "What is Together We Heal?",
        "How can I take part?",
        "What kinds of events are there?",
        "Is there a ready-made idea?",
        "Who can I organize with?",
        "",
    ]
    assert text_of(answer) == english("browse_questions", topic="Taking part")
    assert says(resident.types("anything else?"), "browse_topics")


@pytest.mark.parametrize("typed", ["when does the campaign end?", "who leads OERJ?"])
def test_a_whole_question_is_answered_for_itself(talk: Talk, typed: str) -> None:
    alone = intent_of(talk().types(typed))
    resident = talk()
    resident.types("what is racial healing?")
    assert intent_of(resident.types(typed)) == alone


def test_without_anything_to_go_on_with_a_text_stands_alone(talk: Talk) -> None:
    for before in ("hello", "who won the Bears game?"):
        resident = talk()
        resident.types(before)
        for typed in ("who?", "tell me more", "the second one"):
            assert intent_of(resident.types(typed)) == intent_of(talk().types(typed))


def test_thanks_in_between_do_not_end_a_subject(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    assert says(resident.types("thank you!"), "thanks")
    answer = resident.types("what about virtual ones?")
    assert heading(answer) == "60637: nearest first · within 5 mi · Online"


def test_a_search_goes_on_with_one_thing_changed(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    near = "60637: nearest first · within 5 mi"
    assert heading(resident.types("what about virtual ones?")) == f"{near} · Online"
    tomorrow = resident.types("and tomorrow?")
    assert heading(tomorrow) == f"{near} · Online · Wednesday, December 9"
    assert heading(resident.types("any day")) == f"{near} · Online"
    assert heading(resident.types("only learning pls")) == f"{near} · Learning · Online"
    assert heading(resident.types("in Pilsen?")) == "In Pilsen · Learning · Online"
    assert heading(resident.types("events in Austin")) == "In Austin"
    assert says(resident.types("another day"), "choose_days")
    assert heading(resident.types("on Saturday")) == "In Austin · Saturday, December 12"


def test_a_list_goes_on_comes_closer_and_goes_further(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    sixth = resident.types("more please")
    assert text_of(sixth).splitlines()[1].startswith("6. ")
    assert text_of(resident.types("what else?")).splitlines()[1].startswith("11. ")
    assert "within 2 mi" in heading(resident.types("closer"))
    assert "within 5 mi" in heading(resident.types("a bit further"))
    assert resident.types("on the map").replies[0].picture
    assert says(resident.types("somewhere else"), "ask_place")
    assert heading(resident.types("Austin")) == "In Austin"


def test_an_event_of_the_list_is_shown_and_asked_about(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    first = resident.types("tell me more about the first")
    assert heading(first) == "Museum walk and talk (sample)"
    for typed in ("where?", "ok and when is it?", "who is hosting?", "tell me more"):
        assert resident.types(typed).replies == first.replies
    assert heading(resident.types("the 4th one please")) == "Coffee and hard questions (sample)"
    assert text_of(resident.types("what else?")).splitlines()[1].startswith("6. ")


def test_a_street_of_two_is_chosen_in_words(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 1200 Clark")
    assert heading(resident.types("the second one")).startswith("1200 S Clark St: nearest first")


def test_an_answer_is_said_again_in_spanish_and_in_english(talk: Talk) -> None:
    resident = talk()
    first = resident.types("what is racial healing?")
    changed, again = resident.types("ok and in spanish pls").replies
    assert changed.text == spanish("language_changed")
    assert again.heading == "¿Qué es la sanación racial?"
    assert '¿Qué significa "sanar"?' in resident.buttons
    changed, again = resident.types("and in english?").replies
    assert again == first.replies[0]
    assert heading(resident.types("tell me more")) == 'What does "to heal" mean?'


def test_a_list_and_an_event_are_said_again_in_spanish(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    resident.types("more")
    _, page = resident.types("and in Spanish?").replies
    assert page.heading == "60637: primero lo más cercano · a menos de 5 mi"
    assert page.text.startswith("6. ")
    resident.types("6")
    _, event, *_ = resident.types("in english please").replies
    assert event.text.splitlines()[0].endswith(
        (", In person", ", Online", ", In person and online")
    )


def test_help_in_a_crisis_is_said_again_in_spanish(talk: Talk) -> None:
    resident = talk()
    resident.types("I want to kill myself")
    _, helps = resident.types("en español por favor").replies
    assert helps.text == spanish("crisis")


def test_in_a_form_a_short_text_is_read_by_the_form(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    resident.types("I want to host an event")
    assert resident.types("the second one").asking == "title"
    assert resident.types("Saturday with neighbors").asking == "when"
    assert resident.types("tomorrow").asking == "when"
    changed, question = resident.types("and in Spanish?").replies
    assert changed.text == spanish("language_changed")
    assert "miércoles 9 de diciembre: ¿a qué hora?" in question.text


def test_a_choice_of_follow_ups_that_is_forged_does_no_harm(talk: Talk) -> None:
    for choice in ("on", "again", "nearer"):
        answer = talk().does(Tap(f'/find_nearby{{"choice": "{choice}"}}'))
        assert not says(answer, "failure")
