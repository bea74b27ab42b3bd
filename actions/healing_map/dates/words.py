"""The words by which people write days and times, in both languages.

How the assistant says them stands in data/texts (see spans.py).

`plain_words` brings a text to the words that the readers know: typing errors, short forms and
phrases such as "tonight" ("today night") are written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations

from actions.healing_map.dates.said import Said

WEEKDAY_NAMES = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
MONTH_NAMES = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
        "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip

WEEKDAYS = {
    language: {Said.of(name).text: number for number, name in enumerate(names)}
    for language, names in WEEKDAY_NAMES.items()
}
"""The days of the week as plain words, Monday being 0."""

_SHORT_MONTHS = {"sept": 9, "setiembre": 9, "ene": 1, "abr": 4, "ago": 8, "dic": 12}
MONTHS = {
    language: {
        word: number
        for number, name in enumerate(names, 1)
        for word in (name.lower(), name[:3].lower())
    }
    | _SHORT_MONTHS
    for language, names in MONTH_NAMES.items()
}
"""The months as plain words and short forms, January being 1."""


def _listed(words: str) -> list[str]:
    return words.split()


def _numbered(words: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), 1)}


ORDINAL_DAYS = {
    "en": _numbered(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
        "twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
        "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
    ),
    "es": _numbered(
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
        "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres "
        "veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve treinta"
    )
    | {"primero": 1, "treinta y uno": 31},
}
"""The days of a month in words."""

HOURS = {
    "en": _numbered("one two three four five six seven eight nine ten eleven twelve"),
    "es": _numbered("una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
}
"""The hours of the clock in words."""

NOT_A_TIME = (
    r"(?:[nsew]|north|south|east|west|norte|sur|este|oeste|street|st|avenue|ave?|place|pl|blvd"
    r"|boulevard|road|rd|drive|dr|miles?|mi|millas?|km|blocks?|cuadras?|people|persons?|personas?"
    r"|folks|friends|guests|kids|adults|tables|locations|years?|anos|days?|dias?|weeks?|semanas?"
    r"|months?|mes|meses|hours?|hrs?|minutes?|minutos?|mins?|dollars?|bucks|stars?|percent"
    r"|or more|o mas|of|de cada)\b(?!/)|%"
)
"""What behind a number says that it is an address or an amount."""


def either_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def plain_words(said: Said, language: str) -> Said:
    """Write out what people shorten, mistype or say in one word."""
    said = said.replaced(_LONG_WORD, lambda match: _spelled(match[0], language))
    for pattern, words in _PHRASES[language]:
        said = said.replaced(pattern, lambda match, words=words: match.expand(words))  # type: ignore[misc]
    return said


_LONG_WORD = re.compile(r"\b[a-z]{5,11}\b")

_OFTEN_MISTYPED = {
    "en": _listed(
        "monday tuesday wednesday thursday friday saturday sunday tomorrow yesterday tonight "
        "weekend january february september october november december afternoon evening"
    ),
    "es": _listed(
        "miercoles jueves viernes sabado domingo manana semana febrero septiembre octubre "
        "noviembre diciembre"
    ),
}
_OTHER_WORDS = _listed(
    "sundae sundry frida weekday weekdays saturate vienes viertes jueces semanal semanas sabana "
    "sabanas sabido sacado salado manada manzana domino"
)
"""Words of their own that differ from one of those by a letter."""


@lru_cache(maxsize=4096)
def _spelled(word: str, language: str) -> str:
    """Return the word that was meant, where only a letter, of a long word two, are wrong."""
    if word in _OTHER_WORDS:
        return word
    near = _NEAR[language]
    return next((near[stump] for stump in _stumps(word, long=7) if stump in near), word)


def _stumps(word: str, long: int) -> list[str]:
    """Return a word, and what is left of it without one letter, of a long one without two.

    Two words share a stump where one letter, or two, are missing, added, wrong or changed round.
    The first letter always stays.
    """
    most = 2 if len(word) >= long else 1
    return [
        word[0] + "".join(letter for place, letter in enumerate(word[1:]) if place not in left_out)
        for few in range(most + 1)
        for left_out in combinations(range(len(word) - 1), few)
    ]


_NEAR = {
    language: {stump: word for word in words for stump in _stumps(word, long=8)}
    | {word: word for word in words}
    for language, words in _OFTEN_MISTYPED.items()
}


def _phrases(*pairs: tuple[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(rf"\b(?:{pattern})(?![a-z])"), words) for pattern, words in pairs]


_DAY_EN = either_of(WEEKDAYS["en"])
_DAY_ES = either_of(WEEKDAYS["es"])
_MONTH_EN = either_of(MONTHS["en"])


_DAY_OR_SHORT_EN = rf"{_DAY_EN}|mon|wed|sat|sun"


def _short_day(short: str, day: str) -> list[tuple[str, str]]:
    """Write out a short weekday that is also a word of its own, where a day is meant.

    "sat 3pm" and "on sat" are days, "we sat at a table" and "in the sun" are not.
    """
    not_after = "".join(rf"(?<!\b{word} )" for word in _listed("i we he she they you who the"))
    leading = r"(on|this|next|last|coming|every|by|until|till|any|day (?:and|or|to|&|-)) ?"
    following = (
        rf"$|[-,@/(?!]|at\b|the \d|\d|noon|morning|afternoon|evening|night|(?:{_MONTH_EN})\b"
        rf"|(?:and|or|to|&) (?:{_DAY_OR_SHORT_EN})\b"
    )
    return [
        (rf"{leading}{short}\b\.?", rf"\1 {day}"),
        (rf"{not_after}{short}\b\.?(?= ?(?:{following}))", day),
    ]


_PHRASES = {
    "en": _phrases(
        (r"good (?:morning|afternoon|evening|night)", "hello"),
        (r"toni(?:ght|te)|2nite|this (?:night|nite)", "today night"),
        (r"last (?:night|nite)", "yesterday night"),
        (r"this (morning|afternoon|evening)", r"today \1"),
        (r"nite", "night"),
        (r"tmrw|tmr|tmw|2morrow|2moro", "tomorrow"),
        (r"xmas", "christmas"),
        (r"wknd|week end", "weekend"),
        (rf"(?:this )?past (week|month|weekend|{_DAY_EN})", r"last \1"),
        (rf"({_DAY_EN})'?s", r"\1"),
        (r"tues?\.?", "tuesday"),
        (r"weds\.?", "wednesday"),
        (r"thurs?\.?|thu\.?", "thursday"),
        (r"fri\.?", "friday"),
        *_short_day("mon", "monday"),
        *_short_day("wed", "wednesday"),
        *_short_day("sat", "saturday"),
        *_short_day("sun", "sunday"),
    ),
    "es": _phrases(
        (r"buen[oa]s? (?:dias?|tardes?|noches?)", "hola"),
        (r"hoy en dia", "ahora"),
        *zip(WEEKDAYS["en"], WEEKDAYS["es"], strict=True),
        (r"(?:a )?las (?:12|doce) del medio ?dia", "al mediodia"),
        (r"anoche", "ayer noche"),
        (r"esta (manana|tarde|noche)", r"hoy en la \1"),
        (r"la manana", "la matinal"),
        (r"medio dia", "mediodia"),
        (r"media noche", "medianoche"),
        (r"(?:de hoy|de aqui) (?:en|a) (?:ocho|8)(?: dias)?", "en una semana"),
        (r"(?:de hoy|de aqui) (?:en|a) (?:quince|15)(?: dias)?", "en dos semanas"),
        (r"(?:de hoy|de aqui) (?:en|a)|dentro de", "en"),
        (r"finde|weekend", "fin de semana"),
        (rf"(?:proximo|siguiente|este) ({_DAY_ES})", r"\1"),
        (rf"({_DAY_ES}) (?:que viene|que entra|proximo|siguiente|entrante)", r"\1"),
        (rf"pasado ({_DAY_ES})", r"\1 pasado"),
        (
            r"(?:la )?(?:(?:proxima|otra) semana|semana (?:que viene|que entra|proxima|entrante))",
            "la proxima semana",
        ),
        (r"(?:la )?semana pasada", "la semana pasada"),
        (
            r"(?<!del )(?:el )?"
            r"(?:(?:proximo|otro) mes|mes (?:que viene|que entra|proximo|entrante))",
            "el proximo mes",
        ),
        (r"(?:el )?mes pasado", "el mes pasado"),
        (r"lun\.?(?= \d| a las)", "lunes"),
        (r"mar\.?(?= \d| a las)", "martes"),
        (r"(?:mie|mier)\.?(?= \d| a las)", "miercoles"),
        (r"jue\.?(?= \d| a las)", "jueves"),
        (r"vie\.?(?= \d| a las)", "viernes"),
        (r"sab\.?(?= \d| a las)", "sabado"),
        (r"dom\.?(?= \d| a las)", "domingo"),
        (r"dias? de (?:los )?reyes", "6 de enero"),
        (r"dia de (?:los )?muertos", "2 de noviembre"),
        (r"fin de ano", "31 de diciembre"),
        (r"del mes(?! (?:que|pas|prox|de))", "de este mes"),
    ),
}
"""Phrases and what they mean in the words that the readers know, applied in this order."""
