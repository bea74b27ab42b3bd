"""Conversations in English in which somebody puts an event on the map, with the real assistant."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from actions.clock import CHICAGO, set_now
from actions.database import use_database
from actions.forms.submission import MOST_PENDING
from actions.healing_map.database import IN_MEMORY, open_database
from actions.healing_map.drafts import EventDraft
from actions.healing_map.migrations import migrate
from actions.healing_map.models import sessions
from actions.healing_map.places import find_places
from actions.healing_map.store import add
from bot.assistant import Assistant
from bot.conversations import ConversationStore
from bot.turns import Tap, Turn
from bot.unanswered import UnansweredQuestions
from tests.actions.healing_map.making import NOW, event_draft
from tests.conversation import Conversation, Talk, english, spanish, text_of
from tests.hosting import (
    EVANSTON,
    approve_in,
    code_in,
    event_in,
    filled_until,
    in_december,
    number_sent,
    question_in,
    says_all,
    status_in,
)
from tests.map_entries import LOOP

WOODSON = "Carter G. Woodson Regional Library"
RICH = "I'm hosting a book club at the Woodson library on Dec 12 from 3 to 5 pm"
BOOK_CLUB = EventDraft(
    kind="learning",
    title="Book club",
    starts_at=in_december(12, 15),
    ends_at=in_december(12, 17),
    format="in_person",
    host_name="Woodson Readers",
    host_type="organization",
    language="en",
    address_visibility="public",
    description="We read together.",
    address=WOODSON,
    latitude=find_places(WOODSON).matches[0].latitude,
    longitude=find_places(WOODSON).matches[0].longitude,
    area="Washington Heights",
    contact="",
    accessibility="accessible",
)
"""What is stored of the event that `at_the_summary` describes."""

ANSWERS = {
    "kind": "learning",
    "title": "Book club",
    "when": "Dec 12, 3 to 5 pm",
    "format": "in person",
    "place": WOODSON,
    "description": "We read together.",
    "host": "Woodson Readers Club",
    "contact": "skip",
    "accessibility": "yes",
    "visibility": "the exact place",
}
"""What is typed at each question of an event in person, in their order."""


def asked_for(talk: Talk, asking: str, *, online: bool = False) -> Conversation:
    """Begin an event, and answer step by step until something is asked for."""
    answers = {**ANSWERS, "format": "online"} if online else ANSWERS
    return filled_until(asking, talk(), "I want to host an event", answers)


def at_the_summary(talk: Talk) -> Conversation:
    """Begin BOOK_CLUB with a rich sentence, and answer all that is asked then."""
    host = talk()
    for said in (RICH, "Book club", "We read together.", "Woodson Readers", "an organization"):
        host.types(said)
    for said in ("skip", "yes"):
        host.types(said)
    assert host.types("the exact place").asking == "confirm"
    return host


# An event from the first word to the map.


def test_an_event_typed_step_by_step_takes_twelve_turns(talk: Talk, healing_map: Engine) -> None:
    host = talk()
    typed = {
        "I want to host an event": "kind",
        "learning": "title",
        "What is racial healing? An evening with neighbors": "when",
        "Dec 12, 3 to 5 pm": "format",
        "in person": "place",
        "Woodson library, room 2": "description",
        "We read one page aloud and talk about our block.": "host",
        "Maria Lopez": "contact",
        "maria@example.org": "accessibility",
        "no": "visibility",
        "only the area": "confirm",
    }
    assert [host.types(said).asking for said in typed] == list(typed.values())
    answer = host.types("submit")
    assert len(typed) + 1 == 12
    assert answer.form is None and answer.asking is None
    stored = event_in(healing_map, code_in(answer))
    assert stored == replace(
        BOOK_CLUB,
        title="What is racial healing? An evening with neighbors",
        host_name="Maria Lopez",
        host_type="individual",
        description="We read one page aloud and talk about our block.",
        address=f"{WOODSON}, room 2",
        address_visibility="area_only",
        contact="maria@example.org",
        accessibility="not_accessible",
    )


def test_a_rich_first_sentence_leaves_eight_turns(talk: Talk, healing_map: Engine) -> None:
    host = talk()
    answer = host.types(RICH)
    assert says_all(
        answer,
        english(
            "event_intro_rich",
            facts="🟠 Learning · Saturday, December 12, 3:00 PM to 5:00 PM · In person"
            f" · {WOODSON} (Washington Heights)",
        ),
    )
    assert answer.asking == "title"
    steps = [
        host.taps("Book club"),
        host.types("We read together."),
        host.types("Woodson Readers Club"),
        host.taps("Skip"),
        host.taps("Yes"),
        host.taps("The exact place"),
    ]
    assert [step.asking for step in steps] == [
        *("description", "host", "contact", "accessibility", "visibility", "confirm")
    ]
    answer = host.taps("Submit")
    assert 1 + len(steps) + 1 == 8
    stored = event_in(healing_map, code_in(answer))
    assert stored == replace(BOOK_CLUB, host_name="Woodson Readers Club")


def test_an_event_said_almost_whole_takes_five_turns(talk: Talk, healing_map: Engine) -> None:
    host = talk()
    steps = [
        host.types(
            'We want to hold a peace circle called "Rest in Power" online on Dec 20 from 6 to 8 pm'
            " for Englewood, https://zoom.us/j/55, write to circle@example.org"
        ),
        host.taps("Rest in Power"),
        host.types("We sit in a circle and listen."),
        host.types("Englewood Peace Center"),
    ]
    assert [step.asking for step in steps] == ["title", "description", "host", "confirm"]
    answer = host.taps("Submit")
    assert len(steps) + 1 == 5
    stored = event_in(healing_map, code_in(answer))
    assert (stored.kind, stored.title, stored.format) == ("connections", "Rest in Power", "virtual")
    assert (stored.starts_at, stored.ends_at) == (in_december(20, 18), in_december(20, 20))
    assert (stored.area, stored.address_visibility) == ("Englewood", "area_only")
    assert (stored.join_url, stored.contact) == ("https://zoom.us/j/55", "circle@example.org")


def test_a_submitted_event_waits_for_review_before_anyone_sees_it(
    talk: Talk, healing_map: Engine
) -> None:
    host, neighbor = at_the_summary(talk), talk()
    host.types("change the title to Porch pages")
    answer = host.taps("Submit")
    code = code_in(answer)
    assert text_of(answer) == english("event_submitted", code=code)
    assert list(host.buttons) == [
        *("My submissions", "Leave a message of healing", "Find events near me")
    ]
    assert status_in(healing_map, code) == "pending"
    assert "Porch pages" not in text_of(neighbor.types("events near the Woodson library"))
    approve_in(healing_map, code)
    assert "Porch pages" in text_of(neighbor.types("events near the Woodson library"))


def test_the_summary_shows_all_that_was_said(talk: Talk) -> None:
    answer = asked_for(talk, "visibility").types("the exact place")
    assert text_of(answer) == "\n".join(
        [
            "🟠 Learning · Book club",
            "When: Saturday, December 12, 3:00 PM to 5:00 PM",
            "How: In person",
            f"Where: {WOODSON} (Washington Heights)",
            "What: We read together.",
            "Host: Woodson Readers Club (organization)",
            "Contact (not shown): not given",
            "Wheelchair accessible: Yes",
            "On the map: The exact place",
            "",
            english("event_confirm_ask"),
        ]
    )
    [reply] = answer.replies
    assert [[button.title for button in row] for row in reply.buttons] == [
        ["Submit", "Change", "Cancel"]
    ]


def test_a_whole_sentence_counts_after_a_tap_on_register_too(talk: Talk) -> None:
    host = talk()
    host.types("hello")
    assert host.taps("Register an event").asking == "kind"
    answer = host.types("a book club at the Woodson library on Dec 12 at 3pm")
    assert says_all(answer, "🟠 Learning", "December 12, 3:00 PM to 5:00 PM", WOODSON)
    assert answer.asking == "title"
    assert "Book club" in host.buttons


def test_a_guessed_end_is_said_to_be_guessed_and_is_corrected_as_the_hint_says(talk: Talk) -> None:
    host = talk()
    answer = host.types("I'm hosting a book club at the Woodson library on Dec 12 at 6pm")
    assert says_all(answer, "6:00 PM to 8:00 PM", english("end_guessed"))
    answer = host.types("until 8")
    assert says_all(answer, "Noted: Saturday, December 12, 6:00 PM to 8:00 PM")
    assert english("end_guessed") not in text_of(answer)
    assert says_all(host.types("and until 9:30"), "6:00 PM to 9:30 PM")


# Each question.


def test_help_with_the_kind_explains_all_four(talk: Talk) -> None:
    host = asked_for(talk, "kind")
    answer = host.taps("Help me choose")
    assert says_all(answer, english("event_kind_why"), english("event_kind_ask"))
    assert host.types("a training").asking == "title"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Why We March", "Why We March"),
        ("Skip the Small Talk: honest conversations", "Skip the Small Talk: honest conversations"),
        ("Who do you say we are?", "Who do you say we are?"),
        ("it's called Book night", "Book night"),
        ("the title is “Book night”", "Book night"),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
        ("<b>Book</b>\nnight", "<b>Book</b> night"),
    ],
)
def test_a_title_is_taken_as_it_is_written(
    talk: Talk, healing_map: Engine, typed: str, stored: str
) -> None:
    host = asked_for(talk, "title")
    assert host.types(typed).asking == "when"
    for said in ("Dec 12 3pm", "online", "skip", "We read.", "Ana Ruiz", "skip", "skip"):
        host.types(said)
    assert event_in(healing_map, code_in(host.types("submit"))).title == stored


def test_a_title_that_is_too_long_is_said_to_be_so_twice_in_other_words(talk: Talk) -> None:
    host = asked_for(talk, "title")
    long = "healing " * 375
    first, second = host.types(long), host.types(long)
    values = {"length": f"{len(long) - 1:,}", "most": "120"}
    assert text_of(first) == english("event_title_misfit", **values)
    assert text_of(second) == english("event_title_misfit_again", **values)
    assert host.types("Healing on 63rd Street").asking == "when"


@pytest.mark.parametrize("typed", ["!!!", "🙂", "yes", "ok"])
def test_a_title_without_words_is_asked_for_again(talk: Talk, typed: str) -> None:
    host = asked_for(talk, "title")
    answer = host.types(typed)
    assert text_of(answer) == english("event_title_empty")
    assert answer.asking == "title"


def test_a_day_is_asked_for_its_time(talk: Talk) -> None:
    host = asked_for(talk, "when")
    answer = host.types("on saturday")
    assert says_all(answer, "Saturday, December 12: at what time?")
    assert answer.asking == "when"
    assert says_all(host.types("3 to 5"), "3:00 PM to 5:00 PM")


def test_a_part_of_a_day_is_asked_for_its_hours(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert says_all(host.types("friday night"), "Friday, December 11: at what time?")
    assert says_all(host.types("8"), "Noted: Friday, December 11, 8:00 PM to 10:00 PM")


def test_a_weekend_is_asked_for_its_day(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert text_of(host.types("this weekend")) == english("event_when_which_day")
    assert says_all(host.types("saturday"), "Saturday, December 12: at what time?")
    answer = host.types("all day")
    assert says_all(answer, "Noted: Saturday, December 12, all day")


def test_what_is_no_date_is_said_to_be_none_twice_in_other_words(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert text_of(host.types("whenever people like")) == english("event_when_misfit")
    assert text_of(host.types("after the snow is gone")) == english("event_when_misfit_again")
    assert host.types("tmrw 10am").asking == "format"


def test_an_end_before_the_start_is_asked_for_again_without_the_day(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert text_of(host.types("Dec 20 5pm to 3pm")) == english("event_when_order")
    assert says_all(host.types("3 to 5 pm"), "Noted: Sunday, December 20, 3:00 PM to 5:00 PM")


def test_another_day_may_be_said_where_only_the_time_is_missing(talk: Talk) -> None:
    host = asked_for(talk, "when")
    host.types("sunday")
    answer = host.types("no, on saturday at 4")
    assert says_all(answer, "Noted: Saturday, December 12, 4:00 PM to 6:00 PM")


def test_a_past_event_is_welcome_after_one_question(talk: Talk, healing_map: Engine) -> None:
    host = talk()
    answer = host.types("we held a peace circle at the Woodson library last saturday, 5 to 7 pm")
    assert answer.asking == "when_check"
    assert question_in(answer) == english(
        "event_when_check", when="Saturday, December 5, 5:00 PM to 7:00 PM"
    )
    assert host.taps("Yes").asking == "title"
    for said in ("Peace circle", "It was good.", "Ana Ruiz", "skip", "skip", "exact"):
        host.types(said)
    stored = event_in(healing_map, code_in(host.types("submit")))
    assert stored.starts_at == in_december(5, 17)


def test_a_past_date_by_mistake_is_asked_for_anew(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert host.types("Dec 1, 3 to 5 pm").asking == "when_check"
    assert host.taps("No").asking == "when"
    host.types("Dec 1, 3 to 5 pm")
    assert text_of(host.types("5 to 3 pm")) == english("event_when_order")
    assert host.types("Dec 15, 3 to 5 pm").asking == "format"


@pytest.mark.parametrize(
    ("typed", "asking"),
    [("face to face", "place"), ("zoom", "place"), ("both", "place"), ("2", "place")],
)
def test_how_people_take_part_is_typed_in_any_way(talk: Talk, typed: str, asking: str) -> None:
    assert asked_for(talk, "format").types(typed).asking == asking


def test_a_place_instead_of_how_people_take_part_means_in_person(talk: Talk) -> None:
    host = asked_for(talk, "format")
    answer = host.types("6018 s kimbark")
    assert says_all(answer, "Noted: 6018 S Kimbark Ave (Woodlawn)")
    assert answer.asking == "description"
    assert asked_for(talk, "format").types("my place").asking == "place"


def test_an_online_event_stands_for_a_place_or_for_none(talk: Talk, healing_map: Engine) -> None:
    host = asked_for(talk, "place", online=True)
    assert text_of(host.types("why?")).endswith(english("event_place_ask_virtual"))
    assert host.taps("Skip").asking == "description"
    for said in ("We read.", "Ana Ruiz", "skip", "zoom.us/j/5"):
        host.types(said)
    stored = event_in(healing_map, code_in(host.taps("Submit")))
    assert (stored.area, stored.address, stored.latitude) == ("", "", None)
    assert (stored.join_url, stored.accessibility) == ("https://zoom.us/j/5", "unknown")


def test_a_building_that_is_not_known_is_kept_beside_its_address(talk: Talk) -> None:
    host = asked_for(talk, "place")
    assert text_of(host.types("St. Agatha Church")) == english("event_place_misfit")
    answer = host.types("3147 W Douglas Blvd, basement")
    assert says_all(answer, "Noted: St. Agatha Church, 3147 W Douglas Blvd, basement")


def test_a_place_outside_of_chicago_is_said_to_be_so(talk: Talk) -> None:
    host = asked_for(talk, "place")
    assert text_of(host.types("Milwaukee")) == english("event_place_outside", place="Milwaukee")
    assert text_of(host.shares(*EVANSTON)) == english("event_place_outside_pin")
    assert says_all(host.types("Pilsen"), "Noted: Pilsen (Lower West Side)")


@pytest.mark.parametrize("typed", ["2", "south", "the south one", "1200 S Clark St", "Loop"])
def test_one_of_two_places_is_chosen_in_any_words(talk: Talk, typed: str) -> None:
    host = asked_for(talk, "place")
    assert host.types("1200 Clark").asking == "place_check"
    assert list(host.buttons)[:2] == [
        *("1200 N Clark St (Near North Side)", "1200 S Clark St (Loop)")
    ]
    assert says_all(host.types(typed), "Noted: 1200 S Clark St (Loop)")


def test_none_of_two_places_asks_for_another(talk: Talk) -> None:
    host = asked_for(talk, "place")
    host.types("1200 Clark")
    answer = host.taps("None of these")
    assert text_of(answer) == english("event_place_ask")
    host.types("1200 Clark")
    assert text_of(host.types("my own backyard")) == english("event_place_misfit")
    assert host.types("60623").asking == "description"


def test_a_shared_location_is_shown_as_a_pin_and_taken_after_a_yes(
    talk: Talk, healing_map: Engine
) -> None:
    host = asked_for(talk, "place")
    answer = host.shares(*LOOP)
    assert answer.asking == "place_check"
    pin = answer.replies[-1].pin
    assert pin is not None and (pin.latitude, pin.longitude) == (41.882, -87.628)
    assert host.taps("No").asking == "place"
    host.shares(*LOOP)
    assert says_all(host.types("yes"), "Noted: Loop, at the spot you shared")
    for said in ("We read.", "Ana Ruiz", "skip", "skip"):
        host.types(said)
    assert host.taps("The exact place").asking == "confirm"
    stored = event_in(healing_map, code_in(host.taps("Submit")))
    assert (stored.latitude, stored.longitude, stored.area) == (41.882, -87.628, "Loop")


@pytest.mark.parametrize("asking", ["kind", "title", "when", "place", "description", "confirm"])
def test_a_photo_is_no_answer_and_the_question_stays(talk: Talk, asking: str) -> None:
    host = asked_for(talk, asking)
    answer = host.sends_a_photo()
    assert says_all(answer, english("cannot_read_answer"))
    assert answer.asking == asking


def test_a_description_of_3000_characters_is_too_long(talk: Talk) -> None:
    host = asked_for(talk, "description")
    answer = host.types("a" * 3000)
    assert text_of(answer) == english("event_description_misfit", length="3,000", most="2,000")
    assert host.types("a" * 2000).asking == "host"


@pytest.mark.parametrize(
    ("typed", "name", "host_type"),
    [
        ("Maria Lopez", "Maria Lopez", "individual"),
        ("it's me, Ana Ruiz", "Ana Ruiz", "individual"),
        ("hosted by Yes We Can Foundation", "Yes We Can Foundation", "organization"),
        ("Iglesia San Pablo", "Iglesia San Pablo", "organization"),
    ],
)
def test_a_host_is_understood_by_the_name(
    talk: Talk, healing_map: Engine, typed: str, name: str, host_type: str
) -> None:
    host = asked_for(talk, "host")
    assert host.types(typed).asking == "contact"
    for said in ("skip", "skip", "exact"):
        host.types(said)
    stored = event_in(healing_map, code_in(host.types("submit")))
    assert (stored.host_name, stored.host_type) == (name, host_type)


def test_a_host_whose_name_says_nothing_of_it_is_asked_what_it_is(talk: Talk) -> None:
    host = asked_for(talk, "host")
    assert text_of(host.types("just me")) == english("event_host_empty")
    answer = host.types("The Listeners")
    assert answer.asking == "host_check"
    assert text_of(answer) == english("event_host_check", name="The Listeners")
    assert text_of(host.types("312-555-0123")) == english("choice_misfit")
    assert host.types("a group").asking == "contact"


@pytest.mark.parametrize(
    "typed", ["maria@example.org", "(312) 555-0123", "text me at 312.555.0123", "@maria_reads"]
)
def test_a_contact_is_typed_in_any_way(talk: Talk, typed: str) -> None:
    assert asked_for(talk, "contact").types(typed).asking == "accessibility"


def test_what_is_no_contact_is_said_to_be_none_and_may_be_skipped(talk: Talk) -> None:
    host = asked_for(talk, "contact")
    assert text_of(host.types("maria@")) == english("event_contact_misfit")
    assert text_of(host.types("312")) == english("event_contact_misfit_again")
    assert host.types("I'd rather not say").asking == "accessibility"


def test_what_is_no_link_is_said_to_be_none_and_may_be_skipped(talk: Talk) -> None:
    host = asked_for(talk, "link", online=True)
    assert text_of(host.types("javascript:alert(1)")) == english("event_link_misfit")
    assert text_of(host.types("zoom meeting 912 3456 7890")) == english("event_link_misfit_again")
    assert host.types("no link yet").asking == "visibility"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("there is no elevator", "No"),
        ("it isn't wheelchair accessible", "No"),
        ("no steps at the door", "Yes"),
        ("a ramp in the back", "Yes"),
        ("not sure", "I don't know"),
    ],
)
def test_a_no_in_the_words_for_accessibility_counts(talk: Talk, typed: str, shown: str) -> None:
    host = asked_for(talk, "accessibility")
    assert host.types(typed).asking == "visibility"
    assert says_all(host.types("exact"), f"Wheelchair accessible: {shown}\n")


@pytest.mark.parametrize(
    "typed",
    ["don't show my address", "please don't show the exact place", "just the neighborhood", "2"],
)
def test_an_address_is_not_shown_where_that_is_said_in_any_way(talk: Talk, typed: str) -> None:
    answer = asked_for(talk, "visibility").types(typed)
    assert says_all(answer, "On the map: Only the area")


def test_an_area_needs_no_question_how_exactly_it_is_shown(talk: Talk, healing_map: Engine) -> None:
    host = asked_for(talk, "place")
    for said in ("Pilsen", "We read.", "Ana Ruiz", "skip"):
        host.types(said)
    answer = host.taps("I don't know")
    assert answer.asking == "confirm"
    assert says_all(answer, "On the map: Only the area")
    stored = event_in(healing_map, code_in(host.taps("Submit")))
    assert (stored.area, stored.address_visibility) == ("Lower West Side", "area_only")


# Changing one's mind.


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("actually it's at 4", "Saturday, December 12, 4:00 PM to 6:00 PM"),
        ("wait, can you change it to sunday", "Sunday, December 13, 3:00 PM to 5:00 PM"),
        ("no wait, sunday", "Sunday, December 13, 3:00 PM to 5:00 PM"),
        ("change the date to the 14th", "Monday, December 14, 3:00 PM to 5:00 PM"),
        ("change the date Dec 20", "Sunday, December 20, 3:00 PM to 5:00 PM"),
        ("move it to noon", "Saturday, December 12, 12:00 PM to 2:00 PM"),
        ("until 6", "Saturday, December 12, 3:00 PM to 6:00 PM"),
        ("change the title to Book night", "Book night"),
        ("the title should be: Book night", "Book night"),
        ("actually it's in Pilsen", "Pilsen (Lower West Side)"),
        ("sorry, on zoom", "Online"),
        ("change the kind to dialogue", "🟣 Dialogue"),
    ],
)
def test_an_earlier_answer_is_corrected_while_another_is_asked_for(
    talk: Talk, typed: str, noted: str
) -> None:
    host = asked_for(talk, "description")
    answer = host.types(typed)
    assert text_of(answer) == f"Noted: {noted}\n\n{english('event_description_ask')}"
    assert answer.asking == "description"


@pytest.mark.parametrize(
    "typed", ["Friday we start at 4 and then we go on", "Bring a chair and a book, at 4 we close."]
)
def test_a_description_with_an_hour_in_it_is_no_correction(talk: Talk, typed: str) -> None:
    assert asked_for(talk, "description").types(typed).asking == "host"


def test_a_correction_leaves_the_question_where_it_was(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert says_all(host.types("sunday"), "Sunday, December 13: at what time?")
    answer = host.types("change the title to Big Supper")
    assert says_all(answer, "Noted: Big Supper", "Sunday, December 13: at what time?")
    assert says_all(host.types("3 to 5"), "Noted: Sunday, December 13, 3:00 PM to 5:00 PM")


def test_a_correction_that_cannot_be_read_asks_for_that_field(talk: Talk) -> None:
    host = asked_for(talk, "host")
    answer = host.types("change the date to someday")
    assert answer.asking == "when"
    assert says_all(answer, english("event_when_misfit"))
    assert host.types("keep it").asking == "host"


def test_a_change_at_the_summary_leads_back_to_the_summary(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    assert text_of(host.taps("Change")) == english("change_which")
    assert text_of(host.taps("Title")) == english("event_title_ask")
    assert host.types("Book night").asking == "confirm"
    for said in (
        "actually the title is Night of books",
        "the host is The Listeners Club",
        "change the contact to ana@example.org",
        "the 14th",
        "at 4",
    ):
        assert host.types(said).asking == "confirm"
    stored = event_in(healing_map, code_in(host.types("yes, submit it")))
    assert stored == replace(
        BOOK_CLUB,
        title="Night of books",
        host_name="The Listeners Club",
        contact="ana@example.org",
        starts_at=in_december(14, 16),
        ends_at=in_december(14, 18),
    )


def test_what_to_change_is_typed_or_thought_better_of(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    host.types("no")
    assert host.types("the date").asking == "when"
    assert host.types("keep it").asking == "confirm"
    host.taps("Change")
    answer = host.types("yes")
    assert says_all(answer, "🟠 Learning · Book club", english("event_confirm_ask"))
    assert number_sent(healing_map, host) == 0


def test_another_place_makes_the_question_how_it_is_shown_new(talk: Talk) -> None:
    host = at_the_summary(talk)
    answer = host.types("change the place to 4100 S Ellis Ave apt 3")
    assert answer.asking == "visibility"
    assert says_all(answer, "4100 S Ellis Ave, apt 3 (Oakland)")
    assert says_all(host.types("only the area"), "On the map: Only the area")


def test_an_event_that_goes_online_is_asked_for_its_link_only(talk: Talk) -> None:
    host = at_the_summary(talk)
    assert host.types("actually it's on zoom").asking == "link"
    answer = host.types("https://zoom.us/j/7")
    assert answer.asking == "confirm"
    assert "Wheelchair" not in text_of(answer)


def test_a_contact_can_be_taken_back(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    host.types("change the contact to ana@example.org")
    assert says_all(host.types("remove the contact"), "Contact (not shown): not given")
    host.types("change the contact to ana@example.org")
    host.types("change the contact")
    assert says_all(host.taps("Leave it empty"), "Contact (not shown): not given")
    assert event_in(healing_map, code_in(host.taps("Submit"))).contact == ""


# Getting around.


def test_back_repeats_earlier_questions_and_keeps_their_answers(talk: Talk) -> None:
    host = asked_for(talk, "place")
    assert host.types("go back").asking == "format"
    assert host.taps("Back").asking == "when"
    assert host.types("back").asking == "title"
    assert host.taps("Keep: Book club").asking == "place"
    for _ in range(4):
        host.types("back")
    answer = host.types("back")
    assert says_all(answer, english("first_question"))
    assert answer.asking == "kind"


@pytest.mark.parametrize("asking", ["kind", "title", "when", "place", "description", "host"])
def test_what_is_needed_cannot_be_skipped(talk: Talk, asking: str) -> None:
    answer = asked_for(talk, asking).types("skip")
    assert says_all(answer, english("cannot_skip"), english(f"event_{asking}_why"))
    assert answer.asking == asking


def test_at_every_step_the_reason_is_told_and_a_question_is_answered(talk: Talk) -> None:
    host = talk()
    answer = host.types("I want to host an event")
    for asking, typed in ANSWERS.items():
        assert answer.asking == asking
        why = host.types("why do you ask?")
        assert says_all(why, english(f"event_{asking}_why"))
        answer = host.types("what counts as a healing event?")
        assert answer.intent and answer.intent["name"] == "faq_event_kinds"
        assert says_all(answer, english("back_to_form", thing="event"))
        assert question_in(answer) == question_in(why)
        assert (why.asking, answer.asking) == (asking, asking)
        answer = host.types(typed)
    assert says_all(host.types("why do you ask?"), english("event_confirm_why"))
    assert host.types("what counts as a healing event?").asking == "confirm"


def test_a_question_can_be_the_answer_after_all(talk: Talk, healing_map: Engine) -> None:
    host = asked_for(talk, "description")
    host.types("what counts as a healing event?")
    assert host.taps("Use it: what counts as a healing event?").asking == "host"
    host.types("back")
    host.types("what counts as a healing event?")
    assert host.types("use it").asking == "host"
    for said in ("Ana Ruiz", "skip", "skip", "exact"):
        host.types(said)
    stored = event_in(healing_map, code_in(host.types("submit")))
    assert stored.description == "what counts as a healing event?"


@pytest.mark.parametrize("command", ["/help", "/start"])
def test_a_command_in_between_leaves_the_draft_and_asks_whether_to_go_on(
    talk: Talk, command: str
) -> None:
    host = asked_for(talk, "host")
    answer = host.sends(command)
    assert text_of(answer).endswith(
        english("form_resume_titled", thing="event", title="Book club")
        + f"\n\n{english('event_host_ask')}"
    )
    assert {"Go on", "Start over", "Not now"} <= host.buttons.keys()
    assert text_of(host.taps("Go on")) == english("event_host_ask")
    host.sends(command)
    assert host.types("Ana Ruiz").asking == "contact"


def test_a_search_in_between_pauses_the_form_until_it_is_resumed(talk: Talk) -> None:
    host = asked_for(talk, "host")
    answer = host.types("find events near 60637")
    assert says_all(answer, "60637: nearest first", english("form_paused", thing="event"))
    assert answer.form is None
    host.types("1")
    assert host.types("go on with my event").asking == "host"


def test_cancel_keeps_the_draft_until_it_is_deleted(talk: Talk, healing_map: Engine) -> None:
    host = asked_for(talk, "host")
    answer = host.sends("/cancel")
    assert text_of(answer) == english("form_cancelled")
    assert answer.form is None
    assert host.taps("Go on").asking == "host"
    host.types("never mind, cancel it")
    assert text_of(host.taps("Delete the draft")) == english("draft_discarded")
    assert text_of(host.types("continue my draft")) == english("no_draft")
    assert number_sent(healing_map, host) == 0


def test_cancel_before_the_first_answer_just_stops(talk: Talk) -> None:
    host = asked_for(talk, "kind")
    assert text_of(host.taps("Cancel")) == english("form_cancelled_empty")
    assert text_of(host.types("continue my draft")) == english("no_draft")


def test_start_over_asks_anew_and_can_be_undone(talk: Talk) -> None:
    host = asked_for(talk, "host")
    host.types("The Listeners")
    answer = host.types("start over")
    assert says_all(answer, english("form_started_over"), english("event_kind_ask"))
    answer = host.taps("Bring back what I had")
    assert says_all(
        answer, english("form_restored"), english("event_host_check", name="The Listeners")
    )
    host.types("start over")
    host.types("dialogue")
    assert host.types("bring it back").asking == "host_check"


def test_submit_before_the_end_says_what_is_missing(talk: Talk) -> None:
    answer = asked_for(talk, "host").types("submit")
    assert text_of(answer) == f"{english('not_complete')}\n\n{english('event_host_ask')}"


def test_a_new_event_in_the_middle_of_another_sets_that_aside(talk: Talk) -> None:
    host = asked_for(talk, "host")
    answer = host.types("I'm hosting a peace circle in Austin on Dec 20 from 6 to 8 pm")
    assert says_all(answer, "🔴 Connections", "December 20, 6:00 PM to 8:00 PM", "Austin")
    assert host.taps("Bring back what I had").asking == "host"


def test_the_same_wish_again_asks_whether_to_go_on(talk: Talk) -> None:
    host = asked_for(talk, "host")
    answer = host.types("I want to host an event")
    assert says_all(answer, english("form_resume_titled", thing="event", title="Book club"))
    assert host.types("start over").asking == "kind"


def test_two_forms_at_once_keep_both_drafts(talk: Talk, healing_map: Engine) -> None:
    resident = asked_for(talk, "host")
    answer = resident.sends("/message")
    assert (answer.form, answer.asking) == ("message_form", "text")
    assert says_all(answer, english("form_paused", thing="event"))
    resident.types("We are one city.")
    resident.types("cancel")
    assert text_of(resident.types("continue my draft")) == english("which_draft")
    assert resident.taps("event").asking == "host"
    for said in ("Ana Ruiz", "skip", "skip", "exact"):
        resident.types(said)
    code_in(resident.types("submit"))
    assert resident.types("continue my draft").asking == "author"
    resident.types("anonymous")
    resident.types("skip")
    resident.types("yes")
    code_in(resident.types("submit"))
    assert number_sent(healing_map, resident) == 2


@pytest.mark.parametrize("asking", ["kind", "title", "when", "contact", "confirm"])
def test_a_crisis_is_met_as_such_and_then_the_form_waits(talk: Talk, asking: str) -> None:
    host = asked_for(talk, asking)
    answer = host.types("I want to kill myself")
    crisis, waits = answer.replies
    assert crisis.full_text == english("crisis")
    assert waits.full_text == english("form_waits")
    assert "Submit" not in host.buttons
    assert host.taps("Go on").asking == asking


def test_the_next_day_the_draft_is_there_and_going_on_is_offered(talk: Talk) -> None:
    host = asked_for(talk, "when")
    set_now(in_december(9, 12))
    answer = host.types("Dec 20, 3 to 5 pm")
    assert says_all(answer, english("form_resume_titled", thing="event", title="Book club"))
    assert answer.asking == "when"
    answer = host.taps("Use it: Dec 20, 3 to 5 pm")
    assert answer.asking == "format"
    set_now(in_december(10, 12))
    host.types("in person")
    assert host.taps("Go on").asking == "format"
    assert host.types("in person").asking == "place"
    set_now(in_december(11, 12))
    host.types("hello")
    assert host.taps("Not now").form is None
    assert host.types("go on with my event").asking == "place"


def test_another_language_in_the_middle_goes_on_in_it(talk: Talk) -> None:
    host = asked_for(talk, "title")
    answer = host.types("Círculo de paz para todas las familias de La Villita")
    assert (answer.language, answer.asking) == ("en", "when")
    answer = host.sends("/language")
    answer = host.taps("Español")
    assert answer.asking == "when"
    assert text_of(answer).endswith(spanish("event_when_ask"))
    assert host.types("el sábado de 3 a 5 de la tarde").asking == "format"


@contextmanager
def started(model: Path, database: str) -> Iterator[tuple[Assistant, Engine]]:
    """Start the assistant on a database of its own, and stop it again."""
    engine = open_database(database)
    migrate(engine)
    use_database(engine)
    assistant = Assistant(
        model, ConversationStore(engine), UnansweredQuestions(engine, is_on=False)
    )
    try:
        yield assistant, engine
    finally:
        assistant.close()


def test_a_draft_survives_a_restart(model: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'map.db'}"
    with started(model, database) as (assistant, _):
        host = Conversation(assistant)
        for said in ("I want to host an event", "learning", "Book club", "sunday"):
            host.types(said)
    with started(model, database) as (assistant, engine):
        again = Conversation(assistant)
        again.id = host.id
        answer = again.types("3 to 5 pm")
        assert says_all(answer, "Noted: Sunday, December 13, 3:00 PM to 5:00 PM")
        for said in ("online", "skip", "We read.", "Ana Ruiz", "skip", "skip"):
            again.types(said)
        assert event_in(engine, code_in(again.taps("Submit"))).title == "Book club"


# Sending it.


def test_submit_twice_stores_one(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    submit = host.buttons["Submit"]
    code_in(host.taps("Submit"))
    assert text_of(host.does(Tap(submit))) == english("nothing_to_submit")
    assert number_sent(healing_map, host) == 1


def test_two_taps_on_submit_at_once_store_one(
    talk: Talk, healing_map: Engine, assistant: Assistant
) -> None:
    host = at_the_summary(talk)
    turn = Turn(host.id, Tap(host.buttons["Submit"]))

    async def both() -> None:
        await asyncio.gather(assistant.handle(turn), assistant.handle(turn))

    asyncio.run(both())
    assert number_sent(healing_map, host) == 1


@contextmanager
def database_gone(healing_map: Engine) -> Iterator[None]:
    """Let the actions work on a database without tables."""
    use_database(open_database(IN_MEMORY))
    try:
        yield
    finally:
        use_database(healing_map)


def test_a_database_that_is_gone_keeps_the_draft_for_another_try(
    talk: Talk, healing_map: Engine
) -> None:
    host = at_the_summary(talk)
    with database_gone(healing_map):
        answer = host.taps("Submit")
    assert text_of(answer) == english("not_stored_now")
    assert answer.asking == "confirm"
    assert event_in(healing_map, code_in(host.taps("Submit"))).title == "Book club"


def test_only_so_many_submissions_of_a_person_wait_at_once(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    with sessions(healing_map).begin() as session:
        for _ in range(MOST_PENDING):
            add(session, event_draft(), NOW, submitter=host.id)
    full = english("too_many_pending", number=str(MOST_PENDING))
    assert text_of(host.taps("Submit")) == full
    assert host.types("change the title to Book night").asking == "confirm"
    host.types("cancel")
    host.taps("Delete the draft")
    answer = host.types("I want to host an event")
    assert text_of(answer) == full
    assert answer.form is None


def test_in_a_group_no_form_is_filled(talk: Talk) -> None:
    host = talk()
    host.id = "telegram:-100:55"
    answer = host.types(RICH)
    assert text_of(answer) == english("form_in_group")
    assert answer.form is None


# Taps on old keyboards, and forged ones.


def test_a_tap_on_an_earlier_keyboard_changes_that_answer(talk: Talk) -> None:
    host = asked_for(talk, "kind")
    dialogue = host.buttons["🟣 Dialogue"]
    host.taps("🟠 Learning")
    host.types("Book club")
    answer = host.does(Tap(dialogue))
    assert text_of(answer) == f"Noted: 🟣 Dialogue\n\n{english('event_when_ask')}"


@pytest.mark.parametrize(
    "choice",
    [
        *("format:virtual", "kind:nonsense", "title:keep", "when_check:yes", "place_check:7"),
        *("held", "description:none", "consent:yes", "nonsense", ":", "confirm:yes"),
    ],
)
def test_a_tap_that_does_not_fit_changes_nothing(talk: Talk, choice: str) -> None:
    host = asked_for(talk, "title")
    answer = host.does(Tap(f'/inform{{"choice": "{choice}"}}'))
    assert text_of(answer) == english("event_title_ask")
    assert answer.asking == "title"


@pytest.mark.parametrize(
    "payload", ['/inform{"choice": "kind:dialogue"}', "/submit", "/go_back", "/skip", "/explain"]
)
def test_a_tap_on_a_form_that_is_over_does_no_harm(
    talk: Talk, healing_map: Engine, payload: str
) -> None:
    host = at_the_summary(talk)
    host.taps("Submit")
    answer = host.does(Tap(payload))
    assert answer.form is None
    assert text_of(answer) != english("failure")
    assert number_sent(healing_map, host) == 1


def test_a_typed_payload_is_only_text(talk: Talk) -> None:
    host = at_the_summary(talk)
    answer = host.types('/inform{"event_draft": null}')
    assert text_of(answer) == english("event_confirm_misfit")
    assert says_all(host.types("change the title to Book night"), "🟠 Learning · Book night")


def test_an_event_of_last_year_is_read_as_such(talk: Talk) -> None:
    set_now(datetime(2021, 1, 8, 10, 0, tzinfo=CHICAGO))
    host = talk()
    answer = host.types("we held a book club at the Woodson library on Dec 12 from 3 to 5 pm")
    assert answer.asking == "when_check"
    assert says_all(answer, "Saturday, December 12, 2020, 3:00 PM to 5:00 PM")
