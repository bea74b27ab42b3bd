"""The real process at level DEBUG: what people write, and what is secret, is never printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from actions.clock import CHICAGO
from tests.bot.telegram.process import TOKEN, Running, run
from tests.bot.telegram.test_end_to_end import ANSWER_SECONDS, Person
from tests.fakes.bot_api import BotApiThread
from tests.processes import free_port

NEXT_WEEK = (datetime.now(CHICAGO) + timedelta(days=7)).strftime("%B %d")
SECRETS = {"TELEGRAM_WEBHOOK_SECRET": "Huitlacoche-1", "TWH_SECRET_KEY": "a key named Chapulines"}

EVENT = (
    "I want to host an event",
    "learning",
    "Axolotl evening",
    f"{NEXT_WEEK}, 3 to 5 pm",
    "in person",
    "Carter G. Woodson Regional Library",
    "We talk about Tlacuache tales.",
    "Zumarraga Readers Club",
    "zoraida.quetzal@example.org or 312-555-0173",
    "yes",
    "the exact place",
    "submit",
)
MESSAGE = (
    "I want to leave a message of healing",
    "My grandmother Xochitl healed us all.",
    "Nezahualcoyotl",
    "Englewood",
    "yes",
    "submit",
)
PRIVATE = (
    *("axolotl", "tlacuache", "zumarraga", "quetzal", "example.org", "555-0173", "5550173"),
    *("xochitl", "nezahualcoyotl", "grandmother", "woodson", "englewood"),
    *("zanahoria", "calabacita", "jicama", "chayote", "huauzontle", "kill myself"),
    *("41.876", "-87.612", "87.612", "41.88", "41.7123"),
    *("huitlacoche", "chapulines"),
    *(TOKEN, "TEST"),
)


@pytest.fixture(scope="module", params=["polling", "webhook"])
def running(
    request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A process that says all it can say."""
    folder = tmp_path_factory.mktemp("private")
    settings = SECRETS | {"TWH_HEALTH_LISTEN": f"127.0.0.1:{free_port()}"}
    with BotApiThread(TOKEN) as api, run(api, folder, request.param, **settings) as running:
        yield running


def answers_all_kinds_of_people(running: Running) -> None:
    ana = Person(running)
    for words in EVENT:
        answer = ana.writes(words)
    assert re.search(r"\b[A-Z2-9]{6}\b", answer.text or ""), answer.text
    for words in MESSAGE:
        answer = ana.writes(words)
    assert re.search(r"\b[A-Z2-9]{6}\b", answer.text or ""), answer.text
    ben = Person(running, "es")
    ben.writes("my cat is called Zanahoria")
    ben.writes("me siento como una calabacita triste")
    ben.writes("I want to kill myself, says Jicama")
    ben.does(lambda api: api.location(ben.user, 41.87654, -87.61234))
    ben.writes("/start chayote")
    ben.taps(ben.answers[0], data='/submit{"choice": "chayote"}')
    ben.taps(ben.answers[0], data="chayote")
    ben.sends("photo")


def fails_in_every_way(running: Running) -> None:
    api = running.api
    for code, said in (
        (400, 'can\'t parse entities: unsupported start tag "huauzontle"'),
        (400, "button 'huauzontle' is wrong"),
        (403, None),
        (502, None),
    ):
        eva = Person(running)
        api.fail_next("sendMessage", code, said, times=2, chat_id=eva.user.id)
        api.text(eva.user, "huauzontle")
        api.wait_until(lambda number=eva.user.id: number in refused_chats(api), ANSWER_SECONDS)
    if any(call.method == "getUpdates" for call in api.calls):
        api.cut_next("getUpdates")
        api.fail_next("getUpdates", 502)
    api.raw({"message": {"text": "huauzontle", "chat": {"id": "huauzontle"}}})
    Person(running).writes("/help")
    database = create_engine(f"sqlite:///{running.output.parent / 'twh.db'}", future=True)
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE events RENAME COLUMN title TO elsewhere"))
    ben = Person(running)
    ben.does(lambda api: api.location(ben.user, 41.71234, -87.61234))


def refused_chats(api: BotApiThread) -> list[int]:
    return [call.params["chat_id"] for call in api.calls if call.error and "chat_id" in call.params]


def test_a_turn_can_be_followed_by_the_number_of_its_update(running: Running) -> None:
    ana, number = Person(running), 0

    def ask(api: BotApiThread) -> int:
        nonlocal number
        number = api.text(ana.user, "What is racial healing?")
        return number

    ana.does(ask)
    lines = [line for line in running.printed.splitlines() if f"update={number} " in line]
    assert any(" event=turn " in line and "intent=faq_racial_healing" in line for line in lines)


def test_nothing_private_is_printed_whatever_happens(running: Running) -> None:
    answers_all_kinds_of_people(running)
    fails_in_every_way(running)
    printed = re.sub(r"\b(time|ms)=\S+", "", running.printed)  # may read like coordinates
    assert "level=ERROR" in printed or "level=WARNING" in printed
    assert [it for it in PRIVATE if it.casefold() in printed.casefold()] == []
    assert "Traceback" not in printed
