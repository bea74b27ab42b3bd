"""Replies as every channel gets them."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image

from actions.healing_map.picture import Pin as MapPin
from actions.pictures import city_picture, nearby_picture
from bot.replies import Button, File, Picture, Pin, Reply, reply_from


def button(title: str) -> dict[str, Any]:
    return {"title": title, "payload": f"/{title.lower()}"}


def rows_of_titles(*titles: str) -> list[list[str]]:
    reply = reply_from({"text": "Choose.", "buttons": [button(title) for title in titles]})
    return [[it.title for it in row] for row in reply.buttons]


def test_a_text_alone_is_a_reply_without_heading_and_buttons() -> None:
    assert reply_from({"text": "Hello"}) == Reply("Hello")


def test_a_message_without_text_is_an_empty_reply() -> None:
    assert reply_from({"text": None, "buttons": None, "custom": None}) == Reply("")


def test_the_heading_stands_above_the_text() -> None:
    reply = reply_from({"text": "Soon.", "custom": {"heading": "When?"}})
    assert (reply.heading, reply.text) == ("When?", "Soon.")
    assert reply.full_text == "When?\nSoon."


def test_without_a_heading_the_full_text_is_the_text() -> None:
    assert Reply("Soon.").full_text == "Soon."


def test_a_button_keeps_its_title_and_payload() -> None:
    reply = reply_from({"text": "", "buttons": [{"title": "Go", "payload": "/go"}]})
    assert reply.buttons == ((Button("Go", "/go"),),)


def test_two_short_buttons_stand_side_by_side() -> None:
    assert rows_of_titles("Yes", "No") == [["Yes", "No"]]


def test_at_most_five_buttons_stand_side_by_side() -> None:
    assert rows_of_titles(*"123456") == [["1", "2", "3", "4", "5"], ["6"]]


def test_a_long_button_has_a_row_of_its_own_and_the_order_stays() -> None:
    long = "What is Together We Heal, and why?"
    assert rows_of_titles("Yes", long, "No", "Maybe") == [["Yes"], [long], ["No", "Maybe"]]


def test_buttons_stand_side_by_side_as_long_as_a_phone_shows_them_whole() -> None:
    assert rows_of_titles("a" * 13, "b" * 13) == [["a" * 13, "b" * 13]]
    assert rows_of_titles("a" * 14, "b" * 13) == [["a" * 14], ["b" * 13]]


def rows_with_last(last_row: int, *titles: str) -> list[list[str]]:
    buttons = [button(title) for title in titles]
    reply = reply_from({"text": "", "buttons": buttons, "custom": {"last_row": last_row}})
    return [[it.title for it in row] for row in reply.buttons]


def test_the_buttons_that_lead_around_stand_in_rows_of_their_own() -> None:
    assert rows_with_last(2, "A", "B", "Back", "Skip") == [["A", "B"], ["Back", "Skip"]]
    assert rows_with_last(0, "A", "B") == [["A", "B"]]


def test_without_other_buttons_those_that_lead_around_stand_alone() -> None:
    assert rows_with_last(2, "Back", "Skip") == [["Back", "Skip"]]
    assert rows_with_last(0) == []


def test_many_buttons_that_lead_around_take_as_many_rows_as_they_need() -> None:
    long = "A way around with many words in it"
    assert rows_with_last(3, "A", "Back", long, "Skip") == [["A"], ["Back"], [long], ["Skip"]]


def test_a_pin_a_file_and_a_request_for_a_place_are_taken_over() -> None:
    pin = {"latitude": 41.88, "longitude": -87.63, "title": "Circle", "address": "1 N. State St."}
    file = {"name": "ABC.ics", "mime": "text/calendar", "content": "BEGIN:VCALENDAR"}
    assert reply_from({"custom": {"pin": pin}}) == Reply(
        pin=Pin(41.88, -87.63, "Circle", "1 N. State St.")
    )
    assert reply_from({"custom": {"file": file}}) == Reply(
        file=File("ABC.ics", "text/calendar", "BEGIN:VCALENDAR")
    )
    request = {"text": "Where?", "custom": {"location_request": "Share"}}
    assert reply_from(request) == Reply("Where?", location_request="Share")


def test_a_picture_of_what_is_near_is_drawn_from_its_description() -> None:
    pins = [MapPin(1, "learning", 41.88, -87.63), MapPin(2, "dialogue", 41.9, -87.65)]
    description = nearby_picture((41.89, -87.64), pins, "en", "Two events")
    # As it comes back from where conversations are stored.
    described = json.loads(json.dumps({"custom": {"picture": description}}))
    assert size_of(reply_from(described).picture) == ("Two events", (800, 800))


def test_a_picture_of_the_whole_city_is_drawn_from_its_description() -> None:
    description = city_picture({"Loop": {"learning": 3}, "": {"dialogue": 1}}, "es", "La ciudad")
    described = json.loads(json.dumps({"custom": {"picture": description}}))
    assert size_of(reply_from(described).picture) == ("La ciudad", (800, 1000))


def size_of(picture: Picture | None) -> tuple[str, tuple[int, int]]:
    assert picture is not None
    with Image.open(io.BytesIO(picture.content)) as image:
        return picture.caption, image.size
