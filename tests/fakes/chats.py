"""Chats, messages and the bot's profile, and what each method of the Bot API does to them."""

import copy
import inspect
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from tests.fakes.checks import (
    caption_of,
    check_markup,
    known_fields,
    language_of,
    location_of,
    photo_size,
    text_of,
)
from tests.fakes.html_entities import utf16_length
from tests.fakes.methods import Call, Json, Refusal, Upload
from tests.fakes.updates import Updates

MAX_ANSWER = 200
MAX_FILE_BYTES = 50 * 2**20
MAX_PROFILE = {"description": 512, "short_description": 120}

CHAT_ACTIONS = """typing choose_sticker find_location record_voice record_video record_video_note
    upload_voice upload_video upload_video_note upload_photo upload_document"""
MEMBERSHIPS = {
    "creator": "is_anonymous",
    "administrator": """is_anonymous can_be_edited can_manage_chat can_delete_messages
        can_manage_video_chats can_restrict_members can_promote_members can_change_info
        can_invite_users can_post_stories can_edit_stories can_delete_stories""",
    "member": "",
    "restricted": """is_member can_change_info can_invite_users can_pin_messages can_manage_topics
        can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos
        can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages
        can_add_web_page_previews can_edit_tag can_react_to_messages until_date""",
    "left": "",
    "kicked": "until_date",
}
SCOPES = {
    "default": "",
    "all_private_chats": "",
    "all_group_chats": "",
    "all_chat_administrators": "",
    "chat": "chat_id",
    "chat_administrators": "chat_id",
    "chat_member": "chat_id user_id",
}


class Telegram:
    """Chats, messages and the bot's profile; one method for each method of the Bot API."""

    def __init__(self, token: str, updates: Updates, callback_lifetime: float) -> None:
        self.me: Json = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Test bot"}
        self.me["username"] = "test_bot"
        self.updates = updates
        self.chats: dict[int, Json] = {}
        self.members: defaultdict[int, dict[int, Json]] = defaultdict(dict)
        self.memberships: dict[tuple[int, int], Json] = {}  # by chat and user; others are members
        self.barred: dict[int, str] = {}  # chats that the bot cannot write to, and why
        self.messages: dict[int, Json] = {}
        self.taps: dict[str, float] = {}  # callback queries not yet answered, and until when
        self.callback_lifetime = callback_lifetime
        self._message_ids = itertools.count(1)
        self._files: dict[str, Json] = {}
        self._commands: dict[str, list[Json]] = {}
        self._profile: dict[tuple[str, str], str] = {}
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

    def get_me(self, params: Json) -> Json:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
        return {**self.me, **abilities, "supports_inline_queries": False}

    def send_message(self, params: Json) -> Json:
        return self._send(params, **text_of(params))

    def send_photo(self, params: Json) -> Json:
        photo = self._file(params["photo"], photo_size)
        return self._send(params, photo=[photo], **caption_of(params))

    def send_document(self, params: Json) -> Json:
        document = self._file(params["document"], lambda data: {})
        return self._send(params, document=document, **caption_of(params))

    def send_venue(self, params: Json) -> Json:
        location = location_of(params)
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
            known_fields("BotCommand", command, "command description")
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
                raise Refusal("BOT_COMMAND_INVALID")
            if not 1 <= utf16_length(str(command.get("description", ""))) <= 256:
                raise Refusal("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[self._scope(params)] = params["commands"]
        return True

    def get_my_commands(self, params: Json) -> list[Json]:
        return self._commands.get(self._scope(params), [])

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
        membership = self.memberships.get((chat["id"], params["user_id"]), {"status": "member"})
        return {"user": members[params["user_id"]], **membership}

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
        known_fields("BotCommandScope", scope, f"type {SCOPES[scope['type']]}")
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


def change(message: Json, content: Json) -> Json:
    """Edit a message; None removes a field."""
    message.update(content, edit_date=int(time.time()))
    for key in [key for key, value in message.items() if value is None]:
        del message[key]
    return message


def without_reply(message: Json) -> Json:
    """A message as it is quoted in others."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
