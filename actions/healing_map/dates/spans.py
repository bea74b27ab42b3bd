"""A stretch of time in Chicago, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from actions.clock import CHICAGO
from actions.healing_map.dates.words import MONTH_NAMES, WEEKDAY_NAMES

_MIDNIGHT = {"en": "midnight", "es": "la medianoche"}


@dataclass(frozen=True)
class Span:
    """A stretch of time, aware, in America/Chicago.

    Attributes:
        start: when it begins; of whole days the first midnight.
        end: when it ends; of several whole days the midnight after the last one. None for one
            whole day, and for a clock time without an end.
        whole_day: whether days were said and no time of day.
    """

    start: datetime
    end: datetime | None
    whole_day: bool


def at(day: date, minutes: int) -> datetime:
    """Return the moment so many minutes by the clock after a day's midnight.

    A time that the clocks skip in spring is the one an hour later; of one that they show twice in
    autumn the first.
    """
    wall = datetime.combine(day, time(), CHICAGO) + timedelta(minutes=minutes)
    return wall.astimezone(timezone.utc).astimezone(CHICAGO)


def whole_days(first: date, after: date) -> Span:
    """Return the whole days from the first until, but without, the other."""
    one = after - first == timedelta(days=1)
    return Span(at(first, 0), None if one else at(after, 0), whole_day=True)


def is_past(span: Span, now: datetime) -> bool:
    """Say whether all of it is over; a clock time without an end is over once it has come."""
    if span.whole_day:
        end = span.end or at(span.start.date() + timedelta(days=1), 0)
        return end <= now
    return (span.end or span.start) < now


def in_words(span: Span, language: str, now: datetime) -> str:
    """Return a span as a person would say it.

    "Saturday, December 12, 2:00 PM to 4:00 PM", or "sábado 12 de diciembre, de 2:00 p. m. a
    4:00 p. m.". The year is named where it is not the present one.
    """
    this_year = now.astimezone(CHICAGO).year
    start = _day(span.start, language, this_year)
    if span.whole_day:
        if span.end is None:
            return start
        last = _day(span.end - timedelta(days=1), language, this_year)
        return f"{start}, to {last}" if language == "en" else f"del {start} al {last}"
    begins = _clock(span.start, language)
    if span.end is None:
        return f"{start}, {begins}"
    midnight = at(span.start.date() + timedelta(days=1), 0)
    ends = _MIDNIGHT[language] if span.end == midnight else _clock(span.end, language)
    if span.end > midnight:
        end = _day(span.end, language, this_year)
        to = "to" if language == "en" else "a"
        return f"{start}, {begins} {to} {end}, {ends}"
    if language == "en":
        return f"{start}, {begins} to {ends}"
    return f"{start}, de {begins} a {ends}"


def _day(moment: datetime, language: str, this_year: int) -> str:
    weekday = WEEKDAY_NAMES[language][moment.weekday()]
    month = MONTH_NAMES[language][moment.month - 1]
    if language == "en":
        year = "" if moment.year == this_year else f", {moment.year}"
        return f"{weekday}, {month} {moment.day}{year}"
    year = "" if moment.year == this_year else f" de {moment.year}"
    return f"{weekday} {moment.day} de {month}{year}"


def _clock(moment: datetime, language: str) -> str:
    morning, later = {"en": ("AM", "PM"), "es": ("a. m.", "p. m.")}[language]
    half = morning if moment.hour < 12 else later
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {half}"
