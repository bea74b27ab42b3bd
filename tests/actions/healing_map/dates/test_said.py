"""Texts made plain, each letter knowing where it was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.dates.said import Said
from actions.healing_map.dates.words import plain_words


@given(st.text())
def test_any_text_becomes_printable_ascii_with_places_in_order(text: str) -> None:
    said = Said.of(text)
    assert said.text.isascii()
    assert said.text == "" or said.text.isprintable()
    assert len(said.text) == len(said.starts) == len(said.ends)
    assert list(said.starts) == sorted(said.starts)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(said.starts, said.ends, strict=True)
    )


def test_accents_go_however_they_were_typed() -> None:
    assert Said.of("Mañana, SÁBADO").text == "manana, sabado"
    assert Said.of("man\u0303ana").text == "manana"


def test_all_that_is_not_ascii_separates_words() -> None:
    assert Said.of("a🎉🎉b\0c\n\n d").text == "a b c d"


def test_other_words_stand_where_the_first_ones_were_typed() -> None:
    said = Said.of("see you tmrw!").replaced(re.compile("tmrw"), lambda match: "tomorrow")
    assert said.text == "see you tomorrow!"
    assert said.typed_at(8, 16) == (8, 12)


@pytest.mark.parametrize(
    ("typed", "meant", "language"),
    [
        ("tomorow", "tomorrow", "en"),
        ("tommorow", "tomorrow", "en"),
        ("satuday", "saturday", "en"),
        ("saterday", "saturday", "en"),
        ("wensday", "wednesday", "en"),
        ("thrusday", "thursday", "en"),
        ("febuary", "february", "en"),
        ("januray", "january", "en"),
        ("sabdo", "sabado", "es"),
        ("miercloes", "miercoles", "es"),
        ("mañna", "manana", "es"),
        ("dicembre", "diciembre", "es"),
    ],
)
def test_a_mistyped_word_is_put_right(typed: str, meant: str, language: str) -> None:
    assert plain_words(Said.of(typed), language).text == meant


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("money sunny remember thought doing ending weekday events number monthly", "en"),
        ("vienes domino siembre hermana semilla partes artes gasto", "es"),
    ],
)
def test_other_words_are_left_alone(text: str, language: str) -> None:
    assert plain_words(Said.of(text), language).text == text


def test_a_short_weekday_is_a_day_only_where_one_is_meant() -> None:
    said = plain_words(Said.of("sat or sun, we sat in the sun, on wed 3pm"), "en")
    assert said.text == "saturday or sunday, we sat in the sun, on wednesday 3pm"
