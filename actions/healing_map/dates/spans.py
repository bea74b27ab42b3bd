"""A stretch of time in Chicago, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from actions.clock import CHICAGO
from actions.texts import text


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
        return text("days_words", language, first=start, last=last)
    begins = _clock(span.start, language)
    if span.end is None:
        return text("moment_words", language, day=start, begins=begins)
    midnight = at(span.start.date() + timedelta(days=1), 0)
    if span.end > midnight:
        last, ends = _day(span.end, language, this_year), _clock(span.end, language)
        return text("nights_words", language, day=start, begins=begins, last=last, ends=ends)
    ends = text("midnight", language) if span.end == midnight else _clock(span.end, language)
    return text("hours_words", language, day=start, begins=begins, ends=ends)


def _day(moment: datetime, language: str, this_year: int) -> str:
    weekday = text("weekday_names", language).split()[moment.weekday()]
    month = text("month_names", language).split()[moment.month - 1]
    day = text("day_words", language, weekday=weekday, month=month, day=str(moment.day))
    if moment.year == this_year:
        return day
    return text("day_of_year_words", language, day=day, year=str(moment.year))


def _clock(moment: datetime, language: str) -> str:
    half = "morning_words" if moment.hour < 12 else "afternoon_words"
    return text(half, language, clock=f"{moment.hour % 12 or 12}:{moment.minute:02}")
