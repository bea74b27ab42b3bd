"""Conversations in English about messages of healing that people leave, with the real assistant."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from actions.clock import set_now
from actions.healing_map.drafts import MessageDraft
from bot.turns import Tap
from tests.conversation import Conversation, Talk, english, text_of
from tests.hosting import (
    EVANSTON,
    approve_in,
    code_in,
    filled_until,
    in_december,
    message_in,
    number_sent,
    question_in,
    says_all,
    status_in,
)

PILSEN = (41.8562, -87.6698)
WORDS = "We are one city, and we grow better together."
ANSWERS = {"text": WORDS, "author": "Denise", "area": "Englewood", "consent": "yes"}
"""What is typed at each question, in their order."""


def asked_for(talk: Talk, asking: str) -> Conversation:
    """Begin a message, and answer step by step until something is asked for."""
    return filled_until(asking, talk(), "I want to leave a message of healing", ANSWERS)


def test_a_message_typed_step_by_step_takes_six_turns(talk: Talk, healing_map: Engine) -> None:
    resident = talk()
    typed = {
        "I want to leave a message of healing": "text",
        WORDS: "author",
        "Denise": "area",
        "Englewood": "consent",
        "yes": "confirm",
    }
    assert [resident.types(said).asking for said in typed] == list(typed.values())
    answer = resident.types("submit")
    assert len(typed) + 1 == 6
    assert answer.form is None
    assert message_in(healing_map, code_in(answer)) == MessageDraft(
        text=WORDS, language="en", author_name="Denise", area="Englewood"
    )


def test_a_rich_first_sentence_leaves_five_turns(talk: Talk, healing_map: Engine) -> None:
    resident = talk()
    answer = resident.types(f"I want to leave a message: {WORDS}")
    assert says_all(answer, english("message_intro_rich", facts=WORDS))
    steps = [
        answer,
        resident.types("anonymous"),
        resident.taps("Skip"),
        resident.taps("Yes, show it"),
    ]
    assert [step.asking for step in steps] == ["author", "area", "consent", "confirm"]
    answer = resident.taps("Submit")
    assert len(steps) + 1 == 5
    assert message_in(healing_map, code_in(answer)) == MessageDraft(text=WORDS, language="en")


def test_a_message_waits_for_review_before_anyone_reads_it(talk: Talk, healing_map: Engine) -> None:
    resident, neighbor = asked_for(talk, "confirm"), talk()
    answer = resident.taps("Submit")
    code = code_in(answer)
    assert text_of(answer) == english("message_submitted", code=code)
    assert list(resident.buttons) == ["My submissions", "Register an event", "Find events near me"]
    assert status_in(healing_map, code) == "pending"
    assert WORDS not in text_of(neighbor.types("messages of healing in Englewood"))
    approve_in(healing_map, code)
    assert f'"{WORDS}"\nDenise, Englewood' in text_of(
        neighbor.types("messages of healing in Englewood")
    )


def test_the_summary_shows_all_that_was_said(talk: Talk) -> None:
    answer = asked_for(talk, "consent").types("yes")
    assert text_of(answer) == (
        f"“{WORDS}”\nName: Denise\nArea: Englewood\n\n{english('message_confirm_ask')}"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "My son was killed two summers ago on our block. I still love this city.",
        "I lost my mother to COVID and we could not even hold a funeral. Hold your people close.",
        "I grew up being followed in stores because I am Black. We deserve better. What will you"
        " do?",
        "Can we just love each other? What are we waiting for?",
        "Redlining took my grandparents' house. I am back on the same block, planting a garden.",
        "Sometimes I lost all hope. My church and my neighbors carried me. Thank you, Chicago.",
        "Help each other. Stop the violence. Start over, every day.",
        "<b>Peace</b> =HYPERLINK(1)",
    ],
)
def test_words_of_pain_and_of_hope_are_taken_as_the_message(
    talk: Talk, healing_map: Engine, typed: str
) -> None:
    resident = asked_for(talk, "text")
    assert resident.types(typed).asking == "author"
    for said in ("anonymous", "skip", "yes"):
        resident.types(said)
    assert message_in(healing_map, code_in(resident.types("submit"))).text == typed


@pytest.mark.parametrize("agreement", ["use it", "send it"])
def test_a_story_that_sounds_like_a_crisis_is_answered_as_one_and_is_not_lost(
    talk: Talk, healing_map: Engine, agreement: str
) -> None:
    story = "I wanted to kill myself when they burned our house. My neighbors saved me."
    resident = asked_for(talk, "text")
    crisis, waits = resident.types(story).replies
    assert crisis.full_text == english("crisis")
    assert waits.full_text == english("form_waits")
    assert "Go on" in resident.buttons
    assert resident.types("yes").asking == "text"
    assert resident.types(agreement).asking == "author"
    for said in ("anonymous", "skip", "yes"):
        resident.types(said)
    assert message_in(healing_map, code_in(resident.types("submit"))).text == story


@pytest.mark.parametrize("asking", ["text", "author", "area", "consent", "confirm"])
def test_a_crisis_is_met_as_such_and_then_the_form_waits(talk: Talk, asking: str) -> None:
    resident = asked_for(talk, asking)
    answer = resident.types("I am going to kill myself tonight")
    assert answer.replies[0].full_text == english("crisis")
    assert resident.taps("Go on").asking == asking


def test_more_than_1000_characters_are_too_many(talk: Talk) -> None:
    resident = asked_for(talk, "text")
    values = {"length": "1,001", "most": "1,000"}
    long = "peace " * 166 + "peace"
    assert text_of(resident.types(long)) == english("message_text_misfit", **values)
    assert text_of(resident.types(long)) == english("message_text_misfit_again", **values)
    assert resident.types(long[:-1]).asking == "author"


@pytest.mark.parametrize("typed", ["🕊️🕊️", "...", "yes", "ok"])
def test_a_message_without_words_is_asked_for_again(talk: Talk, typed: str) -> None:
    resident = asked_for(talk, "text")
    assert text_of(resident.types(typed)) == english("message_text_empty")
    assert resident.sends_a_photo().asking == "text"


@pytest.mark.parametrize(
    "typed",
    [
        *("anonymous", "Anonymous.", "I want to stay anonymous", "no name please", "skip"),
        *("no", "no thanks", "I'd rather not say", "none"),
    ],
)
def test_a_message_may_be_anonymous(talk: Talk, typed: str) -> None:
    resident = asked_for(talk, "author")
    assert resident.types(typed).asking == "area"
    resident.types("Pilsen")
    assert says_all(resident.types("yes"), "Name: Anonymous")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("my name is Denise", "Denise"), ("it's Ray from 63rd", "Ray from 63rd"), ("Ty", "Ty")],
)
def test_a_name_is_taken_without_what_leads_up_to_it(talk: Talk, typed: str, name: str) -> None:
    resident = asked_for(talk, "author")
    resident.types(typed)
    if "Use it: Ty" in resident.buttons:  # which also means "thank you"
        resident.taps("Use it: Ty")
    resident.types("Pilsen")
    assert says_all(resident.types("yes"), f"Name: {name}\n")


def test_of_an_address_only_the_area_is_kept(talk: Talk, healing_map: Engine) -> None:
    resident = asked_for(talk, "area")
    assert resident.types("4100 S Ellis Ave").asking == "consent"
    resident.types("yes")
    message = message_in(healing_map, code_in(resident.types("submit")))
    assert (message.area, message.latitude) == ("Oakland", None)


def test_of_a_shared_location_only_the_area_is_kept(talk: Talk, healing_map: Engine) -> None:
    resident = asked_for(talk, "area")
    assert resident.shares(*PILSEN).asking == "consent"
    resident.types("yes")
    message = message_in(healing_map, code_in(resident.types("submit")))
    assert (message.area, message.latitude) == ("Lower West Side", None)


def test_an_area_outside_or_unknown_is_said_to_be_so(talk: Talk) -> None:
    resident = asked_for(talk, "area")
    assert text_of(resident.types("Milwaukee")) == english(
        "message_area_outside", place="Milwaukee"
    )
    assert resident.shares(*EVANSTON).asking == "area"
    assert resident.types("blorptown").asking == "area"
    assert resident.types("60637").asking == "consent"


@pytest.mark.parametrize("typed", ["skip", "no", "I'd rather not say", "none"])
def test_the_area_may_be_skipped(talk: Talk, typed: str) -> None:
    resident = asked_for(talk, "area")
    assert resident.types(typed).asking == "consent"
    assert says_all(resident.types("yes"), "Area: not given")


def test_without_consent_nothing_is_sent(talk: Talk, healing_map: Engine) -> None:
    resident = asked_for(talk, "consent")
    answer = resident.taps("No")
    assert text_of(answer) == english("message_consent_refused")
    assert answer.asking == "consent"
    assert text_of(resident.types("no")) == english("message_consent_refused")
    assert number_sent(healing_map, resident) == 0


def test_consent_refused_can_be_given_after_all_or_the_message_dropped(
    talk: Talk, healing_map: Engine
) -> None:
    resident = asked_for(talk, "consent")
    resident.types("no")
    assert resident.types("ok, yes").asking == "confirm"
    code_in(resident.taps("Submit"))
    other = asked_for(talk, "consent")
    other.types("no")
    assert text_of(other.types("cancel")) == english("form_cancelled")
    assert number_sent(healing_map, resident) == 1
    assert number_sent(healing_map, other) == 0


def test_a_change_at_the_summary_leads_back_to_the_summary(talk: Talk, healing_map: Engine) -> None:
    resident = asked_for(talk, "confirm")
    resident.taps("Change")
    assert resident.taps("Name").asking == "author"
    assert resident.types("Ray").asking == "confirm"
    for said in ("change the area to Pilsen", "remove my name", "the message is: One city."):
        assert resident.types(said).asking == "confirm"
    assert message_in(healing_map, code_in(resident.types("send it"))) == MessageDraft(
        text="One city.", language="en", area="Lower West Side"
    )


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("no wait, anonymous", "Name: Anonymous"),
        ("the name should be Raymond", "Raymond"),
        ("change my message to: One city.", "One city."),
        ("change the area to Pilsen", "Lower West Side"),
    ],
)
def test_an_earlier_answer_is_corrected_while_consent_is_asked_for(
    talk: Talk, typed: str, noted: str
) -> None:
    answer = asked_for(talk, "consent").types(typed)
    assert text_of(answer) == f"Noted: {noted}\n\n{english('message_consent_ask')}"


def test_at_every_step_the_reason_is_told_and_a_question_is_answered(talk: Talk) -> None:
    resident = talk()
    answer = resident.types("I want to leave a message of healing")
    for asking, typed in ANSWERS.items():
        assert answer.asking == asking
        why = resident.types("why do you need that?")
        assert says_all(why, english(f"message_{asking}_why"))
        answer = resident.types("what is racial healing?")
        assert answer.intent and answer.intent["name"] == "faq_racial_healing"
        assert says_all(answer, english("back_to_form", thing="message of healing"))
        assert question_in(answer) == question_in(why)
        assert (why.asking, answer.asking) == (asking, asking)
        answer = resident.types(typed)
    assert says_all(resident.types("why do you need that?"), english("message_confirm_why"))
    assert resident.types("what is racial healing?").asking == "confirm"


def test_back_skip_and_start_over_get_around(talk: Talk) -> None:
    resident = asked_for(talk, "consent")
    assert resident.types("back").asking == "area"
    assert resident.taps("Back").asking == "author"
    assert resident.types("keep it").asking == "consent"
    assert says_all(resident.types("skip"), english("cannot_skip"))
    assert resident.types("start over").asking == "text"
    assert resident.taps("Bring back what I had").asking == "consent"


def test_the_next_day_the_draft_is_there_and_going_on_is_offered(talk: Talk) -> None:
    resident = asked_for(talk, "area")
    set_now(in_december(9, 12))
    answer = resident.types("Englewood")
    assert says_all(answer, english("form_resume", thing="message of healing"))
    assert resident.taps("Use it: Englewood").asking == "consent"


def test_submit_twice_stores_one(talk: Talk, healing_map: Engine) -> None:
    resident = asked_for(talk, "confirm")
    submit = resident.buttons["Submit"]
    code_in(resident.taps("Submit"))
    assert text_of(resident.does(Tap(submit))) == english("nothing_to_submit")
    assert number_sent(healing_map, resident) == 1


def test_a_message_begun_twice_sets_the_first_aside(talk: Talk) -> None:
    resident = asked_for(talk, "author")
    resident.types("cancel")
    answer = resident.types("I want to leave a message: One city.")
    assert (answer.asking, answer.form) == ("author", "message_form")
    resident.taps("Bring back what I had")
    for said in ("anonymous", "skip"):
        resident.types(said)
    assert says_all(resident.types("yes"), f"“{WORDS}”")
