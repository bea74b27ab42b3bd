"""Replies as every channel gets them."""

from __future__ import annotations

from typing import Any

from bot.replies import Button, Reply, reply_from


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


def test_no_more_than_two_buttons_stand_side_by_side() -> None:
    assert rows_of_titles("One", "Two", "Three") == [["One", "Two"], ["Three"]]


def test_a_long_button_has_a_row_of_its_own_and_the_order_stays() -> None:
    long = "What is racial healing?"
    assert rows_of_titles("Yes", long, "No", "Maybe") == [["Yes"], [long], ["No", "Maybe"]]


def test_sixteen_characters_are_short_and_seventeen_are_long() -> None:
    assert rows_of_titles("a" * 16, "b" * 16) == [["a" * 16, "b" * 16]]
    assert rows_of_titles("a" * 17, "b" * 16) == [["a" * 17], ["b" * 16]]
