"""How long a turn takes, from the turn in to the replies out: ours beside the stock set-up.

Both get the same talks on the same map, repeat by repeat, so that other work on the machine slows
down both alike. Ours is called in this process; the stock set-up is called over HTTP, as its
channel is.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from actions.healing_map.areas import AREAS
from bot.assistant import Assistant
from bot.turns import Tap, Turn, Typed
from tests.bench.ours import our_assistant
from tests.bench.report import Curve, Figure, Report, ratio
from tests.bench.stock import StockAssistant, stock_assistant
from tests.understanding.held_back import read_held_back

TYPED_BUDGET = 1.0
"""How many times the stock set-up's time a typed FAQ may take; half of it is aimed at."""

TAP_BUDGET = 0.2
"""How many times the stock set-up's time a tap or a form's answer by button may take."""

GROWTH_BUDGET = 1.2
"""How many times the 5th turn's time the 200th of a conversation may take."""

GREETING = "/greet"
OPEN_FORM = "/submit_event"
CHOOSE_KIND = '/inform{"choice": "kind:dialogue"}'
KNOWN_TEXT = "What is racial healing?"
KNOWN_TAP = "/faq_dates"

_SEED = 1
_TURNS_OF_A_TALK = 5
_FAQ = "faq_"
_NEAR = 10
"""So many turns before and after another are near it."""

_numbers = itertools.count()


@dataclass(frozen=True)
class Sizes:
    """How much is measured.

    Attributes:
        repeats: how often each figure is measured.
        texts: how many different texts are typed in a repeat, at most.
        taps: how many buttons are tapped in a repeat, of each kind.
        growths: how often a long conversation is led.
        ours, theirs: which turns of a long conversation are compared with the 5th.
    """

    repeats: int = 3
    texts: int = 100
    taps: int = 20
    growths: int = 2
    ours: tuple[int, ...] = (200, 1000)
    theirs: tuple[int, ...] = (200,)


_SMALL = Sizes(repeats=2, texts=20, taps=5, growths=1, ours=(100,), theirs=(30,))


class NoAnswer(Exception):
    """A set-up gave no answer to a turn, or another one than is measured."""


@dataclass(frozen=True)
class Answered:
    """What came back from a turn.

    Attributes:
        milliseconds: from the turn in to the replies out.
        texts: what was said.
        payloads: what the buttons beneath it send.
    """

    milliseconds: float
    texts: list[str]
    payloads: list[str]


class SetUp(Protocol):
    """One of the two that are compared."""

    async def say(self, conversation: str, said: str) -> Answered:
        """Say a text or, where it begins with a slash, tap a button that sends it."""


class Ours:
    """Our assistant, called in this process."""

    def __init__(self, assistant: Assistant) -> None:
        """Name the assistant."""
        self._assistant = assistant

    async def say(self, conversation: str, said: str) -> Answered:
        """Hand over a turn."""
        turn = Turn(conversation, Tap(said) if said.startswith("/") else Typed(said))
        began = time.perf_counter()
        answer = await self._assistant.handle(turn)
        milliseconds = (time.perf_counter() - began) * 1000
        if answer.intent is None:
            raise NoAnswer(f"ours failed at: {said}")
        buttons = [it for reply in answer.replies for row in reply.buttons for it in row]
        return Answered(
            milliseconds,
            [reply.text for reply in answer.replies if reply.text],
            [button.payload for button in buttons],
        )


class Stock:
    """The stock set-up, called over HTTP by a connection that is kept."""

    def __init__(self, assistant: StockAssistant) -> None:
        """Name the running processes."""
        self._assistant = assistant

    async def say(self, conversation: str, said: str) -> Answered:
        """Post a turn, and wait until its answer is complete."""
        began = time.perf_counter()
        messages = await self._assistant.say(conversation, said)
        milliseconds = (time.perf_counter() - began) * 1000
        return Answered(
            milliseconds,
            [it["text"] for it in messages if it.get("text")],
            [button["payload"] for it in messages for button in it.get("buttons", [])],
        )


@dataclass(frozen=True)
class Talk:
    """A short conversation.

    Attributes:
        opening: what is said first, without being measured.
        measured: what is said then.
        sign: with what a payload under each measured answer begins, so that it is known that the
            turn did what is measured; "" for any answer.
    """

    opening: tuple[str, ...]
    measured: tuple[str, ...]
    sign: str = ""


_WARM_UP = Talk((GREETING, KNOWN_TAP, KNOWN_TEXT, OPEN_FORM, CHOOSE_KIND), ())
"""What is measured, once: the first time something is loaded."""


@dataclass(frozen=True)
class Kind:
    """A kind of turn, with the talks of each repeat."""

    name: str
    repeats: list[list[Talk]]
    budget: float | None = None


def measure(report: Report, small: bool) -> None:
    """Add what a turn takes in both set-ups, and how that grows with the conversation."""
    asyncio.run(_measure(report, _SMALL if small else Sizes()))


async def _measure(report: Report, sizes: Sizes) -> None:
    with tempfile.TemporaryDirectory() as folder, our_assistant(Path(folder)) as assistant:
        async with stock_assistant(Path(folder)) as rasa:
            ours, stock = Ours(assistant), Stock(rasa)
            start = Figure("stock: start to ready", (rasa.seconds_to_ready,), "s")
            await _both([_WARM_UP], ours, stock)
            for kind in kinds(sizes):
                await _compare(report, kind, ours, stock)
            await _grow(report, sizes, ours, stock)
            memory = Figure("stock: memory of both processes", (rasa.memory_mb(),), "MB")
            report.add(start, memory)


def kinds(sizes: Sizes) -> list[Kind]:
    """Return all that is measured; no text is typed in two repeats."""
    chance = random.Random(_SEED)
    faq = [it for it in read_held_back() if it.intent.startswith(_FAQ)]
    texts = [it.text for it in faq]
    chance.shuffle(texts)
    typed = [_talks(some) for some in _parts(texts, sizes.repeats, sizes.texts)]
    taps = [f"/{intent}" for intent in sorted({it.intent for it in faq})]
    searches = [f"find events near {area.name}" for area in AREAS]
    chance.shuffle(searches)
    form = Talk((GREETING, OPEN_FORM), (CHOOSE_KIND,), sign="/go_back")
    return [
        Kind("a typed FAQ", typed, TYPED_BUDGET),
        Kind("a typed FAQ that was typed before", typed, TYPED_BUDGET),
        Kind(
            "a tap that asks an FAQ",
            [_talks(chance.sample(taps, sizes.taps)) for _ in range(sizes.repeats)],
            TAP_BUDGET,
        ),
        Kind("a form's answer by button", [[form] * sizes.taps] * sizes.repeats, TAP_BUDGET),
        Kind(
            "a typed search nearby",
            [
                [Talk((GREETING,), (it,), sign="/find_nearby") for it in some]
                for some in _parts(searches, sizes.repeats, sizes.taps)
            ],
        ),
    ]


def _parts(texts: Sequence[str], number: int, most: int) -> list[list[str]]:
    """Return so many parts of the texts, none of them twice, of at most so many."""
    return [list(texts[part::number][:most]) for part in range(number)]


def _talks(said: Sequence[str]) -> list[Talk]:
    cuts = range(0, len(said), _TURNS_OF_A_TALK)
    return [Talk((GREETING,), tuple(said[cut : cut + _TURNS_OF_A_TALK])) for cut in cuts]


async def _compare(report: Report, kind: Kind, ours: SetUp, stock: SetUp) -> None:
    medians: dict[str, list[float]] = {"ours": [], "stock": []}
    for talks in kind.repeats:
        pairs = await _both(talks, ours, stock)
        if not pairs:
            raise NoAnswer(f"no answer of the two together is {kind.name}")
        for name, times in zip(medians, zip(*pairs, strict=True), strict=True):
            medians[name].append(statistics.median(times))
    own, theirs = (Figure(f"{name}: {kind.name}", tuple(it), "ms") for name, it in medians.items())
    report.add(own, theirs, ratio(f"ours / stock: {kind.name}", own, theirs, kind.budget))


async def _both(talks: Sequence[Talk], ours: SetUp, stock: SetUp) -> list[tuple[float, float]]:
    """Return the milliseconds of both for each measured turn that both answered as is meant."""
    named = [(_new_conversation(), talk) for talk in talks]
    # All talks of one, then of the other: in turns, each would find the processor's caches full of
    # the other's data, which costs the quicker one more.
    own = [(talk, it) for name, talk in named for it in await _lead(ours, name, talk)]
    theirs = [it for name, talk in named for it in await _lead(stock, name, talk)]
    return [
        (one.milliseconds, other.milliseconds)
        for (talk, one), other in zip(own, theirs, strict=True)
        if _bears(talk.sign, one) and _bears(talk.sign, other)
    ]


async def _lead(set_up: SetUp, conversation: str, talk: Talk) -> list[Answered]:
    """Return what came back from the measured turns of a talk."""
    for said in talk.opening:
        await _answer(set_up, conversation, said)
    return [await _answer(set_up, conversation, said) for said in talk.measured]


def _bears(sign: str, answer: Answered) -> bool:
    return not sign or any(it.startswith(sign) for it in answer.payloads)


async def _answer(set_up: SetUp, conversation: str, said: str) -> Answered:
    """Say something and see that there is an answer: a fast failure is none.

    Raises:
        NoAnswer: there is none.
    """
    answer = await set_up.say(conversation, said)
    if not answer.texts:
        raise NoAnswer(f"{type(set_up).__name__} said nothing to: {said}")
    return answer


async def _grow(report: Report, sizes: Sizes, ours: SetUp, stock: SetUp) -> None:
    lines: dict[str, tuple[tuple[float, float], ...]] = {}
    for name, set_up, turns in (("ours", ours, sizes.ours), ("stock", stock, sizes.theirs)):
        talks = [await _lead_long(set_up, turns) for _ in range(sizes.growths)]
        for turn in turns:
            budget = GROWTH_BUDGET if (name, turn) == ("ours", turns[0]) else None
            values = tuple(talk.slowdowns[turn] for talk in talks)
            what = f"{name}: turn {turn:,} of a conversation / the 5th of one"
            report.add(Figure(what, values, "times", budget))
        lines[name] = line([talk.times for talk in talks])
    title = "A turn in a long conversation, taps and known texts by turns"
    report.curves.append(Curve("turns", title, "turn of the conversation", "ms", lines))


@dataclass(frozen=True)
class LongTalk:
    """How long the turns of a long conversation took.

    Attributes:
        times: the mean milliseconds of each two turns, of which one is tapped and one typed.
        slowdowns: by turn, how many times as long as turns 3 to 10 the 20 turns around it took.
    """

    times: list[float]
    slowdowns: dict[int, float]


async def _lead_long(set_up: SetUp, turns: Sequence[int]) -> LongTalk:
    """Lead a conversation beyond the last of the turns, and compare them with early turns.

    Those are of other conversations, led at the same time: the machine may be slower by then.
    """
    conversation, early = _new_conversation(), _early_turns(set_up)
    times: list[float] = []
    near: dict[int, list[tuple[float, float]]] = {turn: [] for turn in turns}
    for said in range(0, max(turns) + _NEAR, 2):
        times.append(await _two_turns(set_up, conversation))
        for turn in turns:
            if abs(said - turn) < _NEAR:
                near[turn].append((times[-1], await anext(early)))
    return LongTalk(times, {turn: _ratio_of_medians(pairs) for turn, pairs in near.items()})


def _ratio_of_medians(pairs: Sequence[tuple[float, float]]) -> float:
    late, early = map(statistics.median, zip(*pairs, strict=True))
    return late / early


async def _early_turns(set_up: SetUp) -> AsyncIterator[float]:
    """Go through turns 3 to 10 of one conversation after another, two turns at a time."""
    while True:
        conversation = _new_conversation()
        await _two_turns(set_up, conversation)
        for _ in range(4):
            yield await _two_turns(set_up, conversation)


async def _two_turns(set_up: SetUp, conversation: str) -> float:
    """Tap, then type, and return the mean milliseconds."""
    tapped = await _answer(set_up, conversation, KNOWN_TAP)
    typed = await _answer(set_up, conversation, KNOWN_TEXT)
    return (tapped.milliseconds + typed.milliseconds) / 2


def line(runs: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    """Return the median for each ten turns, over all runs, with the turn in their middle.

    Args:
        runs: the times of each two turns.
    """
    return tuple(
        (
            2 * cut + _NEAR / 2,
            statistics.median(it for run in runs for it in run[cut : cut + _NEAR // 2]),
        )
        for cut in range(0, len(runs[0]), _NEAR // 2)
    )


def _new_conversation() -> str:
    return f"bench:{next(_numbers)}"
