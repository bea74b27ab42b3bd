"""Clock times, alone and as a range, and the half of the day that they are in."""

from __future__ import annotations

import pytest

from actions.healing_map.dates.hours import find_hours


def minutes(text: str, language: str = "en") -> tuple[int, int | None] | None:
    clocks, parts = find_hours(text, language)
    return clocks[0].minutes(parts[0] if parts else None) if clocks else None


def at(hour: float) -> int:
    return int(hour * 60)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("at 1", 13),
        ("at 7", 19),
        ("at 8", 8),
        ("at 12", 12),
        ("at 7:30 am", 7.5),
        ("3 p m", 15),
        ("3p", 15),
        ("630pm", 18.5),
        ("6.30 p.m.", 18.5),
        ("1800 hours", 18),
        ("18:30", 18.5),
        ("07:30", 7.5),
        ("7ish", 19),
        ("half past 6", 18.5),
        ("quarter to 1", 12.75),
        ("seven thirty pm", 19.5),
        ("5 o'clock", 17),
        ("noon", 12),
        ("8 in the evening", 20),
        ("8 in the morning", 8),
        ("12 at night", 24),
    ],
)
def test_an_english_time(text: str, hour: float) -> None:
    assert minutes(text) == (at(hour), None)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("a las 3", 15),
        ("a la 1 y media", 13.5),
        ("seis y media", 18.5),
        ("a las siete menos cuarto", 18.75),
        ("a las 3 y 20", 15 + 1 / 3),
        ("a las 18 horas", 18),
        ("8 de la noche", 20),
        ("a las 12 de la noche", 24),
        ("mediodia", 12),
        ("3:00 p. m.", 15),
    ],
)
def test_a_spanish_time(text: str, hour: float) -> None:
    assert minutes(text, "es") == (at(hour), None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from 2 to 4", 14, 16),
        ("from 10 to 2", 10, 14),
        ("from 11 to 1", 11, 13),
        ("from 9 to 5", 9, 17),
        ("3-5pm", 15, 17),
        ("10-2pm", 10, 14),
        ("11-1pm", 11, 13),
        ("7-3pm", 7, 15),
        ("10-11pm", 22, 23),
        ("9am-5", 9, 17),
        ("10pm-2", 22, 26),
        ("10pm to 1am", 22, 25),
        ("8pm till midnight", 20, 24),
        ("from 9 to 11 at night", 21, 23),
        ("between 6 and 8:30", 18, 20.5),
    ],
)
def test_a_range_is_in_the_likely_half_of_the_day(text: str, start: float, end: float) -> None:
    assert minutes(text) == (at(start), at(end))


@pytest.mark.parametrize("text", ["de 10 a 12 de la matinal", "de 10 a 12"])
def test_a_spanish_range(text: str) -> None:
    assert minutes(text, "es") == (at(10), at(12))


@pytest.mark.parametrize("text", ["from 4 to 2", "4-2pm", "5pm to 3pm", "from 7 to 7"])
def test_a_range_turned_round_has_no_minutes(text: str) -> None:
    clocks, _ = find_hours(text, "en")
    assert clocks
    assert clocks[0].minutes(None) is None


@pytest.mark.parametrize(
    "text", ["25:99", "at 13", "at 740 e 56th", "at 3 tables", "2 miles", "5 of us", "room 7", "7"]
)
def test_other_numbers_are_no_times(text: str) -> None:
    assert find_hours(text, "en") == ([], [])
