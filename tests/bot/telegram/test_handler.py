"""Handling updates: each once, in order within a conversation, side by side between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from telegram import Update

from bot.turns import Tap, Turn
from tests.bot.telegram.channel import FAILING, Channel, on_telegram
from tests.fakes.bot_api import Chat, User
from tests.fakes.chats import MEMBERSHIPS

ANA, BEN, EVA = User(7, "Ana"), User(8, "Ben"), User(9, "Eva", "es-MX")
GROUP = Chat(-1001, "Neighbors")

pytestmark = pytest.mark.usefixtures("errors")


async def handle(channel: Channel) -> None:
    """Hand over all that waits for the bot, and wait until it is handled."""
    await asyncio.gather(*[channel.handler.submit(update) for update in await channel.updates()])
    await channel.handler.finish(5)


@on_telegram()
async def test_a_text_is_answered(channel: Channel) -> None:
    update_id = channel.api.text(EVA, "hola")
    await handle(channel)
    assert channel.api.texts(EVA.id) == ["You: hola"]
    [turn] = channel.parrot.turns
    assert turn.language_hint == "es-MX" and turn.update_id == str(update_id)


@on_telegram()
async def test_an_update_that_comes_again_is_handled_once(channel: Channel) -> None:
    channel.api.text(ANA, "hi")
    [update], [again] = await channel.updates(), await channel.updates()
    hold = channel.parrot.hold("hi")
    first, second = channel.handler.submit(update), channel.handler.submit(again)
    await hold.begins()
    hold.release()
    await asyncio.gather(first, second)
    await channel.handler.submit(again)
    await channel.handler.finish(5)
    assert channel.parrot.heard == ["hi"]
    assert channel.api.texts(ANA.id) == ["You: hi"]


@on_telegram()
async def test_of_an_update_that_is_handled_the_process_keeps_nothing_and_knows_it(
    channel: Channel,
) -> None:
    for text in ("one", "two"):
        channel.api.text(ANA, text)
    first, second = await channel.updates()
    for update in (first, second, second):
        await channel.handler.submit(update)
    assert channel.handler._running == {}
    await channel.handler.submit(first)
    await channel.handler.finish(5)
    assert channel.parrot.heard == ["one", "two"]
    assert channel.api.texts(ANA.id) == ["You: one", "You: two"]


@on_telegram()
async def test_an_update_that_is_being_handled_is_not_forgotten(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    channel.api.text(ANA, "slow")
    channel.api.text(BEN, "quick")
    updates = await channel.updates()
    slow, quick = [channel.handler.submit(update) for update in updates]
    await quick
    assert channel.handler.submit(updates[0]) is slow
    hold.release()
    await slow


@on_telegram()
async def test_a_failing_turn_never_raises_and_the_next_is_handled(
    channel: Channel, errors: Callable[[], list[str]]
) -> None:
    channel.api.text(ANA, FAILING)
    channel.api.text(ANA, "hi")
    await handle(channel)
    assert channel.api.texts(ANA.id) == ["You: hi"]
    assert errors() == ["update failed: RuntimeError"]


@on_telegram()
async def test_an_answer_that_cannot_be_sent_never_raises(channel: Channel) -> None:
    channel.api.text(ANA, "one")
    channel.api.text(ANA, "two")
    channel.api.fail_next("sendMessage", 403)
    await handle(channel)
    assert channel.api.texts(ANA.id) == ["You: two"]


@on_telegram()
async def test_a_tap_is_answered_before_its_turn(channel: Channel) -> None:
    hold = channel.parrot.hold("/faq_dates")
    channel.api.tap(ANA, 1, data="/faq_dates")
    handled = asyncio.create_task(handle(channel))
    await hold.begins()
    assert [call.method for call in channel.api.sent] == ["answerCallbackQuery"]
    hold.release()
    await handled
    assert channel.parrot.turns[0].content == Tap("/faq_dates")
    assert channel.api.texts(ANA.id) == ["You: /faq_dates"]


@on_telegram()
async def test_a_tap_that_asks_nothing_is_answered_too(channel: Channel) -> None:
    channel.api.tap(ANA, 1, data="/x")
    [update] = await channel.updates()
    tap = update.to_dict()
    del tap["callback_query"]["message"]
    tap["callback_query"]["inline_message_id"] = "1"
    await channel.handler.submit(Update.de_json(tap, channel.bot))
    assert [call.method for call in channel.api.sent] == ["answerCallbackQuery"]
    assert channel.parrot.turns == []


@on_telegram()
async def test_a_tap_that_can_no_longer_be_answered_still_counts(channel: Channel) -> None:
    channel.api.fail_next("answerCallbackQuery", 400, "query is too old")
    channel.api.tap(ANA, 1, data="/faq_dates")
    await handle(channel)
    assert channel.api.texts(ANA.id) == ["You: /faq_dates"]


@on_telegram()
async def test_a_tap_whose_answer_takes_long_keeps_its_place(channel: Channel) -> None:
    """The answers to taps overtake each other on the way; the turns behind them must not."""
    channel.api.delay("answerCallbackQuery", 0.1)
    channel.api.tap(ANA, 1, data="/first")
    channel.api.text(ANA, "second")
    await handle(channel)
    assert channel.parrot.heard == ["/first", "second"]
    assert channel.api.texts(ANA.id) == ["You: /first", "You: second"]


@on_telegram()
async def test_the_turns_of_a_conversation_wait_for_each_other(channel: Channel) -> None:
    texts = ["one", "two", "three"]
    holds = [channel.parrot.hold(text) for text in texts]
    for text in texts:
        channel.api.text(ANA, text)
    handled = asyncio.create_task(handle(channel))
    for number, hold in enumerate(holds):
        await hold.begins()
        assert channel.parrot.heard == texts[: number + 1]
        assert not any(later.has_begun for later in holds[number + 1 :])
        hold.release()
    await handled
    assert channel.api.texts(ANA.id) == ["You: one", "You: two", "You: three"]


@on_telegram()
async def test_other_conversations_do_not_wait(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    channel.api.text(ANA, "slow")
    channel.api.text(BEN, "quick")
    slow, quick = [channel.handler.submit(update) for update in await channel.updates()]
    await hold.begins()
    await quick
    await channel.api.wait_until(lambda: channel.api.texts(BEN.id) == ["You: quick"])
    assert not slow.done()
    hold.release()
    await slow


@on_telegram()
async def test_people_in_one_group_do_not_wait_for_each_other(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    channel.api.text(ANA, "@test_bot slow", GROUP)
    of_ben = channel.api.message_id(channel.api.text(BEN, "@test_bot quick", GROUP))
    slow, quick = [channel.handler.submit(update) for update in await channel.updates()]
    await quick
    [answer] = await channel.api.wait_for_sent()
    assert answer.text == "You: quick"
    assert answer.result["reply_to_message"]["message_id"] == of_ben
    hold.release()
    await slow
    conversations = {turn.conversation for turn in channel.parrot.turns}
    assert conversations == {"telegram:-1001:7", "telegram:-1001:8"}


@on_telegram()
async def test_typing_is_shown_in_a_slow_turn(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.sender._TYPING_AFTER_SECONDS", 0.01)
    hold = channel.parrot.hold("slow")
    channel.api.text(ANA, "slow")
    handled = asyncio.create_task(handle(channel))
    await channel.api.wait_until(lambda: "sendChatAction" in [c.method for c in channel.api.calls])
    hold.release()
    await handled


@on_telegram()
async def test_what_asks_nothing_is_not_answered(channel: Channel) -> None:
    channel.api.text(ANA, "good morning", GROUP)
    channel.api.message(ANA, GROUP, new_chat_title="Neighbors of ours")
    await handle(channel)
    assert channel.parrot.turns == [] and channel.api.sent == []


@pytest.mark.parametrize(("user", "words"), [(ANA, "In groups"), (EVA, "En los grupos")])
def test_a_group_that_takes_the_assistant_in_is_told_when_it_answers(
    user: User, words: str
) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        channel.api.membership(user, "left", "member", GROUP)
        await handle(channel)
        [text] = channel.api.texts(GROUP.id)
        assert text.startswith(words)
        assert channel.parrot.turns == []

    story()


@pytest.mark.parametrize(("old", "times"), [("left", 1), ("member", 0)], ids=["new", "known"])
@on_telegram()
async def test_a_group_that_makes_the_assistant_an_administrator_is_told_unless_it_was(
    channel: Channel, old: str, times: int
) -> None:
    update = channel.api.delivered(channel.api.membership(ANA, old, "member", GROUP))
    rights = dict.fromkeys(MEMBERSHIPS["administrator"].split(), True)
    update["my_chat_member"]["new_chat_member"] |= {"status": "administrator", **rights}
    await channel.handler.submit(Update.de_json(update, channel.bot))
    await channel.handler.finish(5)
    assert len(channel.api.texts(GROUP.id)) == times


@pytest.mark.parametrize(
    ("old", "new", "chat"),
    [
        ("member", "left", GROUP),
        ("left", "member", Chat(-1009, "News", "channel")),
        ("member", "kicked", None),
        ("kicked", "member", None),
    ],
    ids=["thrown out", "taken into a channel", "blocked", "unblocked"],
)
def test_other_changes_of_membership_are_passed_over(old: str, new: str, chat: Any) -> None:
    @on_telegram()
    async def story(channel: Channel) -> None:
        channel.api.membership(ANA, old, new, chat)
        await handle(channel)
        assert [call.method for call in channel.api.calls] == ["getMe", "getUpdates"]

    story()


@on_telegram()
async def test_finishing_waits_for_the_running_turns(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    channel.api.text(ANA, "slow")
    [update] = await channel.updates()
    task = channel.handler.submit(update)
    await hold.begins()
    finishing = asyncio.create_task(channel.handler.finish(5))
    await asyncio.sleep(0)
    assert not finishing.done()
    hold.release()
    await finishing
    assert task.done() and channel.api.texts(ANA.id) == ["You: slow"]


@on_telegram()
async def test_finishing_does_not_wait_for_ever(channel: Channel) -> None:
    hold = channel.parrot.hold("slow")
    channel.api.text(ANA, "slow")
    [update] = await channel.updates()
    task = channel.handler.submit(update)
    await channel.handler.finish(0.05)
    assert not task.done()
    hold.release()
    await task
    await channel.handler.finish(0.05)


@on_telegram()
async def test_finishing_does_not_wait_for_ever_for_an_answer_that_is_being_sent(
    channel: Channel,
) -> None:
    channel.api.text(ANA, "hi")
    channel.api.hang_next("sendMessage")
    [update] = await channel.updates()
    await channel.handler.submit(update)
    await asyncio.wait_for(channel.handler.finish(0.05), 20)
    assert channel.api.texts(ANA.id) == []


@on_telegram()
async def test_every_turn_names_its_own_update(channel: Channel) -> None:
    ids = [channel.api.text(user, "hi") for user in (ANA, BEN, EVA)]
    await handle(channel)
    turns: list[Turn] = channel.parrot.turns
    assert sorted(turn.update_id or "" for turn in turns) == [str(number) for number in ids]
