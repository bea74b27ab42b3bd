"""How many turns a second the assistant takes when many chats write at once.

In this process, without Telegram; over a SQLite file, encrypted, as in production. Each chat waits
for its answer before it goes on.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from bot.assistant import Assistant
from bot.turns import Content, Tap, Turn, Typed
from tests.bench.ours import our_assistant
from tests.bench.report import Curve, Figure, Report
from tests.understanding.held_back import read_held_back

CHATS = (1, 10, 100, 1_000)
_REPEATS, _REPEATS_IF_SMALL = 3, 2
_FEWEST_TURNS = 100
"""Of one repeat; with more chats than that, each takes one turn."""

_TAPS = (
    *("/faq_twh_about", "/help", "/submit_event", "/cancel"),
    *("/faq_celebrate", "/submit_message", "/cancel", "/browse_faq"),
)


def measure(report: Report, small: bool) -> None:
    """Add the turns a second of both mixes, for each number of chats."""
    numbers = CHATS[:-1] if small else CHATS
    repeats = _REPEATS_IF_SMALL if small else _REPEATS
    mixes = {"taps only": _taps(), "texts never seen before": _new_texts()}
    with tempfile.TemporaryDirectory() as folder, our_assistant(Path(folder)) as assistant:
        figures = {
            name: [_figure(assistant, name, mix, number, repeats) for number in numbers]
            for name, mix in mixes.items()
        }
    series = {}
    for name, found in figures.items():
        report.add(*found)
        medians = (figure.median for figure in found)
        series[name] = tuple(zip(map(float, numbers), medians, strict=True))
    title = "Turns a second, by the chats that write at once"
    report.curves.append(Curve("chats", title, "chats", "turns a second", series, True))


def _taps() -> Iterator[Content]:
    return cycle(map(Tap, _TAPS))


def _new_texts() -> Iterator[Content]:
    """Make texts of held-back questions, each with a slip of the fingers, none twice."""
    questions = [it.text for it in read_held_back() if it.intent.startswith("faq_")]
    chance = random.Random(1)
    made: set[str] = set()
    while True:
        text = chance.choice(questions)
        place = chance.randrange(len(text))
        text = f"{text[:place]}{chance.choice('aeinorst')}{text[place:]}"
        if text not in made:
            made.add(text)
            yield Typed(text)


def _figure(
    assistant: Assistant, name: str, mix: Iterator[Content], chats: int, repeats: int
) -> Figure:
    conversations = [f"bench:{name}:{chats}:{number}" for number in range(chats)]
    asyncio.run(_turns_a_second(assistant, conversations, [[Tap("/greet")]] * chats))
    values = []
    for _ in range(repeats):
        contents = [list(islice(mix, max(1, _FEWEST_TURNS // chats))) for _ in conversations]
        values.append(asyncio.run(_turns_a_second(assistant, conversations, contents)))
    return Figure(f"{name}, chats at once: {chats:,}", tuple(values), "turns a second")


async def _turns_a_second(
    assistant: Assistant, conversations: Sequence[str], contents: Sequence[Sequence[Content]]
) -> float:
    async def talk(conversation: str, its: Sequence[Content]) -> None:
        for content in its:
            answer = await assistant.handle(Turn(conversation, content))
            assert answer.intent is not None, "a turn failed"

    began = time.monotonic()
    pairs = zip(conversations, contents, strict=True)
    await asyncio.gather(*(talk(conversation, its) for conversation, its in pairs))
    return sum(map(len, contents)) / (time.monotonic() - began)
