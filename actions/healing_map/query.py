"""Reads what somebody looks for out of one sentence: kinds, format, distance, date and place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from actions.healing_map.dates import Span, find_span
from actions.healing_map.dates.words import MONTHS, either_of
from actions.healing_map.places import PlaceSearch, find_places

_KIND_WORDS = {
    "dialogue": r"dialog\w*|discussions?|conversations?|talks?|debates?|conversaci\w+"
    r"|conversatorios?|charlas?|platicas?|discusi\w+|dialogos?",
    "collaboration": r"collaborat\w*|clean ?-?ups?|community service|service projects?|volunteer\w*"
    r"|food (drives?|pantr\w+)|garden\w*|murals?|colabora\w*|limpiezas?|servicio comunitario"
    r"|volunt\w+|proyectos? comunitarios?|jardin\w*|colectas?",
    "learning": r"learning|book ?clubs?|book groups?|workshops?|trainings?|class(es)?|lectures?"
    r"|seminars?|films?|movies?|screenings?|readings?|aprend\w+|club(e?s)? de lectura"
    r"|talleres?|taller|capacitaci\w+|clases?|peliculas?|conferencias?|seminarios?|lecturas?",
    "connections": r"connections?|(healing |peace |talking |restorative )?circles?|vigils?"
    r"|restorative (justice|practices?)|circulos?|justicia restaurativa|conexi\w+|vigilias?",
}
_FORMAT_WORDS = {
    "virtual": r"virtual(es|ly)?|online|on ?-?line|zoom|remote|from home|en linea|por internet"
    r"|a distancia|desde casa",
    "in_person": r"in ?-?person|face to face|offline|en persona|presencial(es)?|cara a cara",
}
_MESSAGE_WORDS = r"(messages?|notes?) of healing|messages?|mensajes?( de sanacion)?"
_ALL_CITY_WORDS = (
    r"anywhere|everywhere|city ?-?wide|((all|everywhere) (over|around|in)|across|throughout|around"
    r"|the (whole|entire)|all of)( of)? ((the )?(whole |entire )?city|chicago|town)"
    r"|(en )?(toda la ciudad|todo chicago|cualquier (parte|lugar))"
)
_NUMBER_WORDS = {
    "half a": 0.5, "half an": 0.5, "a half": 0.5, "half": 0.5, "media": 0.5, "a quarter": 0.25,
    "quarter": 0.25, "a quarter of a": 0.25, "un cuarto de": 0.25, "a": 1, "one": 1, "un": 1,
    "una": 1, "uno": 1, "a couple": 2, "a couple of": 2, "two": 2, "dos": 2, "three": 3, "tres": 3,
    "four": 4, "cuatro": 4, "five": 5, "cinco": 5, "six": 6, "seis": 6, "seven": 7, "siete": 7,
    "eight": 8, "ocho": 8, "nine": 9, "nueve": 9, "ten": 10, "diez": 10,
}  # fmt: skip
_DISTANCE = re.compile(
    r"(\b(within|less than|under|up to|no more than|a menos de|dentro de|hasta|menos de)\s+)?"
    rf"(?<![\w.,/])(?P<number>(\d{{1,2}} )?[1-9][/⁄][1-9]|(\d{{1,2}})?[.,]\d{{1,2}}|\d{{1,2}}"
    rf"|{either_of(_NUMBER_WORDS)})[\s-]*"
    r"((?P<unit>miles?|millas?|blocks?(?! (party|parties|clubs?))|cuadras?|kilomet\w+|km)"
    r"|(?<=\d)\s?mi)\b(?P<half> and a half| y media)?"
)
_MILES = {"b": 1 / 8, "c": 1 / 8, "k": 0.621371, "m": 1.0}
"""Miles by a unit's first letter; eight Chicago blocks are a mile."""

_LIKE_A_TIME = re.compile(
    r"\b\d{1,2}(st|nd|rd|th)? (of|de) "
    r"(?!(us|you|them|the|my|our|mis?|nosotr\w+|l[ao]s?|el)\b)[a-z]+"
    r"|\bthe \d{1,2}(st|nd|rd|th)\b"
    r"(?! (st|street|pl|place|ave|avenue|ward|floor|district|grade|annual|anniversary)\b)"
    rf"|\b({either_of(MONTHS['en'])})\.? \d{{1,2}}(st|nd|rd|th)?\b|\b\d{{1,2}}/\d{{1,2}}\b"
    r"|\b(from|between|de|entre) (las? )?\d{1,2}(:\d\d)? ?(am|pm)? (to|and|a|y) (las? )?\d{1,2}\b"
)
_BESIDE_A_PLACE = re.compile(
    r"\b(near|around|close to|cerca de|alrededor de)\s+"
    r"(?!(me|mi|here|aqui|my|us|home|the city|town|chicago|nosotr\w+|casa|la ciudad)\b)\w"
)
"""A word that only a place follows, in plain letters."""
_IN_A_NAME = re.compile(
    r"\b(in|at|en)\s+(?!Chicago|English|Spanish|Español|Ingl[eé]s|Zoom|Person|L[ií]nea)[A-ZÁÉÍÓÚÑ]\w"
)
"""A word that a place follows if that is a name."""

_MOST_CHARACTERS = 300
_NO_PLACE = PlaceSearch()


@dataclass(frozen=True)
class Query:
    """What a sentence asks for; what it does not say is empty.

    Attributes:
        kinds: kinds of event.
        formats: "virtual" or "in_person".
        within_miles: the distance that was named.
        span: the time that was named.
        place: the places found, and what was named outside of the service area.
        wants_messages: messages of healing rather than events.
        whole_city: that any place will do.
        unknown_place: that a place is named which is not known.
        unclear_time: that a date or time is named which cannot be, as "25th of Smarch".
        rest: the words that say none of this, in plain letters.
    """

    kinds: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    within_miles: float | None = None
    span: Span | None = None
    place: PlaceSearch = _NO_PLACE
    wants_messages: bool = False
    whole_city: bool = False
    unknown_place: bool = False
    unclear_time: bool = False
    rest: str = field(default="", compare=False)


def read_query(text: str, now: datetime, language: str) -> Query:
    """Return what the text asks for; any input is safe, of a long one the beginning counts."""
    text = unicodedata.normalize("NFKC", text[:_MOST_CHARACTERS])[:_MOST_CHARACTERS]
    plain = plain_letters(text)
    distance = _DISTANCE.search(plain)
    if distance:
        text = _blank(text, distance.span())
    dated = find_span(text, now, language)
    if dated:
        text = dated.taken_out_of(text)
    text = _without_formats_and_messages(text)
    place = find_places(text)
    rest = plain_letters(_blank(text, place.span) if place.span else text)
    is_placed = bool(place.matches or place.outside)
    return Query(
        kinds=_named(_KIND_WORDS, rest),
        formats=_named(_FORMAT_WORDS, plain),
        within_miles=_miles(distance) if distance else None,
        span=dated.span if dated else None,
        place=place,
        wants_messages=bool(re.search(rf"\b({_MESSAGE_WORDS})\b", plain)),
        whole_city=bool(re.search(rf"\b({_ALL_CITY_WORDS})\b", plain)),
        unknown_place=not is_placed and _names_a_place(text),
        unclear_time=dated is None and bool(_LIKE_A_TIME.search(rest)),
        rest=_without_words([*_KIND_WORDS.values(), _ALL_CITY_WORDS], rest),
    )


def kinds_in(text: str) -> tuple[str, ...]:
    """Return the kinds of event that a text speaks of, as "learning" for a book club."""
    return _named(_KIND_WORDS, plain_letters(text))


def plain_letters(text: str) -> str:
    """Return the text in lower case without accents, of the same length."""
    return "".join(unicodedata.normalize("NFKD", character)[0].lower()[:1] for character in text)


def _blank(text: str, span: tuple[int, int]) -> str:
    """Replace a part by spaces, so that what follows keeps its position."""
    start, end = span
    return text[:start] + " " * (end - start) + text[end:]


def _without_formats_and_messages(text: str) -> str:
    """Blank the words that find_places does not know to say nothing of a place."""
    return _without_words([*_FORMAT_WORDS.values(), _MESSAGE_WORDS], text)


def _without_words(patterns: list[str], text: str) -> str:
    for match in re.finditer(rf"\b({'|'.join(patterns)})\b", plain_letters(text)):
        text = _blank(text, match.span())
    return text


def _names_a_place(text: str) -> bool:
    return bool(_BESIDE_A_PLACE.search(plain_letters(text)) or _IN_A_NAME.search(text))


def _named(words: dict[str, str], plain: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in words.items() if re.search(rf"\b({pattern})\b", plain))


def _miles(match: re.Match[str]) -> float:
    number, unit = match["number"], match["unit"] or "mi"
    amount = _NUMBER_WORDS[number] if number in _NUMBER_WORDS else _number(number)
    return (amount + (0.5 if match["half"] else 0)) * _MILES[unit[0]]


def _number(digits: str) -> float:
    """Return what digits say: "2", "1.5", "1,5", "1/2", "1 1/2"."""
    parts = digits.replace(",", ".").replace("⁄", "/").split()
    return float(sum(Fraction(part) for part in parts))
