"""Reads Telegram's updates: what was done, by whom, and where the answer goes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Chat, Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.turns import Command, Content, Location, Tap, Turn, Typed, Unreadable

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""Passed with every request for updates: omitted, an earlier setting would stay."""

_COMMAND = re.compile(r"/(?P<name>\w*)(?:@(?P<bot>\w+))?\s*(?P<argument>.*)", re.DOTALL)
_PERSON = re.compile(r"telegram:(\d+)")


@dataclass(frozen=True)
class Destination:
    """Where an answer goes.

    Attributes:
        chat_id: the chat's number.
        thread_id: the topic in a forum, or None.
        reply_to: the message to answer visibly; None in private chats.
    """

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None

    @property
    def is_private(self) -> bool:
        """Whether nobody else reads along: Telegram's groups have negative numbers."""
        return self.chat_id > 0

    def without_reply(self) -> Destination:
        """Return where the further messages of an answer go: only its first points back."""
        return Destination(self.chat_id, self.thread_id)


@dataclass(frozen=True)
class Request:
    """A turn and where its answer goes."""

    turn: Turn
    destination: Destination


@dataclass(frozen=True)
class Me:
    """The bot itself: its number and its user name."""

    id: int
    username: str


def read_update(update: Update, me: Me) -> Request | None:
    """Return what an update asks of the assistant, or None when it asks nothing.

    In groups that is only a command, a mention, or a reply to the assistant.
    """
    if update.callback_query:
        return _read_tap(update)
    message = update.message or update.edited_message
    user = message.from_user if message else None
    if message is None or user is None or user.is_bot:
        return None
    if update.edited_message and message.location:
        return None  # a live location that moves: the place was answered when it came
    content = _content_of(update, message, me)
    if content is None:
        return None
    turn = Turn(
        conversation_of(message.chat, user.id), content, user.language_code, str(update.update_id)
    )
    return Request(turn, destination_of(message))


def conversation_of(chat: Chat, user_id: int) -> str:
    """Return whose conversation it is: in a group each person has their own."""
    is_private = chat.type == ChatType.PRIVATE
    return f"telegram:{chat.id}" if is_private else f"telegram:{chat.id}:{user_id}"


def private_chat_of(person: str) -> int | None:
    """Return the number of a person's private chat; None for somebody who is not on Telegram."""
    match = _PERSON.fullmatch(person)
    return int(match[1]) if match else None


def _read_tap(update: Update) -> Request | None:
    query = update.callback_query
    if query is None or query.message is None:
        return None
    chat = query.message.chat
    turn = Turn(
        conversation_of(chat, query.from_user.id),
        Tap(query.data or ""),
        query.from_user.language_code,
        str(update.update_id),
    )
    thread_id = _topic_of(query.message) if isinstance(query.message, Message) else None
    return Request(turn, Destination(chat.id, thread_id))


def destination_of(message: Message) -> Destination:
    """Return where an answer to a message goes."""
    is_private = message.chat.type == ChatType.PRIVATE
    reply_to = None if is_private else message.message_id
    return Destination(message.chat.id, _topic_of(message), reply_to)


def _topic_of(message: Message) -> int | None:
    """Return the topic to answer in: replies in a group have a thread as well, but are none."""
    return message.message_thread_id if message.is_topic_message else None


def _content_of(update: Update, message: Message, me: Me) -> Content | None:
    is_private = message.chat.type == ChatType.PRIVATE
    if message.text and message.text.startswith("/"):
        return _command_of(message.text, me, is_private)
    if not is_private and not _is_addressed(message, me):
        return None
    if message.text:
        return Typed(_without_mention(message.text, me))
    if message.location or message.venue:
        place = message.location or message.venue.location  # type: ignore[union-attr]
        return Location(place.latitude, place.longitude)
    return None if filters.StatusUpdate.ALL.check_update(update) else Unreadable()


def _command_of(text: str, me: Me, is_private: bool) -> Command | None:
    """Return the command that a text begins with; among others not one for another bot."""
    match = _COMMAND.match(text)
    if match is None:
        return None
    is_for_me = (match["bot"] or me.username).lower() == me.username.lower()
    if not is_private and not (is_for_me and match["name"]):
        return None
    return Command(match["name"].lower(), match["argument"].strip())


def _is_addressed(message: Message, me: Me) -> bool:
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == me.id:
        return True
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    mentions = message.parse_entities(kinds) | message.parse_caption_entities(kinds)
    return any(
        (entity.user and entity.user.id == me.id) or name.lower() == f"@{me.username.lower()}"
        for entity, name in mentions.items()
    )


def _without_mention(text: str, me: Me) -> str:
    return re.sub(rf"@{re.escape(me.username)}\b", " ", text, flags=re.IGNORECASE).strip()
