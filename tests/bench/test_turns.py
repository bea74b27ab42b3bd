"""The turns that are compared with the stock set-up, without the stock set-up."""

from __future__ import annotations

from bot.turns import Tap
from tests.bench.turns import (
    CHOOSE_KIND,
    GREETING,
    KNOWN_TAP,
    KNOWN_TEXT,
    OPEN_FORM,
    Sizes,
    kinds,
    line,
)
from tests.conversation import Talk
from tests.understanding.held_back import folded, folded_examples

SIZES = Sizes(repeats=3, texts=12, taps=4)


def test_no_text_is_typed_in_two_repeats() -> None:
    for kind in kinds(SIZES):
        if kind.name in ("a typed FAQ", "a typed search nearby"):
            typed = [it for talks in kind.repeats for talk in talks for it in talk.measured]
            assert len(typed) == len(set(typed))


def test_each_repeat_measures_as_many_turns() -> None:
    for kind in kinds(SIZES):
        numbers = {sum(len(talk.measured) for talk in talks) for talks in kind.repeats}
        assert len(kind.repeats) == SIZES.repeats
        assert len(numbers) == 1


def test_the_known_text_is_known_word_for_word() -> None:
    assert folded(KNOWN_TEXT) in folded_examples()


def test_what_is_tapped_is_on_buttons_of_the_assistant(talk: Talk) -> None:
    person = talk()
    for payload, sign in (
        (GREETING, OPEN_FORM),
        (OPEN_FORM, CHOOSE_KIND),
        (CHOOSE_KIND, "/go_back"),
    ):
        person.does(Tap(payload))
        assert sign in person.buttons.values()
    assert talk().does(Tap(KNOWN_TAP)).intent == {"name": "faq_dates", "confidence": 1.0}


def test_a_line_has_a_point_for_each_ten_turns() -> None:
    assert line([[1.0] * 5 + [3.0] * 5, [2.0] * 5 + [5.0] * 5]) == ((5.0, 1.5), (15.0, 4.0))
