"""How people lead up to a correction, and what they say beside the new answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.signs import Words, bare_value, end_of_words, without_lead


@pytest.mark.parametrize(
    ("plain", "rest", "has_sign", "has_hint"),
    [
        ("the garden", "the garden", False, False),
        ("oh and by the way, the garden", "the garden", False, False),
        ("wait, sorry, the garden", "the garden", True, False),
        ("perdon, quise decir el jardin", "el jardin", True, False),
        ("they moved it to the garden", "the garden", False, True),
        ("not the hall, the garden", "the garden", False, True),
        ("ya no es el salon, el jardin", "el jardin", False, True),
        ("¿y el jardin?", "el jardin?", False, False),
        ("wait", "wait", False, False),
        ("nobody knows", "nobody knows", False, False),
    ],
)
def test_a_text_begins_behind_what_leads_up_to_it(
    plain: str, rest: str, has_sign: bool, has_hint: bool
) -> None:
    words = without_lead(plain)
    assert plain[words.start : words.end] == rest
    assert (words.has_sign, words.has_hint) == (has_sign, has_hint)


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("it starts at 4 now, please", "at 4"),
        ("friday, not thursday", "friday"),
        ("friday instead of thursday", "friday"),
        ("es el viernes y no el jueves", "el viernes"),
        ("more of a class than a talk", "a class"),
        ("mas de clase que de platica", "clase"),
        ("one day later, the 14th", "the 14th"),
        ("the garden", "the garden"),
    ],
)
def test_a_value_stands_alone(plain: str, value: str) -> None:
    words = bare_value(plain, Words(0, len(plain)))
    assert plain[words.start : words.end].removeprefix("de ") == value


@pytest.mark.parametrize(
    ("plain", "known", "words"),
    [
        ("peace night by the way", "", "peace night"),
        ("peace night instead of war night", "", "peace night"),
        ("peace, not war", "a book club", "peace, not war"),
        ("peace nights, not piece nights", "a book club", "peace nights"),
        ("open doors, not book clubs", "book club", "open doors"),
        ("the block club, not me", "", "the block club"),
        ("not me", "", "not me"),
    ],
)
def test_a_new_text_ends_before_what_it_is_not(plain: str, known: str, words: str) -> None:
    assert plain[: end_of_words(plain, 0, known)] == words


pieces = st.sampled_from(
    ["no ", "wait, ", "it's ", "not 3, ", "instead of ", " than ", "mas ", "4", "now ", "x ", ", "]
)


@settings(deadline=None)
@given(st.text(max_size=60) | st.lists(pieces, max_size=10).map("".join))
def test_what_is_left_is_a_part_of_the_text(plain: str) -> None:
    words = without_lead(plain)
    value = bare_value(plain, words)
    assert 0 <= words.start <= value.start <= value.end <= len(plain)
    assert words.start <= end_of_words(plain, words.start, "")
