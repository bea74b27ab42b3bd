"""What an update asks of the assistant, in whose conversation, and where the answer goes."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.telegram.updates import Destination, Me, Request, private_chat_of, read_update
from bot.turns import Command, Location, Tap, Typed, Unreadable
from tests.fakes.html_entities import typed_entities
from tests.fakes.people import MEDIA, Chat, User, with_entities

ME = Me(123, "test_bot")
MYSELF = {"id": 123, "is_bot": True, "first_name": "Test bot", "username": "test_bot"}
ANA, BEN = User(7, "Ana", "es-MX"), User(8, "Ben", None)
GROUP = Chat(-1001, "Neighbors")
HERE = {"latitude": 41.88, "longitude": -87.63}


def message_from(user: User, chat: Chat | None, **content: Any) -> dict[str, Any]:
    place = vars(chat) if chat else user.private_chat()
    return {"message_id": 5, "date": 0, "chat": place, "from": user.to_json(), **content}


def read(user: User = ANA, chat: Chat | None = None, **content: Any) -> Request | None:
    message = message_from(user, chat, **content)
    return read_update(Update.de_json({"update_id": 50, "message": message}, None), ME)


def read_edit(user: User = ANA, chat: Chat | None = None, **content: Any) -> Request | None:
    message = message_from(user, chat, edit_date=1, **content)
    return read_update(Update.de_json({"update_id": 50, "edited_message": message}, None), ME)


def read_tap(data: str | None, under: dict[str, Any], user: User = ANA) -> Request | None:
    query = {"id": "1", "from": user.to_json(), "chat_instance": "1", "message": under}
    query |= {"data": data} if data is not None else {}
    return read_update(Update.de_json({"update_id": 50, "callback_query": query}, None), ME)


def content_of(request: Request | None) -> object:
    return request.turn.content if request else None


# In private


def test_a_private_text_is_a_turn_with_the_language_and_the_number_of_the_update() -> None:
    request = read(ANA, **with_entities("What is racial healing?"))
    assert request
    assert request.turn.content == Typed("What is racial healing?")
    assert request.turn.conversation == "telegram:7"
    assert request.turn.language_hint == "es-MX"
    assert request.turn.update_id == "50"
    assert request.destination == Destination(7)


def test_a_person_without_a_language_gives_no_hint() -> None:
    request = read(BEN, text="hi")
    assert request and request.turn.language_hint is None


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/help", Command("help")),
        ("/HELP", Command("help")),
        ("/help@test_bot", Command("help")),
        ("/help@Test_Bot", Command("help")),
        ("/start faq_dates", Command("start", "faq_dates")),
        ("/start@test_bot   faq_dates \n", Command("start", "faq_dates")),
        ("/language\nplease", Command("language", "please")),
        ('/faq_dates{"x": 1}', Command("faq_dates", '{"x": 1}')),
        ("/", Command("")),
    ],
)
def test_a_text_that_begins_with_a_slash_is_a_command(typed: str, command: Command) -> None:
    assert content_of(read(**with_entities(typed))) == command


def test_a_command_for_another_bot_in_a_group_asks_nothing() -> None:
    assert read(ANA, GROUP, **with_entities("/help@other_bot")) is None


def test_in_private_nobody_else_can_be_meant() -> None:
    assert content_of(read(**with_entities("/help@other_bot"))) == Command("help")


def test_a_slash_inside_of_a_text_is_no_command() -> None:
    assert content_of(read(**with_entities("either /help or not"))) == Typed("either /help or not")


def test_a_mention_in_private_is_not_part_of_the_question() -> None:
    assert content_of(read(**with_entities("@test_bot who are you?"))) == Typed("who are you?")


def test_a_shared_location_is_a_place() -> None:
    assert content_of(read(location=HERE)) == Location(41.88, -87.63)


def test_a_venue_is_a_place() -> None:
    venue = {"location": HERE, "title": "Library", "address": "400 S State St"}
    assert content_of(read(location=HERE, venue=venue)) == Location(41.88, -87.63)
    assert content_of(read(venue=venue)) == Location(41.88, -87.63)


def test_a_live_location_is_answered_once_and_not_whenever_it_moves() -> None:
    live = {**HERE, "live_period": 600}
    assert content_of(read(location=live)) == Location(41.88, -87.63)
    assert read_edit(location=live) is None


def test_an_edited_text_is_a_turn_of_its_own() -> None:
    request = read_edit(text="What is racial healing?")
    assert content_of(request) == Typed("What is racial healing?")


@pytest.mark.parametrize("kind", MEDIA)
def test_what_holds_no_text_is_unreadable(kind: str) -> None:
    assert content_of(read(**{kind: MEDIA[kind]})) == Unreadable()


def test_a_caption_does_not_make_a_picture_readable() -> None:
    assert content_of(read(photo=MEDIA["photo"], caption="Look")) == Unreadable()


@pytest.mark.parametrize(
    "service",
    [
        {"pinned_message": {"message_id": 4, "date": 0, "chat": ANA.private_chat(), "text": "x"}},
        {"forum_topic_closed": {}},
        {"new_chat_members": [BEN.to_json()]},
        {"left_chat_member": BEN.to_json()},
        {"new_chat_title": "Neighbors"},
        {"group_chat_created": True},
        {"write_access_allowed": {}},
    ],
    ids=lambda service: next(iter(service)),
)
def test_a_service_message_asks_nothing(service: dict[str, Any]) -> None:
    assert read(ANA, None, **service) is None
    assert read(ANA, GROUP, **service) is None


def test_a_bot_is_not_answered() -> None:
    other = {"id": 9, "is_bot": True, "first_name": "Other bot"}
    message = message_from(ANA, None, text="hi") | {"from": other}
    assert read_update(Update.de_json({"update_id": 50, "message": message}, None), ME) is None


def test_a_message_without_a_sender_asks_nothing() -> None:
    message = message_from(ANA, GROUP, text="/help")
    del message["from"]
    assert read_update(Update.de_json({"update_id": 50, "message": message}, None), ME) is None


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post"])
def test_what_a_channel_publishes_asks_nothing(kind: str) -> None:
    post = {"message_id": 5, "date": 0, "chat": {"id": -9, "type": "channel"}, "text": "/help"}
    assert read_update(Update.de_json({"update_id": 50, kind: post}, None), ME) is None


# In groups


@pytest.mark.parametrize(
    "content",
    [
        {"text": "What is racial healing?"},
        with_entities("@other_bot what is racial healing?"),
        with_entities("ask @test_botanist about it"),
        {"text": "write to me@test_bot.org"},
        {"photo": MEDIA["photo"]},
        {"location": HERE},
        with_entities("/"),
    ],
    ids=str,
)
def test_a_group_talks_without_the_assistant(content: dict[str, Any]) -> None:
    assert read(ANA, GROUP, **content) is None


@pytest.mark.parametrize(
    ("typed", "content"),
    [
        ("/help", Command("help")),
        ("/help@test_bot", Command("help")),
        ("@test_bot what is racial healing?", Typed("what is racial healing?")),
        ("what is @TEST_BOT racial healing?", Typed("what is   racial healing?")),
        ("👍 thanks @test_bot", Typed("👍 thanks")),
        ("@test_bot", Typed("")),
    ],
)
def test_in_a_group_a_command_or_a_mention_is_answered(typed: str, content: object) -> None:
    assert content_of(read(ANA, GROUP, **with_entities(typed))) == content


def test_in_a_group_a_mention_by_name_is_answered() -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 8, "user": MYSELF}
    request = read(ANA, GROUP, text="Test bot who are you?", entities=[entity])
    assert content_of(request) == Typed("Test bot who are you?")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "why?"}, Typed("why?")),
        ({"location": HERE}, Location(41.88, -87.63)),
        ({"voice": MEDIA["voice"]}, Unreadable()),
    ],
    ids=["text", "location", "voice"],
)
def test_in_a_group_a_reply_to_the_assistant_is_answered(
    content: dict[str, Any], expected: object
) -> None:
    answered = message_from(ANA, GROUP, text="Hello") | {"from": MYSELF}
    assert content_of(read(ANA, GROUP, reply_to_message=answered, **content)) == expected


def test_in_a_group_a_reply_to_somebody_else_is_not_answered() -> None:
    answered = message_from(BEN, GROUP, text="Hello")
    assert read(ANA, GROUP, reply_to_message=answered, text="why?") is None


def test_in_a_group_a_picture_whose_caption_mentions_the_assistant_is_answered() -> None:
    caption = "@test_bot what is this?"
    picture = {"photo": MEDIA["photo"], "caption": caption}
    request = read(ANA, GROUP, **picture, caption_entities=typed_entities(caption))
    assert content_of(request) == Unreadable()


def test_in_a_group_an_edited_mention_is_answered() -> None:
    request = read_edit(ANA, GROUP, **with_entities("@test_bot who are you?"))
    assert content_of(request) == Typed("who are you?")


def test_in_a_group_each_person_has_a_conversation_of_their_own() -> None:
    of_ana = read(ANA, GROUP, text="/help")
    of_ben = read(BEN, GROUP, text="/help")
    in_private = read(ANA, None, text="/help")
    assert of_ana and of_ben and in_private
    assert of_ana.turn.conversation == "telegram:-1001:7"
    assert of_ben.turn.conversation == "telegram:-1001:8"
    assert in_private.turn.conversation == "telegram:7"


@pytest.mark.parametrize("person", ["", "me", "terminal:me", "telegram:", "telegram:-100:55"])
def test_who_is_not_on_telegram_has_no_private_chat_there(person: str) -> None:
    assert private_chat_of(person) is None
    assert private_chat_of("telegram:55") == 55


def test_in_a_group_the_answer_points_to_the_question() -> None:
    request = read(ANA, GROUP, text="/help")
    assert request and request.destination == Destination(GROUP.id, reply_to=5)


def test_in_a_forum_the_answer_stays_in_its_topic() -> None:
    request = read(ANA, GROUP, text="/help", message_thread_id=3, is_topic_message=True)
    assert request and request.destination == Destination(GROUP.id, thread_id=3, reply_to=5)


def test_a_thread_of_replies_is_no_topic() -> None:
    request = read(ANA, GROUP, text="/help", message_thread_id=3)
    assert request and request.destination == Destination(GROUP.id, reply_to=5)


# Taps


def sent_by_me(chat: Chat | None = None, **more: Any) -> dict[str, Any]:
    return message_from(ANA, chat, text="Hello", **more) | {"from": MYSELF}


def test_a_tap_is_a_turn_of_the_person_who_tapped() -> None:
    request = read_tap("/faq_dates", sent_by_me())
    assert request
    assert request.turn.content == Tap("/faq_dates")
    assert request.turn.conversation == "telegram:7"
    assert request.turn.language_hint == "es-MX"
    assert request.turn.update_id == "50"
    assert request.destination == Destination(7)


def test_in_a_group_a_tap_belongs_to_the_conversation_of_the_person_who_tapped() -> None:
    request = read_tap("/faq_dates", sent_by_me(GROUP), user=BEN)
    assert request and request.turn.conversation == "telegram:-1001:8"
    assert request.destination.chat_id == GROUP.id


def test_a_tap_in_a_forum_is_answered_in_its_topic() -> None:
    under = sent_by_me(GROUP, message_thread_id=3, is_topic_message=True)
    request = read_tap("/faq_dates", under)
    assert request and request.destination == Destination(GROUP.id, thread_id=3)


def test_a_tap_in_a_thread_of_replies_is_not_sent_to_a_topic() -> None:
    request = read_tap("/faq_dates", sent_by_me(GROUP, message_thread_id=3))
    assert request and request.destination == Destination(GROUP.id)


def test_a_tap_under_a_message_that_is_too_old_to_be_shown_is_a_turn() -> None:
    request = read_tap("/faq_dates", {"message_id": 5, "date": 0, "chat": ANA.private_chat()})
    assert request and request.destination == Destination(7)


def test_a_tap_that_carries_nothing_is_a_turn_all_the_same() -> None:
    assert content_of(read_tap(None, sent_by_me())) == Tap("")


def test_a_tap_without_a_chat_asks_nothing() -> None:
    query = {"id": "1", "from": ANA.to_json(), "chat_instance": "1", "inline_message_id": "x"}
    update = Update.de_json({"update_id": 50, "callback_query": {**query, "data": "/x"}}, None)
    assert read_update(update, ME) is None
