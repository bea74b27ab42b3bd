"""The figures of the fault suite see what they are there to see."""

from __future__ import annotations

import pytest

from tests.chaos.chats import Step
from tests.chaos.figures import compare

STEPS = [Step(f"say {words}", f"You: {words}.") for words in ("one", "two", "three")]
ONE, TWO, THREE = (step.answer for step in STEPS)


def test_answers_in_their_order_are_all_there() -> None:
    hearing = compare(STEPS, [ONE, TWO, THREE])
    assert (hearing.unanswered, hearing.repeated, hearing.strange) == ([], 0, [])


def test_a_message_that_is_sent_again_at_once_is_a_repetition() -> None:
    hearing = compare(STEPS, [ONE, TWO, TWO, THREE])
    assert (hearing.unanswered, hearing.repeated, hearing.strange) == ([], 1, [])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_answer_that_is_missing_is_found(place: int) -> None:
    answers = [ONE, TWO, THREE]
    del answers[place]
    assert compare(STEPS, answers).unanswered == [STEPS[place]]


@pytest.mark.parametrize(
    "answers",
    [[TWO, ONE, THREE], [ONE, THREE, TWO], [ONE, TWO, THREE, ONE], [ONE, TWO, ONE, THREE]],
)
def test_an_answer_at_the_wrong_place_is_out_of_order(answers: list[str]) -> None:
    assert compare(STEPS, answers).strange


def test_what_answers_nothing_is_strange() -> None:
    assert compare(STEPS, [ONE, "Sorry, what?", TWO, THREE]).strange == ["Sorry, what?"]
