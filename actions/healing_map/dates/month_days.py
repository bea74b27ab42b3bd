"""Days as they stand on a calendar: "Dec 12", "12/12", "the 12th to the 14th", "el 12 de enero".

A day without its year or month is the next one from today on; a day of the week beside it helps to
choose ("Saturday 12/5"). Numbers are month/day, as Chicago writes them, in Spanish as well;
day/month only where the other order names no day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from actions.healing_map.dates.days import DAY_MASK, Days, NoSuchDay, masked
from actions.healing_map.dates.words import MONTHS, NOT_A_TIME, ORDINAL_DAYS, WEEKDAYS, either_of

_YEARS = range(1900, 2100)

_LOOK_BACK = timedelta(days=60)
"""How long ago a date may be for its day of the week to say that it is the past one."""

_MONTHS_AHEAD = 14
"""Within so many months each number up to the 28th falls on each day of the week."""

_WEEKDAY_NUMBER_AHEAD = timedelta(days=60)
"""How far off a bare number behind a weekday ("sábado 12") may be as a day of the month."""

_DAY = {
    language: rf"(?:\d{{1,2}}(?:st|nd|rd|th|ro|er|o)?|{either_of(words)})\b"
    for language, words in ORDINAL_DAYS.items()
}
_NO_CLOCK = r"(?![:/.]?\d| ?[ap]\.? ?m\b|[ap]\b| ?o'?clock| ?(?:hours|hrs|horas|h)\b)"
_TO = {
    "en": r" ?(?:-|to|through|thru|until|and|or|&) ?(?:the )?",
    "es": r" ?(?:-|al?|hasta|y|o) ?(?:el )?",
}
_UNTIL = {
    language: rf"(?:{to}(?P<last>{_DAY[language]}){_NO_CLOCK})?" for language, to in _TO.items()
}
_WEEK = {
    "en": r"(?:(?P<week>week(?:end)?) of )?",
    "es": r"(?:(?P<week>(?:fin de )?semana) (?=del ))?",
}
_WEEKDAY = {
    language: rf"{_WEEK[language]}(?:(?P<weekday>{either_of(words)}),? ?(?:the |el )?(?:dia )?)?"
    for language, words in WEEKDAYS.items()
}
_MONTH = {language: rf"(?P<month>{either_of(words)})\b" for language, words in MONTHS.items()}
_YEAR = r"(?:,? ?(?:de |del )?(?P<year>20\d\d)\b(?! ?h(?:ou)?rs))?"

_ENDS = rf"$|[-.,;:!?)@{DAY_MASK}]"
_BEHIND_A_DAY = {
    "en": rf" ?(?:{_ENDS}|(?:at|from|to|until|in|on|for|with|between|near|around|is|works|or|please"
    r"|noon|this|next|of this|of next|and the)\b|\d{1,2}(?:[ap:-]| [ap]| to))",
    "es": rf" ?(?:{_ENDS}|(?:al?|en|por(?! ciento)|para|con|entre|desde|cerca|hasta|o|tipo|como a"
    r"|y el|del?(?! la\b| los\b| las\b| cada\b))\b|\d{1,2}(?:[ap:-]| [ap]))",
}
"""What may follow "the 15th", which otherwise is a floor, a ward or a street."""

_DASHED = (
    r"(?<![\d/.$-])(?P<a>\d{1,2})(?P<dash>[-.])(?P<b>\d{1,2})(?P=dash)"
    r"(?P<year>\d{4}|\d\d)(?![\d/.-])"
)
_SLASHED = (
    r"(?<![\d/.$])(?!24/7\b)(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<year>\d{4}|\d\d))?(?![\d/])"
    rf"(?! ?{NOT_A_TIME})(?:-(?P<last>\d{{1,2}})\b{_NO_CLOCK})?"
)
_ISO = r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)(?:t(?=\d))?"

_FORMS = {
    "en": (
        _ISO,
        _SLASHED,
        _DASHED,
        # 12th to 14th of December; but "at 3 December 12" and "2-4 Dec 12" begin with the time.
        rf"\b(?<!at )(?:the )?(?P<day>{_DAY['en']}){_UNTIL['en']}(?: (?:day )?of|[,/-])? ?"
        rf"{_MONTH['en']}(?! \d{{1,2}}(?:st|nd|rd|th|,|$))\.?{_YEAR}",
        # December 12 to 14, 2020
        rf"\b{_MONTH['en']}\.?,? ?(?:the )?(?P<day>{_DAY['en']}){_NO_CLOCK}"
        rf"(?! ?{NOT_A_TIME}){_UNTIL['en']}{_YEAR}",
        # the 12th to the 14th of next month
        rf"\b(?<!near )(?<!by )the (?P<day>\d{{1,2}}(?:st|nd|rd|th)){_UNTIL['en']}"
        rf"(?: of (?:the|this|(?P<next>next)) month)?(?={_BEHIND_A_DAY['en']})",
        # 12th
        r"^(?P<day>\d{1,2}(?:st|nd|rd|th))$",
        # the 25th of Smarch
        r"\b(?:the )?\d{1,2}(?:st|nd|rd|th) of "
        r"(?!(?:the|this|next|last|every|each|our|them|those|these)\b)[a-z]{4,}",
    ),
    "es": (
        _ISO,
        _SLASHED,
        _DASHED,
        # del 12 al 14 de diciembre de 2020
        rf"\b(?:el |dia )?(?P<day>{_DAY['es']}){_UNTIL['es']}(?: del?(?: mes de)?|[,/-])? ?"
        rf"{_MONTH['es']}\.?{_YEAR}",
        # diciembre 12
        rf"\b{_MONTH['es']}\.?,? ?(?:el )?(?P<day>{_DAY['es']}){_NO_CLOCK}(?! ?{NOT_A_TIME})"
        rf"{_UNTIL['es']}{_YEAR}",
        # el 25 de esmarzo
        r"\b(?:el|dia) \d{1,2} de "
        r"(?!(?:cada|este|esta|ellos|ellas|nuestr[oa]s?|proximo)\b)[a-z]{4,}",
        # del 12 al 14 del proximo mes
        rf"\b(?:el|del|dia|los dias) (?:dia )?(?P<day>\d{{1,2}}){_UNTIL['es']}"
        r"(?: del? (?:este mes|(?P<next>proximo mes|mes que viene)))?"
        rf"(?={_BEHIND_A_DAY['es']})",
    ),
}
"""How a day is written, the surest way first; a day of the week may stand before each."""

_WEEKDAY_AND_NUMBER = {
    language: rf"\b(?P<weekday>{either_of(words)}),? (?:the )?"
    rf"(?P<number>\d{{1,2}})(?:st|nd|rd|th)?\b{_NO_CLOCK}(?! ?-| to\b| a \d| y \w)"
    for language, words in WEEKDAYS.items()
}
_PATTERNS = {
    language: [
        *(re.compile(_WEEKDAY[language] + form) for form in forms),
        re.compile(_WEEKDAY_AND_NUMBER[language]),
    ]
    for language, forms in _FORMS.items()
}

_ALSO_VERBS = frozenset({"may", "march", "mar"})
_SAYS_A_DATE = re.compile(r"\bof\b|\d(?:st|nd|rd|th)|20\d\d|^(?:may|march|mar)\b|, ?(?:may|mar)")
"""What makes a date of "5 may", which otherwise begins "5 may come"."""


def find_month_days(text: str, today: date, language: str) -> list[Days | NoSuchDay]:
    """Return the days of a calendar that a text names.

    Args:
        text: plain words.
        today: the present day in Chicago, from which on a day is looked for.
        language: "en" or "es".
    """
    found: list[Days | NoSuchDay] = []
    for pattern in _PATTERNS[language]:
        days = [_read(match, today, language) for match in pattern.finditer(text)]
        here = [day for day in days if day]
        text = masked(text, here)
        found += here
    return found


def _read(match: re.Match[str], today: date, language: str) -> Days | NoSuchDay | None:
    """Return the days that a match names; None where it is no date after all."""
    said = match.groupdict()
    no_such_day = NoSuchDay(*match.span())
    if said.get("month") in _ALSO_VERBS and not _SAYS_A_DATE.search(match[0]):
        return None
    number, month = _day_and_month(said, language)
    if number is None:
        return no_such_day
    if month is None and number > 31:
        return None
    year = _year(said.get("year"))
    weekday = WEEKDAYS[language].get(said.get("weekday") or "")
    days = _such_days(number, month, year, today)
    if month is None:
        days = [day for day in days if not (said.get("next") and day.month == today.month)]
        days = [day for day in days if weekday is None or day.weekday() == weekday]
    first = days[0] if year and days else _meant(days, weekday, today)
    if said.get("number") and (first is None or first - today > _WEEKDAY_NUMBER_AHEAD):
        return None
    last = first and _last(first, said, language)
    if first is None or last is None:
        return no_such_day
    if said.get("week"):
        first, last = _week(first, is_weekend=said["week"] not in ("week", "semana"))
    earlier = [day for day in days if day < today and not year]
    before_now = earlier[-1] if earlier else None
    return Days(*match.span(), first, last + timedelta(days=1), before_now=before_now)


def _last(first: date, said: dict[str, str | None], language: str) -> date | None:
    """Return the last day that is said, the first one where no other is; None if it is earlier."""
    if not said.get("last"):
        return first
    last = _valid(first.year, first.month, _day_number(said, "last", language))
    return last if last and last > first else None


def _week(day: date, is_weekend: bool) -> tuple[date, date]:
    """Return the first and the last day of the week, or of its end, that a day is in."""
    monday = day - timedelta(days=day.weekday())
    return monday + timedelta(days=5 if is_weekend else 0), monday + timedelta(days=6)


def _day_and_month(said: dict[str, str | None], language: str) -> tuple[int | None, int | None]:
    """Return the numbers of the day and the month; no day where there is no such month."""
    if said.get("a"):
        a, b = int(said["a"] or 0), int(said["b"] or 0)
        month, day = (a, b) if a <= 12 else (b, a)
        return (day, month) if 1 <= month <= 12 else (None, None)
    word = said.get("month")
    month_number = MONTHS[language].get(word) or int(word) if word else None
    if month_number is not None and not 1 <= month_number <= 12:
        return None, None
    return _day_number(said, "day", language) or _day_number(said, "number", language), month_number


def _day_number(said: dict[str, str | None], group: str, language: str) -> int:
    """Return the day of a month that a group says, 0 where it says none."""
    word = said.get(group)
    if not word:
        return 0
    digits = re.match(r"\d+", word)
    return int(digits[0]) if digits else ORDINAL_DAYS[language][word]


def _year(word: str | None) -> int | None:
    if word is None:
        return None
    return int(word) if len(word) == 4 else 2000 + int(word)


def _such_days(day: int, month: int | None, year: int | None, today: date) -> list[date]:
    """Return the days about today that a number, a month and a year leave open, in order."""
    if month is None:
        month_numbers = range(today.month - 3, today.month + _MONTHS_AHEAD)
        months = [(today.year + number // 12, number % 12 + 1) for number in month_numbers]
    else:
        years = (year,) if year else (today.year - 1, today.year, today.year + 1)
        months = [(year, month) for year in years]
    days = [_valid(year, month, day) for year, month in months]
    return [found for found in days if found]


def _valid(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _meant(days: list[date], weekday: int | None, today: date) -> date | None:
    """Return the next of the days, or one just past that alone is on the day of the week said."""
    ahead = next((day for day in days if day >= today), None)
    if weekday is not None and not (ahead and ahead.weekday() == weekday):
        just_past = [day for day in days if today - _LOOK_BACK <= day < today]
        return next((day for day in just_past if day.weekday() == weekday), ahead)
    return ahead
