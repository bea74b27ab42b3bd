"""Sending: what is repeated, what is given up, and that nothing is ever raised or sent twice."""

from __future__ import annotations

import asyncio
import io
import logging
import time

import pytest
from PIL import Image
from telegram import Bot
from telegram.error import TelegramError

from bot.replies import Button, File, Picture, Pin, Reply
from bot.telegram import sender as sending
from bot.telegram.render import MAX_TEXT, OutgoingButtons, edit_of
from bot.telegram.request import AiohttpRequest, NotSent
from bot.telegram.sender import Sender
from bot.telegram.updates import Destination
from tests.bot.telegram.channel import Channel, bot_of, on_telegram
from tests.fakes.bot_api import BotApi, Chat, User
from tests.fakes.methods import Call
from tests.processes import free_port

ANA, BEN = User(7, "Ana"), User(8, "Ben")
GROUP = Chat(-1001, "Neighbors")
TO_ANA, TO_BEN = Destination(ANA.id), Destination(BEN.id)
HELLO = [Reply("Hello")]
MUSEUM = Pin(41.87, -87.62, "Field Museum", "1400 S. Lake Shore Dr.")
ENTRY = File("ABC.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:Círculo\r\n")
WHERE = Reply(
    "Where?", buttons=((Button("The whole city", "/city"),),), location_request="Share my location"
)


def drawn() -> Picture:
    content = io.BytesIO()
    Image.new("RGB", (800, 1000)).save(content, "PNG")
    return Picture(content.getvalue(), "68 events & 42 messages <so far>")


def calls(api: BotApi, method: str) -> list[Call]:
    return [call for call in api.calls if call.method == method]


@on_telegram()
async def test_replies_arrive_in_order_with_heading_and_buttons(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    yes = Button("Yes", "/affirm")
    replies = [Reply("1 < 2"), Reply("a & b", heading="Why?"), Reply("Sure?", buttons=((yes,),))]
    await channel.sender.send(TO_ANA, replies)
    assert channel.api.texts(ANA.id) == ["1 < 2", "Why?\na & b", "Sure?"]
    assert channel.api.buttons(channel.api.sent[2]) == [
        [{"text": "Yes", "callback_data": "/affirm"}]
    ]


@on_telegram()
async def test_pictures_pins_and_files_arrive_in_their_order(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    yes = Button("Yes", "/affirm")
    picture = drawn()
    replies = [
        Reply(picture=picture, buttons=((yes,),)),
        Reply("Details", pin=MUSEUM, file=ENTRY),
    ]
    await channel.sender.send(TO_ANA, replies)
    photo, words, venue, document = channel.api.sent
    assert (photo.method, photo.text) == ("sendPhoto", picture.caption)
    assert photo.files[0][1] == picture.content
    assert channel.api.buttons(photo) == [[{"text": "Yes", "callback_data": "/affirm"}]]
    assert words.text == "Details"
    assert (venue.method, venue.result["venue"]) == (
        "sendVenue",
        {
            "location": {"latitude": 41.87, "longitude": -87.62},
            "title": "Field Museum",
            "address": "1400 S. Lake Shore Dr.",
        },
    )
    assert document.method == "sendDocument"
    assert document.files == (("ABC.ics", ENTRY.content.encode()),)


@on_telegram()
async def test_only_a_private_chat_is_asked_for_its_place_by_a_button(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.text(ANA, "@test_bot hi", GROUP)
    await channel.sender.send(TO_ANA, [WHERE])
    await channel.sender.send(Destination(GROUP.id), [WHERE])
    private, group = channel.api.sent
    assert channel.api.buttons(private) == [
        [{"text": "Share my location", "request_location": True}],
        [{"text": "The whole city"}],
    ]
    assert channel.api.buttons(group) == [[{"text": "The whole city", "callback_data": "/city"}]]


@on_telegram()
async def test_a_picture_that_has_to_wait_is_sent_once(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.fail_next("sendPhoto", 429, retry_after=1)
    await channel.sender.send(TO_ANA, [Reply(picture=drawn()), Reply("Next")])
    assert [call.method for call in channel.api.sent] == ["sendPhoto", "sendMessage"]


@on_telegram()
async def test_a_text_beyond_the_limit_arrives_whole_in_parts(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    text = "<👍> & word " * 1500
    await channel.sender.send(TO_ANA, [Reply(text)])
    parts = channel.api.texts(ANA.id)
    assert len(parts) == -(-len(text.encode("utf-16-le")) // 2 // MAX_TEXT)
    assert " ".join(parts).split() == text.split()


@on_telegram()
async def test_only_the_first_message_of_an_answer_points_to_the_question(channel: Channel) -> None:
    asked = channel.api.message_id(channel.api.text(ANA, "@test_bot hi", GROUP))
    await channel.sender.send(Destination(GROUP.id, reply_to=asked), [Reply("One"), Reply("Two")])
    first, second = channel.api.sent
    assert first.result["reply_to_message"]["message_id"] == asked
    assert "reply_to_message" not in second.result


@on_telegram()
async def test_an_answer_to_a_deleted_question_is_sent_all_the_same(channel: Channel) -> None:
    channel.api.text(ANA, "@test_bot hi", GROUP)
    await channel.sender.send(Destination(GROUP.id, reply_to=999), HELLO)
    assert channel.api.texts(GROUP.id) == ["Hello"]


@on_telegram()
async def test_an_answer_to_a_topic_names_the_topic(channel: Channel) -> None:
    channel.api.text(ANA, "/help", GROUP)
    await channel.sender.send(Destination(GROUP.id, thread_id=3), [Reply("One"), Reply("Two")])
    assert [call.params["message_thread_id"] for call in channel.api.sent] == [3, 3]


@on_telegram()
async def test_too_many_requests_are_waited_out_and_the_message_is_sent_once(
    channel: Channel,
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.fail_next("sendMessage", 429, retry_after=1)
    await channel.sender.send(TO_ANA, [Reply("One"), Reply("Two")])
    assert channel.api.texts(ANA.id) == ["One", "Two"]
    refused, sent, _ = calls(channel.api, "sendMessage")
    assert refused.error and sent.time - refused.time > 0.9


@on_telegram()
async def test_one_chat_that_waits_does_not_hold_up_another(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.text(BEN, "hi")
    channel.api.fail_next("sendMessage", 429, retry_after=1, chat_id=ANA.id)
    waiting = asyncio.create_task(channel.sender.send(TO_ANA, HELLO))
    await channel.api.wait_until(lambda: bool(calls(channel.api, "sendMessage")))
    await channel.sender.send(TO_BEN, HELLO)
    assert not waiting.done()
    await waiting
    assert channel.api.texts(ANA.id) == channel.api.texts(BEN.id) == ["Hello"]


@on_telegram()
async def test_a_person_who_blocked_the_assistant_is_left_alone(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    channel.api.text(ANA, "hi")
    channel.api.block(ANA)
    await channel.sender.send(TO_ANA, [Reply("One"), Reply("Two")])
    assert len(calls(channel.api, "sendMessage")) == 1
    assert not caplog.records


@on_telegram()
async def test_html_that_telegram_cannot_read_is_sent_as_plain_text(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.fail_next("sendMessage", 400, "can't parse entities: Unsupported start tag")
    await channel.sender.send(TO_ANA, [Reply("2 < 3 & 4", heading="Why?")])
    [plain] = channel.api.sent
    assert plain.text == "Why?\n2 < 3 & 4"
    assert "parse_mode" not in plain.params


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ('can\'t parse entities: Unsupported start tag "rosa"', "Can't parse entities"),
        ("inline keyboard button URL 'rosa' is invalid", "Inline keyboard button url"),
        ('wrong "rosa"', "Wrong "),
    ],
)
def test_what_telegram_quotes_of_a_message_is_not_logged(
    said: str, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        channel.api.text(ANA, "hi")
        channel.api.fail_next("sendMessage", 400, f"Bad Request: {said}", times=2)
        await channel.sender.send(TO_ANA, HELLO)

    story()
    [line] = [record.getMessage() for record in caplog.records]
    assert line == f"message refused by Telegram: reason={logged}"


@on_telegram()
async def test_a_message_that_telegram_refuses_is_not_repeated_and_said_once(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    await channel.sender.send(TO_ANA, HELLO)  # never heard of
    assert len(calls(channel.api, "sendMessage")) == 1
    assert [record.getMessage() for record in caplog.records] == [
        "message refused by Telegram: reason=Chat not found"
    ]


@on_telegram()
async def test_the_log_of_a_refused_message_does_not_quote_it(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    for code in (400, 403, 502):
        channel.api.fail_next("sendMessage", code)
        await channel.sender.send(TO_ANA, [Reply("my secret")])
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert len(lines) == 3 and "secret" not in " ".join(lines)


class CountingRequest(AiohttpRequest):
    """Counts the requests for which no connection came about."""

    not_sent = 0

    async def do_request(self, *args: object, **kwargs: object) -> tuple[int, bytes]:
        try:
            return await super().do_request(*args, **kwargs)  # type: ignore[arg-type]
        except NotSent:
            self.not_sent += 1
            raise


def test_a_connection_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_FIRST_PAUSE_SECONDS", 0.1)

    async def story() -> None:
        port = free_port()
        request = CountingRequest(4)
        await request.initialize()
        api = BotApi(port=port)
        bot = Bot(api.token, base_url=f"http://127.0.0.1:{port}/bot", request=request)
        try:
            task = asyncio.create_task(Sender(bot).send(TO_ANA, HELLO))
            while not request.not_sent:
                await asyncio.sleep(0.001)
            async with api:
                api.text(ANA, "hi")
                await task
                assert api.texts(ANA.id) == ["Hello"]
        finally:
            await request.shutdown()

    asyncio.run(story())


def test_a_telegram_that_cannot_be_reached_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sending, "_FIRST_PAUSE_SECONDS", 0.001)

    async def story() -> None:
        request = CountingRequest(4)
        await request.initialize()
        base_url = f"http://127.0.0.1:{free_port()}/bot"
        bot = Bot("123:TEST", base_url=base_url, request=request)
        await Sender(bot).send(TO_ANA, [Reply("One"), Reply("Two")])
        await request.shutdown()
        assert request.not_sent == 5

    asyncio.run(story())
    assert [record.getMessage() for record in caplog.records] == ["message not delivered: tries=5"]


@pytest.mark.parametrize("performed", [True, False])
def test_a_message_whose_answer_does_not_come_is_not_sent_again(performed: bool) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        channel.api.text(ANA, "hi")
        channel.api.hang_next("sendMessage", performed=performed)
        async with bot_of(channel.api, read_seconds=0.2) as impatient:
            await Sender(impatient).send(TO_ANA, HELLO)
        assert len(calls(channel.api, "sendMessage")) == 1

    story()


@on_telegram()
async def test_a_message_whose_answer_is_cut_is_not_sent_again(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.cut_next("sendMessage")
    await channel.sender.send(TO_ANA, HELLO)
    assert channel.api.texts(ANA.id) == ["Hello"]


@on_telegram()
async def test_a_bad_gateway_ends_the_sending_quietly(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.fail_next("sendMessage", 502)
    await channel.sender.send(TO_ANA, HELLO)
    await channel.sender.send(TO_ANA, [Reply("Again")])
    assert channel.api.texts(ANA.id) == ["Again"]


@on_telegram()
async def test_a_message_is_changed_and_loses_its_buttons(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    await channel.sender.send(TO_ANA, [Reply("Sure?", buttons=((Button("Yes", "/affirm"),),))])
    [question] = channel.api.sent
    assert question.message_id
    done = edit_of(question.message_id, Reply("a < b", heading="Done"))
    assert await channel.sender.deliver(TO_ANA, done)
    assert channel.api.texts(ANA.id)[-1] == "Done\na < b"
    assert channel.api.buttons(question.message_id) == []


@on_telegram()
async def test_a_change_that_changes_nothing_is_told_and_not_logged(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    channel.api.text(ANA, "hi")
    await channel.sender.send(TO_ANA, HELLO)
    [hello] = channel.api.sent
    assert hello.message_id
    assert not await channel.sender.deliver(TO_ANA, OutgoingButtons(hello.message_id, None))
    assert not caplog.records


@on_telegram()
async def test_a_caller_who_tries_again_later_is_told_of_the_failure(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    channel.api.fail_next("sendMessage", 502)
    with pytest.raises(TelegramError):
        await channel.sender.try_once(ANA.id, [Reply("One"), Reply("Two")])
    assert channel.api.texts(ANA.id) == []
    await channel.sender.try_once(ANA.id, [Reply("One"), Reply("Two")])
    assert channel.api.texts(ANA.id) == ["One", "Two"]


@on_telegram()
async def test_a_tap_may_be_answered_with_words(channel: Channel) -> None:
    channel.api.tap(ANA, 1, data="/x")
    [update] = await channel.updates()
    assert update.callback_query
    await channel.sender.answer_tap(update.callback_query.id, "Approved.")
    assert channel.api.sent[0].params["text"] == "Approved."


@on_telegram()
async def test_the_spinner_of_a_tap_is_ended(channel: Channel) -> None:
    channel.api.tap(ANA, 1, data="/x")
    [update] = await channel.updates()
    assert update.callback_query
    await channel.sender.answer_tap(update.callback_query.id)
    assert [call.method for call in channel.api.sent] == ["answerCallbackQuery"]


@on_telegram()
async def test_a_tap_that_is_too_old_to_be_answered_does_no_harm(channel: Channel) -> None:
    await channel.sender.answer_tap("999")
    [call] = calls(channel.api, "answerCallbackQuery")
    assert call.error and "query is too old" in call.error


@on_telegram()
async def test_typing_is_shown_again_and_again_while_a_turn_is_slow(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_TYPING_AFTER_SECONDS", 0.01)
    monkeypatch.setattr(sending, "_TYPING_LASTS_SECONDS", 0.01)
    channel.api.text(ANA, "hi")
    async with channel.sender.typing(TO_ANA):
        await channel.api.wait_until(lambda: len(calls(channel.api, "sendChatAction")) >= 3)
    assert {call.params["action"] for call in calls(channel.api, "sendChatAction")} == {"typing"}


@on_telegram()
async def test_typing_is_not_shown_when_a_turn_is_quick(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_TYPING_AFTER_SECONDS", 0.05)
    channel.api.text(ANA, "hi")
    async with channel.sender.typing(TO_ANA):
        pass
    deadline = time.monotonic() + 0.1
    while time.monotonic() < deadline:
        await channel.bot.get_me()
    assert not calls(channel.api, "sendChatAction")


@on_telegram()
async def test_typing_that_cannot_be_shown_does_not_disturb_the_turn(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_TYPING_AFTER_SECONDS", 0.0)
    async with channel.sender.typing(TO_ANA):  # never heard of
        await channel.api.wait_until(lambda: bool(calls(channel.api, "sendChatAction")))
