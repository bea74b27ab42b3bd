"""The figures of turns: counted by what came of them, and nothing in them names anybody."""

from __future__ import annotations

import pytest

from bot import metrics
from tests.bot.test_health import figure
from tests.conversation import Talk


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("What is racial healing?", "answer"),
        ("/help", "answer"),
        ("what do you think of the bears' quarterback", "out_of_scope"),
        ("I want to kill myself", "crisis"),
    ],
)
def test_a_turn_counts_once_under_what_came_of_it(talk: Talk, typed: str, outcome: str) -> None:
    before = figure("turns_total", outcome=outcome)
    timed = figure("turn_seconds_count")
    talk().types(typed)
    assert figure("turns_total", outcome=outcome) == before + 1
    assert figure("turn_seconds_count") == timed + 1


def test_a_turn_that_fails_counts_as_a_failure(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = figure("turns_total", outcome="failure")
    person = talk()
    monkeypatch.setattr("bot.rasa_in_process.not_understood_in", None)
    person.types("What is racial healing?")
    assert figure("turns_total", outcome="failure") == before + 1


def test_no_figure_names_a_person_or_what_they_said(talk: Talk) -> None:
    person = talk()
    person.types("my cat is called Zanahoria")
    shown = metrics.exposition().decode()
    assert "turns_total" in shown
    assert "Zanahoria" not in shown and person.id not in shown
