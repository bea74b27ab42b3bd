"""Reads when an event is: a day with its hours, said at once or one after the other."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

from actions.clock import CHICAGO
from actions.forms.answers import Asked, Finding, Fit, Misfit, SideQuestion
from actions.forms.draft import Answers
from actions.forms.words import has_words
from actions.healing_map.dates import Span, find_span, in_words, is_past
from actions.healing_map.dates.spans import at, whole_days
from actions.healing_map.drafts import FIRST_YEAR, LAST_YEAR
from actions.texts import LANGUAGES, text

USUAL_LENGTH = timedelta(hours=2)
"""How long an event lasts that has no end yet; the summary shows it, and people correct it."""

_NOON = 12
_HALF_A_DAY = timedelta(hours=_NOON)
_ASKED_MORE = {"day", "which_day"}
"""What is known (see Draft.side) where a new date is asked for more precisely."""

_PART_OF_A_DAY = timedelta(hours=6)
_LONGEST_DAYS = 7
_FAR_AHEAD = timedelta(days=240)
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_BARE_HOURS = re.compile(r"\s*(at |a las? )?\d{1,2}(:\d\d)?\s*", re.IGNORECASE)
_BARE_RANGE = re.compile(
    r"\s*(from |de )?(?P<start>\d{1,2}(:\d\d)?)\s*(to|-|–|until|till|a|hasta)\s*"
    r"(?P<end>\d{1,2}(:\d\d)?\s*([ap]\.? ?m\.?)?)\s*",
    re.IGNORECASE,
)
_RANGE_WORD = re.compile(r"\s(?:to|until|till|a|hasta)\s|\s?[-–—]\s?", re.IGNORECASE)
_FROM_AN_HOUR = re.compile(r"\b(de|desde)( las?)? (?=\d{1,2}(:\d\d)?\s*$)", re.IGNORECASE)
_END = re.compile(
    r"((and|y) )?(it |que )?(until|till|ends?( at)?|ending( at)?|goes (to|until)|lasts until"
    r"|hasta|dura hasta|termina( a)?|acaba( a)?)\b\s*(las? )?"
    r"(?P<rest>.+)",
    re.IGNORECASE,
)


def read_when(asked: Asked) -> Finding:
    """Return when the event is, or what is missing of it."""
    before = asked.answers.get("when")
    if before and not _ASKED_MORE & asked.side.keys():
        return changed_when(asked, before) or _why_unreadable(asked, _moments(before)[0].date())
    day = _day_of(asked.side)
    if says_end(asked.text):
        return Misfit("when_misfit", side=dict(asked.side))
    span = _nearest_span(asked, at(day, 60 * asked.side.get("from", 0)) if day else asked.now)
    if span is None:
        return _why_unreadable(asked, day)
    if span.whole_day:
        return _of_days(asked, span)
    if day is None and _is_part_of_day(asked.text, span):
        return _asked_for_hours(span)
    if span.end:
        return _checked(asked, span)
    return _checked(asked, Span(span.start, span.start + USUAL_LENGTH, False), end_guessed=True)


def says_end(words: str) -> bool:
    """Tell whether a text says when something ends, and nothing else: "until 6"."""
    return _END.match(words.strip()) is not None


def changed_when(asked: Asked, before: Answers) -> Finding | None:
    """Return when the event is after a correction such as "at 4", "Sunday instead", "until 6".

    What is not said stays: the day, the hour, how long it lasts. None where nothing is said.
    """
    start, end = _moments(before)
    ending = _END.match(asked.text.strip())
    if ending:
        until = _hour_in(ending["rest"], _base(asked.now, start.date()), asked.language)
        if until is None or until.whole_day:
            return None
        ends = until.start
        if ends <= start and ends.hour < _NOON and _BARE_HOURS.fullmatch(ending["rest"]):
            ends += _HALF_A_DAY  # "until 8" of something at 6 pm
        if ends <= start:
            return Misfit("when_order", side={"day": start.date().isoformat()})
        return _checked(asked, Span(start, ends, False))
    span = _nearest_span(asked, _base(asked.now, start.date()))
    if span is None:
        return None
    if _is_part_of_day(asked.text, span):
        return _asked_for_hours(span)
    if span.whole_day:
        if span.end is not None:
            return _of_days(asked, span)
        moved = datetime.combine(span.start.date(), start.time(), CHICAGO)
        return _checked(asked, Span(moved, moved + (end - start), False))
    if span.end is None and _is_whole_days(start, end):
        return _checked(asked, Span(span.start, span.start + USUAL_LENGTH, False), end_guessed=True)
    if span.end is None:
        return _checked(asked, Span(span.start, span.start + (end - start), False))
    return _checked(asked, span)


def when_in_words(answer: Answers, language: str, now: datetime) -> str:
    """Return an answer as a person would say it."""
    start, end = _moments(answer)
    if _is_whole_days(start, end):
        span = whole_days(start.date(), end.date())
        return text("whole_day_words", language, day=in_words(span, language, now))
    return in_words(Span(start, end, whole_day=False), language, now)


def _nearest_span(asked: Asked, base: datetime) -> Span | None:
    """Read a time, of several readings the one nearest to a moment that is known.

    "Sunday" is counted from that moment, "the 14th" may lie before it: from the beginning of its
    month if that is still to come, or from today.
    """
    month = max(asked.now, at(base.date().replace(day=1), 0))
    bases = dict.fromkeys((base, month, asked.now))
    spans = [_span_in(asked.text, it, asked.language) for it in bases]
    found = [span for span in spans if span]
    return min(found, key=lambda span: abs(span.start.date() - base.date()), default=None)


def _is_part_of_day(words: str, span: Span) -> bool:
    """Tell whether a text says "friday night", which are no hours that an event has."""
    is_whole = span.end is not None and span.end - span.start == _PART_OF_A_DAY
    return is_whole and not re.search(r"\d", words)


def _asked_for_hours(span: Span) -> Finding:
    """Ask for the hours in a part of a day; "8" in the evening is 8 pm."""
    from_noon = span.start.hour if span.start.hour >= _NOON else 0
    return SideQuestion({"day": span.start.date().isoformat(), "from": from_noon}, has_name=False)


def _moments(answer: Answers) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(answer[name]) for name in ("start", "end"))
    return start.astimezone(CHICAGO), end.astimezone(CHICAGO)


def _is_whole_days(start: datetime, end: datetime) -> bool:
    return start.time() == end.time() == datetime.min.time()


def _day_of(side: Answers) -> date | None:
    return date.fromisoformat(side["day"]) if "day" in side else None


def _base(now: datetime, day: date | None) -> datetime:
    """Return the moment from which a text is read: hours alone belong to the day that is known."""
    return at(day, 0) if day else now


def _span_in(words: str, base: datetime, language: str) -> Span | None:
    """Read a text in the conversation's language, else in the other one."""
    if _BARE_HOURS.fullmatch(words):
        words = f"at {words.lower().removeprefix('at ').removeprefix('a las ')}"
    bare = _BARE_RANGE.fullmatch(words)
    if bare:
        words = f"from {bare['start']} to {bare['end']}"
    languages = sorted(LANGUAGES, key=lambda name: name != language)
    found = (find_span(words, base, name) for name in languages)
    return next((it.span for it in found if it), None)


def _hour_in(words: str, base: datetime, language: str) -> Span | None:
    """Read an hour that stands alone: "6", "7:30 pm", "6 de la tarde"."""
    found = (_span_in(f"{before} {words}", base, language) for before in ("at", "a las"))
    return next(filter(None, found), None)


def _why_unreadable(asked: Asked, day: date | None) -> Finding:
    if day and has_words("all_day", asked.text):
        return _checked(asked, _until_midnight(whole_days(day, day + timedelta(days=1))))
    if wrong_way_round := _turned_day(asked, day):
        return Misfit("when_order", side={"day": wrong_way_round.isoformat()})
    return Misfit("when_misfit", side=dict(asked.side))


def _turned_day(asked: Asked, day: date | None) -> date | None:
    """Return the day of hours that end before they begin: "Dec 12, 5 to 3", "5 to 3 on Dec 12"."""
    first, *rest = _RANGE_WORD.split(asked.text, maxsplit=1)
    if not rest or not re.search(r"\d", rest[0]):
        return None
    opening = _FROM_AN_HOUR.sub("a las ", first)
    begins = _span_in(opening, _base(asked.now, day), asked.language)
    if begins is None or begins.whole_day:
        return None
    ends = _span_in(rest[0], _base(asked.now, begins.start.date()), asked.language) or begins
    turned = ends.start.date()
    return turned if "day" in asked.side else _nearest_year(asked, turned)


def _of_days(asked: Asked, span: Span) -> Finding:
    """Deal with days of which no hour was said."""
    first = span.start.date()
    days = (span.end - span.start).days if span.end else 1
    names_dates = bool(re.search(r"\d", asked.text))
    if has_words("all_day", asked.text) or (1 < days <= _LONGEST_DAYS and names_dates):
        return _checked(asked, _until_midnight(span))
    if days > 1:
        return SideQuestion({"which_day": True}, has_name=False)
    return SideQuestion({"day": _nearest_year(asked, first).isoformat()}, has_name=False)


def _until_midnight(span: Span) -> Span:
    return Span(span.start, span.end or at(span.start.date() + timedelta(days=1), 0), False)


def _nearest_year(asked: Asked, day: date) -> date:
    """Return the day last year where "December 1", read on December 8, means a week ago.

    Where a date is changed, it is near to the one before.
    """
    before = asked.answers.get("when")
    is_far = at(day, 0) - (_moments(before)[0] if before else asked.now) > _FAR_AHEAD
    if not is_far or _YEAR.search(asked.text) or (day.month, day.day) == (2, 29):
        return day
    return day.replace(year=day.year - 1)


def _checked(asked: Asked, span: Span, *, end_guessed: bool = False) -> Finding:
    """Take a span, once it is sure that a past one is meant."""
    assert span.end is not None
    day = _nearest_year(asked, span.start.date())
    if day != span.start.date() and "day" not in asked.side:
        start = datetime.combine(day, span.start.time(), CHICAGO)
        span = Span(start, start + (span.end - span.start), False)
    assert span.end is not None
    if span.end.astimezone(timezone.utc) <= span.start.astimezone(timezone.utc):
        # The hour between was left out when the clocks went forward.
        return Misfit("when_order", side={"day": span.start.date().isoformat()})
    if not FIRST_YEAR <= span.start.year <= LAST_YEAR:
        return Misfit("when_year")
    answer: dict[str, Any] = {"start": span.start.isoformat(), "end": span.end.isoformat()}
    if end_guessed:
        answer["end_guessed"] = True
    return SideQuestion({"when": answer}) if is_past(span, asked.now) else Fit({"when": answer})
