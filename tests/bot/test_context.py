"""What a typed text means after a question for a place, or under a list of events."""

from __future__ import annotations

from typing import Any

import pytest

from actions.nearby_search import NearbySearch
from bot.context import Situation, in_context

INTENTS = frozenset({"find_nearby"})
ASKING = Situation(search=NearbySearch(asks_place=True).to_slot())
SECOND_PAGE = Situation(search=NearbySearch(offset=5, shown=("AAAAAA", "BBBBBB")).to_slot())


def parse(
    typed: str,
    decision: str = "out_of_scope",
    intent: str = "out_of_scope",
    confidence: float = 0.3,
) -> dict[str, Any]:
    """What the pipeline finds in a text."""
    return {
        "text": typed,
        "decision": decision,
        "intent": {"name": intent, "confidence": confidence},
        "offers": ["help"],
        "entities": [{"entity": "language", "value": "en"}],
        "written_language": {"language": None},
    }


def is_search(found: dict[str, Any]) -> bool:
    return bool(found["intent"]["name"] == "find_nearby" and found["decision"] == "answer")


@pytest.mark.parametrize(
    "typed",
    [
        *("Pilsen", "60637", "63rd and Halsted", "Evanston", "the whole city", "toda la ciudad"),
        *("Share my location", "COMPARTIR MI UBICACIÓN", "The whole city", "blorptown"),
    ],
)
def test_what_may_be_a_place_answers_the_question_for_one(typed: str) -> None:
    found = in_context(parse(typed), ASKING, INTENTS)
    assert is_search(found)
    assert found["offers"] == []
    assert found["entities"] == parse(typed)["entities"]


@pytest.mark.parametrize(
    "typed", ["who won the Bears game?", "i just do not know what to tell you", "why?"]
)
def test_a_question_or_a_long_text_is_no_unknown_place(typed: str) -> None:
    assert in_context(parse(typed), ASKING, INTENTS) == parse(typed)


def test_what_is_surely_something_else_is_no_place() -> None:
    asked = parse("What is the Healing Map of Pilsen?", "answer", "faq_healing_map", 0.95)
    assert in_context(asked, ASKING, INTENTS) == asked


def test_two_near_meanings_are_offered_all_the_same() -> None:
    unsure = parse("healing events money", "offer", "nlu_fallback", 0.4)
    assert in_context(unsure, ASKING, INTENTS) == unsure


def test_a_crisis_is_a_crisis_whatever_was_asked() -> None:
    crisis = parse("60637", "crisis", "crisis", 1.0)
    assert in_context(crisis, ASKING, INTENTS) == crisis


@pytest.mark.parametrize("slot", [None, NearbySearch().to_slot()])
def test_without_a_question_or_a_list_nothing_changes(slot: dict[str, Any] | None) -> None:
    for typed in ("Pilsen", "1", ""):
        assert in_context(parse(typed), Situation(search=slot), INTENTS) == parse(typed)


@pytest.mark.parametrize(("typed", "code"), [("6", "AAAAAA"), (" 7 ", "BBBBBB"), ("06", "AAAAAA")])
def test_a_number_means_the_event_that_it_stands_at(typed: str, code: str) -> None:
    found = in_context(parse(typed), SECOND_PAGE, INTENTS)
    assert is_search(found)
    assert found["entities"][-1] == {"entity": "choice", "value": f"show:{code}"}


@pytest.mark.parametrize("typed", ["0", "5", "8", "-6", "6.0", "²", "9" * 5000])
def test_any_other_number_means_nothing_new(typed: str) -> None:
    assert in_context(parse(typed), SECOND_PAGE, INTENTS) == parse(typed)
