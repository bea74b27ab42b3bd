"""Sizes: what is far longer, deeper or larger than a person would write."""

from __future__ import annotations

import asyncio
import io
import json
import time

import pytest

from actions.healing_map.models import TITLE_LENGTH
from actions.texts import text
from bot.assistant import Assistant
from bot.jsonlines import converse
from tests.conversation import Talk, text_of
from tests.security.hostile import is_answered

_TELEGRAMS_LONGEST = 4096
_MOST_SECONDS = 15
"""Each takes about one second; a pattern that goes wrong over such a text takes hours."""

TIRING = (
    "a.",
    "a@",
    '"',
    "1 ",
    "1-",
    "(",
    "a ",
    "\u200b",
    "a\u0301",
    "😀",
    "3rd and ",
    "dec 1 ",
    "no ",
)
"""What patterns for addresses, names and dates would try again and again, if they could."""


def spoken(assistant: Assistant, *lines: str) -> list[dict[str, object]]:
    """Return what comes back for lines of JSON."""
    sink = io.StringIO()
    asyncio.run(converse(assistant, lines, sink, None))
    return [json.loads(line) for line in sink.getvalue().splitlines()]


@pytest.mark.parametrize(
    "line",
    [
        "[" * 1_000_000,
        '{"text": ' * 100_000,
        '{"text": "' + "\\u0041" * 10,
        json.dumps({"chat": "x" * 1_000_000, "text": "hi"}),
        '{"location": {"latitude": ' + "9" * 100_000 + ', "longitude": 1}}',
        '{"location": {"latitude": 1e99999, "longitude": 1}}',
        '{"location": {"latitude": NaN, "longitude": Infinity}}',
        json.dumps({"text": "hi", "tap": "/help"}),
        json.dumps({"text": {"text": "hi"}}),
        json.dumps(["hi"] * 100_000),
    ],
    ids=[
        *[
            "too_deep",
            "objects",
            "half",
            "chat",
            "digits",
            "infinite",
            "no_number",
            "both",
            "nested",
            "list",
        ]
    ],
)
def test_enormous_or_broken_json_gets_an_error_and_the_conversation_goes_on(
    assistant: Assistant, line: str
) -> None:
    refused, answered = spoken(assistant, line, json.dumps({"text": "hi"}))
    assert isinstance(refused["error"], str) and len(refused["error"]) < 200
    assert answered["replies"]


@pytest.mark.parametrize("what", ["text", "tap", "language_code"])
def test_a_line_of_several_megabytes_is_answered(assistant: Assistant, what: str) -> None:
    line = {"text": "hi", what: "x " * 2_000_000} if what != "tap" else {"tap": "x" * 4_000_000}
    (answer,) = spoken(assistant, json.dumps(line))
    assert answer["replies"]


@pytest.mark.parametrize("tiring", TIRING)
def test_no_text_keeps_the_assistant_busy(talk: Talk, tiring: str) -> None:
    somebody = talk()
    begun = time.monotonic()
    assert is_answered(somebody.types((tiring * _TELEGRAMS_LONGEST)[:_TELEGRAMS_LONGEST]))
    assert time.monotonic() - begun < _MOST_SECONDS


@pytest.mark.parametrize("tiring", TIRING)
def test_no_answer_keeps_a_form_busy(talk: Talk, tiring: str) -> None:
    typed = (tiring * _TELEGRAMS_LONGEST)[:_TELEGRAMS_LONGEST]
    host = talk()
    host.types("I want to host an event")
    begun = time.monotonic()
    for answer in ("learning", "Book club", "Dec 12, 3 to 5 pm", "in person"):
        assert is_answered(host.types(typed))
        host.types(answer)
    assert time.monotonic() - begun < 4 * _MOST_SECONDS


def test_a_title_of_a_megabyte_is_too_long_and_not_repeated(talk: Talk) -> None:
    host = talk()
    host.types("I want to host an event")
    host.types("learning")
    answer = host.types("A title " * 130_000)
    assert answer.asking == "title"
    misfit = text("event_title_misfit", "en", length="{}", most=str(TITLE_LENGTH)).partition("{}")
    assert misfit[0] in text_of(answer)
    assert len(text_of(answer)) < 1_000
