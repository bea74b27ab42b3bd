"""HTML and Markdown in what people write: everybody reads it as it was written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.healing_map.review import approve, marks_of, reject
from actions.texts import text
from bot.replies import Reply
from bot.review_words import decision_told
from bot.telegram.render import edit_of
from bot.telegram.review_card import card_of, decided_card
from bot.telegram.updates import Destination
from bot.turns import Tap
from tests.actions.healing_map.making import NOW, put_event, put_message
from tests.bot.telegram.channel import Channel, on_telegram
from tests.conversation import Talk
from tests.fakes.bot_api import BotApi, User
from tests.map_entries import LOOP, event_on, message_on
from tests.security.hostile import MARKUP

READER = User(7, "Ana")
TELEGRAMS_OWN = {"url", "email", "mention", "hashtag", "cashtag", "phone_number", "bot_command"}
"""What Telegram finds by itself in any text; all else comes from the markup of a bot."""

_LONGEST_CAPTION = 1024
_EMOJI = "🕊"  # counts twice in Telegram's limits


def everywhere(markup: str) -> dict[str, str]:
    """The fields of an event in which its host may write anything."""
    return dict.fromkeys(("title", "description", "host_name", "contact", "address"), markup)


def read(replies: Iterable[Reply]) -> list[dict[str, Any]]:
    """Send replies, and return the messages as somebody has them on their phone."""
    sent: list[dict[str, Any]] = []

    @on_telegram()
    async def story(channel: Channel) -> None:
        await met(channel.api, channel)
        await channel.sender.send(Destination(READER.id), replies)
        assert not [call.error for call in channel.api.calls if call.error]
        sent.extend(call.result for call in channel.api.sent)

    story()
    return sent


async def met(api: BotApi, channel: Channel) -> None:
    """Let the reader write first, as everybody has to."""
    api.text(READER, "hi")
    await channel.updates()


def words_of(messages: list[dict[str, Any]]) -> str:
    """Return all that can be read in messages: texts, captions and venues."""
    parts: list[str] = []
    for message in messages:
        venue = message.get("venue", {})
        parts += [message.get("text", ""), message.get("caption", "")]
        parts += [venue.get("title", ""), venue.get("address", "")]
    return "\n".join(parts)


def looks(messages: list[dict[str, Any]]) -> set[str]:
    """Return what parts of messages look like beside plain text."""
    return {
        entity["type"]
        for message in messages
        for entity in [*message.get("entities", []), *message.get("caption_entities", [])]
    } - TELEGRAMS_OWN


@pytest.mark.parametrize("markup", MARKUP)
def test_an_event_is_listed_shown_and_pinned_as_it_was_written(
    talk: Talk, healing_map: Engine, markup: str
) -> None:
    somebody = talk()
    with event_on(healing_map, **everywhere(markup)) as code:
        found = somebody.types("healing events in the Loop tomorrow")
        details = somebody.does(Tap(f'/find_nearby{{"choice": "show:{code}"}}'))
        on_map = somebody.does(Tap('/find_nearby{"choice": "map"}'))
    for answer, times in ((found, 2), (details, 6), (on_map, 1)):
        messages = read(answer.replies)
        assert words_of(messages).count(markup) >= times
        assert looks(messages) <= {"bold"}


@pytest.mark.parametrize("markup", MARKUP)
def test_a_message_of_healing_is_shown_as_it_was_written(
    talk: Talk, healing_map: Engine, markup: str
) -> None:
    with message_on(healing_map, markup, author_name=markup[:60]):
        messages = read(talk().does(Tap('/find_nearby{"choice": "messages"}')).replies)
    assert words_of(messages).count(markup[:60]) == 2
    assert looks(messages) <= {"bold"}


@pytest.mark.parametrize("markup", MARKUP)
def test_the_staff_read_what_was_written(map_session: Session, markup: str) -> None:
    fields = everywhere(markup) | {"address_visibility": "area_only"}
    event = put_event(map_session, status="pending", **fields)
    message = put_message(map_session, markup, status="pending", author_name=markup[:60])
    for entry, times in ((event, 5), (message, 2)):
        card = card_of(entry, marks_of(map_session, entry), NOW)
        messages = read(card)
        assert words_of(messages).count(markup[:60]) >= times
        assert looks(messages) <= {"bold"}
        assert_changed_to_what_is_meant(card, markup)


def assert_changed_to_what_is_meant(card: list[Reply], reason: str) -> None:
    """Change a card as a decision does it, with the reason in it."""
    line = text("review_rejected_by", "en", name=reason, when="today", reason=reason)

    @on_telegram()
    async def story(channel: Channel) -> None:
        await met(channel.api, channel)
        await channel.sender.send(Destination(READER.id), card)
        message_id = channel.api.sent[-1].message_id
        assert message_id
        change = edit_of(message_id, decided_card(card, line))
        assert await channel.sender.deliver(Destination(READER.id), change)
        (now_there,) = channel.api.history(READER.id)[-1:]
        assert now_there["text"].endswith(line)
        assert looks([now_there]) <= {"bold"}

    story()


@pytest.mark.parametrize("markup", MARKUP)
def test_a_submitter_reads_the_decision_and_its_reason_as_written(
    map_session: Session, markup: str
) -> None:
    put = put_event(map_session, status="pending", **everywhere(markup))
    approved = read([decision_told(approve(map_session, put.code, NOW), NOW)])
    assert words_of(approved).count(markup) >= 4
    put = put_event(map_session, status="pending", title=markup)
    rejected = read([decision_told(reject(map_session, put.code, markup, NOW), NOW)])
    assert words_of(rejected).count(markup) == 2
    assert looks([*approved, *rejected]) <= {"bold"}


@pytest.mark.parametrize("markup", MARKUP)
def test_a_host_reads_back_what_was_typed(talk: Talk, markup: str) -> None:
    host = talk()
    host.types("I want to host an event")
    host.types("learning")
    host.types(markup)
    listed = host.types("show me events tomorrow")
    resumed = host.sends("/host")
    assert markup in words_of(read(resumed.replies))
    assert looks(read([*listed.replies, *resumed.replies])) <= {"bold"}


def test_titles_as_long_as_may_be_still_come_with_their_map(
    talk: Talk, healing_map: Engine
) -> None:
    title = "a" + _EMOJI * 119
    somebody = talk()
    with (
        event_on(healing_map, title=f"1{title[1:]}"),
        event_on(healing_map, title=f"2{title[1:]}"),
        event_on(healing_map, title=f"3{title[1:]}"),
        event_on(healing_map, title=f"4{title[1:]}"),
        event_on(healing_map, title=f"5{title[1:]}"),
    ):
        somebody.shares(*LOOP)
        (message,) = read(somebody.does(Tap('/find_nearby{"choice": "map"}')).replies)
    caption = message["caption"]
    assert f"1 1{_EMOJI}" in caption and caption.endswith("…")
    assert len(caption.encode("utf-16-le")) // 2 <= _LONGEST_CAPTION
