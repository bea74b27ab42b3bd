"""The figures say what they are called: counted by hand on a few readings."""

from __future__ import annotations

import pytest

from tests.understanding import measures
from tests.understanding.held_back import Utterance
from tests.understanding.measures import (
    Confusion,
    Reading,
    confusions,
    f1_by_intent,
    outcome_shares,
    shares,
)


def reading(meant: str, likeliest: str, decision: str, *offers: str) -> Reading:
    return Reading(Utterance("en", meant, "..."), likeliest, decision, offers)


READINGS = [
    reading("thanks", "thanks", "answer"),
    reading("thanks", "thanks", "offer", "thanks", "goodbye"),
    reading("thanks", "greet", "offer", "greet", "thanks"),
    reading("thanks", "greet", "answer"),
    reading("greet", "crisis", "crisis"),
    reading("out_of_scope", "out_of_scope", "out_of_scope"),
    reading("out_of_scope", "greet", "answer"),
    reading("out_of_scope", "greet", "offer", "greet"),
    reading("crisis", "crisis", "crisis"),
    reading("crisis", "out_of_scope", "out_of_scope"),
]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (measures.ACCURACY, 4 / 10),
        (measures.RIGHT, 3 / 10),
        (measures.RIGHT_OR_OFFERED, 5 / 10),
        (measures.RIGHT_INSIDE, 1 / 5),
        (measures.RIGHT_OR_OFFERED_INSIDE, 3 / 5),
        (measures.WRONG, 1 / 5),
        (measures.OUTSIDE_ANSWERED, 1 / 3),
        (measures.CRISIS_CAUGHT, 1 / 2),
        (measures.FALSE_ALARMS, 1 / 8),
    ],
)
def test_a_measure_counts_the_texts_that_it_is_about(measure: str, expected: float) -> None:
    assert shares(READINGS)[measure] == pytest.approx(expected)


def test_every_text_has_one_outcome() -> None:
    assert outcome_shares(READINGS) == {
        measures.RIGHT_ANSWER: 0.1,
        measures.WRONG_ANSWER: 0.2,
        measures.RIGHT_OFFER: 0.2,
        measures.WRONG_OFFER: 0.1,
        "out_of_scope": 0.2,
        "crisis": 0.2,
    }


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    f1 = f1_by_intent(READINGS)

    assert f1["thanks"] == pytest.approx(2 / (1 / (2 / 2) + 1 / (2 / 4)))
    assert f1["greet"] == 0
    assert f1["crisis"] == pytest.approx(0.5)


def test_confusions_stand_in_the_order_of_their_frequency() -> None:
    assert confusions(READINGS) == [
        Confusion("out_of_scope", "greet", 2),
        Confusion("thanks", "greet", 2),
        Confusion("crisis", "out_of_scope", 1),
        Confusion("greet", "crisis", 1),
    ]
