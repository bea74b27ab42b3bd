"""The staff's review over Telegram: cards, decisions, and what the submitters hear."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, select
from sqlalchemy.engine import Engine

from actions import database
from actions.clock import set_now
from actions.healing_map.models import HandledUpdate, Notice, sessions
from actions.healing_map.review import approve, find
from actions.healing_map.search import public_event
from actions.healing_map.store import draft_of, resubmit, withdraw
from bot import review_commands
from bot.telegram import notifier as notifying
from bot.telegram.notifier import Notifier
from bot.telegram.staff import StaffChat
from tests.actions.healing_map.making import NOW, put_event, put_message
from tests.bot.telegram.channel import Channel, on_telegram
from tests.fakes.bot_api import Chat, User
from tests.fakes.methods import Call
from tests.fakes.people import MEDIA

pytestmark = pytest.mark.usefixtures("short_pauses")

STAFF = Chat(-1009, "Healing team")
OTHER_GROUP = Chat(-1001, "Neighbors")
ROSA, OMAR = User(21, "Rosa"), User(22, "Omar <b>", "es")
EVA, ANA = User(55, "Eva", "es"), User(56, "Ana")
STRANGER = User(99, "Stranger")


class Office:
    """The channel with the staff's chat, in which Rosa and Omar are, over an empty map."""

    def __init__(self, channel: Channel, engine: Engine) -> None:
        self.channel, self.api, self.engine = channel, channel.api, engine
        self.start()
        for user in (ROSA, OMAR):
            self.api.standing(user, STAFF, "member")
        for user in (EVA, ANA):
            self.api.text(user, "hi")

    def start(self) -> None:
        """Be a process that has just started."""
        staff = StaffChat(self.channel.bot, self.channel.sender, STAFF.id)
        self.handler = self.channel.new_handler(staff)

    def forgets_what_was_handled(self) -> None:
        """Know no update any more."""
        with self.channel.engine.begin() as connection:
            connection.execute(delete(HandledUpdate))

    @asynccontextmanager
    async def notifying(self, staff_chat: int | None = STAFF.id) -> AsyncIterator[None]:
        """Have notices sent meanwhile."""
        stopped = asyncio.Event()
        task = asyncio.create_task(Notifier(self.channel.sender, staff_chat).run(stopped))
        yield
        stopped.set()
        await asyncio.wait_for(task, 20)

    def submits_event(self, title: str = "Book club", **fields: Any) -> str:
        """Eva sends an event in Spanish; its code is returned."""
        usual = {"status": "pending", "submitter": "telegram:55", "language": "es"}
        with sessions(self.engine).begin() as session:
            return str(put_event(session, title, **(usual | fields)).code)

    def submits_message(self, text: str = "Peace", **fields: Any) -> str:
        """Ana sends a message in English; its code is returned."""
        usual = {"status": "pending", "submitter": "telegram:56"}
        with sessions(self.engine).begin() as session:
            return str(put_message(session, text, **(usual | fields)).code)

    def changes(self, code: str, **fields: Any) -> None:
        """The submitter changes an event."""
        with sessions(self.engine).begin() as session:
            entry = find(session, code)
            resubmit(session, entry, replace(draft_of(entry), **fields), NOW)

    def status(self, code: str) -> tuple[str, str]:
        """The status, and the reason of a rejection."""
        with sessions(self.engine)() as session:
            entry = find(session, code)
            return entry.status, entry.review_note

    def is_public(self, code: str) -> bool:
        with sessions(self.engine)() as session:
            return public_event(session, code) is not None

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait for a condition of the fake or of the database."""
        end = time.monotonic() + 20
        while not ready():
            assert time.monotonic() < end, "did not happen"
            await asyncio.sleep(0.01)

    def cards(self) -> list[Call]:
        """The messages in the staff's chat."""
        sent = [call for call in self.api.sent if call.params.get("chat_id") == STAFF.id]
        return [call for call in sent if call.method == "sendMessage"]

    async def card(self) -> Call:
        """Have all that is for the staff sent, and return the last card."""
        before = len(self.cards())
        async with self.notifying():
            await self.until(lambda: len(self.cards()) > before and not self.left("staff"))
        return self.cards()[-1]

    def left(self, audience: str) -> int:
        """How many notices wait."""
        with sessions(self.engine)() as session:
            query = select(Notice).where(Notice.audience == audience)
            return len(session.execute(query).all())

    def tries(self) -> int:
        """How often the only notice could not be sent."""
        with sessions(self.engine)() as session:
            return int(session.execute(select(Notice.tries)).scalar_one())

    async def told(self, user: User) -> Call:
        """What a notice tells somebody."""
        async with self.notifying():
            await self.until(
                lambda: user.id in [call.params.get("chat_id") for call in self.api.sent]
            )
        return [it for it in self.api.sent if it.params.get("chat_id") == user.id][-1]

    async def handle(self) -> None:
        """Handle all that was delivered, side by side."""
        updates = await self.channel.updates()
        await asyncio.gather(*[self.handler.submit(update) for update in updates])
        await self.handler.finish(5)
        await self.channel.bot.get_updates(updates[-1].update_id + 1, timeout=0)

    async def tap(self, user: User, card: Call, title: str) -> str:
        """Tap a button, and return what is shown for a moment to who tapped."""
        assert card.message_id
        self.api.tap(user, card.message_id, title=title)
        await self.handle()
        return self.toasts()[-1]

    def toasts(self) -> list[str]:
        calls = [call for call in self.api.sent if call.method == "answerCallbackQuery"]
        return [call.params.get("text", "") for call in calls]

    def shown(self, card: Call) -> str:
        """What stands on a card now."""
        [message] = [it for it in self.api.history(STAFF.id) if it["message_id"] == card.message_id]
        return str(message["text"])

    def titles(self, card: Call) -> list[str]:
        """The buttons that a card has now."""
        assert card.message_id
        return [button["text"] for row in self.api.buttons(card.message_id) for button in row]

    def heard(self) -> list[str]:
        """What went to the assistant, the greetings aside."""
        return [said for said in self.channel.parrot.heard if said != "hi"]


Story = Callable[..., Awaitable[None]]


def in_office(story: Story) -> Callable[..., None]:
    """Make a plain test of a coroutine that is given an office, and fixtures behind it."""

    async def tell(channel: Channel, own_map: Engine, **fixtures: Any) -> None:
        office = Office(channel, own_map)
        await office.handle()
        channel.api.calls.clear()
        await story(office, **fixtures)

    _, *wanted = inspect.signature(story).parameters.values()
    channel, own_map, _ = inspect.signature(tell).parameters.values()
    tell.__name__ = story.__name__
    tell.__signature__ = inspect.Signature([channel, own_map, *wanted])  # type: ignore
    return on_telegram()(tell)


# The card


@in_office
async def test_the_staff_get_a_card_for_an_event(office: Office) -> None:
    code = office.submits_event(
        description="Call 773-555-0142 & come <early>",
        address="9525 S Halsted St",
        address_visibility="area_only",
        contact="dana@example.org",
    )
    card = await office.card()
    assert card.params["chat_id"] == STAFF.id and card.text
    first, look, *lines = card.text.splitlines()
    assert first == f"New event · {code}"
    assert look == "Look closely: phone number in “Description”."
    assert "Place (not shown in public): 9525 S Halsted St" in lines
    assert "Contact (not shown in public): dana@example.org" in lines
    assert "Description: Call 773-555-0142 & come <early>" in lines
    assert office.titles(card) == ["Approve", "Reject"]
    assert not office.left("staff")


@in_office
async def test_the_staff_get_a_card_for_a_message_and_for_a_change(office: Office) -> None:
    message, event = office.submits_message("We heal"), office.submits_event()
    await office.card()
    office.changes(event, title="Book club for all")
    card = await office.card()
    assert f"New message · {message}" in office.api.texts(STAFF.id)[0]
    assert card.text and card.text.startswith(f"Changed event · {event}\nTitle: Book club for all")


@in_office
async def test_many_submissions_come_in_their_order(office: Office) -> None:
    codes = [office.submits_message(f"Message {number}") for number in range(8)]
    async with office.notifying():
        await office.until(lambda: not office.left("staff"))
    headings = [text.partition("\n")[0] for text in office.api.texts(STAFF.id)]
    assert headings == [f"New message · {code}" for code in codes]


@in_office
async def test_no_card_comes_for_what_was_decided_or_withdrawn_before(office: Office) -> None:
    decided, gone, kept = (office.submits_event(title) for title in ("One", "Two", "Three"))
    with sessions(office.engine).begin() as session:
        approve(session, decided, NOW)
        withdraw(session, find(session, gone), NOW)
    card = await office.card()
    assert card.text and kept in card.text
    assert len(office.api.texts(STAFF.id)) == 1


@in_office
async def test_without_a_chat_of_the_staff_cards_wait_until_there_is_one(office: Office) -> None:
    office.submits_event()
    code = office.submits_message()
    with sessions(office.engine).begin() as session:
        approve(session, code, NOW)
    async with office.notifying(staff_chat=None):
        await office.until(lambda: bool(office.api.texts(ANA.id)))
    assert office.api.texts(STAFF.id) == []
    assert (await office.card()).text


@in_office
async def test_a_card_that_cannot_be_sent_is_sent_later(office: Office) -> None:
    office.submits_event()
    office.api.fail_next("sendMessage", 502, chat_id=STAFF.id)
    async with office.notifying():
        await office.until(lambda: bool(office.api.calls))
    assert office.api.texts(STAFF.id) == [] and office.left("staff") == 1
    set_now(NOW + timedelta(seconds=30))
    assert (await office.card()).text


@in_office
async def test_telegrams_limit_for_groups_is_waited_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifying, "halt_seconds", lambda error: 0.05)
    office.submits_event()
    office.api.fail_next("sendMessage", 429, chat_id=STAFF.id)
    async with office.notifying():
        await office.until(lambda: office.tries() == 1)
        set_now(NOW + timedelta(seconds=30))
        await office.until(lambda: bool(office.cards()))


@in_office
async def test_a_card_that_takes_long_to_send_is_not_sent_by_another_process_as_well(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifying, "_KEEP_SECONDS", 0.02)
    office.submits_event()
    office.api.delay("sendMessage", 1.5)
    async with office.notifying(), office.notifying():
        for seconds in range(0, 180, 15):
            set_now(NOW + timedelta(seconds=seconds))
            await asyncio.sleep(0.1)
        await office.until(lambda: bool(office.cards()) and not office.left("staff"))
    assert len(office.cards()) == 1


@in_office
async def test_a_database_that_fails_is_tried_again(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(notifying, "_AFTER_FAILURE_SECONDS", 0.01)
    office.submits_event()
    monkeypatch.setattr(database, "_engine", broken_database(tmp_path))
    async with office.notifying():
        await office.until(lambda: "notices for staff not sent" in caplog.text)
        monkeypatch.setattr(database, "_engine", office.engine)
        await office.until(lambda: bool(office.cards()))


def broken_database(folder: Path) -> Engine:
    """A database of which every use fails."""
    return create_engine(f"sqlite:///{folder}", future=True)


# Decisions by tap


@in_office
async def test_an_approved_event_is_public_and_its_submitter_hears_of_it(office: Office) -> None:
    code = office.submits_event("Círculo de paz")
    card = await office.card()
    assert await office.tap(ROSA, card, "Approve") == "Approved."
    assert office.is_public(code)
    last_line = "✅ Approved by Rosa, Tuesday, December 8, 10:00 AM."
    assert office.shown(card).splitlines()[-1] == last_line
    assert office.shown(card).startswith(f"New event · {code}\nTitle: Círculo de paz")
    assert office.titles(card) == []
    told = await office.told(EVA)
    assert told.text and told.text.startswith("Tu evento ya está en el Mapa de Sanación\n")
    assert "Círculo de paz" in told.text and code in told.text
    payloads = [button["callback_data"] for row in office.api.buttons(told) for button in row]
    assert payloads == [
        f'/find_nearby{{"choice": "show:{code}"}}',
        f'/my_submissions{{"choice": "show:{code}"}}',
    ]
    assert not office.left("submitter")


@in_office
async def test_a_rejection_offers_ready_reasons_and_the_way_back(office: Office) -> None:
    code = office.submits_event()
    card = await office.card()
    assert await office.tap(ROSA, card, "Reject") == ""
    assert office.titles(card) == [
        *("Not a healing event", "Personal data in it", "Abuse or spam", "Duplicate"),
        *("Write a reason", "Back"),
    ]
    assert office.shown(card) == card.text
    await office.tap(OMAR, card, "Back")
    assert office.titles(card) == ["Approve", "Reject"]
    assert office.status(code) == ("pending", "")


@in_office
async def test_a_ready_reason_is_told_in_the_language_of_the_entry(office: Office) -> None:
    code = office.submits_event("Círculo de paz")
    card = await office.card()
    await office.tap(ROSA, card, "Reject")
    assert await office.tap(OMAR, card, "Personal data in it") == "Rechazado."
    status, reason = office.status(code)
    assert status == "rejected" and reason.startswith("Tiene datos personales")
    last_line = office.shown(card).splitlines()[-1]
    assert last_line.startswith("❌ Rejected by Omar <b>, Tuesday") and reason in last_line
    assert office.titles(card) == []
    told = await office.told(EVA)
    assert told.text and told.text.startswith("Tu evento no se publicó\n“Círculo de paz”")
    assert reason in told.text
    [[change]] = office.api.buttons(told)
    assert change["text"] == "Cambiarlo"
    assert change["callback_data"] == f'/my_submissions{{"choice": "change:{code}"}}'


@in_office
async def test_a_message_is_decided_as_well(office: Office) -> None:
    code = office.submits_message("We heal together")
    card = await office.card()
    await office.tap(ROSA, card, "Reject")
    await office.tap(ROSA, card, "Not a message of healing")
    assert office.status(code)[0] == "rejected"
    told = await office.told(ANA)
    assert told.text and told.text.startswith("Your message of healing was not published")


@in_office
async def test_of_two_presses_at_once_one_decides_and_the_other_is_told(office: Office) -> None:
    code = office.submits_event()
    card = await office.card()
    assert card.message_id
    office.api.tap(ROSA, card.message_id, title="Approve")
    office.api.tap(OMAR, card.message_id, title="Approve")
    await office.handle()
    assert len(office.toasts()) == 2
    assert {"Approved.", "Ya estaba aprobado."} == set(office.toasts()) or {
        "Aprobado.",
        "Already approved.",
    } == set(office.toasts())
    assert "Approved by" in office.shown(card)
    assert office.is_public(code) and office.left("submitter") == 1


@in_office
async def test_a_press_on_another_card_of_what_was_decided_shows_the_state(office: Office) -> None:
    code = office.submits_event()
    card = await office.card()
    with sessions(office.engine).begin() as session:
        approve(session, code, NOW)
    assert await office.tap(ROSA, card, "Reject") == "Already approved."
    assert office.shown(card).splitlines()[-1] == "Already approved."
    assert office.shown(card).startswith(f"New event · {code}")
    assert office.titles(card) == []


@in_office
async def test_a_card_of_an_older_revision_decides_nothing(office: Office) -> None:
    code = office.submits_event()
    old = await office.card()
    office.changes(code, title="Another")
    new = await office.card()
    words = "It was changed since; see the newer card."
    assert await office.tap(ROSA, old, "Approve") == words
    assert office.shown(old) == f"{code}\n{words}"
    assert office.titles(old) == []
    assert not office.is_public(code)
    await office.tap(ROSA, new, "Approve")
    assert office.is_public(code)


@in_office
async def test_a_card_of_what_was_withdrawn_or_deleted_forgets_it(office: Office) -> None:
    withdrawn, deleted = office.submits_event("One"), office.submits_event("Two")
    await office.card()
    one, two = office.cards()
    with sessions(office.engine).begin() as session:
        withdraw(session, find(session, withdrawn), NOW)
        session.delete(find(session, deleted))
    assert await office.tap(ROSA, one, "Approve") == "Withdrawn by its submitter."
    assert office.shown(one) == f"{withdrawn}\nWithdrawn by its submitter."
    assert "no longer there" in await office.tap(ROSA, two, "Reject")
    assert "Two" not in office.shown(two)


@in_office
async def test_a_decision_that_cannot_be_stored_leaves_the_card(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = office.submits_event()
    card = await office.card()
    monkeypatch.setattr(database, "_engine", broken_database(tmp_path))
    assert await office.tap(ROSA, card, "Approve") == "That did not work. Please try once more."
    monkeypatch.setattr(database, "_engine", office.engine)
    assert office.titles(card) == ["Approve", "Reject"]
    assert await office.tap(ROSA, card, "Approve") == "Approved."
    assert office.is_public(code)


@in_office
async def test_a_tap_that_comes_again_is_taken_once(office: Office) -> None:
    office.submits_event()
    card = await office.card()
    assert card.message_id
    office.api.tap(ROSA, card.message_id, title="Approve")
    [tap] = await office.channel.updates()
    await asyncio.gather(office.handler.submit(tap), office.handler.submit(tap))
    assert office.toasts() == ["Approved."]
    office.start()
    await office.handler.submit(tap)
    assert office.toasts() == ["Approved."]
    office.forgets_what_was_handled()  # as if killed before that was noted
    office.start()
    await office.handler.submit(tap)
    assert "Approved by Rosa" in office.shown(card)
    assert office.left("submitter") == 1


@in_office
async def test_a_written_reason_that_comes_again_is_answered_once(office: Office) -> None:
    code = office.submits_event()
    question = await asked_for_a_reason(office, await office.card())
    office.api.text(ROSA, "Too short", STAFF, reply_to=question)
    [reason] = await office.channel.updates()
    await office.handler.submit(reason)
    said = len(office.api.texts(STAFF.id))
    office.start()
    await office.handler.submit(reason)
    assert office.status(code) == ("rejected", "Too short")
    assert len(office.api.texts(STAFF.id)) == said


@in_office
async def test_a_card_too_long_for_one_message_is_decided_under_the_last(office: Office) -> None:
    code = office.submits_event(description="🕊" * 2000)
    await office.card()
    *_, last = office.cards()
    assert code in office.api.texts(STAFF.id)[0]
    await office.tap(ROSA, last, "Approve")
    assert office.is_public(code)
    assert "Approved by Rosa" in office.shown(last)


# Who may decide


@pytest.mark.parametrize(
    ("status", "fields", "may"),
    [
        ("creator", {}, True),
        ("administrator", {}, True),
        ("member", {}, True),
        ("restricted", {"is_member": True}, True),
        ("restricted", {"is_member": False}, False),
        ("left", {}, False),
        ("kicked", {}, False),
        (None, {}, False),
    ],
)
def test_only_members_of_the_staffs_chat_may_decide(
    own_map: Engine, status: str | None, fields: dict[str, bool], may: bool
) -> None:
    @in_office
    async def story(office: Office) -> None:
        code = office.submits_event()
        card = await office.card()
        if status:
            office.api.standing(STRANGER, STAFF, status, **fields)
        await office.tap(STRANGER, card, "Approve")
        assert office.is_public(code) is may
        assert office.heard() == ([] if may else [f"review:approve:{code}:1"])
        assert office.titles(card) == ([] if may else ["Approve", "Reject"])

    story(own_map=own_map)


@in_office
async def test_a_forged_tap_from_another_chat_decides_nothing(office: Office) -> None:
    code = office.submits_event()
    await office.card()
    data = f"review:approve:{code}:1"
    for chat in (None, OTHER_GROUP):
        elsewhere = office.api.message_id(office.api.text(ROSA, "@test_bot hello", chat))
        await office.handle()
        office.channel.parrot.turns.clear()
        office.api.tap(ROSA, elsewhere, data=data)
        await office.handle()
        assert office.heard() == [data]  # the assistant answers it as any stale button
    assert office.status(code) == ("pending", "")


@in_office
async def test_without_a_chat_of_the_staff_no_tap_decides(office: Office) -> None:
    code = office.submits_event()
    card = await office.card()
    office.handler = office.channel.new_handler()
    await office.tap(ROSA, card, "Approve")
    assert office.status(code) == ("pending", "")
    assert office.heard() == [f"review:approve:{code}:1"]


@in_office
async def test_while_telegram_cannot_say_who_is_a_member_nobody_decides(office: Office) -> None:
    code = office.submits_event()
    card = await office.card()
    office.api.fail_next("getChatMember", 502)
    assert await office.tap(ROSA, card, "Approve") == "That did not work. Please try once more."
    assert office.status(code) == ("pending", "") and office.heard() == []
    assert await office.tap(ROSA, card, "Approve") == "Approved."


# Reasons in words


async def asked_for_a_reason(office: Office, card: Call, user: User = ROSA) -> int:
    """The number of the message that asks for the reason."""
    await office.tap(user, card, "Reject")
    await office.tap(user, card, "Write a reason")
    question = office.api.sent[-1]
    assert question.message_id
    return question.message_id


@in_office
async def test_a_written_reason_rejects_and_is_told(office: Office) -> None:
    code = office.submits_event()
    card = await office.card()
    question = await asked_for_a_reason(office, card)
    asking = office.api.sent[-1]
    assert asking.params["reply_markup"] == {"force_reply": True, "selective": True}
    assert asking.result["reply_to_message"]["message_id"] == card.message_id
    assert asking.text and code in asking.text and "Español" in asking.text
    office.api.text(ROSA, "Falta la hora & el lugar <exacto>.", STAFF, reply_to=question)
    await office.handle()
    assert office.status(code) == ("rejected", "Falta la hora & el lugar <exacto>.")
    assert office.api.texts(STAFF.id)[-1] == "Rejected."
    shown = office.shown(card)
    assert "Rejected by Rosa" in shown and "Falta la hora & el lugar <exacto>." in shown
    assert office.titles(card) == [] and office.heard() == []
    told = await office.told(EVA)
    assert told.text and "Falta la hora & el lugar <exacto>." in told.text


@in_office
async def test_the_question_is_in_the_language_of_who_tapped(office: Office) -> None:
    office.submits_message()
    card = await office.card()
    await asked_for_a_reason(office, card, OMAR)
    text = office.api.sent[-1].text
    assert text and text.startswith("Omar <b>, ¿por qué no se publica") and "English" in text


@in_office
async def test_a_written_reason_counts_after_a_restart(office: Office) -> None:
    code = office.submits_event()
    question = await asked_for_a_reason(office, await office.card())
    office.start()
    office.api.text(OMAR, "Too short", STAFF, reply_to=question)
    await office.handle()
    assert office.status(code) == ("rejected", "Too short")


@in_office
async def test_a_reason_that_is_too_long_or_no_text_can_be_written_again(office: Office) -> None:
    code = office.submits_event()
    question = await asked_for_a_reason(office, await office.card())
    office.api.text(ROSA, "x" * 301, STAFF, reply_to=question)
    office.api.message(ROSA, STAFF, question, dice=MEDIA["dice"])
    await office.handle()
    words = "The reason should have 1 to 300 characters."
    assert len([text for text in office.api.texts(STAFF.id) if text.startswith(words)]) == 2
    assert office.status(code) == ("pending", "") and office.heard() == []
    office.api.text(ROSA, "x" * 300, STAFF, reply_to=question)
    await office.handle()
    assert office.status(code) == ("rejected", "x" * 300)


@in_office
async def test_a_reason_for_what_was_decided_or_changed_meanwhile_is_answered(
    office: Office,
) -> None:
    code = office.submits_event()
    card = await office.card()
    question = await asked_for_a_reason(office, card)
    office.changes(code, title="Another")
    office.api.text(ROSA, "Too short", STAFF, reply_to=question)
    await office.handle()
    assert office.api.texts(STAFF.id)[-1] == "It was changed since; see the newer card."
    new = await office.card()
    question = await asked_for_a_reason(office, new)
    await office.tap(OMAR, new, "Duplicate")
    office.api.text(ROSA, "Too short", STAFF, reply_to=question)
    await office.handle()
    assert office.api.texts(STAFF.id)[-1] == "Already rejected."
    assert office.status(code)[1].startswith("Ya está en el mapa")


@in_office
async def test_a_reason_of_somebody_who_is_no_member_is_none(office: Office) -> None:
    code = office.submits_event()
    question = await asked_for_a_reason(office, await office.card())
    office.api.standing(STRANGER, STAFF, "left")
    office.api.text(STRANGER, "No", STAFF, reply_to=question)
    await office.handle()
    assert office.status(code) == ("pending", "")
    assert office.heard() == ["No"]


@in_office
async def test_an_administrator_may_write_in_the_name_of_the_chat(office: Office) -> None:
    code = office.submits_event()
    card = await office.card()
    question = await asked_for_a_reason(office, card)
    anonymous = User(1087968824, "Group", None, "GroupAnonymousBot")
    for chat_id, status in ((-1234, "pending"), (STAFF.id, "rejected")):
        sender = {"id": chat_id, "type": "supergroup", "title": "Healing team"}
        office.api.message(anonymous, STAFF, question, text="No", sender_chat=sender)
        await office.handle()
        assert office.status(code)[0] == status
    assert "Rejected by Healing team" in office.shown(card)


@in_office
async def test_a_submitters_text_cannot_pass_for_the_question_of_another(office: Office) -> None:
    victim = office.submits_event()
    await asked_for_a_reason(office, await office.card())
    question = str(office.api.sent[-1].text)
    office.submits_message(question)
    trap = await office.card()
    office.api.text(ROSA, "What is this?", STAFF, reply_to=trap.message_id)
    await office.handle()
    assert office.status(victim) == ("pending", "")


# The rest of the staff's chat


@in_office
async def test_what_the_staff_say_to_each_other_about_a_card_is_no_question(
    office: Office,
) -> None:
    office.submits_event()
    card = await office.card()
    office.api.text(ROSA, "Is this real?", STAFF, reply_to=card.message_id)
    await office.tap(ROSA, card, "Approve")
    office.api.text(OMAR, "I called them", STAFF, reply_to=card.message_id)
    await office.handle()
    assert office.heard() == []


@in_office
async def test_everything_else_goes_to_the_assistant_as_in_any_group(office: Office) -> None:
    office.submits_event()
    card = await office.card()
    office.api.text(ROSA, "@test_bot what is healing?", STAFF)
    office.api.text(ROSA, "/help@test_bot", STAFF, reply_to=card.message_id)
    office.api.text(ROSA, "good morning", STAFF)
    assert card.message_id
    office.api.tap(OMAR, card.message_id, data="/faq_dates")
    await office.handle()
    assert sorted(office.heard()) == ["/faq_dates", "/help", "what is healing?"]


# What submitters hear


@in_office
async def test_a_decision_on_the_command_line_reaches_the_submitter(office: Office) -> None:
    event, message = office.submits_event(), office.submits_message()
    review_commands.approve(office.engine, event.lower())
    review_commands.reject(office.engine, message, "Too short")
    await office.told(EVA)
    told = await office.told(ANA)
    assert office.api.texts(EVA.id)[0].startswith("Tu evento ya está")
    assert told.text and "Too short" in told.text


@in_office
async def test_a_submitter_who_blocked_the_bot_holds_up_nobody(office: Office) -> None:
    event, message = office.submits_event(), office.submits_message()
    office.api.block(EVA)
    for code in (event, message):
        review_commands.approve(office.engine, code)
    await office.told(ANA)
    assert office.api.texts(EVA.id) == []
    assert office.left("submitter") == 1
    office.api.unblock(EVA)
    set_now(NOW + timedelta(minutes=1))
    await office.told(EVA)


@in_office
async def test_a_submitter_who_is_not_on_telegram_holds_up_nobody(office: Office) -> None:
    event, message = office.submits_event(submitter="terminal:me"), office.submits_message()
    for code in (event, message):
        review_commands.approve(office.engine, code)
    await office.told(ANA)
    assert not office.left("submitter")


@in_office
async def test_nobody_hears_of_a_decision_that_was_overtaken(office: Office) -> None:
    event, message = office.submits_event(), office.submits_message()
    review_commands.reject(office.engine, event, "Too short")
    office.changes(event, title="Longer")
    review_commands.approve(office.engine, message)
    await office.told(ANA)
    assert office.api.texts(EVA.id) == [] and not office.left("submitter")


@in_office
async def test_the_logs_hold_nothing_of_what_people_wrote(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    office.submits_event("Hidden title", contact="dana@example.org", description="Hidden words")
    office.api.fail_next("sendMessage", 400, "Bad Request: something", chat_id=STAFF.id)
    async with office.notifying():
        await office.until(lambda: bool(office.api.calls))
    set_now(NOW + timedelta(minutes=1))
    card = await office.card()
    office.api.fail_next("editMessageText", 400, "Bad Request: something")
    await office.tap(ROSA, card, "Reject")
    await office.tap(ROSA, card, "Duplicate")
    ours = " ".join(it.getMessage() for it in caplog.records if it.name.startswith("bot"))
    assert "BadRequest" in ours
    assert not any(word in ours for word in ("Hidden", "dana", "Ya está"))
