"""The service from its start to its stop, by polling and by webhook."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.engine import Engine

from actions.healing_map.models import sessions
from actions.healing_map.notices import take
from actions.healing_map.review import find
from bot.errors import CommandError
from bot.settings import Settings
from bot.telegram import outbox, service
from bot.telegram.service import serve
from tests.actions.healing_map.making import NOW, in_hours, put_event
from tests.bot.telegram.channel import Parrot
from tests.bot.telegram.test_webhook import settings_for
from tests.fakes.bot_api import BotApi, Chat, User

ANA, BEN = User(7, "Ana"), User(8, "Ben")
# As it is outside of these tests.
LOOK_AGAIN_AND_FINISH_SECONDS = outbox._LOOK_AGAIN_SECONDS + service._FINISH_SECONDS


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch, short_pauses: None, own_map: Engine) -> None:
    """Do not wait long for turns at the stop; over a map of its own."""
    monkeypatch.setattr(service, "_FINISH_SECONDS", 1.0)


def settings_of(api: BotApi, mode: str) -> Settings:
    settings = settings_for(api.base_url)
    return settings if mode == "webhook" else replace(settings, webhook_url="")


@asynccontextmanager
async def serving(
    api: BotApi, mode: str, parrot: Parrot, staff_chat: int | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """The service at work."""
    settings = replace(settings_of(api, mode), staff_chat=staff_chat)
    task = asyncio.create_task(serve(settings, lambda: parrot))  # type: ignore
    ready = "setWebhook" if mode == "webhook" else "deleteWebhook"
    await api.wait_until(lambda: ready in [call.method for call in api.calls])
    yield task
    task.cancel()


def stop() -> None:
    """Stop the service as a supervisor does; it listens for that while it is at work."""
    signal.raise_signal(signal.SIGTERM)


def card_waits(engine: Engine, moment: datetime = NOW) -> bool:
    """Whether a card waits at a moment, taken by nobody; it is left there."""
    with sessions(engine)() as session:
        return take(session, "staff", moment) is not None


both_modes = pytest.mark.parametrize("mode", ["polling", "webhook"])


@both_modes
def test_it_registers_itself_answers_and_stops(mode: str) -> None:
    async def story() -> None:
        parrot = Parrot()
        async with BotApi() as api, serving(api, mode, parrot) as task:
            assert "setMyCommands" in [call.method for call in api.calls]
            api.text(ANA, "hi")
            await api.wait_for_sent()
            stop()
            await asyncio.wait_for(task, 20)
            assert api.texts(ANA.id) == ["You: hi"]
            await api.wait_until(lambda: not api.unconfirmed)
        assert parrot.is_closed

    asyncio.run(story())


@both_modes
def test_a_stop_finishes_the_running_turn_and_confirms_it(mode: str) -> None:
    async def story() -> None:
        parrot = Parrot()
        hold = parrot.hold("slow")
        async with BotApi() as api, serving(api, mode, parrot) as task:
            api.text(ANA, "slow")
            await hold.begins()
            stop()
            asyncio.get_running_loop().call_later(0.1, hold.release)
            await asyncio.wait_for(task, 20)
            assert api.texts(ANA.id) == ["You: slow"]
            await api.wait_until(lambda: not api.unconfirmed)

    asyncio.run(story())


@both_modes
def test_a_stop_does_not_wait_for_a_turn_that_never_ends(mode: str) -> None:
    async def story() -> None:
        parrot = Parrot()
        hold = parrot.hold("stuck")
        async with BotApi() as api, serving(api, mode, parrot) as task:
            stuck = api.text(ANA, "stuck")
            await hold.begins()
            stop()
            await asyncio.wait_for(task, 20)
            assert api.unconfirmed == [stuck]

    asyncio.run(story())


def test_a_stop_does_not_wait_for_a_telegram_that_does_not_answer() -> None:
    async def story() -> None:
        async with BotApi() as api, serving(api, "polling", Parrot()) as task:
            api.text(ANA, "hi")
            await api.wait_until(lambda: bool(api.sent) and not api.unconfirmed)
            api.hang_next("getUpdates", times=10)
            stop()
            await asyncio.wait_for(task, 20)

    asyncio.run(story())


@both_modes
def test_a_telegram_that_does_not_answer_at_the_start_is_waited_for(mode: str) -> None:
    async def story() -> None:
        async with BotApi() as api:
            api.fail_next("getMe", 502, times=2)
            async with serving(api, mode, Parrot()):
                api.text(ANA, "hi")
                await api.wait_for_sent()

    asyncio.run(story())


@both_modes
def test_a_stop_while_telegram_does_not_answer_is_obeyed(mode: str) -> None:
    async def story() -> None:
        async with BotApi() as api:
            api.fail_next("getMe", 502, times=10_000)
            task = asyncio.create_task(serve(settings_of(api, mode), Parrot))  # type: ignore
            await api.wait_until(lambda: len(api.calls) > 1)
            stop()
            await asyncio.wait_for(task, 20)

    asyncio.run(story())


@pytest.mark.parametrize("code", [429, 502])
def test_a_webhook_that_telegram_is_too_busy_to_set_is_set_later(code: int) -> None:
    async def story() -> None:
        async with BotApi() as api:
            api.fail_next("setWebhook", code)
            api.text(ANA, "hi")
            task = asyncio.create_task(
                serve(settings_of(api, "webhook"), Parrot)  # type: ignore[arg-type]
            )
            answered = asyncio.create_task(api.wait_for_sent())
            await asyncio.wait([task, answered], return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                answered.cancel()
                task.result()
            stop()
            await asyncio.wait_for(task, 20)

    asyncio.run(story())


@both_modes
def test_the_staff_review_while_it_serves_and_the_submitter_hears_of_it(
    mode: str, own_map: Engine
) -> None:
    async def story() -> None:
        staff = Chat(-1009, "Healing team")
        async with BotApi() as api:
            api.standing(BEN, staff, "member")
            async with serving(api, mode, Parrot(), staff.id) as task:
                api.text(ANA, "hi")
                with sessions(own_map).begin() as session:
                    code = put_event(session, status="pending", submitter="telegram:7").code
                *_, card = await api.wait_for_sent(
                    1, lambda call: call.params.get("chat_id") == staff.id
                )
                api.tap(BEN, card.message_id, title="Approve")
                await api.wait_for_sent(
                    1, lambda call: bool(call.text) and "Healing Map now" in call.text
                )
                stop()
                await asyncio.wait_for(task, 20)
            assert "on the Healing Map now" in api.texts(ANA.id)[-1]
            assert "Approved by Ben" in api.texts(staff.id)[-1]
        with sessions(own_map)() as session:
            assert find(session, code).status == "approved"

    asyncio.run(story())


@both_modes
def test_a_stop_sends_the_notice_that_is_being_sent_to_its_end(mode: str, own_map: Engine) -> None:
    async def story() -> None:
        staff = Chat(-1009, "Healing team")
        with sessions(own_map).begin() as session:
            put_event(session, status="pending", submitter="telegram:7")
        async with BotApi() as api:
            api.standing(BEN, staff, "member")
            api.delay("sendMessage", 0.1)
            async with serving(api, mode, Parrot(), staff.id) as task:
                while card_waits(own_map):
                    await asyncio.sleep(0.01)
                stop()
                await asyncio.wait_for(task, 20)
            assert len(api.texts(staff.id)) == 1
        assert not card_waits(own_map, in_hours(1))

    asyncio.run(story())


@both_modes
def test_a_stop_does_not_wait_for_a_notice_that_telegram_does_not_take(
    mode: str, own_map: Engine
) -> None:
    async def story() -> None:
        staff = Chat(-1009, "Healing team")
        with sessions(own_map).begin() as session:
            put_event(session, status="pending", submitter="telegram:7")
        async with BotApi() as api:
            api.standing(BEN, staff, "member")
            api.hang_next("sendMessage")
            async with serving(api, mode, Parrot(), staff.id) as task:
                await api.wait_until(lambda: "sendMessage" in [it.method for it in api.calls])
                stop()
                await asyncio.wait_for(task, 20)
        assert card_waits(own_map, in_hours(1))

    asyncio.run(story())


@both_modes
def test_a_wrong_token_ends_the_start_before_the_model_is_loaded(mode: str) -> None:
    async def story() -> None:
        async with BotApi("123:ANOTHER") as api:
            with pytest.raises(CommandError, match="TELEGRAM_BOT_TOKEN"):
                await serve(settings_of(api, mode), lambda: pytest.fail("loaded"))

    asyncio.run(story())


@both_modes
def test_a_token_that_is_withdrawn_ends_the_service(mode: str) -> None:
    async def story() -> None:
        parrot = Parrot()

        def load() -> Parrot:
            api.token = "123:ANOTHER"
            return parrot

        async with BotApi() as api:
            with pytest.raises(CommandError, match="TELEGRAM_BOT_TOKEN"):
                await serve(settings_of(api, mode), load)  # type: ignore[arg-type]
        assert parrot.is_closed

    asyncio.run(story())


def test_a_webhook_url_that_telegram_refuses_is_named() -> None:
    async def story() -> None:
        async with BotApi() as api:
            settings = replace(settings_of(api, "webhook"), webhook_url="http://example.org/")
            with pytest.raises(CommandError, match=r"TELEGRAM_WEBHOOK_URL.*(?i:https)"):
                await serve(settings, Parrot)  # type: ignore[arg-type]

    asyncio.run(story())


def test_an_answer_that_is_sent_while_a_process_stops_is_nobody_elses_until_it_has_ended() -> None:
    assert outbox._HELD.total_seconds() > LOOK_AGAIN_AND_FINISH_SECONDS


def test_an_address_that_cannot_be_listened_on_is_named() -> None:
    async def story() -> None:
        async with BotApi() as api:
            taken = int(api.base_url.split(":")[2].split("/")[0])
            settings = replace(settings_of(api, "webhook"), webhook_port=taken)
            with pytest.raises(CommandError, match="TELEGRAM_WEBHOOK_LISTEN"):
                await serve(settings, Parrot)  # type: ignore[arg-type]

    asyncio.run(story())


def test_both_modes_can_follow_each_other() -> None:
    """A webhook that was set stands in the way of polling."""

    async def story() -> None:
        async with BotApi() as api:
            for mode in ("webhook", "polling", "webhook"):
                async with serving(api, mode, Parrot()) as task:
                    before = len(api.sent)
                    api.text(BEN, mode)
                    await api.wait_for_sent(before + 1)
                    stop()
                    await asyncio.wait_for(task, 20)
                api.calls.clear()
                assert not api.unconfirmed

    asyncio.run(story())
