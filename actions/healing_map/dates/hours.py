"""Times by the clock and parts of the day: "3-5pm", "half past 6", "de 2 a 4 de la tarde".

A number is a time only where something says so: "at", a colon, "pm", "o'clock", a part of the day,
or a day just before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from actions.healing_map.dates.days import CLOCK_MASK, DAY_MASK, PART_MASK, masked
from actions.healing_map.dates.words import HOURS, NOT_A_TIME, either_of

NOON = 12 * 60
EVENING = 18 * 60
DAY = 24 * 60

_PARTS = {
    "en": {
        "morning": (6 * 60, NOON),
        "afternoon": (NOON, EVENING),
        "evening": (EVENING, DAY),
        "night": (EVENING, DAY),
    },
    "es": {
        "madrugada": (0, 6 * 60),
        "matinal": (6 * 60, NOON),
        "tarde": (NOON, EVENING),
        "noche": (EVENING, DAY),
    },
}
"""The parts of a day in minutes since midnight; "matinal" stands for "la mañana"."""


@dataclass(frozen=True)
class PartOfDay:
    """A part of a day in minutes since midnight, and the part of the plain text that says so.

    Attributes:
        is_meant: whether it is a time by itself ("in the afternoon", not "afternoon").
    """

    start_index: int
    end_index: int
    start: int
    end: int
    is_meant: bool


HALVES = ("am", "pm")


@dataclass(frozen=True)
class Time:
    """What a clock shows: hour 1 to 12, minute, and "am", "pm", or None where it is not said."""

    hour: int
    minute: int
    half: str | None

    @property
    def choices(self) -> list[int]:
        """The minutes since midnight that it can mean, the earlier first."""
        morning = self.hour % 12 * 60 + self.minute
        return [morning + NOON * (half == "pm") for half in HALVES if self.half in (None, half)]

    @property
    def usual(self) -> int:
        """The minutes since midnight that people mean: from 12 to 7 the afternoon, else morning."""
        return self.choices[-1 if self.hour == 12 or self.hour <= 7 else 0]


@dataclass(frozen=True)
class Clock:
    """A time, or two of them, and the part of the plain text that says so."""

    start_index: int
    end_index: int
    start: Time
    end: Time | None

    def minutes(self, part: PartOfDay | None) -> tuple[int, int | None] | None:
        """Return start and end in minutes since midnight; None where the end comes first.

        Args:
            part: the part of the day said beside it, which tells 8 in the morning from 8 at night.
        """
        if self.end is None:
            return _one_time(self.start, part), None
        stretches = [
            (start, end)
            for start in self.start.choices
            for choice in self.end.choices
            for end in (choice, choice + DAY)
            if self._can_be(start, end, part)
        ]
        return min(stretches, key=partial(_oddity, part), default=None)

    def _can_be(self, start: int, end: int, part: PartOfDay | None) -> bool:
        both_halves_said = self.start.half and self.end and self.end.half
        if not 0 < end - start <= (DAY if both_halves_said else NOON):
            return False
        if not self.start.half:
            # "7-3pm" may begin in the morning; nobody means 4 at night without saying so.
            is_at_night = start < 6 * 60
            if is_at_night and not (part and part.start <= start < part.end):
                return False
            if not part and not (self.end and self.end.half):
                return start == self.start.usual and end <= DAY
        return end <= DAY or start >= EVENING


def _one_time(time: Time, part: PartOfDay | None) -> int:
    if part and part.start == EVENING and time.hour == 12:
        return DAY + time.minute
    if part is None or time.half:
        return time.usual
    if time.hour == 12:
        return NOON + time.minute
    return time.choices[0 if part.end <= NOON else 1]


def _oddity(part: PartOfDay | None, stretch: tuple[int, int]) -> tuple[int, int]:
    """Return how little a stretch fits the part of the day, and how long it is."""
    start, end = stretch
    if part is None:
        return 0, end - start
    begins_in_it, ends_in_it = part.start <= start < part.end, part.start < end <= part.end
    return 2 * (not begins_in_it) + (not ends_in_it), end - start


_HOUR = {language: rf"(?:0?[1-9]|1[0-2]|{either_of(words)})\b" for language, words in HOURS.items()}
_COLON = r"\d{1,2}:[0-5]\d(?::[0-5]\d(?:z|[-+]\d\d:\d\d|(?![-+]\d\d:)))?(?![\d:])"
_HALF = r"(?: ?[ap]\.? ?m\b\.?|(?<=\d)[ap]\b)"
_WORD_MINUTES = r"(?:fifteen|thirty|forty[- ]?five)"
_MINUTES = {
    "en": {"half": 30, "quarter": 15, "a quarter": 15, "five": 5, "ten": 10, "twenty": 20}
    | {"fifteen": 15, "thirty": 30, "forty five": 45, "fortyfive": 45},
    "es": {"media": 30, "cuarto": 15, "cinco": 5, "diez": 10, "veinte": 20, "veinticinco": 25},
}
_PAST = {language: f"(?:{either_of(words)})" for language, words in _MINUTES.items()}

_EXACT = {
    "en": (
        rf"(?:noon|midday|midnight|{_COLON}{_HALF}?|\d{{1,2}}[. ]?[0-5]\d{_HALF}"
        rf"|{_HOUR['en']}(?: {_WORD_MINUTES})?{_HALF}|\d{{1,2}}[ap]\b|\d{{1,2}} ?[ap]\.? ?m\b\.?"
        rf"|{_PAST['en']} (?:past|after|to|till) {_HOUR['en']}{_HALF}?"
        rf"|{_HOUR['en']} ?o'? ?clock{_HALF}?|[0-2]\d[0-5]\d ?(?:hours|hrs|h)\b"
        rf"|(?:\d{{1,2}}|{either_of(HOURS['en'])})[ -]?ish\b{_HALF}?)"
    ),
    "es": (
        rf"(?:mediodia|medianoche|{_COLON}{_HALF}?(?: ?(?:horas|hrs?|h)\b)?"
        rf"|\d{{1,2}}[. ]?[0-5]\d{_HALF}|\d{{1,2}} ?[ap]\.? ?m\b\.?|\d{{1,2}}[ap]\b"
        rf"|(?:1[3-9]|2[0-3]) ?(?:horas|hrs|h)\b"
        rf"|{_HOUR['es']} (?:y|menos) (?:media|cuarto)\b{_HALF}?"
        rf"|{_HOUR['es']} en punto{_HALF}?|{_HOUR['es']}{_HALF})"
    ),
}
"""Times that are nothing else, wherever they stand."""

_BARE = {
    "en": rf"(?:{_HOUR['en']}(?:[ .](?:[0-5]\d\b|{_WORD_MINUTES}))?)",
    "es": rf"(?:{_HOUR['es']}(?:(?: y | menos |[.])(?:[0-5]?\d|{_PAST['es']})\b)?)",
}
"""Numbers that are times only in company."""

_CUE = {
    "en": r"(?:\b(?:starting |beginning )?(?:at|around|about|by|after|before|until|till|til|from)"
    r"(?: about| around)?\b|@) ?",
    "es": r"\b(?:(?:como |desde |hasta |para |sobre |antes de |despues de |a partir de )?"
    r"(?:a |de |desde |hasta |para |sobre |entre |tipo )(?:las |la (?=una\b|1\b))|tipo )",
}
_FROM = {
    "en": r"\b(?:from|between) ",
    "es": r"\b(?:de|desde|entre)(?: las?)? ",
}
_TO = {
    "en": r" ?(?:-|to|until|till|til|and|&) ?",
    "es": r" ?(?:-|al?|hasta|y)(?: las?)? ?",
}
_BARELY_TO = {"en": r" ?(?:-|to|until|till) ?", "es": r" ?(?:-|al?|hasta)(?: las?)? ?"}
_LEAD = {"en": r"(?:in the |at |during the )", "es": r"(?:(?:por|en|de|a|durante) la )"}
_PART = {language: f"(?:{either_of(parts)})" for language, parts in _PARTS.items()}

_ALONE = {
    "en": _BARE["en"],
    "es": rf"(?:{_BARE['es']}|1[3-9]\b(?: horas\b)?|2[0-3]\b(?: horas\b)?)",
}
_START = r"(?<![\w:/.$-])"
_BEHIND_A_DAY = rf"(?<=[{DAY_MASK}{PART_MASK}])[ ,(-]*(?:at |las )?"
_BEFORE_A_PART = rf"(?= (?:{DAY_MASK}+ )?{PART_MASK})"
_NO_RANGE = r"(?! ?(?:to|-|and|al?|y) ?\d)"
_END = rf"(?!\w|:\d|[-/]\d| ?(?:{NOT_A_TIME}))"
_NO_PLURAL = r"(?! (?!\w+mos\b)[a-z]{4,}s\b)"


def _patterns(language: str) -> list[re.Pattern[str]]:
    """Return the patterns of a language, those first that say more."""
    exact, bare, cue = _EXACT[language], _BARE[language], _CUE[language]
    any_time = rf"(?:{exact}|{bare})"
    to = _BARELY_TO[language]
    return [
        re.compile(pattern)
        for pattern in (
            rf"{_FROM[language]}(?P<a>{any_time}){_TO[language]}(?P<b>{any_time}){_END}{_NO_PLURAL}",
            rf"(?:{cue})?{_START}(?P<a>{exact}){to}(?P<b>{any_time}){_END}",
            rf"(?:{cue})?{_START}(?P<a>{bare}){to}(?P<b>{exact}){_END}",
            rf"{_BEHIND_A_DAY}(?P<a>{bare}){to}(?P<b>{bare}){_END}",
            rf"{cue}(?P<a>{bare}){to}(?P<b>{bare}){_END}{_NO_PLURAL}",
            rf"(?:{cue})?{_START}(?P<a>{exact}){_END}",
            rf"(?:{cue})?{_START}(?P<a>{bare}){_BEFORE_A_PART}",
            rf"{cue}(?P<a>{_ALONE[language]}){_END}{_NO_PLURAL}{_NO_RANGE}",
            rf"{_BEHIND_A_DAY}(?P<a>{bare}){_END}{_NO_RANGE}",
        )
    ]


_CLOCKS = {language: _patterns(language) for language in ("en", "es")}
_PARTS_OF_DAY = {
    language: re.compile(rf"\b(?P<lead>{_LEAD[language]})?(?P<part>{_PART[language]})s?\b")
    for language in ("en", "es")
}
_READ_TIME = {
    "en": re.compile(
        rf"(?:(?P<past>{_PAST['en']}) (?P<way>past|after|to|till) )?"
        rf"(?P<hour>\d{{1,2}}|{either_of(HOURS['en'])})"
        rf"(?:[:. ]?(?P<minute>[0-5]\d|{_WORD_MINUTES})(?::\S+)?)?"
        r"(?:[ -]?ish| ?o'? ?clock| ?hours| ?hrs| ?h)?"
        r"(?: ?(?P<half>[ap])\.? ?m?\.?)?"
    ),
    "es": re.compile(
        rf"(?P<hour>\d{{1,2}}|{either_of(HOURS['es'])})(?:[:. ]?(?P<minute>[0-5]\d)(?::\S+)?)?"
        rf"(?: (?P<way>y|menos) (?P<past>[0-5]?\d|{_PAST['es']}))?"
        r"(?: en punto)?(?: ?(?P<half>[ap])\.? ?m?\.?)?(?: ?(?:horas|hrs?|h))?"
    ),
}
_NAMED = {
    "noon": Time(12, 0, "pm"),
    "midday": Time(12, 0, "pm"),
    "mediodia": Time(12, 0, "pm"),
    "midnight": Time(12, 0, "am"),
    "medianoche": Time(12, 0, "am"),
}


def find_hours(text: str, language: str) -> tuple[list[Clock], list[PartOfDay]]:
    """Return the clock times, and the parts of the day, that a text says.

    Args:
        text: plain words, with the days masked.
        language: "en" or "es".
    """
    parts = [
        PartOfDay(*match.span(), *_PARTS[language][match["part"]], is_meant=bool(match["lead"]))
        for match in _PARTS_OF_DAY[language].finditer(text)
    ]
    text = masked(text, parts, by=PART_MASK)
    clocks: list[Clock] = []
    for pattern in _CLOCKS[language]:
        here = [clock for clock in map(partial(_clock, language), pattern.finditer(text)) if clock]
        text = masked(text, here, by=CLOCK_MASK)
        clocks += here
    return sorted(clocks, key=attrgetter("start_index")), parts


def _clock(language: str, match: re.Match[str]) -> Clock | None:
    said = match.groupdict()
    start = _time(said["a"], language)
    end = _time(said["b"], language) if said.get("b") else None
    if start is None or (said.get("b") and end is None):
        return None
    return Clock(*match.span(), start, end)


def _time(words: str, language: str) -> Time | None:
    """Read one time; None where no clock shows it."""
    if words in _NAMED:
        return _NAMED[words]
    match = _READ_TIME[language].fullmatch(words)
    if match is None:
        return None
    hour = int(match["hour"]) if match["hour"].isdigit() else HOURS[language][match["hour"]]
    if hour > 24:
        return None
    half = f"{match['half']}m" if match["half"] else None
    if half is None and (hour > 12 or match["hour"].startswith("0")):
        half = "pm" if 12 <= hour < 24 else "am"
    minute = _minute(match["minute"] or match["past"] or "0", language)
    if match["way"] in ("to", "till", "menos"):
        hour, minute = hour - 1, 60 - minute
    return Time(hour % 12 or 12, minute, half) if minute < 60 else None


def _minute(word: str, language: str) -> int:
    return int(word) if word.isdigit() else _MINUTES[language][word.replace("-", " ")]
