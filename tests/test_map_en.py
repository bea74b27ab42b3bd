"""Conversations in English about what is near, with the real assistant over the sample map."""

from __future__ import annotations

import io
from typing import Any

import pytest
from icalendar import Calendar
from PIL import Image
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from actions.healing_map.encryption import cipher
from bot.assistant import Answer
from bot.replies import File, Picture, Pin, Reply
from bot.turns import Tap
from tests.conversation import Conversation, Talk, english, everything_in, says_in, text_of
from tests.map_entries import HIDDEN_HOUSE, HIDDEN_WORDS, event_on

says = says_in("en")

HERE = (41.79312, -87.60694)
"""Where somebody stands, more exactly than is kept."""


def heading(answer: Answer) -> str:
    return answer.replies[-1].heading


def asks_for_a_place(answer: Answer) -> bool:
    return answer.replies[-1].location_request == english("share_location")


def picture_of(answer: Answer) -> Picture:
    [picture] = [reply.picture for reply in answer.replies if reply.picture]
    with Image.open(io.BytesIO(picture.content)) as image:
        image.load()
        assert image.width == 800
    return picture


def pins_of(answer: Answer) -> list[Pin]:
    return [reply.pin for reply in answer.replies if reply.pin]


def file_of(answer: Answer) -> File:
    [file] = [reply.file for reply in answer.replies if reply.file]
    return file


def stored(healing_map: Engine, resident: Conversation) -> str:
    """Everything that is kept of a conversation."""
    query = sql("SELECT events FROM conversations WHERE id = :id")
    with healing_map.connect() as connection:
        row = {"id": cipher().fingerprint(resident.id)}
        return cipher().decrypt(connection.execute(query, row).scalar_one())


def tap(choice: str) -> Tap:
    return Tap(f'/find_nearby{{"choice": "{choice}"}}')


def test_one_sentence_says_what_where_and_when(talk: Talk) -> None:
    resident = talk()
    answer = resident.types("any events near 60612 this weekend?")
    assert heading(answer) == (
        "60612: nearest first · within 5 mi · Saturday, December 12, to Sunday, December 13"
    )
    lines = answer.replies[0].text.split("\n\n")
    assert lines[0] == (
        "1. Charla: memoria y sanación en el barrio (ejemplo)\n"
        "🟠 Learning · Sunday, December 13, 5:30 PM to 7:00 PM\n"
        "National Museum of Mexican Art, 1852 W. 19th St. · 1.9 mi"
    )
    assert all("December 12" in line or "December 13" in line for line in lines)
    answer = resident.types("peace circles within 2 miles of the Field Museum")
    assert heading(answer) == "Field Museum: nearest first · within 2 mi · Connections"


def test_near_me_asks_for_a_place_which_is_then_typed(talk: Talk) -> None:
    resident = talk()
    answer = resident.types("book clubs near me")
    assert says(answer, "ask_place") and asks_for_a_place(answer)
    assert list(resident.buttons) == ["The whole city"]
    answer = resident.types("60637")
    assert heading(answer) == "60637: nearest first · within 5 mi · Learning"
    assert text_of(answer).splitlines()[1] == "1. Museum walk and talk (sample)"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Pilsen", "In Pilsen"),
        ("back of the yards", "In Back of the Yards"),
        ("63rd and halsted", "63rd St & Halsted St: nearest first · within 5 mi"),
        ("4100 S. Ellis", "4100 S Ellis Ave: nearest first · within 5 mi"),
        ("the Field Museum", "Field Museum: nearest first · within 5 mi"),
        ("the whole city", "In all of Chicago"),
        ("THE WHOLE CITY", "In all of Chicago"),
    ],
)
def test_a_place_is_typed_in_any_way(talk: Talk, typed: str, shown: str) -> None:
    resident = talk()
    resident.types("any events near me?")
    assert heading(resident.types(typed)) == shown


def test_a_question_in_between_is_answered_and_the_place_still_taken(talk: Talk) -> None:
    resident = talk()
    resident.types("anything near me?")
    answer = resident.types("what is a peace circle?")
    assert answer.intent and answer.intent["name"] == "faq_seed_connections"
    assert heading(resident.types("Pilsen")) == "In Pilsen"


def test_a_crisis_in_between_is_answered_with_help(talk: Talk) -> None:
    resident = talk()
    resident.types("anything near me?")
    assert says(resident.types("I want to kill myself"), "crisis")


def test_two_matches_are_asked_about_and_one_is_chosen(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("events near 1200 Clark"), "which_place")
    assert list(resident.buttons) == ["1200 N Clark St", "1200 S Clark St"]
    assert heading(resident.taps("1200 S Clark St")).startswith("1200 S Clark St: nearest first")


def test_a_place_outside_is_said_and_another_is_asked_for(talk: Talk) -> None:
    resident = talk()
    answer = resident.types("events in Evanston")
    assert text_of(answer) == english("place_outside", place="Evanston")
    assert asks_for_a_place(answer)
    assert heading(resident.types("Rogers Park")) == "In Rogers Park"


def test_an_unknown_place_is_said_and_another_is_asked_for(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("events near Foobarville"), "place_unknown")
    assert says(resident.types("blorptown"), "place_unknown")
    assert heading(resident.types("Rogers Park")) == "In Rogers Park"


def test_what_is_no_place_is_not_taken_for_one(talk: Talk) -> None:
    resident = talk()
    resident.types("any events near me?")
    assert says(resident.types("who won the Bears game?"), "out_of_scope")
    assert says(resident.types("thank you!"), "thanks")


def test_a_shared_place_is_searched_around(talk: Talk) -> None:
    resident = talk()
    answer = resident.shares(*HERE)
    assert heading(answer) == "Your location: nearest first · within 5 mi"
    assert "Museum walk and talk (sample)" in text_of(answer).splitlines()[1]
    assert picture_of(resident.taps("Map"))


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(42.05, -87.69), (41.9, -87.5)], ids=["Evanston", "the lake"]
)
def test_a_shared_place_outside_is_said_to_be_so(
    talk: Talk, latitude: float, longitude: float
) -> None:
    resident = talk()
    answer = resident.shares(latitude, longitude)
    assert says(answer, "location_outside") and asks_for_a_place(answer)
    assert heading(resident.types("Pilsen")) == "In Pilsen"


def test_a_persons_own_place_is_kept_to_three_decimals_only(
    talk: Talk, healing_map: Engine
) -> None:
    resident = talk()
    resident.shares(41.79367, -87.60449)
    resident.taps("Map")
    resident.taps("More")
    kept = stored(healing_map, resident)
    assert "41.794" in kept and "-87.604" in kept
    assert "41.7936" not in kept and "87.6044" not in kept


def test_the_label_of_the_location_button_is_understood_as_text(talk: Talk) -> None:
    resident = talk()
    resident.types("any events near me?")
    answer = resident.types("Share my location")
    assert says(answer, "ask_place_typed") and asks_for_a_place(answer)


def test_the_command_asks_for_a_place_however_often_it_is_sent(talk: Talk) -> None:
    resident = talk()
    for _ in range(2):
        answer = resident.sends("/nearby")
        assert says(answer, "ask_place") and asks_for_a_place(answer)
    assert heading(resident.types("Pilsen")) == "In Pilsen"
    assert says(resident.sends("/nearby"), "ask_place")


def test_the_command_looks_around_the_place_that_was_shared(talk: Talk) -> None:
    resident = talk()
    shown = resident.shares(*HERE)
    assert heading(resident.sends("/nearby")) == heading(shown)


def test_more_kinds_days_online_past_wider_and_another_place_by_button(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    assert text_of(resident.taps("More")).splitlines()[1].startswith("6. ")
    assert says(resident.taps("Other kinds"), "choose_kind")
    assert heading(resident.taps("🔴 Connections")).endswith("within 5 mi · Connections")
    resident.taps("Other kinds")
    assert heading(resident.taps("Every kind")).endswith("within 5 mi")
    assert heading(resident.taps("Look farther")).endswith("within 10 mi")
    assert says(resident.taps("Other days"), "choose_days")
    assert heading(resident.taps("The next 7 days")).endswith(
        "Tuesday, December 8, to Monday, December 14"
    )
    resident.taps("Other days")
    assert "Coat drive and sorting party" in text_of(resident.taps("Past events"))
    resident.taps("Other days")
    resident.taps("Any day")
    resident.taps("Other days")
    assert heading(resident.taps("Only online")).endswith("within 10 mi · Online")
    assert says(resident.taps("Another place"), "ask_place")
    assert heading(resident.types("Austin")).startswith("In Austin")


def test_a_page_beyond_the_last_is_said_to_be_so(talk: Talk) -> None:
    resident = talk()
    resident.types("events in Pilsen")
    assert "More" not in resident.buttons
    assert says(resident.does(tap("more")), "no_more")
    assert says(resident.does(tap("more")), "no_more")
    assert resident.types("2").replies[0].heading.startswith("Cocina comunitaria")


def test_a_number_that_is_typed_shows_that_event(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    assert resident.types("4").replies[0].heading == "Coffee and hard questions (sample)"
    resident.types("what is racial healing?")
    assert resident.types(" 1 ").replies[0].heading == "Museum walk and talk (sample)"
    resident.types("events near 60637")
    sixth = text_of(resident.taps("More")).splitlines()[1]
    assert sixth == f"6. {resident.types('6').replies[0].heading}"


@pytest.mark.parametrize("typed", ["0", "6", "99", "9" * 5000, "٧"])
def test_a_number_that_stands_at_no_event_shows_none(talk: Talk, typed: str) -> None:
    resident = talk()
    resident.types("events near 60637")
    answer = resident.types(typed)
    assert not says(answer, "failure")
    assert not [reply for reply in answer.replies if reply.file]


def test_details_hold_the_whole_event_a_pin_and_a_calendar_entry(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 26th and Pulaski")
    answer = resident.types("2")
    words, pin, file = answer.replies
    assert words.heading == "Plática de vecinos (ejemplo)"
    assert words.text.startswith(
        "🟣 Dialogue, In person\n"
        "Friday, December 11, 6:00 PM to 7:30 PM\n"
        "Mercado del Pueblo, 3100 W. 26th St."
    )
    assert "https://www.google.com/maps/dir/?api=1&destination=41.84453%2C-87.70300" in words.text
    assert pin.pin == Pin(
        41.84453, -87.703, "Plática de vecinos (ejemplo)", "Mercado del Pueblo, 3100 W. 26th St."
    )
    assert file.file and file.file.name.endswith(".ics") and file.file.mime == "text/calendar"
    calendar: Any = Calendar.from_ical(file.file.content)
    [event] = calendar.walk("VEVENT")
    assert event["summary"] == "Plática de vecinos (ejemplo)"
    assert event["dtstart"].dt.isoformat() == "2020-12-11T18:00:00-06:00"
    assert event["dtstart"].params["TZID"] == "America/Chicago"


def test_a_hidden_place_is_nowhere_in_what_is_said_shown_or_kept(
    talk: Talk, healing_map: Engine
) -> None:
    resident = talk()
    with event_on(healing_map, **HIDDEN_HOUSE) as code:
        answers = [
            resident.types("healing circles in Austin"),
            resident.taps("Map"),
            resident.does(tap(f"show:{code}")),
            resident.types("events near Laramie and Madison"),
            resident.taps("Map"),
            resident.types("show me the healing map"),
        ]
    details = answers[2]
    assert details.replies[0].heading == "Porch circle"
    assert "Austin (the host gives the exact place)" in text_of(details)
    assert not pins_of(details)
    assert "maps/dir" not in text_of(details)
    assert "GEO" not in file_of(details).content and "LOCATION:Austin" in file_of(details).content
    everything = "\n".join([*map(everything_in, answers), stored(healing_map, resident)])
    assert "Porch circle" in everything
    assert not [secret for secret in HIDDEN_WORDS if secret in everything]


def test_a_virtual_event_appears_with_the_area_that_it_is_for(talk: Talk) -> None:
    resident = talk()
    answer = resident.types("virtual events in Englewood")
    assert text_of(answer).endswith("Online, for Englewood")
    details = resident.types("1")
    assert "Join online: https://example.org/sample" in text_of(details)
    assert not pins_of(details)


def test_nothing_near_names_the_nearest_widens_when_asked_and_invites_to_host(talk: Talk) -> None:
    resident = talk()
    answer = resident.types("book clubs near 60637 this weekend")
    assert english("found_nothing") in text_of(answer)
    assert "The nearest one is 6.3 mi away:\n1. Charla: memoria y sanación" in text_of(answer)
    assert text_of(answer).endswith(english("invite_to_host"))
    assert list(resident.buttons) == ["1", "Look farther", "Another place", "Register an event"]
    assert resident.types("1").replies[0].heading.startswith("Charla: memoria")
    resident.types("book clubs near 60637 this weekend")
    assert "1. Charla: memoria" in text_of(resident.taps("Look farther"))


def test_messages_of_an_area_are_read_by_sentence_or_button(talk: Talk) -> None:
    resident = talk()
    answer = resident.types("messages of healing in Englewood")
    assert heading(answer) == "Messages of healing · In Englewood"
    assert '"We are more than what the news says. Come and meet us. (sample)"' in text_of(answer)
    assert text_of(answer).endswith("Renee, Englewood")
    resident.types("events near 60637")
    answer = resident.taps("Messages")
    assert heading(answer).startswith("Messages of healing · 60637: nearest first")
    assert "Anonymous, Hyde Park" in text_of(answer)
    assert "Renee, Englewood" in text_of(resident.taps("More"))
    assert "Leave a message of healing" in resident.buttons


def test_an_area_without_messages_is_said_to_have_none(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("messages of healing in Burnside"), "no_messages")


@pytest.mark.parametrize("typed", ["show me the healing map", "how is it going?"])
def test_the_whole_map_is_shown_with_its_counts(talk: Talk, typed: str) -> None:
    resident = talk()
    picture = picture_of(resident.types(typed))
    assert picture.caption == (
        "Events so far: 68. Messages of healing: 42.\n"
        "Dialogue: 17, Collaboration: 16, Learning: 16, Connections: 19\n"
        "Where most events are: Loop (5), Armour Square (2), Austin (2)."
    )
    assert list(resident.buttons) == ["Find events near me", "Register an event"]
    assert asks_for_a_place(resident.taps("Find events near me"))


def test_the_map_names_its_pins_in_words(talk: Talk) -> None:
    resident = talk()
    resident.types("events near 60637")
    resident.taps("More")
    caption = picture_of(resident.taps("Map")).caption
    assert caption.startswith("Events on the map: 6 ")
    assert list(resident.buttons)[:2] == ["More", "Map"]


@pytest.mark.parametrize("time", ["on the 25th of Smarch", "from 4 to 2"])
def test_a_time_that_cannot_be_is_said_to_be_so(talk: Talk, time: str) -> None:
    unclear, found = talk().types(f"events in Pilsen {time}").replies
    assert unclear == Reply(english("unclear_time"))
    assert found.heading == "In Pilsen" and found.text.startswith("1. ")


@pytest.mark.parametrize(
    "choice", ["show:XXXXXX", "at:99", "kind:nonsense", "day:nonsense", "nonsense", ":", "more:x"]
)
def test_a_forged_choice_does_no_harm(talk: Talk, choice: str) -> None:
    resident = talk()
    assert not says(resident.does(tap(choice)), "failure")
    resident.types("events in Pilsen")
    assert not says(resident.does(tap(choice)), "failure")
    assert (
        resident.types("1").replies[0].heading
        == "Charla: memoria y sanación en el barrio (ejemplo)"
    )


def test_deleted_data_holds_no_place(talk: Talk, healing_map: Engine) -> None:
    resident = talk()
    resident.shares(*HERE)
    resident.sends("/delete")
    resident.taps("Yes, delete it")
    resident.types("hello")
    assert "41.793" not in stored(healing_map, resident)
