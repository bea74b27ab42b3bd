"""The staff's review, reached for from outside of their chat.

tests/bot/telegram/test_staff_review.py has the review itself, and who may decide.
"""

from __future__ import annotations

import pytest

from tests.bot.telegram.test_staff_review import (
    OTHER_GROUP,
    ROSA,
    STAFF,
    STRANGER,
    Office,
    asked_for_a_reason,
    in_office,
)
from tests.fakes.bot_api import Chat

pytestmark = pytest.mark.usefixtures("short_pauses")


@pytest.mark.parametrize("chat", [None, OTHER_GROUP])
def test_a_reason_counts_only_in_the_staffs_chat(own_map: object, chat: Chat | None) -> None:
    """Also of a member of the staff, in reply to words of the bot that are the question's."""

    @in_office
    async def story(office: Office) -> None:
        code = office.submits_event()
        await asked_for_a_reason(office, await office.card())
        words = str(office.api.sent[-1].text)
        bot = {"id": office.channel.bot.id, "is_bot": True, "first_name": "Test bot"}
        place = ROSA.private_chat() if chat is None else vars(chat)
        quoted = {"message_id": 1, "date": 0, "chat": place, "from": bot, "text": words}
        office.api.message(ROSA, chat, text="No", reply_to_message=quoted)
        await office.handle()
        assert office.status(code) == ("pending", "")

    story(own_map=own_map)


@in_office
async def test_words_of_the_question_that_somebody_else_wrote_are_no_question(
    office: Office,
) -> None:
    """A stranger who got into the chat for a moment, and left the bot's own words behind."""
    code = office.submits_event()
    await asked_for_a_reason(office, await office.card())
    words = str(office.api.sent[-1].text)
    trap = office.api.message_id(office.api.text(STRANGER, words, STAFF))
    office.api.text(ROSA, "What is this?", STAFF, reply_to=trap)
    await office.handle()
    assert office.status(code) == ("pending", "")


@in_office
async def test_who_was_thrown_out_of_the_staffs_chat_decides_no_more(office: Office) -> None:
    """The old card is still on their phone."""
    code = office.submits_event()
    card = await office.card()
    office.api.standing(ROSA, STAFF, "kicked")
    await office.tap(ROSA, card, "Approve")
    assert office.status(code) == ("pending", "")


@in_office
async def test_an_old_approval_is_not_played_again(office: Office) -> None:
    """The same data after a change: it names the revision that was looked at."""
    code = office.submits_event()
    card = await office.card()
    await office.tap(ROSA, card, "Approve")
    office.changes(code, title="Something else entirely")
    assert card.message_id
    office.api.tap(ROSA, card.message_id, data=f"review:approve:{code}:1")
    await office.handle()
    assert office.status(code) == ("pending", "")
    assert not office.is_public(code)
