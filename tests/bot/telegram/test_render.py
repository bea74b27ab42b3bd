"""Neutral replies as Telegram takes them: escaped, bold headings, split to fit, with keyboards."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.replies import Button, File, Picture, Pin, Reply
from bot.telegram.render import MAX_TEXT, OutgoingPicture, OutgoingText, messages_of, split
from tests.fakes.html_entities import parse_html, utf16_length

YES, NO = Button("Yes", "/affirm"), Button("No", "/deny")


CITY = Picture(b"a picture", "The city")
MUSEUM = Pin(41.87, -87.62, "Field Museum", "1400 S. Lake Shore Dr.")
ENTRY = File("ABC.ics", "text/calendar", "BEGIN:VCALENDAR")
WHERE = Reply("Where?", buttons=((Button("The whole city", "/x"),),), location_request="Share")


def texts_of(reply: Reply) -> list[OutgoingText]:
    """The messages for a reply that is only text."""
    messages = messages_of(reply, is_private=True)
    assert all(isinstance(message, OutgoingText) for message in messages)
    return [message for message in messages if isinstance(message, OutgoingText)]


def as_read(html: str) -> str:
    text, _ = parse_html(html)
    return text


def test_a_text_is_escaped() -> None:
    [message] = texts_of(Reply("<b>Tom</b> & 'Ana' say \"1 < 2\""))
    assert message.plain == "<b>Tom</b> & 'Ana' say \"1 < 2\""
    assert parse_html(message.html) == (message.plain, [])
    assert message.html.startswith("&lt;b&gt;Tom")


def test_a_heading_stands_bold_above_the_text() -> None:
    [message] = texts_of(Reply("Yes & no.", heading="Who's <they>?"))
    assert message.plain == "Who's <they>?\nYes & no."
    bold = [{"type": "bold", "offset": 0, "length": 13}]
    assert parse_html(message.html) == (message.plain, bold)


def test_buttons_become_rows_of_an_inline_keyboard() -> None:
    [message] = texts_of(Reply("Sure?", buttons=((YES, NO), (Button("Later", "/skip"),))))
    assert isinstance(message.keyboard, InlineKeyboardMarkup)
    rows = message.keyboard.inline_keyboard
    assert [[button.text for button in row] for row in rows] == [["Yes", "No"], ["Later"]]
    assert [button.callback_data for button in rows[0]] == ["/affirm", "/deny"]


def test_a_reply_without_buttons_has_no_keyboard() -> None:
    [message] = texts_of(Reply("Hello"))
    assert message.keyboard is None


def test_a_picture_carries_the_buttons_where_there_is_no_text() -> None:
    [picture] = messages_of(Reply(picture=CITY, buttons=((YES,),)), is_private=True)
    assert isinstance(picture, OutgoingPicture) and picture.picture == CITY
    assert isinstance(picture.keyboard, InlineKeyboardMarkup)


def test_text_picture_pin_and_file_follow_each_other_with_the_buttons_under_the_text() -> None:
    reply = Reply("Look", "Map", ((YES,),), pin=MUSEUM, picture=CITY, file=ENTRY)
    words, picture, *others = messages_of(reply, is_private=True)
    assert isinstance(words, OutgoingText) and words.keyboard
    assert picture == OutgoingPicture(CITY)
    assert others == [MUSEUM, ENTRY]


def test_a_private_chat_is_asked_for_its_place_by_a_button() -> None:
    [message] = texts_of(WHERE)
    assert isinstance(message.keyboard, ReplyKeyboardMarkup)
    assert message.keyboard.one_time_keyboard and message.keyboard.resize_keyboard
    (share,), (city,) = message.keyboard.keyboard
    assert (share.text, share.request_location) == ("Share", True)
    assert (city.text, city.request_location) == ("The whole city", None)


def test_a_group_is_not_asked_for_its_place_and_keeps_the_other_buttons() -> None:
    [message] = messages_of(WHERE, is_private=False)
    assert isinstance(message, OutgoingText)
    assert isinstance(message.keyboard, InlineKeyboardMarkup)
    [[city]] = message.keyboard.inline_keyboard
    assert (city.text, city.callback_data) == ("The whole city", "/x")


def test_a_text_of_exactly_the_limit_is_one_message() -> None:
    assert [message.plain for message in texts_of(Reply("x" * MAX_TEXT))] == ["x" * MAX_TEXT]


def test_a_text_of_one_letter_more_is_two_messages() -> None:
    assert len(texts_of(Reply("x" * (MAX_TEXT + 1)))) == 2


def test_the_keyboard_hangs_under_the_last_part_and_the_heading_stands_above_the_first() -> None:
    messages = texts_of(Reply("word " * 2500, heading="Heading", buttons=((YES,),)))
    assert len(messages) == 4
    assert [bool(message.keyboard) for message in messages] == [False, False, False, True]
    headed = [message.html.startswith("<b>Heading</b>\n") for message in messages]
    assert headed == [True, False, False, False]


def test_a_heading_counts_towards_the_limit() -> None:
    for message in texts_of(Reply("x" * MAX_TEXT, heading="👍" * 50)):
        assert utf16_length(as_read(message.html)) <= MAX_TEXT


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one two\n\nthree four\nfive", ["one two", "three four\nfive"]),
        ("one two three\nfour five six", ["one two three", "four five six"]),
        ("one two three four five six", ["one two three four", "five six"]),
        ("0123456789012345678901234", ["01234567890123456789", "01234"]),
    ],
    ids=["paragraphs", "lines", "words", "letters"],
)
def test_a_long_text_is_cut_where_it_hurts_least(text: str, parts: list[str]) -> None:
    assert list(split(text, 20)) == parts


def test_emoji_count_twice_and_are_never_cut_in_half() -> None:
    parts = list(split("x" + "👍" * MAX_TEXT, MAX_TEXT))
    assert [utf16_length(part) for part in parts] == [MAX_TEXT - 1, MAX_TEXT, 2]
    assert "".join(parts) == "x" + "👍" * MAX_TEXT


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.text(st.sampled_from("ab \n👍é<&'\"\t\u2028"), max_size=200) | st.text(max_size=200)


@unhurried
@given(TEXTS, st.integers(2, 40))
@example("\n\n\n" + "x" * 50, 20)
@example("👍" * 30, 3)
def test_parts_fit_and_hold_every_letter_in_order(text: str, limit: int) -> None:
    parts = list(split(text, limit))
    assert all(utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@unhurried
@given(TEXTS.filter(str.strip), st.integers(2, 40))
@example("\n\n\n" + "x" * 50, 20)
def test_no_part_of_a_text_with_words_is_empty(text: str, limit: int) -> None:
    assert all(part.strip() for part in split(text, limit))


@unhurried
@given(TEXTS.map(lambda text: text * 60), st.text(max_size=60))
def test_telegram_takes_every_message_and_shows_what_was_meant(text: str, heading: str) -> None:
    for message in texts_of(Reply(text, heading=heading)):
        shown = as_read(message.html)
        assert shown == message.plain
        assert utf16_length(shown) <= MAX_TEXT
