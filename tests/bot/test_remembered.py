"""Parses that are remembered: the same as anew, and nobody's words are kept for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot import remembered
from bot.remembered import RememberedParses


class Model:
    """Stands in the pipeline's place, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def parse(self, text: str) -> dict[str, Any]:
        self.asked.append(text)
        return {"text": text, "intent": {"name": "length", "confidence": len(text) / 100}}


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def parses(model: Model) -> RememberedParses:
    return RememberedParses(model.parse)


def test_a_text_is_parsed_once(model: Model, parses: RememberedParses) -> None:
    assert parses.parse("When is it?") == parses.parse("When is it?") == model.parse("When is it?")
    assert model.asked == ["When is it?"] * 2  # the second is this test's own


def test_what_is_the_same_for_the_model_is_remembered_with_its_own_text(
    model: Model, parses: RememberedParses
) -> None:
    parses.parse("When is it?")

    assert parses.parse("  When is\nit? ")["text"] == "  When is\nit? "
    assert len(model.asked) == 1


def test_other_texts_are_parsed(model: Model, parses: RememberedParses) -> None:
    assert parses.parse("when")["intent"] != parses.parse("where")["intent"]
    assert model.asked == ["when", "where"]


def test_who_changes_a_parse_changes_nobody_elses(parses: RememberedParses) -> None:
    parses.parse("when")["intent"]["name"] = "changed"

    assert parses.parse("when")["intent"]["name"] == "length"


def test_what_was_not_typed_for_longest_is_forgotten(
    model: Model, parses: RememberedParses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    for text in ("one", "two", "one", "three", "one", "two"):
        parses.parse(text)

    assert model.asked == ["one", "two", "three", "two"]


def test_no_text_is_kept(parses: RememberedParses) -> None:
    parses.parse("My name is Ana")

    assert "Ana" not in repr(vars(parses))


def test_a_text_of_anything_at_all_can_be_remembered(parses: RememberedParses) -> None:
    for text in ("", "\ud83d", "\x00", "👍", "x" * 5000):
        assert parses.parse(text) == parses.parse(text)


def test_many_threads_get_what_one_gets(parses: RememberedParses) -> None:
    texts = [str(number % 7) for number in range(200)]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(parses.parse, texts))

    assert [it["text"] for it in found] == texts
