"""Spans read back in words, and whether they are past."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clock import CHICAGO
from actions.healing_map.dates import Span, find_span, in_words, is_past
from actions.healing_map.dates.spans import at, whole_days

NOW = datetime(2020, 12, 8, 10, tzinfo=CHICAGO)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHICAGO)


SAID = [
    (
        whole_days(date(2020, 12, 12), date(2020, 12, 13)),
        "Saturday, December 12",
        "sábado 12 de diciembre",
    ),
    (
        whole_days(date(2020, 12, 12), date(2020, 12, 14)),
        "Saturday, December 12, to Sunday, December 13",
        "del sábado 12 de diciembre al domingo 13 de diciembre",
    ),
    (
        Span(moment(2020, 12, 12, 15), None, whole_day=False),
        "Saturday, December 12, 3:00 PM",
        "sábado 12 de diciembre, 3:00 p. m.",
    ),
    (
        Span(moment(2020, 12, 12, 14), moment(2020, 12, 12, 16, 5), whole_day=False),
        "Saturday, December 12, 2:00 PM to 4:05 PM",
        "sábado 12 de diciembre, de 2:00 p. m. a 4:05 p. m.",
    ),
    (
        Span(moment(2021, 1, 5, 0, 30), None, whole_day=False),
        "Tuesday, January 5, 2021, 12:30 AM",
        "martes 5 de enero de 2021, 12:30 a. m.",
    ),
    (
        Span(moment(2020, 12, 12, 18), moment(2020, 12, 13), whole_day=False),
        "Saturday, December 12, 6:00 PM to midnight",
        "sábado 12 de diciembre, de 6:00 p. m. a la medianoche",
    ),
    (
        Span(moment(2020, 12, 31, 22), moment(2021, 1, 1, 1), whole_day=False),
        "Thursday, December 31, 10:00 PM to Friday, January 1, 2021, 1:00 AM",
        "jueves 31 de diciembre, 10:00 p. m. a viernes 1 de enero de 2021, 1:00 a. m.",
    ),
]


@pytest.mark.parametrize(("span", "english", "spanish"), SAID)
def test_a_span_is_read_back_in_both_languages(span: Span, english: str, spanish: str) -> None:
    assert in_words(span, "en", NOW) == english
    assert in_words(span, "es", NOW) == spanish


@given(
    st.datetimes(datetime(2020, 12, 8, 10, 1), datetime(2029, 12, 31)),
    st.one_of(st.none(), st.integers(5, 600)),
    st.sampled_from(["en", "es"]),
)
def test_what_is_read_back_is_understood_again(
    start: datetime, minutes: int | None, language: str
) -> None:
    day, begin = start.date(), start.hour * 60 + start.minute
    end = None if minutes is None else at(day, begin + minutes)
    span = Span(at(day, begin), end, whole_day=False)
    if end and end <= span.start:
        return
    if span.start < NOW or (end and end.date() != day):
        return
    found = find_span(in_words(span, language, NOW), NOW, language)
    assert found is not None
    assert found.span == span


def test_a_time_without_an_end_is_past_once_it_has_come() -> None:
    assert is_past(Span(NOW - timedelta(minutes=1), None, whole_day=False), NOW)
    assert not is_past(Span(NOW + timedelta(minutes=1), None, whole_day=False), NOW)


def test_what_is_under_way_is_not_past() -> None:
    hour = timedelta(hours=1)
    assert not is_past(Span(NOW - hour, NOW + hour, whole_day=False), NOW)
    assert is_past(Span(NOW - 2 * hour, NOW - hour, whole_day=False), NOW)


def test_whole_days_are_past_after_their_last_midnight() -> None:
    today = date(2020, 12, 8)
    assert not is_past(whole_days(today, today + timedelta(days=1)), NOW)
    assert not is_past(whole_days(today - timedelta(days=3), today + timedelta(days=1)), NOW)
    assert is_past(whole_days(today - timedelta(days=1), today), NOW)
    assert is_past(whole_days(today - timedelta(days=3), today), NOW)
