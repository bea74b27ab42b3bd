from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.lexicon import Lexicon, distance_between, edits_allowed


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("pilsen", "pilsen", 0),
        ("pilson", "pilsen", 1),
        ("pilsn", "pilsen", 1),
        ("pillsen", "pilsen", 1),
        ("bornzeville", "bronzeville", 1),
        ("bronzvile", "bronzeville", 2),
        ("loop", "pilsen", 4),
    ],
)
def test_typing_errors_are_counted(one: str, other: str, distance: int) -> None:
    assert distance_between(one, other, 3) == distance


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 4))
def test_the_limit_changes_nothing_below_it(one: str, other: str, limit: int) -> None:
    full = distance_between(one, other, 20)
    assert distance_between(one, other, limit) == min(full, limit + 1)
    assert distance_between(other, one, 20) == full


def test_short_names_must_be_exact() -> None:
    assert [edits_allowed(length) for length in (4, 5, 8, 13)] == [0, 1, 2, 3]


def test_the_nearest_spellings_are_found() -> None:
    lexicon = Lexicon({"halsted": 1, "homan": 2, "roman": 3})
    assert lexicon.get("halstead") is None
    assert lexicon.nearest("halstead", 2) == [1]
    assert lexicon.nearest("koman", 1) == [2, 3]
    assert lexicon.nearest("ahlsted", 1, same_start=True) == []
