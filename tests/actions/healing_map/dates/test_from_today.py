"""Phrases that count from today, each with the days that it means."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from actions.clock import CHICAGO
from actions.healing_map.dates import find_span

TUESDAY = datetime(2020, 12, 8, 10, tzinfo=CHICAGO)
SUNDAY = datetime(2020, 12, 13, 10, tzinfo=CHICAGO)


def first_day(text: str, language: str, now: datetime = TUESDAY) -> date:
    found = find_span(text, now, language)
    assert found is not None, text
    return found.span.start.date()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("day after christmas", date(2020, 12, 26)),
        ("the week after new year's", date(2021, 1, 4)),
        ("three weeks from next friday", date(2021, 1, 8)),
        ("a month from today", date(2021, 1, 8)),
        ("next few days", date(2020, 12, 8)),
        ("in the next two weeks", date(2020, 12, 8)),
        ("1st saturday of january 2021", date(2021, 1, 2)),
        ("last day of the month", date(2020, 12, 31)),
        ("mid-january", date(2021, 1, 11)),
        ("saturday after next", date(2020, 12, 19)),
        ("martin luther king jr. day", date(2021, 1, 18)),
        ("between christmas and new year", date(2020, 12, 25)),
        ("last july", date(2020, 7, 1)),
        ("the weekend after next", date(2020, 12, 26)),
    ],
)
def test_english_phrases(text: str, day: date) -> None:
    assert first_day(text, "en") == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("proximo mes", date(2021, 1, 1)),
        ("semana pasada", date(2020, 11, 30)),
        ("la otra semana", date(2020, 12, 14)),
        ("viernes de la otra semana", date(2020, 12, 18)),
        ("el pasado viernes", date(2020, 12, 4)),
        ("los próximos 3 días", date(2020, 12, 8)),
        ("el último viernes de diciembre de 2020", date(2020, 12, 25)),
        ("de hoy en ocho", date(2020, 12, 15)),
        ("día de reyes", date(2021, 1, 6)),
    ],
)
def test_spanish_phrases(text: str, day: date) -> None:
    assert first_day(text, "es") == day


def test_next_saturday_is_next_weeks_and_el_proximo_sabado_the_coming_one() -> None:
    assert first_day("next saturday", "en") == date(2020, 12, 19)
    assert first_day("el próximo sábado", "es") == date(2020, 12, 12)
    assert first_day("this saturday", "en") == date(2020, 12, 12)


def test_on_a_sunday_this_weekend_has_begun() -> None:
    assert first_day("this weekend", "en", SUNDAY) == date(2020, 12, 12)
    assert first_day("el próximo fin de semana", "es", TUESDAY) == date(2020, 12, 12)
    assert first_day("next weekend", "en", SUNDAY) == date(2020, 12, 19)


def test_a_phrase_that_is_read_only_in_part_is_not_read_at_all() -> None:
    assert find_span("primer lunes del próximo mes", TUESDAY, "es") is None
