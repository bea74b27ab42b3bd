"""A strict fake of the Telegram Bot API, for end-to-end tests over real HTTP on loopback.

    async with BotApi(token="123:TEST") as api:
        ...  # start a bot with base_url=api.base_url
        api.text(User(), "/start")
        [welcome] = await api.wait_for_sent()

It keeps updates until they are confirmed, by long polling or a webhook, and refuses what Telegram
refuses, in Telegram's words where they are known. It is stricter where a mistake would pass in
silence: parameters and button fields that do not exist, two actions in one button, a bare "&" in
HTML. Not modelled: Markdown, inline mode, topics, albums, files by URL, group privacy.

Three layers, from the bottom: `Updates` holds what waits for the bot, `Telegram` knows chats and
messages and does what each method says, `BotApi` serves both and is what tests hold in hand. What
methods there are and how a call is read stands in methods.py, what is refused in checks.py.
"""

import asyncio
import copy
import inspect
import itertools
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeVar

from aiohttp import web

from tests.fakes.chats import MAX_FILE_BYTES, MEMBERSHIPS, Telegram, change, without_reply
from tests.fakes.checks import Limits
from tests.fakes.methods import OUTGOING, Call, Json, Refusal, read_call, too_many_requests
from tests.fakes.people import MEDIA, Chat, User, with_entities
from tests.fakes.updates import OTHER_POLL, TERMINATED, Updates

Result = TypeVar("Result")

USUAL_DESCRIPTIONS = {
    403: "Forbidden: bot was blocked by the user",
    409: TERMINATED.format(OTHER_POLL),
}


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of a method ("*": of any)."""

    method: str
    chat_id: int | None
    times: int
    refusal: Refusal | None = None
    performed: bool = False
    cut: bool = False

    def fits(self, call: Call) -> bool:
        """Whether this call is to go wrong."""
        right_chat = self.chat_id in (None, call.params.get("chat_id"))
        return self.times > 0 and self.method in ("*", call.method) and right_chat


class BotApi:
    """The fake's server, and the hands of the users.

    Every delivery returns the update_id. Messages are named by message_id everywhere; one counter
    runs through all chats. Users and chats become known to the bot by their first delivery.
    """

    def __init__(
        self,
        token: str = "123:TEST",
        *,
        enforce_limits: bool = False,
        callback_lifetime: float = 15.0,
        webhook_retry_delay: float = 0.05,
        first_update_id: int = 1000,
        port: int = 0,
    ) -> None:
        self.token = token
        self.base_url = ""
        self._port = port
        self.calls: list[Call] = []
        self._updates = Updates(first_update_id, webhook_retry_delay)
        self._updates.on_confirmed = self._notify
        self._telegram = Telegram(token, self._updates, callback_lifetime)
        self._limits = Limits() if enforce_limits else None
        self._faults: list[Fault] = []
        self._delays: dict[str, float] = {}
        self._delivered: dict[int, Json] = {}
        self._query_ids = itertools.count(1)
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "BotApi":
        app = web.Application(client_max_size=MAX_FILE_BYTES + 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_route("*", "/{anything:.*}", self._serve_nothing)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._updates.webhook:
            await self._updates.webhook.close()
        if self._runner:
            await self._runner.cleanup()

    # What users do

    def text(
        self, user: User, text: str, chat: Chat | None = None, reply_to: int | None = None
    ) -> int:
        """A user writes, in private or in a chat."""
        return self.message(user, chat, reply_to, **with_entities(text))

    def media(
        self, user: User, kind: str, caption: str = "", chat: Chat | None = None, **fields: Any
    ) -> int:
        """A user sends one of MEDIA; the fields replace those of the example."""
        content = {kind: {**MEDIA[kind], **fields} if fields else MEDIA[kind]}
        return self.message(
            user, chat, None, **content, **({"caption": caption} if caption else {})
        )

    def location(
        self, user: User, latitude: float, longitude: float, chat: Chat | None = None, **more: Any
    ) -> int:
        """A user sends a location; live_period makes it a live one."""
        return self.message(
            user, chat, location={"latitude": latitude, "longitude": longitude, **more}
        )

    def venue(self, user: User, latitude: float, longitude: float, title: str, address: str) -> int:
        """A user sends a place that has a name."""
        location = {"latitude": latitude, "longitude": longitude}
        venue = {"location": location, "title": title, "address": address}
        return self.message(user, location=location, venue=venue)

    def message(
        self, user: User, chat: Chat | None = None, reply_to: int | None = None, **content: Any
    ) -> int:
        """A user sends any other kind of message."""
        if reply_to is not None:
            content["reply_to_message"] = without_reply(self._telegram.messages[reply_to])
        sender = {"from": user.to_json()}
        message = self._telegram.add_message(self._meet(user, chat), **sender, **content)
        return self.raw({"message": message})

    def edit_text(self, message_id: int, text: str) -> int:
        """A user changes a text that was sent before."""
        content = {"entities": None, **with_entities(text)}
        return self.raw({"edited_message": change(self._telegram.messages[message_id], content)})

    def move(self, message_id: int, latitude: float, longitude: float) -> int:
        """A live location that was sent before moves."""
        message = self._telegram.messages[message_id]
        location = {**message["location"], "latitude": latitude, "longitude": longitude}
        return self.raw({"edited_message": change(message, {"location": location})})

    def tap(
        self, user: User, message_id: int, data: str | None = None, title: str | None = None
    ) -> int:
        """A user taps a button of a message, given by its title; or sends any callback data."""
        if data is None:
            data = self._data_of(message_id, title)
        message = self._telegram.messages.get(message_id)
        if message is None:
            message = {"chat": self._meet(user, None), "message_id": message_id, "date": 0}
        query_id = str(next(self._query_ids))
        self._telegram.taps[query_id] = time.monotonic() + self._telegram.callback_lifetime
        query = {"id": query_id, "from": user.to_json(), "message": message, "data": data}
        return self.raw({"callback_query": {**query, "chat_instance": str(message["chat"]["id"])}})

    def _data_of(self, message_id: int, title: str | None) -> str:
        buttons = itertools.chain.from_iterable(self.buttons(message_id))
        data = {button["text"]: button.get("callback_data") for button in buttons}
        if data.get(title) is None:
            raise LookupError(f"no button {title!r} to tap, but {list(data)}")
        return str(data[title])

    def channel_post(self, channel: Chat, text: str) -> int:
        """Something is published in a channel of which the bot is a member."""
        message = self._telegram.add_message(self._open(dict(vars(channel))), **with_entities(text))
        return self.raw({"channel_post": message})

    def block(self, user: User) -> int:
        """A user blocks the bot: from now on it cannot write there."""
        return self.membership(user, "member", "kicked")

    def unblock(self, user: User) -> int:
        """A user lets the bot in again."""
        return self.membership(user, "kicked", "member")

    def membership(self, user: User, old: str, new: str, chat: Chat | None = None) -> int:
        """A user adds the bot to a chat or throws it out."""
        place = self._meet(user, chat)
        self._telegram.barred.pop(place["id"], None)
        if new in ("kicked", "left"):
            where = f"kicked from the {place['type']} chat"
            reason = "blocked by the user" if place["type"] == "private" else where
            self._telegram.barred[place["id"]] = f"Forbidden: bot was {reason}"
        event = {"chat": place, "from": user.to_json(), "date": int(time.time())}
        for key, status in (("old_chat_member", old), ("new_chat_member", new)):
            until = {"until_date": 0} if status == "kicked" else {}
            event[key] = {"user": self._telegram.me, "status": status, **until}
        return self.raw({"my_chat_member": event})

    def standing(self, user: User, chat: Chat, status: str, **fields: Any) -> None:
        """Give a user a status in a chat, of which the bot hears nothing: "creator", "left" ..."""
        self._meet(user, chat)
        names = MEMBERSHIPS[status].split()
        usual = {name: 0 if name == "until_date" else False for name in names}
        self._telegram.memberships[chat.id, user.id] = {"status": status, **usual, **fields}

    def raw(self, update: Json) -> int:
        """Any update, without its update_id."""
        update_id = self._updates.add(update)
        self._delivered[update_id] = copy.deepcopy(update)
        return update_id

    def forget(self, kept: Collection[int]) -> None:
        """Forget all that was called and delivered, and all messages but these.

        For long runs, in which the fake would need more and more memory.
        """
        self.calls.clear()
        self._delivered.clear()
        messages = self._telegram.messages
        for message_id in [known for known in messages if known not in kept]:
            del messages[message_id]

    # What can be seen

    @property
    def sent(self) -> list[Call]:
        """The successful calls that users notice, in order."""
        return [call for call in self.calls if call.error is None and call.method in OUTGOING]

    @property
    def unconfirmed(self) -> list[int]:
        """The ids of the updates that the bot has not confirmed."""
        return list(self._updates.pending)

    def texts(self, chat_id: int) -> list[str]:
        """What the bot said in a chat, edits included, as the user reads it."""
        calls = [call for call in self.sent if call.params.get("chat_id") == chat_id]
        return [call.text for call in calls if call.text and "ReplyMarkup" not in call.method]

    def delivered(self, update_id: int) -> Json:
        """An update as the bot gets it."""
        return copy.deepcopy({"update_id": update_id, **self._delivered[update_id]})

    def history(self, chat_id: int) -> list[Json]:
        """The messages that are in a chat now."""
        messages = self._telegram.messages.values()
        return copy.deepcopy([known for known in messages if known["chat"]["id"] == chat_id])

    def buttons(self, message: Call | int) -> list[list[Json]]:
        """The rows of a call's keyboard, or of the one that a message has now."""
        known = message.params if isinstance(message, Call) else self._telegram.messages[message]
        markup = known.get("reply_markup", {})
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [[key if isinstance(key, dict) else {"text": key} for key in row] for row in rows]

    def message_id(self, update_id: int) -> int:
        """The message that a delivery brought or belongs to."""
        [content] = self._delivered[update_id].values()
        found: int = content.get("message", content)["message_id"]
        return found

    async def wait_for_sent(
        self,
        count: int = 1,
        where: Callable[[Call], bool] = lambda call: True,
        timeout: float = 20.0,
    ) -> list[Call]:
        """Wait until so many of `sent` fit, and return them all."""

        def fitting() -> list[Call]:
            return [call for call in self.sent if where(call)]

        try:
            await self.wait_until(lambda: len(fitting()) >= count, timeout)
        except TimeoutError:
            seen = [f"{call.method} {call.text or ''} {call.error or ''}" for call in self.calls]
            raise TimeoutError("\n".join([f"{count} calls were not sent, but:", *seen])) from None
        return fitting()

    async def wait_until(self, ready: Callable[[], bool], timeout: float = 20.0) -> None:
        """Wait for a condition that changes with the bot's calls and confirmations."""
        end = time.monotonic() + timeout
        while not ready():
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"did not happen in {timeout} s")
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)

    # What goes wrong

    def fail_next(
        self,
        method: str,
        code: int,
        description: str | None = None,
        retry_after: int | None = None,
        times: int = 1,
        chat_id: int | None = None,
    ) -> None:
        """Refuse the next calls of a method ("*": of any)."""
        description = description or USUAL_DESCRIPTIONS.get(code, HTTPStatus(code).phrase)
        refusal = Refusal(description, code, retry_after)
        if code == 429:
            refusal = too_many_requests(retry_after or 1)
        self._faults.append(Fault(method, chat_id, times, refusal))

    def hang_next(
        self, method: str, performed: bool = False, times: int = 1, chat_id: int | None = None
    ) -> None:
        """Never answer the next calls, which are performed all the same if you say so."""
        self._faults.append(Fault(method, chat_id, times, performed=performed))

    def cut_next(self, method: str, times: int = 1, chat_id: int | None = None) -> None:
        """Perform the next calls, and close the connection in the middle of the answer."""
        self._faults.append(Fault(method, chat_id, times, performed=True, cut=True))

    def delay(self, method: str, seconds: float) -> None:
        """Be slow to perform a method from now on."""
        self._delays[method] = seconds

    # Serving

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"])
        fault = None
        try:
            self._check_token(request.match_info["token"])
            call = await read_call(request, call.method)
            await asyncio.sleep(self._delays.get(call.method, 0))
            fault = self._take_fault(call)
            if fault and not fault.performed:
                await self._let_down(call, fault)
            self._check_limits(call)
            result = await self._telegram.perform(call)
        except Refusal as refusal:
            self._record(replace(call, error=refusal.description))
            return refusal.response()
        self._record(replace(call, result=result))
        answer = json.dumps({"ok": True, "result": result})
        if fault and fault.cut:
            return await self._cut(request, answer)
        if fault:
            await self._stay_silent()
        return web.Response(text=answer, content_type="application/json")

    async def _serve_nothing(self, request: web.Request) -> web.Response:
        return Refusal("Not Found", 404).response()

    def _check_token(self, token: str) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
            raise Refusal("Not Found", 404)
        if token != self.token:
            raise Refusal("Unauthorized", 401)

    def _check_limits(self, call: Call) -> None:
        counted = call.method.startswith(("send", "edit")) and call.method != "sendChatAction"
        if self._limits and counted and call.params["chat_id"] in self._telegram.chats:
            self._limits.check(call.params["chat_id"])

    def _take_fault(self, call: Call) -> Fault | None:
        fault = next((known for known in self._faults if known.fits(call)), None)
        if fault:
            fault.times -= 1
        return fault

    async def _let_down(self, call: Call, fault: Fault) -> None:
        if fault.refusal:
            raise fault.refusal
        self._record(replace(call, error="left without an answer"))
        await self._stay_silent()

    async def _stay_silent(self) -> None:
        """Until the client or the server gives up the connection."""
        await asyncio.Event().wait()

    async def _cut(self, request: web.Request, answer: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(answer))})
        await response.prepare(request)
        await response.write(answer[: len(answer) // 2].encode())
        if request.transport:
            request.transport.close()
        return response

    def _record(self, call: Call) -> None:
        self.calls.append(call)
        self._notify()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _meet(self, user: User, chat: Chat | None) -> Json:
        place = self._open(dict(vars(chat)) if chat else user.private_chat())
        self._telegram.members[place["id"]][user.id] = user.to_json()
        return place

    def _open(self, place: Json) -> Json:
        self._telegram.chats[place["id"]] = place
        return place


class BotApiThread:
    """A BotApi in a thread of its own, for tests without an event loop.

    It takes the same arguments and has the same controls; those that wait block the caller.
    """

    def __init__(self, token: str = "123:TEST", **options: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._options = {"token": token, **options}

    def __enter__(self) -> "BotApiThread":
        self._thread.start()
        self._api = self._in_loop(lambda: BotApi(**self._options))
        self._in_loop(self._api.__aenter__)
        return self

    def __exit__(self, *exception: object) -> None:
        self._in_loop(self._api.__aexit__, *exception)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, story: Callable[[BotApi], Awaitable[Result]]) -> Result:
        """Wait for a coroutine that is given the fake, in the fake's own loop."""
        result: Result = self._in_loop(story, self._api)
        return result

    def __getattr__(self, name: str) -> Any:
        control = getattr(self._api, name)
        if not callable(control):
            return control
        return lambda *values, **named: self._in_loop(control, *values, **named)

    def _in_loop(self, control: Callable[..., Any], *values: Any, **named: Any) -> Any:
        async def run() -> Any:
            result = control(*values, **named)
            return await result if inspect.isawaitable(result) else result

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()
