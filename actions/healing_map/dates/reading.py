"""Puts days and hours together: what somebody says, as one stretch of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from actions.clock import CHICAGO
from actions.healing_map.dates.days import Days, Found, Moment, NoSuchDay, masked
from actions.healing_map.dates.from_today import find_days_from_today
from actions.healing_map.dates.hours import Clock, PartOfDay, find_hours
from actions.healing_map.dates.month_days import find_month_days
from actions.healing_map.dates.said import Said
from actions.healing_map.dates.spans import Span, at, whole_days
from actions.healing_map.dates.words import MONTHS, WEEKDAYS, either_of, plain_words

MOST_LETTERS = 4096
"""What is looked at of a text: as much as a message in a chat holds."""

WINDOW = 200
"""How many characters are read at once; of a longer text those about its first date words."""

_MOST_WINDOWS = 4
_LEAD_IN = 40
"""How many characters before its first date word belong to a window."""

_LONGEST_RANGE = timedelta(days=62)
"""Longer than this no event goes on: "Jan 9 to Jan 5" is a mistake, not a year."""


@dataclass(frozen=True)
class FoundSpan:
    """A span, and where the text says so.

    Attributes:
        span: the stretch of time.
        pieces: the parts of the text that say it, as start and end, in order; two where day and
            time stand apart ("Saturday, a book club at 3").
    """

    span: Span
    pieces: tuple[tuple[int, int], ...]

    def taken_out_of(self, text: str) -> str:
        """Return the text without the words that say when."""
        for start, end in reversed(self.pieces):
            text = f"{text[:start].rstrip()} {text[end:].lstrip()}"
        return text.strip()


class _Unclear(Exception):
    """The words name no stretch of time that a calendar and a clock can hold."""


def find_span(text: str, now: datetime, language: str) -> FoundSpan | None:
    """Return the time that a text speaks of, or None.

    What is still to come is preferred, "from 2 to 4" is in the afternoon, and an hour said of
    several days is left out. Impossible dates ("February 30") and ranges that end before they begin
    ("from 4 to 2", "Jan 9 to Jan 5") give None. Words of the other language are understood where
    the conversation's own say no day. It takes about half a millisecond, 5 with the worst of texts,
    and once in a thousand times 13, when Duckling's runtime collects its garbage.

    Args:
        text: anything at all; only its first MOST_LETTERS characters are looked at.
        now: the present moment, aware.
        language: the conversation's, "en" or "es".
    """
    now = now.astimezone(CHICAGO)
    said = Said.of(text[:MOST_LETTERS])
    found: FoundSpan | None = None
    for tongue in sorted(_SIGN_OF_A_DATE, key=lambda known: known != language):
        if tongue != language and not _SIGN_OF_A_DATE[tongue].search(said.text):
            continue
        try:
            reading = _read_in(said, now, tongue)
        except _Unclear:
            return None
        if reading and reading.says_a_day:
            return reading.found
        found = found or (reading.found if reading else None)
    return found


@dataclass(frozen=True)
class _Reading:
    found: FoundSpan
    says_a_day: bool


_SIGN_OF_A_DATE = {
    language: re.compile(
        rf"\b(?:{either_of([*WEEKDAYS[language], *MONTHS[language]])}|{words})\b"
        r"|\d[:/]\d|\d ?[ap]\.? ?m\b"
    )
    for language, words in {
        "en": r"to(?:day|night|morrow)|yesterday|week(?:end)?|next|last|the \d+(?:st|nd|rd|th)|noon"
        r"|mon|tues?|wed|thu|thurs|fri|sat|sun|christmas|new year|at \d",
        "es": r"hoy|ayer|manana|semana|noche|proximo|proxima|el \d|a las|mediodia|navidad|mes",
    }.items()
}
"""Where reading a long text begins, by the languages in which dates are read.

While a language is added to the assistant these may be fewer than texts.LANGUAGES.
"""


def _read_in(said: Said, now: datetime, language: str) -> _Reading | None:
    readings = (
        _read(plain_words(window, language), now, language) for window in _windows(said, language)
    )
    return next(filter(None, readings), None)


def _windows(said: Said, language: str) -> Iterator[Said]:
    """Return a short text whole, of a long one the parts about words that sign a date."""
    if len(said.text) <= WINDOW:
        yield said
        return
    position = 0
    for _ in range(_MOST_WINDOWS):
        sign = _SIGN_OF_A_DATE[language].search(said.text, position)
        if sign is None:
            return
        start = max(position, sign.start() - _LEAD_IN)
        start = said.text.find(" ", start, sign.start()) + 1 or sign.start()
        position = start + WINDOW
        yield said.cut(start, position)


def _read(words: Said, now: datetime, language: str) -> _Reading | None:
    """Read one window of plain words."""
    on_calendar = find_month_days(words.text, now.date(), language)
    text = masked(words.text, on_calendar)
    from_today = find_days_from_today(text, now, language)
    text = masked(text, from_today)
    clocks, parts = find_hours(text, language)

    found = sorted([*on_calendar, *from_today], key=lambda part: part.start_index)
    days = [part for part in found if isinstance(part, Days)]
    parts = [
        part
        for part in parts
        if part.is_meant or _stands_beside(part, [*days, *clocks], words.text)
    ]
    moment = next((part for part in found if isinstance(part, Moment)), None)
    if days:
        gaps = masked(masked(text, clocks, by=" "), parts, by=" ")
        span, used = _on_days(days, clocks, parts, gaps, now)
    elif any(isinstance(part, NoSuchDay) for part in found):
        raise _Unclear
    elif moment:
        span, used = Span(moment.at, None, whole_day=False), [moment]
    elif clocks or any(part.is_meant for part in parts):
        span, used = _without_a_day(clocks, parts, now)
    else:
        return None
    return _Reading(FoundSpan(span, _pieces(words, used)), says_a_day=bool(days or moment))


_RANGE = re.compile(r"(?:-|to|through|thru|until|till|til|al?|hasta)(?: the| el)?")
_JOINED = re.compile(r"(?:and|or|&|/|y|o)?(?: the| el)?")
_BETWEEN = re.compile(r"\b(?:between|entre)(?: the| el)? $")


def _on_days(
    days: list[Days], clocks: list[Clock], parts: list[PartOfDay], text: str, now: datetime
) -> tuple[Span, list[Found]]:
    """Return the span of days and hours, and the words that were used for it.

    Args:
        text: the plain words, without days, clock times and parts of the day.
    """
    first, used = days[0], days[:1]
    after = first.after
    for before, day in pairwise(days):
        gap = text[before.end_index : day.start_index].strip(" ,()")
        is_between = _BETWEEN.search(text[: before.start_index]) and gap in ("and", "y")
        if _RANGE.fullmatch(gap) or is_between:
            return _from_to(before, day, clocks)
        if not _JOINED.fullmatch(gap) or day.first not in (after, before.first):
            break
        after = day.after
        used.append(day)
    if after - first.first > timedelta(days=1):
        return whole_days(first.first, after), [*used]
    span, hours = _on_a_day(first, clocks, parts, now)
    return span, [*used, *hours]


def _from_to(begin: Days, end: Days, clocks: list[Clock]) -> tuple[Span, list[Found]]:
    """Return the span from one day to another: whole days, or with a clock time on either."""
    first, after = begin.first, end.after
    if after <= first and end.is_weekday:
        after += timedelta(weeks=1)
    if after <= first and begin.before_now:
        first = begin.before_now
    if not timedelta(days=1) < after - first <= _LONGEST_RANGE:
        raise _Unclear
    opening = [clock for clock in clocks if clock.end_index <= end.start_index and not clock.end]
    closing = [clock for clock in clocks if clock.start_index >= end.end_index and not clock.end]
    if not (opening and closing):
        return whole_days(first, after), [begin, end]
    start = at(first, opening[-1].start.usual)
    finish = at(after - timedelta(days=1), closing[0].start.usual)
    return Span(start, finish, whole_day=False), [begin, opening[-1], end, closing[0]]


def _on_a_day(
    day: Days, clocks: list[Clock], parts: list[PartOfDay], now: datetime
) -> tuple[Span, list[Found]]:
    part = parts[0] if parts else None
    if not clocks and not part:
        return whole_days(day.first, day.after), []
    start, end = _minutes(clocks, part)
    if clocks and day.first == now.date() and end is None and not part:
        start = _still_to_come(clocks[0], now) or start
    hours: list[Found] = [*clocks[:1], *parts[:1]]
    return _span(day.first, start, end), hours


def _without_a_day(
    clocks: list[Clock], parts: list[PartOfDay], now: datetime
) -> tuple[Span, list[Found]]:
    """Return the next time that a clock shows this, or the next such part of a day."""
    part = next((part for part in parts if part.is_meant), None)
    start, end = _minutes(clocks, part)
    today = now.date()
    if clocks and end is None and not part:
        start = _still_to_come(clocks[0], now) or start
    day = today if at(today, start) > now else today + timedelta(days=1)
    return _span(day, start, end), [*clocks[:1], *([part] if part else [])]


def _minutes(clocks: list[Clock], part: PartOfDay | None) -> tuple[int, int | None]:
    if not clocks:
        assert part
        return part.start, part.end
    minutes = clocks[0].minutes(part)
    if minutes is None:
        raise _Unclear
    return minutes


def _still_to_come(clock: Clock, now: datetime) -> int | None:
    """Return the next time today that a clock shows this, the usual one if it is still to come."""
    choices = [clock.start.usual, *clock.start.choices]
    return next((choice for choice in choices if at(now.date(), choice) > now), None)


def _span(day: date, start: int, end: int | None) -> Span:
    return Span(at(day, start), None if end is None else at(day, end), whole_day=False)


_GLUE = re.compile(
    r"[\s,()@&/-]*(?:\b(?:at|on|from|to|in|of|the|all day|until|and|or|between|starting"
    r"|el|la|las|los|a|al|de|del|en|y|o|por|desde|hasta|entre|todo el dia)\b[\s,()@&/-]*)*"
)
_LEADING = re.compile(
    r"(?:\b(?:on|at|from|by|between|until|till|during|this|the|in|starting|every|all day"
    r"|sometime|el|la|los|las|para|en|de|del|desde|entre|este|esta|todo|a partir de) +)+$"
)
_TRAILING = re.compile(r",? (?:all day|todo el dia)\b")


def _stands_beside(part: Found, others: list[Found], text: str) -> bool:
    """Say whether only small words are between a part and one of the others."""
    return any(
        _GLUE.fullmatch(
            text[min(part.end_index, other.end_index) : max(part.start_index, other.start_index)]
        )
        for other in others
    )


def _pieces(words: Said, used: list[Found]) -> tuple[tuple[int, int], ...]:
    """Return where the used words were typed, with the small words that belong to them."""
    pieces: list[tuple[int, int]] = []
    for part in sorted(used, key=lambda part: part.start_index):
        start, end = part.start_index, part.end_index
        if pieces and _GLUE.fullmatch(words.text[pieces[-1][1] : start]):
            pieces[-1] = (pieces[-1][0], end)
            continue
        leading = _LEADING.search(words.text[:start])
        trailing = _TRAILING.match(words.text, end)
        pieces.append((leading.start() if leading else start, trailing.end() if trailing else end))
    return tuple(words.typed_at(start, end) for start, end in pieces)
