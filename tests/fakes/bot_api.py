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
messages and does what each method says, `BotApi` serves both and is what tests hold in hand.
"""

import asyncio
import copy
import inspect
import itertools
import json
import math
import re
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from tests.fakes.html_entities import EntityError, parse_html, typed_entities, utf16_length

Json = dict[str, Any]
Upload = tuple[str, bytes]

# Methods and their parameters: the name, ":" and its kind unless it is text, "!" if it is required.
SEND = """chat_id:chat! message_thread_id:int business_connection_id message_effect_id
    direct_messages_topic_id:int disable_notification:bool protect_content:bool
    allow_paid_broadcast:bool suggested_post_parameters:object reply_parameters:object
    reply_markup:object """
TEXT = "text! parse_mode entities:list link_preview_options:object "
CAPTION = "caption parse_mode caption_entities:list "
EDIT = "chat_id:chat! message_id:int! business_connection_id reply_markup:object "
POINT = "latitude:float! longitude:float! "
METHODS = {
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:list",
    "setWebhook": """url certificate:file ip_address max_connections:int allowed_updates:list
        drop_pending_updates:bool secret_token""",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "getMe": "",
    "logOut": "",
    "close": "",
    "sendMessage": f"{SEND} {TEXT}",
    "sendPhoto": f"{SEND} {CAPTION} photo:file! show_caption_above_media:bool has_spoiler:bool",
    "sendDocument": f"""{SEND} {CAPTION} document:file! thumbnail:file
        disable_content_type_detection:bool""",
    "sendLocation": f"""{SEND} {POINT} horizontal_accuracy:float live_period:int heading:int
        proximity_alert_radius:int""",
    "sendVenue": f"""{SEND} {POINT} title! address! foursquare_id foursquare_type
        google_place_id google_place_type""",
    "sendChatAction": "chat_id:chat! action! message_thread_id:int business_connection_id",
    "editMessageText": f"{EDIT} {TEXT}",
    "editMessageReplyMarkup": EDIT,
    "deleteMessage": "chat_id:chat! message_id:int!",
    "answerCallbackQuery": "callback_query_id! text show_alert:bool url cache_time:int",
    "setMyCommands": "commands:list! scope:object language_code",
    "getMyCommands": "scope:object language_code",
    "deleteMyCommands": "scope:object language_code",
    "setMyName": "name language_code",
    "getMyName": "language_code",
    "setMyDescription": "description language_code",
    "getMyDescription": "language_code",
    "setMyShortDescription": "short_description language_code",
    "getMyShortDescription": "language_code",
    "setChatMenuButton": "chat_id:chat menu_button:object",
    "getChatMenuButton": "chat_id:chat",
    "getChat": "chat_id:chat!",
    "getChatMember": "chat_id:chat! user_id:int!",
}
OUTGOING = {name for name in METHODS if re.match("send|edit|answer|deleteMessage", name)}

MAX_TEXT, MAX_CAPTION, MAX_ANSWER, MAX_CALLBACK_DATA = 4096, 1024, 200, 64
MAX_PHOTO_BYTES, MAX_FILE_BYTES = 10 * 2**20, 50 * 2**20
MAX_PROFILE = {"name": 64, "description": 512, "short_description": 120}
MAX_POLL_SECONDS = 50

MARKUPS = {
    "inline_keyboard": "",
    "keyboard": "resize_keyboard one_time_keyboard is_persistent selective input_field_placeholder",
    "remove_keyboard": "selective",
    "force_reply": "selective input_field_placeholder",
}
BUTTON_LOOK = "text style icon_custom_emoji_id"
INLINE_ACTIONS = """url callback_data web_app login_url switch_inline_query callback_game pay
    switch_inline_query_current_chat switch_inline_query_chosen_chat copy_text"""
PRIVATE_REQUESTS = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "request_managed_bot": "managed bots can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
}
CHAT_ACTIONS = """typing choose_sticker find_location record_voice record_video record_video_note
    upload_voice upload_video upload_video_note upload_photo upload_document"""
SCOPES = {
    "default": "",
    "all_private_chats": "",
    "all_group_chats": "",
    "all_chat_administrators": "",
    "chat": "chat_id",
    "chat_administrators": "chat_id",
    "chat_member": "chat_id user_id",
}
UPDATES_ON_REQUEST = "chat_member message_reaction message_reaction_count"

MISSING = {
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}
TERMINATED = "Conflict: terminated by {}"
OTHER_POLL = "other getUpdates request; make sure that only one bot instance is running"
USUAL_DESCRIPTIONS = {
    403: "Forbidden: bot was blocked by the user",
    409: TERMINATED.format(OTHER_POLL),
}
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

# What users may send beside texts and places.
_FILE = {"file_id": "from-user", "file_unique_id": "u", "file_size": 1000}
_SHAPE = {"type": "regular", "is_animated": False, "is_video": False}
_ANSWERS = [{"persistent_id": text, "text": text, "voter_count": 0} for text in ("Now", "Later")]
_OPEN = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False}
MEDIA: dict[str, Any] = {
    "photo": [{**_FILE, "width": 800, "height": 600}],
    "voice": {**_FILE, "duration": 3, "mime_type": "audio/ogg"},
    "video": {**_FILE, "duration": 3, "width": 640, "height": 480},
    "document": {**_FILE, "file_name": "flyer.pdf", "mime_type": "application/pdf"},
    "sticker": {**_FILE, **_SHAPE, "width": 512, "height": 512, "emoji": "👍"},
    "contact": {"phone_number": "+13125550100", "first_name": "Ana"},
    "dice": {"emoji": "🎲", "value": 4},
    "poll": {"id": "1", "question": "When?", "type": "regular", "options": _ANSWERS, **_OPEN}
    | {"total_voter_count": 0, "allows_revoting": True, "members_only": False},
}


class Refusal(Exception):
    """An answer with ok=false."""

    def __init__(self, description: str, code: int = 400, retry_after: int | None = None) -> None:
        prefix = "" if code != 400 or description.startswith("Bad Request") else "Bad Request: "
        self.description = prefix + description
        self.code = code
        self.retry_after = retry_after
        super().__init__(self.description)

    def response(self) -> web.Response:
        """As Telegram sends it; 502 comes from the server before it and is no JSON."""
        if self.code == 502:
            return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return web.json_response(body, status=self.code)


def too_many_requests(retry_after: int) -> Refusal:
    """The answer to a bot that sends too fast."""
    return Refusal(f"Too Many Requests: retry after {retry_after}", 429, retry_after)


@dataclass(frozen=True)
class User:
    """Somebody who writes to the bot; the private chat has the same id."""

    id: int = 7
    first_name: str = "Ana"
    language_code: str | None = "en"
    username: str | None = None

    def to_json(self) -> Json:
        """The User object of the Bot API."""
        known = {name: value for name, value in vars(self).items() if value is not None}
        return {"is_bot": False, **known}

    def private_chat(self) -> Json:
        """The Chat object of the private chat with the bot."""
        names = {"first_name": self.first_name, "username": self.username}
        known = {name: value for name, value in names.items() if value is not None}
        return {"id": self.id, "type": "private", **known}


@dataclass(frozen=True)
class Chat:
    """A group, supergroup or channel."""

    id: int = -1001
    title: str = "Neighbors"
    type: str = "supergroup"


@dataclass(frozen=True)
class Call:
    """One request of the bot: `error` says why it was refused, `result` what it was answered."""

    method: str
    params: Json = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    time: float = field(default_factory=time.monotonic)
    result: Any = None
    error: str | None = None

    @property
    def message_id(self) -> int | None:
        """The message that was sent or edited."""
        return self.result.get("message_id") if isinstance(self.result, dict) else None

    @property
    def text(self) -> str | None:
        """The text or caption as the user reads it."""
        message = self.result if isinstance(self.result, dict) else {}
        return message.get("text") or message.get("caption")


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


# Reading a request


def _truth(raw: Any) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[str(raw).lower()]


def _json_of(expected: type) -> Callable[[Any], Any]:
    def read(raw: Any) -> Any:
        value = json.loads(raw) if isinstance(raw, str) else raw
        if not isinstance(value, expected):
            raise TypeError
        return value

    return read


READERS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "int": int,
    "float": float,
    "bool": _truth,
    "chat": lambda raw: raw if str(raw).startswith("@") else int(raw),
    "object": _json_of(dict),
    "list": _json_of(list),
    "file": str,
}


async def read_call(request: web.Request, method: str) -> Call:
    """Take the parameters from a form, multipart, JSON or the query, and check them."""
    if method not in METHODS:
        raise Refusal("Not Found", 404)
    fields, uploads = await _read_fields(request)
    params: Json = {}
    files: list[Upload] = []
    for name, kind, required in _parameters(method):
        raw = fields.pop(name, "")
        part = str(raw).removeprefix("attach://") if kind == "file" and raw else name
        if part in uploads:
            files.append(uploads.pop(part))
            params[name] = files[-1]
        elif raw not in ("", None):
            params[name] = _read_value(name, kind, raw)
        elif required:
            raise Refusal(MISSING.get(name, f"{name} is empty"))
    for unknown in (*fields, *uploads):
        raise Refusal(f'unknown parameter "{unknown}"')
    return Call(method, params, tuple(files))


async def _read_fields(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    fields: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        fields.update(_read_value("body", "object", await request.text()))
        return fields, uploads
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as content:
                uploads[name] = (value.filename, content.read())
        else:
            fields[name] = value
    return fields, uploads


def _parameters(method: str) -> list[tuple[str, str, bool]]:
    found = []
    for word in METHODS[method].split():
        name, _, kind = word.rstrip("!").partition(":")
        found.append((name, kind or "text", word.endswith("!")))
    return found


def _read_value(name: str, kind: str, raw: Any) -> Any:
    try:
        return READERS[kind](raw)
    except (ValueError, TypeError, KeyError):
        if name == "reply_markup":
            raise Refusal("object expected as reply markup") from None
        raise Refusal(f'can\'t parse "{name}": {kind} expected') from None


# Checking what a request says


def formatted(source: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, Any]:
    """The text as the user reads it, and its entities."""
    if parse_mode is None:
        return source.strip(), entities or []
    if parse_mode.lower() != "html":
        raise Refusal("unsupported parse_mode")
    try:
        return parse_html(source.strip())
    except EntityError as error:
        raise Refusal(f"can't parse entities: {error}") from None


def text_of(params: Json) -> Json:
    """The fields of a message that carry its text."""
    text, entities = formatted(params["text"], params.get("parse_mode"), params.get("entities"))
    if not text.strip():
        raise Refusal("text must be non-empty")
    if utf16_length(text) > MAX_TEXT:
        raise Refusal("message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def caption_of(params: Json) -> Json:
    """The fields of a message that carry its caption."""
    source, entities = params.get("caption", ""), params.get("caption_entities")
    text, entities = formatted(source, params.get("parse_mode"), entities)
    if utf16_length(text) > MAX_CAPTION:
        raise Refusal("message caption is too long")
    return {"caption": text, "caption_entities": entities} if text else {}


def location_of(params: Json, what: str) -> Json:
    """A Location, within the globe."""
    latitude, longitude = params["latitude"], params["longitude"]
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Refusal(f"wrong {what} specified")
    extras: Json = {
        key: params[key] for key in ("horizontal_accuracy", "live_period") if key in params
    }
    if not 0 <= extras.get("horizontal_accuracy", 0) <= 1500:
        raise Refusal(f"wrong {what} specified")
    if not (60 <= extras.get("live_period", 60) <= 86400 or extras["live_period"] == 0x7FFFFFFF):
        raise Refusal("wrong live location period specified")
    return {"latitude": latitude, "longitude": longitude, **extras}


def check_markup(markup: Json, private: bool) -> None:
    """Refuse a keyboard that Telegram would refuse in this kind of chat."""
    kinds = set(markup) & set(MARKUPS)
    if len(kinds) != 1:
        raise Refusal("object expected as reply markup")
    kind = kinds.pop()
    _known_fields("reply markup", markup, f"{kind} {MARKUPS[kind]}")
    if kind not in ("inline_keyboard", "keyboard"):
        return
    rows = markup[kind]
    if not (isinstance(rows, list) and all(isinstance(row, list) for row in rows)):
        raise Refusal(f'field "{kind}" of the reply markup should be an array of arrays')
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100:
        raise Refusal("reply markup is too long")
    for button in buttons:
        if kind == "inline_keyboard":
            _check_inline_button(button)
        else:
            _check_keyboard_button({"text": button} if isinstance(button, str) else button, private)


def _known_fields(what: str, value: Any, known: str) -> None:
    if not isinstance(value, dict):
        raise Refusal(f"can't parse {what}: object expected")
    for unknown in set(value) - set(known.split()):
        raise Refusal(f'can\'t parse {what}: unknown field "{unknown}"')


def _check_inline_button(button: Any) -> None:
    what = "inline keyboard button"
    _known_fields(what, button, f"{BUTTON_LOOK} {INLINE_ACTIONS}")
    actions = set(button) & set(INLINE_ACTIONS.split())
    _check_button_text(what, button)
    if not actions:
        raise Refusal(f"can't parse {what}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise Refusal(f"can't parse {what}: exactly one action expected")
    data = str(button.get("callback_data", "-"))
    if not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA:
        raise Refusal("BUTTON_DATA_INVALID")
    if "url" in actions and not re.match(r"(https?|tg)://\S", str(button["url"])):
        raise Refusal(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _check_keyboard_button(button: Any, private: bool) -> None:
    what = "keyboard button"
    _known_fields(what, button, " ".join([BUTTON_LOOK, *PRIVATE_REQUESTS]))
    _check_button_text(what, button)
    for request, refusal in PRIVATE_REQUESTS.items():
        if button.get(request) and not private:
            raise Refusal(refusal)


def _check_button_text(what: str, button: Json) -> None:
    if not (isinstance(button.get("text"), str) and button["text"].strip()):
        raise Refusal(f'can\'t parse {what}: Field "text" must be a non-empty String')


def photo_size(data: bytes) -> Json:
    """Width and height of a PNG or JPEG that Telegram would take as a photo."""
    if len(data) > MAX_PHOTO_BYTES:
        raise Refusal(
            f"file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        )
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) > 24:
        width, height = struct.unpack(">II", data[16:24])
    else:
        width, height = _jpeg_size(data)
    if not (width and height):
        raise Refusal("IMAGE_PROCESS_FAILED")
    if width + height > 10000 or max(width, height) > 20 * min(width, height):
        raise Refusal("PHOTO_INVALID_DIMENSIONS")
    return {"width": width, "height": height}


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2 if data.startswith(b"\xff\xd8") else len(data)
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker, length, height, width = struct.unpack_from(">xBHxHH", data, position)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return width, height
        position += 2 + length
    return 0, 0


class Limits:
    """How fast a bot may send: so many messages in so many seconds."""

    OVERALL, CHAT, GROUP = (30, 1), (5, 5), (20, 60)

    def __init__(self) -> None:
        self._times: defaultdict[Hashable, deque[float]] = defaultdict(deque)

    def check(self, chat_id: int) -> None:
        """Count one message, or refuse it."""
        rules = [("overall", self.OVERALL), (chat_id, self.CHAT)]
        if chat_id < 0:
            rules.append((("group", chat_id), self.GROUP))
        now = time.monotonic()
        for key, (count, seconds) in rules:
            times = self._times[key]
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) >= count:
                raise too_many_requests(math.ceil(times[0] + seconds - now))
        for key, _ in rules:
            self._times[key].append(now)


class Webhook:
    """Posts updates to the bot: those of one queue in order, the queues beside each other.

    A queue is a chat's messages, or a user's taps, so a tap can overtake a text, as in Telegram.
    """

    def __init__(self, params: Json, retry_delay: float, confirm: Callable[[int], None]) -> None:
        self.url: str = params["url"]
        self.max_connections = min(max(params.get("max_connections", 40), 1), 100)
        self.last_error: Json = {}
        self._headers = {}
        if "secret_token" in params:
            self._headers["X-Telegram-Bot-Api-Secret-Token"] = params["secret_token"]
        self._retry_delay = retry_delay
        self._confirm = confirm
        self._queues: dict[Hashable, deque[Json]] = {}
        self._workers: dict[Hashable, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(self.max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))

    def push(self, update: Json) -> None:
        """Put an update into its queue."""
        key = self._queue_of(update)
        if key not in self._queues:
            self._queues[key] = deque()
            self._workers[key] = asyncio.create_task(self._work(key))
        self._queues[key].append(update)

    async def close(self) -> None:
        """Stop posting; what was not acknowledged stays unconfirmed."""
        for worker in self._workers.values():
            worker.cancel()
        await asyncio.gather(*self._workers.values(), return_exceptions=True)
        await self._session.close()

    @staticmethod
    def _queue_of(update: Json) -> Hashable:
        [content] = [value for key, value in update.items() if key != "update_id"]
        if "callback_query" in update:
            return "taps", content["from"]["id"]
        return "chat", content.get("chat", {}).get("id", update["update_id"])

    async def _work(self, key: Hashable) -> None:
        while self._queues[key]:
            update = self._queues[key][0]
            await self._post_until_acknowledged(update)
            self._queues[key].popleft()
            self._confirm(update["update_id"])
        del self._queues[key], self._workers[key]

    async def _post_until_acknowledged(self, update: Json) -> None:
        delay = self._retry_delay
        while (wait := await self._post(update)) is not None:
            await asyncio.sleep(wait or delay)
            delay = min(2 * delay, 60)

    async def _post(self, update: Json) -> float | None:
        """None if it was acknowledged, else how long the bot asks to wait (0: it does not say)."""
        try:
            async with (
                self._slots,
                self._session.post(self.url, json=update, headers=self._headers) as response,
            ):
                if response.ok:
                    return None
                said = f"Wrong response from the webhook: {response.status} {response.reason}"
                retry_after = response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            said, retry_after = f"Connection failed: {error}", ""
        self.last_error = {"last_error_date": int(time.time()), "last_error_message": said}
        return min(float(retry_after), 3600) if retry_after.isdigit() else 0


class Updates:
    """What waits for the bot, until a higher offset or the webhook's 2xx confirms it."""

    def __init__(self, first_id: int, retry_delay: float) -> None:
        self.pending: dict[int, Json] = {}
        self.allowed: list[str] = []
        self.webhook: Webhook | None = None
        self.on_confirmed: Callable[[], None] = lambda: None
        self._ids = itertools.count(first_id)
        self._retry_delay = retry_delay
        self._waiting: asyncio.Future[None] | None = None

    def add(self, content: Json) -> int:
        """Number an update and offer it to the bot, unless the bot did not ask for its kind."""
        update_id = next(self._ids)
        [kind] = content
        if kind in self.allowed or not (self.allowed or kind in UPDATES_ON_REQUEST.split()):
            self.pending[update_id] = copy.deepcopy({"update_id": update_id, **content})
            if self.webhook:
                self.webhook.push(self.pending[update_id])
            elif self._waiting and not self._waiting.done():
                self._waiting.set_result(None)
        return update_id

    async def poll(self, params: Json) -> list[Json]:
        """Answer getUpdates."""
        if self.webhook:
            raise Refusal(
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
                409,
            )
        self._interrupt(OTHER_POLL)
        self.allowed = params.get("allowed_updates", self.allowed)
        self._confirm_below(params.get("offset", 0))
        timeout = min(params.get("timeout", 0), MAX_POLL_SECONDS)
        if timeout > 0 and not self.pending:
            self._waiting = asyncio.get_running_loop().create_future()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._waiting, timeout)
        limit = params.get("limit", 100)
        return list(self.pending.values())[: limit if 1 <= limit <= 100 else 100]

    async def set_webhook(self, params: Json) -> None:
        """Post updates to this URL from now on; without one, stop posting."""
        url = params.get("url", "")
        if url:
            self._check_webhook(URL(url), params.get("secret_token"))
        self._interrupt("setWebhook request")
        if self.webhook:
            await self.webhook.close()
            self.webhook = None
        self.allowed = params.get("allowed_updates", self.allowed)
        if params.get("drop_pending_updates"):
            self.pending.clear()
        if url:
            self.webhook = Webhook(params, self._retry_delay, self._confirm)
            for update in self.pending.values():
                self.webhook.push(update)

    @staticmethod
    def _check_webhook(url: URL, secret: str | None) -> None:
        loopback = url.host in ("127.0.0.1", "localhost")
        if not (url.scheme == "https" or (url.scheme == "http" and loopback)):
            raise Refusal("bad webhook: An HTTPS URL must be provided for webhook")
        if not loopback and url.port not in (80, 88, 443, 8443):
            raise Refusal("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise Refusal("secret token contains unallowed characters")

    def _interrupt(self, by: str) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(Refusal(TERMINATED.format(by), 409))

    def _confirm_below(self, offset: int) -> None:
        if offset < 0:
            offset = min(list(self.pending)[offset:], default=0)
        for update_id in [known for known in self.pending if known < offset]:
            self._confirm(update_id)

    def _confirm(self, update_id: int) -> None:
        self.pending.pop(update_id, None)
        self.on_confirmed()


class Telegram:
    """Chats, messages and the bot's profile; one method for each method of the Bot API."""

    def __init__(self, token: str, updates: Updates, callback_lifetime: float) -> None:
        self.me: Json = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Test bot"}
        self.me["username"] = "test_bot"
        self.updates = updates
        self.chats: dict[int, Json] = {}
        self.members: defaultdict[int, dict[int, Json]] = defaultdict(dict)
        self.barred: dict[int, str] = {}  # chats that the bot cannot write to, and why
        self.messages: dict[int, Json] = {}
        self.taps: dict[str, float] = {}  # callback queries not yet answered, and until when
        self.callback_lifetime = callback_lifetime
        self._message_ids = itertools.count(1)
        self._files: dict[str, Json] = {}
        self._commands: dict[str, list[Json]] = {}
        self._profile = {("name", ""): "Test bot"}
        self._menu_buttons: dict[int | None, Json] = {}
        for part in MAX_PROFILE:
            setattr(self, f"set_my_{part}", partial(self._set_profile, part))
            setattr(self, f"get_my_{part}", partial(self._get_profile, part))

    async def perform(self, call: Call) -> Any:
        """Do what the call says and return the result."""
        handler = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", call.method)
        result = getattr(self, handler)(call.params)
        result = await result if inspect.isawaitable(result) else result
        return copy.deepcopy(result)

    def add_message(self, chat: Json, **content: Any) -> Json:
        """Put a message into a chat, whoever wrote it."""
        message_id = next(self._message_ids)
        message = {"message_id": message_id, "date": int(time.time()), "chat": chat, **content}
        self.messages[message_id] = message
        return message

    def find(self, message_id: int, chat: Json) -> Json | None:
        """A message by its id, if it is in this chat."""
        message = self.messages.get(message_id)
        return message if message and message["chat"]["id"] == chat["id"] else None

    def get_updates(self, params: Json) -> Awaitable[list[Json]]:
        return self.updates.poll(params)

    async def set_webhook(self, params: Json) -> bool:
        await self.updates.set_webhook(params)
        return True

    async def delete_webhook(self, params: Json) -> bool:
        return await self.set_webhook(params)

    def get_webhook_info(self, params: Json) -> Json:
        pending = {"pending_update_count": len(self.updates.pending)}
        info: Json = {"url": "", "has_custom_certificate": False, **pending}
        if webhook := self.updates.webhook:
            info |= {"url": webhook.url, "max_connections": webhook.max_connections}
            info |= webhook.last_error
        if self.updates.allowed:
            info["allowed_updates"] = self.updates.allowed
        return info

    def get_me(self, params: Json) -> Json:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
        return {**self.me, **abilities, "supports_inline_queries": False}

    def log_out(self, params: Json) -> bool:
        return True

    def close(self, params: Json) -> bool:
        return True

    def send_message(self, params: Json) -> Json:
        return self._send(params, **text_of(params))

    def send_photo(self, params: Json) -> Json:
        photo = self._file(params["photo"], photo_size)
        return self._send(params, photo=[photo], **caption_of(params))

    def send_document(self, params: Json) -> Json:
        document = self._file(params["document"], lambda data: {})
        return self._send(params, document=document, **caption_of(params))

    def send_location(self, params: Json) -> Json:
        return self._send(params, location=location_of(params, "location"))

    def send_venue(self, params: Json) -> Json:
        location = location_of(params, "venue location")
        venue = {"location": location, "title": params["title"], "address": params["address"]}
        return self._send(params, location=location, venue=venue)

    def send_chat_action(self, params: Json) -> bool:
        self._reachable_chat(params)
        if params["action"] not in CHAT_ACTIONS.split():
            raise Refusal("wrong parameter action in request")
        return True

    def edit_message_text(self, params: Json) -> Json:
        message = self._own_message(params)
        if "text" not in message:
            raise Refusal("there is no text in the message to edit")
        return self._edit(message, params, {"entities": None, **text_of(params)})

    def edit_message_reply_markup(self, params: Json) -> Json:
        return self._edit(self._own_message(params), params, {})

    def delete_message(self, params: Json) -> bool:
        chat = self._reachable_chat(params)
        message = self.find(params["message_id"], chat)
        if message is None:
            raise Refusal("message to delete not found")
        if chat["type"] != "private" and message.get("from") != self.me:
            raise Refusal("message can't be deleted")
        del self.messages[message["message_id"]]
        return True

    def answer_callback_query(self, params: Json) -> bool:
        if utf16_length(params.get("text", "")) > MAX_ANSWER:
            raise Refusal("MESSAGE_TOO_LONG")
        if self.taps.pop(params["callback_query_id"], 0) < time.monotonic():
            raise Refusal("query is too old and response timeout expired or query ID is invalid")
        return True

    def set_my_commands(self, params: Json) -> bool:
        if len(params["commands"]) > 100:
            raise Refusal("BOT_COMMANDS_TOO_MUCH")
        for command in params["commands"]:
            _known_fields("BotCommand", command, "command description")
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
                raise Refusal("BOT_COMMAND_INVALID")
            if not 1 <= utf16_length(str(command.get("description", ""))) <= 256:
                raise Refusal("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[self._scope(params)] = params["commands"]
        return True

    def get_my_commands(self, params: Json) -> list[Json]:
        return self._commands.get(self._scope(params), [])

    def delete_my_commands(self, params: Json) -> bool:
        self._commands.pop(self._scope(params), None)
        return True

    def set_chat_menu_button(self, params: Json) -> bool:
        button = params.get("menu_button", {"type": "default"})
        if button.get("type") not in ("default", "commands", "web_app"):
            raise Refusal("can't parse menu button: MenuButton has unsupported type")
        if "chat_id" in params:
            self._reachable_chat(params)
        self._menu_buttons[params.get("chat_id")] = button
        return True

    def get_chat_menu_button(self, params: Json) -> Json:
        general = self._menu_buttons.get(None, {"type": "commands"})
        return self._menu_buttons.get(params.get("chat_id"), general)

    def get_chat(self, params: Json) -> Json:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        accepted = dict.fromkeys((*gifts, "gifts_from_channels"), False)
        look = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": accepted}
        return {**self._reachable_chat(params), **look}

    def get_chat_member(self, params: Json) -> Json:
        chat = self._reachable_chat(params)
        members = {**self.members[chat["id"]], self.me["id"]: self.me}
        if params["user_id"] not in members:
            raise Refusal("PARTICIPANT_ID_INVALID")
        return {"user": members[params["user_id"]], "status": "member"}

    def _reachable_chat(self, params: Json) -> Json:
        chat = self.chats.get(params.get("chat_id", 0))
        if chat is None:
            raise Refusal("chat not found")
        if chat["id"] in self.barred:
            raise Refusal(self.barred[chat["id"]], 403)
        return chat

    def _send(self, params: Json, **content: Any) -> Json:
        chat = self._reachable_chat(params)
        markup = params.get("reply_markup", {})
        if markup:
            check_markup(markup, chat["type"] == "private")
        if markup.get("inline_keyboard"):
            content["reply_markup"] = markup
        if "reply_parameters" in params:
            content |= self._quoted(params["reply_parameters"], chat)
        return self.add_message(chat, **{"from": self.me}, **content)

    def _quoted(self, reply: Json, chat: Json) -> Json:
        if quoted := self.find(reply.get("message_id", 0), chat):
            return {"reply_to_message": without_reply(quoted)}
        if reply.get("allow_sending_without_reply"):
            return {}
        raise Refusal("message to be replied not found")

    def _file(self, file: Upload | str, properties: Callable[[bytes], Json]) -> Json:
        if isinstance(file, str):
            if file not in self._files:
                raise Refusal("wrong file identifier/HTTP URL specified")
            return self._files[file]
        name, data = file
        if not data:
            raise Refusal("file must be non-empty")
        if len(data) > MAX_FILE_BYTES:
            raise Refusal("Request Entity Too Large", 413)
        file_id = f"file-{len(self._files) + 1}"
        known = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(data)}
        self._files[file_id] = {**known, "file_name": name, **properties(data)}
        return self._files[file_id]

    def _own_message(self, params: Json) -> Json:
        message = self.find(params["message_id"], self._reachable_chat(params))
        if message is None:
            raise Refusal("message to edit not found")
        if message.get("from") != self.me:
            raise Refusal("message can't be edited")
        return message

    def _edit(self, message: Json, params: Json, content: Json) -> Json:
        markup = params.get("reply_markup", {"inline_keyboard": []})
        if "inline_keyboard" not in markup:
            raise Refusal("inline keyboard expected")
        check_markup(markup, message["chat"]["type"] == "private")
        content = {"reply_markup": markup if markup["inline_keyboard"] else None, **content}
        if all(message.get(key) == value for key, value in content.items()):
            raise Refusal(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        return change(message, content)

    def _scope(self, params: Json) -> str:
        scope = params.get("scope", {"type": "default"})
        if scope.get("type") not in SCOPES:
            raise Refusal("can't parse BotCommandScope: Unsupported type specified")
        _known_fields("BotCommandScope", scope, f"type {SCOPES[scope['type']]}")
        if "chat_id" in SCOPES[scope["type"]]:
            self._reachable_chat(scope)
        return json.dumps([scope, language_of(params)], sort_keys=True)

    def _set_profile(self, part: str, params: Json) -> bool:
        text = params.get(part, "")
        if utf16_length(text) > MAX_PROFILE[part]:
            raise Refusal(f"bot {part.replace('_', ' ')} is too long")
        self._profile[part, language_of(params)] = text
        return True

    def _get_profile(self, part: str, params: Json) -> Json:
        own = self._profile.get((part, language_of(params)))
        return {part: own or self._profile.get((part, ""), "")}


def language_of(params: Json) -> str:
    """The language that a text of the profile is for; "" is for all others."""
    code: str = params.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise Refusal("invalid language code specified")
    return code


def change(message: Json, content: Json) -> Json:
    """Edit a message; None removes a field."""
    message.update(content, edit_date=int(time.time()))
    for key in [key for key, value in message.items() if value is None]:
        del message[key]
    return message


def without_reply(message: Json) -> Json:
    """A message as it is quoted in others."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


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
    ) -> None:
        self.token = token
        self.base_url = ""
        self.calls: list[Call] = []
        self._updates = Updates(first_update_id, webhook_retry_delay)
        self._updates.on_confirmed = self._notify
        self._telegram = Telegram(token, self._updates, callback_lifetime)
        self._limits = Limits() if enforce_limits else None
        self._faults: list[Fault] = []
        self._delays: dict[str, float] = {}
        self._delivered: dict[int, Json] = {}
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "BotApi":
        app = web.Application(client_max_size=MAX_FILE_BYTES + 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_route("*", "/{anything:.*}", self._serve_nothing)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
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
        query_id = str(len(self._delivered) + 1)
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

    def raw(self, update: Json) -> int:
        """Any update, without its update_id."""
        update_id = self._updates.add(update)
        self._delivered[update_id] = copy.deepcopy(update)
        return update_id

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
        timeout: float = 5.0,
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

    async def wait_until(self, ready: Callable[[], bool], timeout: float = 5.0) -> None:
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


def with_entities(text: str) -> Json:
    """The fields of a message in which somebody typed this text."""
    entities = typed_entities(text)
    return {"text": text, **({"entities": entities} if entities else {})}


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
