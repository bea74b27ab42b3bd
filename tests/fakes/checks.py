"""What Telegram refuses in a call, whatever state the chats are in."""

import math
import re
import struct
import time
from collections import defaultdict, deque
from collections.abc import Hashable
from typing import Any

from tests.fakes.html_entities import EntityError, parse_html, utf16_length
from tests.fakes.methods import Json, Refusal, too_many_requests

MAX_TEXT, MAX_CAPTION, MAX_CALLBACK_DATA = 4096, 1024, 64
MAX_PHOTO_BYTES = 10 * 2**20

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


def location_of(params: Json) -> Json:
    """The Location of a venue, within the globe."""
    latitude, longitude = params["latitude"], params["longitude"]
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Refusal("wrong venue location specified")
    return {"latitude": latitude, "longitude": longitude}


def check_markup(markup: Json, private: bool) -> None:
    """Refuse a keyboard that Telegram would refuse in this kind of chat."""
    kinds = set(markup) & set(MARKUPS)
    if len(kinds) != 1:
        raise Refusal("object expected as reply markup")
    kind = kinds.pop()
    known_fields("reply markup", markup, f"{kind} {MARKUPS[kind]}")
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


def known_fields(what: str, value: Any, known: str) -> None:
    """Refuse what is no object, or has fields that do not exist."""
    if not isinstance(value, dict):
        raise Refusal(f"can't parse {what}: object expected")
    for unknown in set(value) - set(known.split()):
        raise Refusal(f'can\'t parse {what}: unknown field "{unknown}"')


def _check_inline_button(button: Any) -> None:
    what = "inline keyboard button"
    known_fields(what, button, f"{BUTTON_LOOK} {INLINE_ACTIONS}")
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
    known_fields(what, button, " ".join([BUTTON_LOOK, *PRIVATE_REQUESTS]))
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


def language_of(params: Json) -> str:
    """The language that a text of the profile is for; "" is for all others."""
    code: str = params.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise Refusal("invalid language code specified")
    return code


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
