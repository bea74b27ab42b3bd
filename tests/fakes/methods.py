"""The methods of the Bot API, what a call of them is, and how one is read from a request."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

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
METHODS = {
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:list",
    "setWebhook": """url certificate:file ip_address max_connections:int allowed_updates:list
        drop_pending_updates:bool secret_token""",
    "deleteWebhook": "drop_pending_updates:bool",
    "getMe": "",
    "sendMessage": f"{SEND} {TEXT}",
    "sendPhoto": f"{SEND} {CAPTION} photo:file! show_caption_above_media:bool has_spoiler:bool",
    "sendDocument": f"""{SEND} {CAPTION} document:file! thumbnail:file
        disable_content_type_detection:bool""",
    "sendVenue": f"""{SEND} latitude:float! longitude:float! title! address! foursquare_id
        foursquare_type google_place_id google_place_type""",
    "sendChatAction": "chat_id:chat! action! message_thread_id:int business_connection_id",
    "editMessageText": f"{EDIT} {TEXT}",
    "editMessageReplyMarkup": EDIT,
    "answerCallbackQuery": "callback_query_id! text show_alert:bool url cache_time:int",
    "setMyCommands": "commands:list! scope:object language_code",
    "getMyCommands": "scope:object language_code",
    "setMyDescription": "description language_code",
    "getMyDescription": "language_code",
    "setMyShortDescription": "short_description language_code",
    "getMyShortDescription": "language_code",
    "getChat": "chat_id:chat!",
    "getChatMember": "chat_id:chat! user_id:int!",
}
OUTGOING = {name for name in METHODS if re.match("send|edit|answer", name)}

MISSING = {
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


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
