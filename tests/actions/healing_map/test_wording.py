from __future__ import annotations

import pytest

from actions.healing_map.wording import key_of, words_of


def test_words_lose_accents_capitals_and_apostrophes_and_keep_their_place() -> None:
    words = words_of("¿O’Hare y Súr?")
    assert [(word.text, word.start, word.end) for word in words] == [
        ("ohare", 1, 7),
        ("y", 8, 9),
        ("sur", 10, 13),
    ]


def test_the_point_of_an_abbreviation_ends_no_phrase() -> None:
    assert [word.breaks for word in words_of("4100 S. Ellis Ave. Chicago, IL")] == [
        *[False] * 5,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("on 12/5 at Clark", ["12", "/", "5"]),
        ("at 6:30 pm on 63rd", ["6", "30", "pm"]),
        ("within 2 miles of 63rd", ["2", "miles"]),
        ("el 12 de diciembre en la 26", ["12", "de", "diciembre"]),
        ("saturday the 19th", ["saturday", "the", "19th"]),
        ("keep us in the loop", ["keep", "us", "in", "the", "loop"]),
        ("63rd/Halsted", []),
        ("1200 N May St", []),
    ],
)
def test_words_of_dates_distances_and_figures_of_speech_are_taken(
    text: str, taken: list[str]
) -> None:
    assert [word.text for word in words_of(text) if word.taken] == taken


def test_names_are_compared_without_spaces() -> None:
    assert key_of("Rush & Division") == key_of("rush and division") == "rushanddivision"
