"""People who write to a bot over the fake Bot API, and how long each of their updates took.

An update is answered when the first message that was sent to its chat afterwards arrives at the
fake. So nobody does the next thing before an answer can have come: everybody takes turns.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from random import Random

from actions.knowledge import faq_entries
from tests.background import in_background
from tests.fakes.bot_api import BotApi, User
from tests.understanding.held_back import read_held_back

TAP, COMMAND, KNOWN, UNSEEN, FORM = "a tap", "a command", "a known text", "an unseen text", "a form"

_MIXTURE = {TAP: 0.60, KNOWN: 0.25, UNSEEN: 0.15}
"""What people do, and how much of it; the first tap of each is on Start, which sends /start."""

_IN_FORMS = 10
"""One of so many people fills in a form in the place of that."""

_SPEAK_SPANISH = 3
"""One of so many people does."""

_FIRST_PERSON = 1_000
_LISTEN_SECONDS = 0.005
_CALLS_KEPT = 1_000
_SILENT_SECONDS = 60.0
"""What was not answered when nothing at all was sent for so long is lost."""


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does.

    Attributes:
        kind: of it, in words.
        says: what is typed, or the data of the button that is tapped.
    """

    kind: str
    says: str

    @property
    def is_tap(self) -> bool:
        """Whether a button is tapped."""
        return self.kind != COMMAND and self.says.startswith("/")


@dataclass
class Done:
    """An update.

    Attributes:
        number: its update_id.
        kind: of what was done, in words.
        began: when Telegram had it, by time.monotonic().
        ended: when the answer arrived at Telegram; None as long as it did not.
    """

    number: int
    kind: str
    began: float
    ended: float | None = None

    @property
    def seconds(self) -> float:
        """How long it took until the answer arrived."""
        if self.ended is None:
            raise ValueError("not answered")
        return self.ended - self.began


@dataclass
class _Resident:
    """Somebody in a private chat."""

    user: User
    deeds: Iterator[Deed]
    message_id: int = 0
    unanswered: deque[Done] = field(default_factory=deque)


class Residents:
    """Many people, each in a private chat; everything happens in the loop of the fake."""

    def __init__(self, api: BotApi, number: int, seed: int = 1) -> None:
        self._api = api
        self._people = {
            user.id: _Resident(user, _deeds_of(user, place, Random(f"{seed} {place}")))
            for place, user in enumerate(_users(number))
        }
        self._turns = itertools.cycle(self._people.values())
        self._unanswered = 0
        self._heard = asyncio.Event()

    @property
    def unanswered(self) -> int:
        """How many updates have no answer yet."""
        return self._unanswered

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Note, inside of the block, when answers arrive."""
        async with in_background(self._listen()):
            yield

    def do(self, deed: Deed | None = None) -> Done:
        """Let whoever's turn it is do this, or else what is next for them."""
        person = next(self._turns)
        deed = deed or next(person.deeds)
        began = time.monotonic()
        if deed.is_tap and person.message_id:
            number = self._api.tap(person.user, person.message_id, deed.says)
        else:
            number = self._api.text(person.user, deed.says)
        done = Done(number, deed.kind, began)
        person.unanswered.append(done)
        self._unanswered += 1
        return done

    async def evenly(self, deeds: Iterable[Deed | None], a_second: float) -> list[Done]:
        """Do things at an even pace, whether they are answered or not."""
        began, done = time.monotonic(), []
        for place, deed in enumerate(deeds):
            await asyncio.sleep(began + place / a_second - time.monotonic())
            done.append(self.do(deed))
        return done

    async def one_at_a_time(self, deeds: Iterable[Deed], a_second: float) -> list[Done]:
        """Do each thing when the one before is answered, and not sooner than the pace allows."""
        done = []
        for deed in deeds:
            rest = asyncio.create_task(asyncio.sleep(1 / a_second))
            done.append(self.do(deed))
            await self.until_answered(0)
            await rest
        return done

    async def busily(self, number: int, at_most: int) -> list[Done]:
        """Do so many things, as fast as can be with at most so many that are not answered."""
        done = []
        for _ in range(number):
            await self.until_answered(at_most - 1)
            done.append(self.do())
        return done

    async def until_answered(self, but: int) -> None:
        """Wait until no more than so many updates have no answer, or until no more answers come."""
        while self._unanswered > but:
            self._heard.clear()
            try:
                await asyncio.wait_for(self._heard.wait(), _SILENT_SECONDS)
            except asyncio.TimeoutError:
                return

    async def _listen(self) -> None:
        read = 0
        while True:
            for call in itertools.islice(self._api.calls, read, None):
                if call.method == "sendMessage" and call.error is None:
                    self._hear(call.params["chat_id"], call.message_id or 0, call.time)
            read = len(self._api.calls)
            if read >= _CALLS_KEPT:
                self._api.forget({person.message_id for person in self._people.values()})
                read = 0
            await asyncio.sleep(_LISTEN_SECONDS)

    def _hear(self, chat_id: int, message_id: int, moment: float) -> None:
        person = self._people[chat_id]
        person.message_id = message_id
        if person.unanswered and person.unanswered[0].began <= moment:
            person.unanswered.popleft().ended = moment
            self._unanswered -= 1
            self._heard.set()


def some(kind: str, number: int, seed: int = 1) -> list[Deed]:
    """Return so many things of one kind, in English."""
    chance = Random(seed)
    return [Deed(kind, chance.choice(_says(kind, "en"))) for _ in range(number)]


def _users(number: int) -> Iterator[User]:
    for place in range(number):
        language = "en" if place % _SPEAK_SPANISH else "es"
        yield User(_FIRST_PERSON + place, f"Person {place}", language)


def _deeds_of(user: User, place: int, chance: Random) -> Iterator[Deed]:
    yield Deed(TAP, "/start")
    if place % _IN_FORMS == 0:
        for time_of_it in itertools.count(1):
            yield from _message_of_healing(f"{place}-{time_of_it}")
    kinds, shares = list(_MIXTURE), list(_MIXTURE.values())
    while True:
        [kind] = chance.choices(kinds, shares)
        yield Deed(kind, chance.choice(_says(kind, user.language_code or "en")))


def _message_of_healing(number: str) -> Iterator[Deed]:
    yield Deed(FORM, "/submit_message")
    yield Deed(FORM, f"We grow better together, says neighbor {number}.")
    yield Deed(FORM, "/skip")
    yield Deed(FORM, "Englewood")
    yield Deed(FORM, "/affirm")
    yield Deed(FORM, "/submit")


@cache
def _says(kind: str, language: str) -> list[str]:
    """Return what may be said of one kind in one language."""
    if kind == COMMAND:
        return ["/help", "/about", "/privacy"]
    if kind == UNSEEN:
        texts = [it for it in read_held_back() if it.language == language]
        return [it.text for it in texts if it.intent.startswith("faq_")]
    faq = [entry for _, entry in faq_entries(language)]
    if kind == TAP:
        return [f"/{entry['intent']}" for entry in faq]
    lines = [line for entry in faq for line in entry["examples"].splitlines()]
    return [line.removeprefix("- ") for line in lines]
