"""Days that are counted from today ("next Saturday", "in two weeks"), holidays, and months alone.

Duckling reads them. Here it is decided which words it gets, none more than its six, and what it
takes otherwise than people mean is put right. "Next Saturday" is the one of next week, as Duckling
has it; "el próximo sábado" is the coming one (words.py).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from itertools import islice

from actions.clock import CHICAGO
from actions.healing_map.dates.days import Days, Moment, masked
from actions.healing_map.dates.duckling_wheel import Reading, read
from actions.healing_map.dates.words import MONTH_NAMES, MONTHS, WEEKDAYS, either_of

_MOST_PHRASES = 3
"""How many phrases of one text are read; each costs 0.5 ms as a rule and 5 ms at worst."""

_DAY = {language: f"(?:{either_of(words)})" for language, words in WEEKDAYS.items()}
_MONTH = {language: f"(?:{either_of(words)})" for language, words in MONTHS.items()}
_CLEAR_MONTH_EN = "(?:january|february|july|september|october|november|december)"
_FULL_MONTH_ES = f"(?:{either_of(MONTH_NAMES['es'])})"
_UNIT = {"en": "(?:days?|weeks?|months?)", "es": "(?:dias?|semanas?|mes(?:es)?)"}
_CLOCK_UNIT = {"en": "(?:hours?|hrs?|minutes?|mins?)", "es": "(?:horas?|minutos?)"}
_NUMBER = {
    "en": r"(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"(?:a )?couple(?: of)?|(?:a )?few)",
    "es": r"(?:\d{1,2}|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince)",
}
_YEAR = r"(?:,? (?:de )?20\d\d)?"
_WEEKS_FROM_EN = "(?P<number>a|one|two|three|four|[1-9]) weeks? from "

_PHRASES = {
    "en": (
        r"day (?:after tomorrow|before yesterday)",
        r"(?:day|week) (?:after|before) (?:christmas|new year'?s(?: day)?|thanksgiving)",
        rf"(?:in|within) {_NUMBER['en']} (?:{_UNIT['en']}|{_CLOCK_UNIT['en']})",
        r"in half an hour",
        rf"{_WEEKS_FROM_EN}(?:now|today|tomorrow|(?:next |this )?{_DAY['en']})",
        rf"{_NUMBER['en']} {_UNIT['en']} (?:ago|from (?:now|today|tomorrow))",
        rf"{_NUMBER['en']} {_CLOCK_UNIT['en']} from now",
        rf"(?:next|coming|last|past) {_NUMBER['en']} {_UNIT['en']}",
        rf"(?:first|second|third|fourth|last|1st|2nd|3rd|4th) (?:{_DAY['en']}|day|week) "
        rf"(?:of|in) (?:(?:the|this|next) month|{_MONTH['en']}){_YEAR}",
        rf"(?:(?:beginning|end) of|early|mid|late)[ -]{_MONTH['en']}|end of the month",
        rf"(?:this|next|last|coming) (?:{_DAY['en']}|week|month)",
        rf"{_DAY['en']} (?:after next|(?:of )?next week)",
        r"today|tomorrow|yesterday",
        r"christmas(?: eve| day)?|new year'?s(?: eve| day)?|(?<=and )new year",
        r"thanksgiving(?: day)?|halloween",
        r"(?:mlk|martin luther king)(?:,? jr\.?)?(?:'?s)? day|juneteenth|kwanzaa",
        r"(?:valentine'?s|mother'?s|father'?s|labor|memorial|veterans|independence) day|easter",
        r"(?:good|black) friday",
        _DAY["en"],
        rf"(?:in|next|last) {_MONTH['en']}{_YEAR}",
        rf"{_MONTH['en']},? 20\d\d|{_CLEAR_MONTH_EN}|^{_MONTH['en']}$",
    ),
    "es": (
        r"hoy|pasado manana|(?<!las )manana|anteayer|antier|antes de ayer|ayer",
        rf"en {_NUMBER['es']} (?:{_UNIT['es']}|{_CLOCK_UNIT['es']})|en media hora",
        rf"hace {_NUMBER['es']} {_UNIT['es']}",
        rf"proxim[oa]s (?:{_NUMBER['es']} )?{_UNIT['es']}",
        rf"(?:primer|segundo|tercer|cuarto|ultimo) {_DAY['es']} "
        rf"(?:del?|en) (?:este mes|proximo mes|{_MONTH['es']}){_YEAR}",
        rf"{_DAY['es']} de (?:esta|la proxima) semana",
        r"esta semana|la proxima semana|la semana pasada|este mes|el proximo mes|el mes pasado",
        rf"{_DAY['es']} pasado|{_DAY['es']}",
        r"navidad|nochebuena|nochevieja|ano nuevo",
        r"dia de (?:martin luther king|san valentin)",
        rf"{_FULL_MONTH_ES}{_YEAR}",
    ),
}
_PHRASE = {
    language: re.compile(rf"\b(?:{'|'.join(phrases)})\b") for language, phrases in _PHRASES.items()
}

_WEEKEND = {
    "en": re.compile(
        r"\b(?:(?P<last>last )|(?P<next>next )|this |coming )?weekend(?P<after_next> after next)?\b"
    ),
    "es": re.compile(
        r"\b(?:(?P<next>otro )|este |proximo )?fin(?:es)? de semana"
        r"(?:(?P<last> pasado)| que viene| que entra| proximo)?\b"
    ),
}
"""The coming weekend unless a group says otherwise; Spanish "proximo" and "que viene" mean it."""

_WEEKS_FROM = re.compile(_WEEKS_FROM_EN)
_WEEKS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_STRETCH = re.compile(rf"(?:next|coming) {_NUMBER['en']} |proxim[oa]s ")

_WIDER_THAN_A_MONTH = frozenset({"quarter", "year"})


def find_days_from_today(text: str, now: datetime, language: str) -> list[Days | Moment]:
    """Return what the words count from today, in their order.

    Args:
        text: plain words, with what has been read already masked.
        now: the present moment in Chicago.
        language: "en" or "es".
    """
    found: list[Days | Moment] = []
    for match in _WEEKEND[language].finditer(text):
        first, after = _weekend(match.groupdict(), now.date())
        found.append(Days(match.start(), match.end(), first, after))
    text = masked(text, found)
    for match in islice(_PHRASE[language].finditer(text), _MOST_PHRASES):
        found += _read_phrase(match[0], match.start(), now, language)
    return sorted(found, key=lambda part: part.start_index)


def _weekend(said: dict[str, str | None], today: date) -> tuple[date, date]:
    """Return the Saturday of the weekend that is meant, and the Monday after it.

    On a Saturday or Sunday the coming weekend is the one that has begun.
    """
    saturday = today + timedelta(days=5 - today.weekday())
    if said["last"]:
        saturday -= timedelta(weeks=1)
    elif said["next"]:
        saturday += timedelta(weeks=1)
    elif said.get("after_next"):
        saturday += timedelta(weeks=2)
    return saturday, saturday + timedelta(days=2)


def _read_phrase(phrase: str, offset: int, now: datetime, language: str) -> list[Days | Moment]:
    wall, end = now.replace(tzinfo=None), offset + len(phrase)
    shift = _WEEKS_FROM.match(phrase)
    words = phrase[shift.end() :] if shift else phrase
    reading = read(words, wall, language)
    if reading is None or reading.grain in _WIDER_THAN_A_MONTH:
        return []
    if re.search(rf"\b{_CLOCK_UNIT[language]}\b", words):
        moment = now.astimezone(timezone.utc) + (reading.start - wall)
        return [Moment(offset, end, moment.astimezone(CHICAGO))]
    first, after = _days(reading)
    if _STRETCH.match(phrase):
        # Duckling leaves today, or this week, out of "the next three days", "the next two weeks".
        first = now.date()
    if shift:
        # Duckling reads "a week from Friday" as any Friday.
        weeks = timedelta(weeks=_WEEKS.get(shift["number"]) or int(shift["number"]))
        first, after = first + weeks, after + weeks
    return [Days(offset, end, first, after, is_weekday=phrase in WEEKDAYS[language])]


def _days(reading: Reading) -> tuple[date, date]:
    """Return the first day of a reading, and the day after its last one."""
    first = reading.start.date()
    if reading.end:
        return first, reading.end.date()
    if reading.grain == "month":
        return first, (first + timedelta(days=31)).replace(day=1)
    return first, first + timedelta(days=7 if reading.grain == "week" else 1)
