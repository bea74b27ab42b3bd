"""The staff's chat: taps on cards, and written reasons, from people who are members there."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from telegram import Bot, CallbackQuery, ChatMemberRestricted, ForceReply, Message, Update, User
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, TelegramError
from telegram.helpers import mention_html

from actions.clock import now
from actions.database import in_transaction
from actions.healing_map import models, review
from actions.healing_map.review import REASON_LENGTH, AlreadyDecided, ReviewError
from actions.texts import text
from bot.language import language_to_begin
from bot.locks import ConversationLocks
from bot.replies import Reply
from bot.review_words import STAFF_LANGUAGE, has_heading, moment_in_words, objection_in_words
from bot.telegram.render import (
    OutgoingButtons,
    OutgoingEdit,
    OutgoingText,
    edit_of,
    inline_keyboard,
)
from bot.telegram.review_card import (
    APPROVE,
    REASONS,
    REJECT,
    WRITE,
    Press,
    ReasonRequest,
    card_of,
    decided_card,
    decision_buttons,
    read_press,
    read_reason_request,
    ready_reason,
    reason_buttons,
)
from bot.telegram.sender import Sender
from bot.telegram.updates import Destination, destination_of

log = logging.getLogger(__name__)

_MEMBERS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)

Entry = models.Event | models.Message
Deed = Callable[[Session], Entry]


class StaffChat:
    """Takes out of the staff's chat what concerns the review; the rest is for the assistant."""

    def __init__(self, bot: Bot, sender: Sender, chat_id: int) -> None:
        """Set the chat that the staff read, which Telegram knows by this number."""
        self._bot = bot
        self._sender = sender
        self._chat_id = chat_id
        self._order = ConversationLocks()

    def is_origin_of(self, update: Update) -> bool:
        """Tell whether an update comes from the staff's chat."""
        return update.effective_chat is not None and update.effective_chat.id == self._chat_id

    async def handle(self, update: Update) -> bool:
        """Deal with a tap or a reply that concerns the review, and tell whether it was one."""
        if update.callback_query:
            return await self._handle_tap(update.callback_query)
        message = update.message or update.edited_message
        return message is not None and await self._handle_reply(message)

    async def _handle_tap(self, query: CallbackQuery) -> bool:
        press, card = read_press(query.data or ""), query.message
        if press is None or card is None or card.chat.id != self._chat_id:
            return False
        is_member = await self._is_member(query.from_user.id)
        if is_member is None:
            await self._answer(query, "review_failed")
        elif is_member:
            async with self._order.lock(press.code):
                await self._press(press, query, card.message_id)
        return is_member is not False

    async def _press(self, press: Press, query: CallbackQuery, card_id: int) -> None:
        """Do what was tapped, answer the tap, and show on the card what became of it."""
        try:
            entry, card = await in_transaction(_with_card, _deed_of(press))
        except ReviewError as objection:
            words = objection_in_words(objection, _language_of(query.from_user))
            await self._sender.answer_tap(query.id, words)
            await self._show_objection(objection, press.code, card_id)
        except SQLAlchemyError as error:
            log.error("tap on a card failed: code=%s", press.code, exc_info=error)
            await self._answer(query, "review_failed")
        else:
            if entry.status == "pending":
                await self._sender.answer_tap(query.id)
                await self._go_on(press, entry, query, card_id)
            else:
                await self._answer(query, f"review_{entry.status}")
                await self._show_decision(entry, card, card_id, query.from_user.first_name)

    async def _go_on(self, press: Press, entry: Entry, query: CallbackQuery, card_id: int) -> None:
        """Ask for the reason, by buttons or in words, or go back to the decision."""
        if press.action == WRITE:
            request = ReasonRequest(press.code, press.revision, card_id)
            await self._ask_reason(request, entry.language, query)
            return
        buttons = reason_buttons(entry) if press.action == REJECT else decision_buttons(entry)
        await self._deliver(OutgoingButtons(card_id, inline_keyboard(buttons)))

    async def _ask_reason(
        self, request: ReasonRequest, entry_language: str, query: CallbackQuery
    ) -> None:
        user, card = query.from_user, query.message
        html, plain = (
            request.words(name, REASON_LENGTH, entry_language, _language_of(user))
            for name in (mention_html(user.id, user.first_name), user.first_name)
        )
        # Selective: only who tapped, and is named, is made to reply.
        asking = OutgoingText(html, plain, ForceReply(selective=True))
        here = destination_of(card) if isinstance(card, Message) else Destination(self._chat_id)
        await self._sender.deliver(here, asking)

    async def _handle_reply(self, message: Message) -> bool:
        asked, reason = message.reply_to_message, message.text or ""
        is_here = message.chat.id == self._chat_id and not reason.startswith("/")
        if not is_here or asked is None or asked.from_user != self._bot.bot:
            return False
        request = read_reason_request(asked.text or "")
        if request is None:
            return has_heading(asked.text or "")  # what people say to each other about a card
        language = _language_of(message.from_user)
        may_reply = await self._may_reply(message)
        if may_reply is False:
            return False
        if may_reply:
            async with self._order.lock(request.code):
                words = await self._reject(request, reason, _name_of(message), language)
        else:
            words = text("review_failed", language)
        await self._sender.send(destination_of(message), [Reply(words)])
        return True

    async def _reject(self, request: ReasonRequest, reason: str, name: str, language: str) -> str:
        """Reject with a written reason, and return what to answer."""
        code, revision = request.code, request.revision
        try:
            entry, card = await in_transaction(
                _with_card, lambda session: review.reject(session, code, reason, now(), revision)
            )
        except ReviewError as objection:
            return objection_in_words(objection, language)
        except SQLAlchemyError as error:
            log.error("rejection failed: code=%s", code, exc_info=error)
            return text("review_failed", language)
        await self._show_decision(entry, card, request.card_id, name)
        return text("review_rejected", language)

    async def _show_decision(
        self, entry: Entry, card: list[Reply], card_id: int, name: str
    ) -> None:
        line = text(
            f"review_{entry.status}_by",
            STAFF_LANGUAGE,
            name=name,
            when=moment_in_words(entry.updated_at, STAFF_LANGUAGE),
            reason=entry.review_note,
        )
        await self._deliver(edit_of(card_id, decided_card(card, line)))

    async def _show_objection(self, objection: ReviewError, code: str, card_id: int) -> None:
        """Show on a card why it can no longer be decided.

        What was decided elsewhere stays to be read; anything else on the card is out of date, and
        perhaps deleted by its submitter.
        """
        words = objection_in_words(objection, STAFF_LANGUAGE)
        state = Reply(words, heading=code)
        if isinstance(objection, AlreadyDecided) and objection.status != "withdrawn":
            # If the buttons are gone already, a tap at the same time has shown who decided.
            if not await self._deliver(OutgoingButtons(card_id, None)):
                return
            _, card = await in_transaction(_with_card, lambda session: review.find(session, code))
            state = decided_card(card, words)
        await self._deliver(edit_of(card_id, state))

    async def _is_member(self, user_id: int) -> bool | None:
        """Tell whether somebody is in the staff's chat now; None if Telegram cannot say so now."""
        try:
            member = await self._bot.get_chat_member(self._chat_id, user_id)
        except BadRequest:  # Telegram's answer for people that were never there
            return False
        except TelegramError as error:
            log.warning(
                "whether somebody is of the staff cannot be asked: reason=%s", type(error).__name__
            )
            return None
        is_restricted = isinstance(member, ChatMemberRestricted) and member.is_member
        return is_restricted or member.status in _MEMBERS

    async def _may_reply(self, message: Message) -> bool | None:
        """Tell whether a message is from the staff; None if Telegram cannot say so now."""
        # An administrator may write in the name of the chat itself; Telegram then names nobody.
        if message.sender_chat:
            return message.sender_chat.id == self._chat_id
        return await self._is_member(message.from_user.id) if message.from_user else False

    async def _deliver(self, change: OutgoingButtons | OutgoingEdit) -> bool:
        return await self._sender.deliver(Destination(self._chat_id), change)

    async def _answer(self, query: CallbackQuery, name: str) -> None:
        await self._sender.answer_tap(query.id, text(name, _language_of(query.from_user)))


def _with_card(session: Session, deed: Deed) -> tuple[Entry, list[Reply]]:
    """Do something with an entry, and return the entry and its card."""
    entry = deed(session)
    return entry, card_of(entry, review.marks_of(session, entry), now())


def _deed_of(press: Press) -> Deed:
    """Return what a tap asks of the review; what asks for a reason first only has a look."""
    if press.action == APPROVE:
        return lambda session: review.approve(session, press.code, now(), press.revision)
    if press.action in REASONS:
        return lambda session: _reject_for(press, session)
    return lambda session: review.find_waiting(session, press.code, press.revision)


def _reject_for(press: Press, session: Session) -> Entry:
    reason = ready_reason(press.action, review.find(session, press.code))
    return review.reject(session, press.code, reason, now(), press.revision)


def _language_of(user: User | None) -> str:
    return language_to_begin(user.language_code if user else None)


def _name_of(message: Message) -> str:
    if message.sender_chat:
        return message.sender_chat.title or ""
    return message.from_user.first_name if message.from_user else ""
