"""Whatever arrives: the channel never dies, and nobody who asks something meets silence."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.texts import LANGUAGES, text
from bot.assistant import Assistant
from bot.health import Readiness
from bot.telegram.handler import UpdateHandler
from bot.telegram.outbox import Outbox
from bot.telegram.updates import Me
from bot.telegram.webhook import Webhook
from tests.bot.telegram.any_update import ANY_JSON, DEEDS, Deed, broken
from tests.bot.telegram.channel import Channel, bot_of, new_database
from tests.bot.telegram.test_polling import polling
from tests.bot.telegram.test_webhook import post, settings_for
from tests.fakes.bot_api import BotApi, Chat, User
from tests.fakes.methods import Call, Json

_Result = TypeVar("_Result")

FAILURES = {text("failure", language) for language in LANGUAGES}
the_same_each_time = settings(deadline=None, derandomize=True, database=None)


class World:
    """The channel at work by webhook, and people whom it does not know yet."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._numbers = itertools.count(10**12)

    async def begin(self, stack: AsyncExitStack, assistant: Assistant | None) -> None:
        """Start it, with a parrot in the assistant's place where there is none."""
        engine = stack.enter_context(new_database())
        self.api = await stack.enter_async_context(BotApi())
        bot = await stack.enter_async_context(bot_of(self.api))
        self.channel = Channel(self.api, bot, engine)
        if assistant:
            outbox = Outbox(assistant.transactions, self.channel.sender)
            me = Me(bot.id, bot.username)
            self.channel.handler = UpdateHandler(assistant, self.channel.sender, outbox, me)
        self.settings = settings_for(self.api.base_url)
        server = Webhook(bot, self.channel.handler, self.settings, Readiness({}))
        await server.listen()
        stack.push_async_callback(server.stop)

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Let it work."""
        return self._loop.run_until_complete(work)

    def number(self) -> int:
        """A number that nothing has yet."""
        return next(self._numbers)

    def newcomer(self, language: str | None = None) -> tuple[User, Chat]:
        """Somebody who may be written to, and a group that they are in."""
        user, group = User(self.number(), "Ana", language), Chat(-self.number(), "Neighbors")
        self.api.text(user, "hi")
        self.api.text(user, "hi", group)
        return user, group

    async def gets(self, update: Json) -> list[Call]:
        """Have Telegram post an update, and return what is said because of it."""
        before = len(self.api.calls)
        assert await post(self.settings, update) == 200
        await self.channel.handler.finish(20)
        calls = self.api.calls[before:]
        return [it for it in calls if it.method.startswith(("send", "edit"))]


@contextmanager
def a_world(assistant: Assistant | None = None) -> Iterator[World]:
    world = World()
    stack = AsyncExitStack()
    world.run(world.begin(stack, assistant))
    yield world
    world.run(stack.aclose())


@pytest.fixture(scope="module")
def parrots_world() -> Iterator[World]:
    with a_world() as world:
        yield world


@pytest.fixture(scope="module")
def assistants_world(assistant: Assistant) -> Iterator[World]:
    with a_world(assistant) as world:
        yield world


def answers(world: World, deeds: list[Deed], language: str | None) -> Iterator[tuple[Deed, Any]]:
    """Let somebody do all that, and give for each what is said."""
    user, group = world.newcomer(language)
    for deed in deeds:
        update = {"update_id": world.number(), **deed.update(world.number(), user, group)}
        said = world.run(world.gets(update))
        chats = {user.id, group.id}
        assert {call.params["chat_id"] for call in said} <= chats
        assert [call.error for call in said if call.error] == []
        yield deed, said


@settings(the_same_each_time, max_examples=150)
@given(st.lists(DEEDS, min_size=1, max_size=4), st.sampled_from([None, "en", "es", "zz-\x00"]))
def test_who_asks_something_gets_an_answer_and_nobody_else(
    parrots_world: World, deeds: list[Deed], language: str | None
) -> None:
    for deed, said in answers(parrots_world, deeds, language):
        assert bool(said) == deed.asks, deed


@settings(the_same_each_time, max_examples=50)
@given(st.lists(DEEDS.filter(lambda deed: deed.asks), min_size=1, max_size=6))
def test_the_assistant_knows_something_to_say_to_anything(
    assistants_world: World, deeds: list[Deed]
) -> None:
    for deed, said in answers(assistants_world, deeds, "en"):
        assert said, deed
        assert not any(call.text in FAILURES for call in said), deed


A_PERSON, A_GROUP = User(7, "Ana"), Chat(-1001, "Neighbors")
BROKEN = broken(st.builds(lambda deed: deed.update(5, A_PERSON, A_GROUP), DEEDS))


@settings(the_same_each_time, max_examples=100)
@given(ANY_JSON | BROKEN | broken(BROKEN.map(lambda update: {"update_id": 1, **update})))
def test_what_nobody_would_post_is_acknowledged_and_stops_nothing(
    parrots_world: World, update: Any
) -> None:
    world = parrots_world
    assert world.run(post(world.settings, update)) == 200
    user, group = world.newcomer()
    hello = Deed("message", {"text": "hello"}, "private", True).update(1, user, group)
    [said] = world.run(world.gets({"update_id": world.number(), **hello}))
    assert said.text == "You: hello"


@settings(the_same_each_time, max_examples=12)
@given(st.lists(BROKEN.filter(bool), min_size=1, max_size=8))
def test_what_nobody_would_send_stops_no_polling(parrots_world: World, updates: list[Json]) -> None:
    async def story() -> None:
        async with polling(world.channel):
            for update in updates:
                world.api.raw(update)
            user, _ = world.newcomer()
            await world.api.wait_until(lambda: not world.api.unconfirmed)
            await world.channel.handler.finish(20)
            assert world.api.texts(user.id) == ["You: hi"]

    world = parrots_world
    world.run(story())
