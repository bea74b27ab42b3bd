"""The fake Bot API, driven over HTTP as bots do it, and by python-telegram-bot itself."""

import asyncio
import inspect
import re
import struct
import time
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import telegram
from aiohttp import web
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from tests.fakes.bot_api import BotApi, BotApiThread, Call, Chat, Refusal, User
from tests.fakes.chats import MEMBERSHIPS
from tests.fakes.checks import Limits
from tests.fakes.html_entities import EntityError, parse_html, typed_entities
from tests.fakes.methods import METHODS
from tests.fakes.people import MEDIA

ANA, BEN = User(7, "Ana", "es"), User(8, "Ben")
GROUP = Chat(-1001, "Neighbors")
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + b"rest"
YES_NO = {"inline_keyboard": [[{"text": "Yes", "callback_data": "/affirm"}]]}

Story = Callable[[BotApi], Awaitable[None]]


def with_api(**options: Any) -> Callable[[Story], Callable[[], None]]:
    """Make a plain test of a coroutine that is given a BotApi."""

    def decorate(story: Story) -> Callable[[], None]:
        async def tell() -> None:
            async with BotApi(**options) as api:
                await story(api)

        def test() -> None:
            asyncio.run(tell())

        test.__name__ = story.__name__
        return test

    return decorate


async def ask(api: BotApi, method: str, token: str = "123:TEST", **params: Any) -> dict[str, Any]:
    url = f"{api.base_url}{token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=params) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status == answer.get("error_code", 200)
        return answer


async def poll(api: BotApi, **params: Any) -> list[int]:
    return [update["update_id"] for update in (await ask(api, "getUpdates", **params))["result"]]


# Polling


@with_api()
async def test_an_update_comes_again_until_a_higher_offset_confirms_it(api: BotApi) -> None:
    ids = [api.text(ANA, text) for text in ("one", "two", "three")]
    assert await poll(api) == ids
    assert await poll(api, limit=2) == ids[:2]
    assert await poll(api, offset=ids[1]) == ids[1:]
    assert api.unconfirmed == ids[1:]
    assert await poll(api, offset=-1) == ids[2:]
    assert await poll(api, offset=ids[2] + 1) == []


@with_api()
async def test_a_long_poll_ends_with_the_next_update(api: BotApi) -> None:
    waiting = asyncio.create_task(poll(api, timeout=30))
    await asyncio.sleep(0.1)
    update_id = api.text(ANA, "hello")
    assert await asyncio.wait_for(waiting, 20) == [update_id]
    assert await poll(api, offset=update_id + 1, timeout=1) == []


@with_api()
async def test_a_poll_torn_by_the_bot_loses_nothing(api: BotApi) -> None:
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(poll(api, timeout=30), 0.2)
    update_id = api.text(ANA, "hello")
    assert await poll(api, timeout=30) == [update_id]


@with_api()
async def test_a_second_poller_ends_the_first_with_409(api: BotApi) -> None:
    first = asyncio.create_task(ask(api, "getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(poll(api, timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates request" in answer["description"]
    update_id = api.text(ANA, "hello")
    assert await asyncio.wait_for(second, 20) == [update_id]


@with_api()
async def test_allowed_updates_stay_until_they_are_given_again(api: BotApi) -> None:
    await poll(api, allowed_updates=["message"])
    await poll(api)
    text = api.text(ANA, "hello")
    api.block(ANA)
    assert api.unconfirmed == [text]
    await poll(api, allowed_updates=[])
    assert api.unblock(ANA) in api.unconfirmed


# Webhook


class Receiver:
    """A bot's webhook: gives these answers in turn (None: 200, but late), then always 200."""

    def __init__(
        self,
        *answers: int | None,
        headers: dict[str, str] | None = None,
        then: Callable[[dict[str, Any]], Awaitable[None]] | None = None,
    ) -> None:
        self.answers = list(answers)
        self.headers = headers
        self.then = then
        self.seen: list[int] = []
        self.secrets: list[str | None] = []

    async def __aenter__(self) -> "Receiver":
        app = web.Application()
        app.router.add_post("/hook", self.receive)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.runner.cleanup()

    async def receive(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        self.seen.append(update["update_id"])
        if self.then:
            await self.then(update)
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            await asyncio.sleep(0.3)
        return web.Response(status=answer or 200, headers=self.headers if answer != 200 else None)


@with_api()
async def test_the_webhook_repeats_an_update_until_it_is_acknowledged(api: BotApi) -> None:
    before = api.text(ANA, "before")
    async with Receiver(500, 404) as hook:
        await ask(api, "setWebhook", url=hook.url, secret_token="s3cret")
        after = api.text(ANA, "after")
        await api.wait_until(lambda: not api.unconfirmed)
        assert hook.seen == [before, before, before, after]
        assert set(hook.secrets) == {"s3cret"}


@with_api()
async def test_the_webhook_waits_as_long_as_the_bot_asks(api: BotApi) -> None:
    async with Receiver(503, headers={"Retry-After": "1"}) as hook:
        await ask(api, "setWebhook", url=hook.url)
        start = time.monotonic()
        api.text(ANA, "hello")
        await api.wait_until(lambda: not api.unconfirmed)
        assert time.monotonic() - start > 0.9


@with_api()
async def test_taps_and_other_chats_overtake_a_chat_whose_message_is_slow(api: BotApi) -> None:
    async with Receiver(None) as hook:
        await ask(api, "setWebhook", url=hook.url)
        slow = api.text(ANA, "slow")
        await asyncio.sleep(0.1)
        next_of_ana, tap, of_ben = api.text(ANA, "next"), api.tap(ANA, 1, "/x"), api.text(BEN, "hi")
        await api.wait_until(lambda: api.unconfirmed == [slow, next_of_ana])
        await api.wait_until(lambda: not api.unconfirmed)
        assert {hook.seen[0], hook.seen[3]} == {slow, next_of_ana}
        assert set(hook.seen[1:3]) == {tap, of_ben}


@with_api()
async def test_polling_and_webhook_exclude_each_other(api: BotApi) -> None:
    waiting = asyncio.create_task(ask(api, "getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    async with Receiver(*[500] * 1000) as hook:
        await ask(api, "setWebhook", url=hook.url)
        assert "terminated by setWebhook request" in (await waiting)["description"]
        assert "webhook is active" in (await ask(api, "getUpdates"))["description"]
        api.text(ANA, "hello")
        await ask(api, "deleteWebhook", drop_pending_updates=True)
        assert await poll(api) == []


# What is refused

SAY: dict[str, Any] = {"chat_id": 7, "text": "Hello"}
AT: dict[str, Any] = {"chat_id": 7, "latitude": 41.88, "longitude": -87.63}
LIBRARY = AT | {"title": "Library", "address": "400 S State St"}


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMesage", {}, "Not Found"),
    ("sendMessage", {"text": "Hello"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 7}, "message text is empty"),
    ("sendMessage", SAY | {"text": " "}, "text must be non-empty"),
    ("sendMessage", SAY | {"text": "é" * 4097}, "message is too long"),
    ("sendMessage", SAY | {"text": "👍" * 2049}, "message is too long"),
    ("sendMessage", SAY | {"chat_id": 99}, "chat not found"),
    ("sendMessage", SAY | {"reply_markups": {}}, 'unknown parameter "reply_markups"'),
    ("sendMessage", SAY | {"disable_notification": "maybe"}, "bool expected"),
    ("sendMessage", SAY | {"parse_mode": "html5"}, "unsupported parse_mode"),
    ("sendMessage", SAY | {"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities: Can't"),
    ("sendMessage", SAY | {"reply_parameters": {"message_id": 9}}, "to be replied not found"),
    ("sendMessage", SAY | {"reply_markup": "[]"}, "object expected as reply markup"),
    ("sendMessage", SAY | {"reply_markup": {"inlinekeyboard": []}}, "object expected as"),
    ("sendMessage", SAY | {"reply_markup": keyboard(callback_data="ñ" * 33)}, "DATA_INVALID"),
    ("sendMessage", SAY | {"reply_markup": keyboard(callback_data="")}, "BUTTON_DATA_INVALID"),
    ("sendMessage", SAY | {"reply_markup": keyboard()}, "Text buttons are unallowed"),
    ("sendMessage", SAY | {"reply_markup": keyboard(url="https://a", pay=True)}, "exactly one"),
    ("sendMessage", SAY | {"reply_markup": keyboard(calback_data="x")}, 'field "calback_data"'),
    ("sendMessage", SAY | {"reply_markup": keyboard(url="ftp://a")}, "Wrong HTTP URL"),
    ("sendVenue", LIBRARY | {"latitude": 90.1}, "wrong venue location specified"),
    ("sendVenue", LIBRARY | {"longitude": "nan"}, "wrong venue location specified"),
    ("sendVenue", {"chat_id": 7, "latitude": 1}, "longitude is empty"),
    ("sendVenue", AT | {"title": "Library"}, "address is empty"),
    ("sendVenue", AT | {"address": "400 S State St"}, "title is empty"),
    ("sendPhoto", {"chat_id": 7}, "there is no photo in the request"),
    ("sendPhoto", {"chat_id": 7, "photo": "unknown"}, "wrong file identifier"),
    ("sendChatAction", {"chat_id": 7, "action": "dance"}, "wrong parameter action in request"),
    ("editMessageText", SAY | {"message_id": 1}, "message can't be edited"),
    ("editMessageText", SAY | {"message_id": 99}, "message to edit not found"),
    ("editMessageText", SAY, "message identifier is not specified"),
    ("answerCallbackQuery", {"callback_query_id": "9"}, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "9", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, "COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [], "scope": {"type": "all"}}, "Unsupported type"),
    ("setMyCommands", {"commands": [], "language_code": "spa"}, "language code"),
    ("setMyDescription", {"description": "x" * 513}, "description is too long"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "short description is too long"),
    ("setWebhook", {"url": "http://example.org/hook"}, "An HTTPS URL must be provided"),
    ("setWebhook", {"url": "https://example.org:8080/"}, "only on ports 80, 88, 443 or 8443"),
    ("setWebhook", {"url": "https://a.b/", "secret_token": "a b"}, "unallowed characters"),
]


@pytest.mark.parametrize(("method", "params", "words"), REFUSED)
def test_refuses_what_telegram_refuses(method: str, params: dict[str, Any], words: str) -> None:
    @with_api()
    async def story(api: BotApi) -> None:
        api.text(ANA, "hello")
        answer = await ask(api, method, **params)
        assert not answer["ok"] and words in answer["description"]
        assert api.sent == [] and api.calls[-1].error == answer["description"]

    story()


@with_api()
async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_is_not_found(api: BotApi) -> None:
    assert (await ask(api, "getMe", token="123:OTHER"))["error_code"] == 401
    assert (await ask(api, "getMe", token="nonsense"))["error_code"] == 404
    assert (await ask(api, "getMe"))["result"]["username"] == "test_bot"


@with_api()
async def test_a_location_can_be_requested_in_private_chats_only(api: BotApi) -> None:
    api.text(ANA, "/start")
    api.text(ANA, "/start", GROUP)
    markup = {"keyboard": [[{"text": "Here", "request_location": True}, "Type it"]]}
    assert (await ask(api, "sendMessage", **SAY, reply_markup=markup))["ok"]
    answer = await ask(api, "sendMessage", **SAY | {"chat_id": GROUP.id}, reply_markup=markup)
    assert answer["description"].endswith("location can be requested in private chats only")
    assert [button["text"] for button in api.buttons(api.sent[0])[0]] == ["Here", "Type it"]


@with_api()
async def test_an_edit_must_change_something(api: BotApi) -> None:
    api.text(ANA, "hello")
    await ask(api, "sendMessage", **SAY, reply_markup=YES_NO)
    edit = SAY | {"message_id": api.sent[0].message_id}
    answer = await ask(api, "editMessageText", **edit, reply_markup=YES_NO)
    assert answer["description"].startswith("Bad Request: message is not modified: specified new")
    assert (await ask(api, "editMessageText", **edit))["ok"]
    assert api.buttons(edit["message_id"]) == []


@with_api(callback_lifetime=0.2)
async def test_a_tap_can_be_answered_once_and_in_time(api: BotApi) -> None:
    api.text(ANA, "hello")
    await ask(api, "sendMessage", **SAY, reply_markup=YES_NO)
    api.tap(ANA, api.sent[0].message_id or 0, title="Yes")
    api.tap(ANA, 999, data="forged")
    taps = [update["callback_query"] for update in (await ask(api, "getUpdates"))["result"][1:]]
    assert [tap["data"] for tap in taps] == ["/affirm", "forged"]
    assert taps[0]["message"]["text"] == "Hello" and "text" not in taps[1]["message"]
    answers = [(await ask(api, "answerCallbackQuery", callback_query_id="2"))["ok"] for _ in "ab"]
    assert answers == [True, False]
    await asyncio.sleep(0.25)
    assert not (await ask(api, "answerCallbackQuery", callback_query_id="3"))["ok"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 < 2 apples", 'Unsupported start tag "" at byte offset 2'),
        ("ñ<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<a href='x", "Unclosed start tag"),
        ("<b>x</b", "Unclosed end tag"),
        ("<span>x</span>", 'must have class "tg-spoiler"'),
        ("Tom & Jerry", "Unescaped '&' at byte offset 4"),
        ("a&nbsp;b", "Unescaped '&'"),
    ],
)
def test_html_that_is_not_well_formed_is_refused(source: str, words: str) -> None:
    with pytest.raises(EntityError, match=re.escape(words)):
        parse_html(source)


def test_entities_count_utf16_units() -> None:
    assert parse_html('👍 <b>1 &lt; <i>2</i></b> <a href="https://a.b/?c&amp;d">x</a>') == (
        "👍 1 < 2 x",
        [
            {"type": "bold", "offset": 3, "length": 5},
            {"type": "italic", "offset": 7, "length": 1},
            {"type": "text_link", "offset": 9, "length": 1, "url": "https://a.b/?c&d"},
        ],
    )
    assert typed_entities("👍 /help@test_bot and @maria, me@home.org 1/2") == [
        {"type": "bot_command", "offset": 3, "length": 14},
        {"type": "mention", "offset": 22, "length": 6},
    ]


# What goes wrong on purpose


@with_api()
async def test_failures_are_told_once_and_for_one_chat(api: BotApi) -> None:
    api.text(ANA, "hello")
    api.text(BEN, "hello")
    api.fail_next("sendMessage", 429, retry_after=3, chat_id=BEN.id)
    assert (await ask(api, "sendMessage", **SAY))["ok"]
    answer = await ask(api, "sendMessage", **SAY | {"chat_id": BEN.id})
    assert answer["parameters"] == {"retry_after": 3}
    assert answer["description"] == "Too Many Requests: retry after 3"
    assert (await ask(api, "sendMessage", **SAY | {"chat_id": BEN.id}))["ok"]
    api.fail_next("*", 403)
    answer = await ask(api, "sendMessage", **SAY)
    assert answer["description"] == "Forbidden: bot was blocked by the user"


@with_api()
async def test_a_bad_gateway_answers_no_json(api: BotApi) -> None:
    api.fail_next("getMe", 502)
    with pytest.raises(aiohttp.ContentTypeError):
        await ask(api, "getMe")


@with_api()
async def test_an_answer_can_be_lost_before_and_after_the_message_was_sent(api: BotApi) -> None:
    api.text(ANA, "hello")
    api.hang_next("sendMessage")
    api.hang_next("sendMessage", performed=True)
    api.cut_next("sendMessage")
    for sent in (0, 1):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(ask(api, "sendMessage", **SAY), 0.2)
        assert len(api.sent) == sent
    with pytest.raises(aiohttp.ClientError):
        await ask(api, "sendMessage", **SAY)
    assert api.texts(ANA.id) == ["Hello", "Hello"]


@with_api()
async def test_a_delayed_method_is_slow(api: BotApi) -> None:
    api.delay("getMe", 0.2)
    start = time.monotonic()
    await ask(api, "getMe")
    assert time.monotonic() - start > 0.19


@with_api()
async def test_nothing_reaches_a_user_who_blocked_the_bot(api: BotApi) -> None:
    api.block(ANA)
    answer = await ask(api, "sendMessage", **SAY)
    assert answer["description"] == "Forbidden: bot was blocked by the user"
    api.unblock(ANA)
    assert (await ask(api, "sendMessage", **SAY))["ok"]


@with_api(enforce_limits=True)
async def test_a_chat_takes_a_burst_of_five_messages(api: BotApi) -> None:
    api.text(ANA, "hello")
    answers = [await ask(api, "sendMessage", **SAY) for _ in range(6)]
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert answers[5]["parameters"]["retry_after"] == 5


def test_limits_count_all_chats_and_groups_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 2))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    limits = Limits()
    for _ in range(20):
        limits.check(GROUP.id)
    with pytest.raises(Refusal, match="retry after 20"):
        limits.check(GROUP.id)
    monkeypatch.setattr(time, "monotonic", lambda: 20_000)
    for chat_id in range(30):
        limits.check(chat_id)
    with pytest.raises(Refusal, match="retry after 1"):
        limits.check(99)


@with_api()
async def test_waiting_for_what_never_comes_says_what_came(api: BotApi) -> None:
    await ask(api, "sendMessage", **SAY)
    with pytest.raises(TimeoutError, match=r"sendMessage .*chat not found"):
        await api.wait_for_sent(timeout=0.1)


# The library that the bot uses


def ptb_application(api: BotApi, updater: bool = True) -> Application[Any, Any, Any, Any, Any, Any]:
    """A bot that echoes with a button, and says which button was tapped."""

    async def echo(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        button = telegram.InlineKeyboardButton("Again", callback_data="again")
        assert update.message
        await update.message.reply_html(
            f"<b>{update.message.text}</b>",
            reply_markup=telegram.InlineKeyboardMarkup([[button]]),
            do_quote=True,
        )

    async def tapped(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("Good")
        await update.callback_query.edit_message_text(f"Tapped {update.callback_query.data}")

    builder = Application.builder().token(api.token).base_url(api.base_url)
    application = builder.build() if updater else builder.updater(None).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(tapped))
    return application


async def converse(api: BotApi) -> None:
    api.text(ANA, "hello")
    [echo] = await api.wait_for_sent()
    assert echo.text == "hello" and echo.message_id
    api.tap(ANA, echo.message_id, title="Again")
    await api.wait_for_sent(1, lambda call: call.method == "editMessageText")
    assert api.texts(ANA.id) == ["hello", "Tapped again"]
    await api.wait_until(lambda: not api.unconfirmed)


@with_api()
async def test_python_telegram_bot_polls(api: BotApi) -> None:
    application = ptb_application(api)
    async with application:
        assert application.updater
        await application.updater.start_polling(timeout=10)
        await application.start()
        await converse(api)
        await application.updater.stop()
        await application.stop()


@with_api()
async def test_python_telegram_bot_serves_a_webhook(api: BotApi) -> None:
    application = ptb_application(api, updater=False)

    async def enqueue(update: dict[str, Any]) -> None:
        await application.update_queue.put(telegram.Update.de_json(update, application.bot))

    async with application, Receiver(then=enqueue) as hook:
        await application.start()
        await application.bot.set_webhook(hook.url, secret_token="s3cret")
        await converse(api)
        assert hook.secrets == ["s3cret", "s3cret"]
        await application.bot.delete_webhook()
        await application.stop()


@with_api()
async def test_python_telegram_bot_uses_every_method(api: BotApi) -> None:
    api.text(ANA, "hello")
    async with telegram.Bot(api.token, api.base_url) as bot:
        photo = await bot.send_photo(7, PNG, caption="<i>Map</i>", parse_mode="HTML")
        assert (photo.photo[0].width, photo.photo[0].height) == (640, 480)
        await bot.send_photo(7, photo.photo[0].file_id)
        with pytest.raises(telegram.error.BadRequest, match=r"(?i)image_process_failed"):
            await bot.send_photo(7, b"no picture")
        with pytest.raises(telegram.error.BadRequest, match="caption is too long"):
            await bot.send_photo(7, PNG, caption="x" * 1025)
        await bot.send_document(7, b"BEGIN:VCALENDAR", filename="event.ics")
        assert api.sent[-1].files == (("event.ics", b"BEGIN:VCALENDAR"),)
        pin = await bot.send_venue(7, 41.88, -87.63, "Library", "400 S State St")
        assert pin.venue and pin.venue.title == "Library"
        await bot.send_chat_action(7, telegram.constants.ChatAction.FIND_LOCATION)
        await bot.edit_message_reply_markup(7, pin.message_id, reply_markup=markup_of(YES_NO))
        scope = telegram.BotCommandScopeChat(7)
        await bot.set_my_commands([("start", "Begin")], scope=scope, language_code="es")
        assert len(await bot.get_my_commands(scope, "es")) == 1
        assert len(await bot.get_my_commands()) == 0
        await bot.set_my_description("Sana", language_code="es")
        assert (await bot.get_my_description("es")).description == "Sana"
        assert (await bot.get_my_short_description()).short_description == ""
        assert (await bot.get_chat(7)).first_name == "Ana"
        assert (await bot.get_chat_member(7, 7)).user.language_code == "es"
        for status in MEMBERSHIPS:
            api.standing(BEN, GROUP, status)
            assert (await bot.get_chat_member(GROUP.id, BEN.id)).status == status
        with pytest.raises(telegram.error.BadRequest, match=r"(?i)participant_id_invalid"):
            await bot.get_chat_member(GROUP.id, ANA.id)


def markup_of(keyboard: dict[str, Any]) -> telegram.InlineKeyboardMarkup:
    markup = telegram.InlineKeyboardMarkup.de_json(keyboard, None)
    assert markup
    return markup


@with_api()
async def test_python_telegram_bot_reads_every_kind_of_update(api: BotApi) -> None:
    api.text(ANA, "/start@test_bot", GROUP)
    api.text(ANA, "what?", GROUP, reply_to=1)
    here = api.message_id(api.location(ANA, 41.88, -87.63, live_period=600))
    api.move(here, 41.89, -87.64)
    api.edit_text(api.message_id(api.text(ANA, "tomorow")), "tomorrow")
    api.venue(ANA, 41.88, -87.63, "Library", "400 S State St")
    for kind in MEDIA:
        api.media(ANA, kind, caption="Look" if kind == "photo" else "")
    api.media(ANA, "document", file_name="other.pdf")
    api.channel_post(Chat(-1009, "News", "channel"), "Today")
    api.block(ANA)
    api.raw({"message": {"message_id": 500, "date": 0, "chat": {"id": 7, "type": "private"}}})
    updates = [
        telegram.Update.de_json(update, None)
        for update in (await ask(api, "getUpdates", limit=100))["result"]
    ]
    assert len(updates) == len(MEDIA) + 11
    assert all(update.effective_chat for update in updates)
    assert updates[1].message and updates[1].message.reply_to_message
    assert updates[3].edited_message and updates[3].edited_message.location
    assert updates[-2].my_chat_member
    assert updates[-2].my_chat_member.new_chat_member.status == "kicked"


def test_the_parameters_are_those_of_python_telegram_bot() -> None:
    """The library's own conveniences aside, so that a new version shows what is missing here."""
    conveniences = {"self", "api_kwargs", "filename", "location", "venue", "inline_message_id"}
    conveniences |= {"reply_to_message_id", "allow_sending_without_reply"}
    conveniences |= {"disable_web_page_preview"}
    for method, described in METHODS.items():
        python_name = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", method)
        theirs = set(inspect.signature(getattr(telegram.Bot, python_name)).parameters)
        theirs = {name for name in theirs - conveniences if not name.endswith("_timeout")}
        assert {re.split("[:!]", word)[0] for word in described.split()} == theirs, method


# Without an event loop


def test_the_thread_offers_the_same_controls_to_tests_without_a_loop() -> None:
    with BotApiThread(first_update_id=50) as api:
        assert api.text(ANA, "hello") == 50
        body = b"chat_id=7&text=Hello&reply_markup=" + b"%7B%22remove_keyboard%22%3Atrue%7D"
        urllib.request.urlopen(f"{api.base_url}{api.token}/sendMessage", body).read()
        [call] = api.wait_for_sent()
        assert isinstance(call, Call) and call.params["reply_markup"] == {"remove_keyboard": True}
        assert api.unconfirmed == [50]
