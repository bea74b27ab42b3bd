"""How a sentence speaks of places: its words, and which of them point to a place.

A place look-up reads sentences through this module. It splits a text into plain words, marks the
numbers that are dates, times or distances, and knows the words that stand before a place ("near",
"cerca de"), after one ("neighborhood"), or beside one without saying anything of their own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_LENGTH = 300
"""Characters of a text that are read."""


@dataclass(frozen=True)
class Word:
    """A word, a number, or one of & / + @ #.

    Attributes:
        text: in lower case, without accents and apostrophes; "&" is written "and".
        start, end: where it stands in the text that was read.
        breaks: a comma or the like stands before it, so that no name runs across.
        taken: it belongs to a date, a time, a distance, a phone number or a figure of speech.
    """

    text: str
    start: int
    end: int
    breaks: bool = False
    taken: bool = False


def words_of(text: str) -> list[Word]:
    """Split a text into words. Any string is safe; only the first MAX_LENGTH characters count."""
    folded = _folded(text[:MAX_LENGTH])
    taken = [match.span() for match in _NO_PLACE.finditer(folded)]
    words: list[Word] = []
    for match in _WORD.finditer(folded):
        start, end = match.span()
        plain = _APOSTROPHES.sub("", match[0])
        words.append(
            Word(
                "and" if plain == "&" else plain,
                start,
                end,
                breaks=bool(words) and _breaks(words[-1].text, folded[words[-1].end : start]),
                taken=any(first < end and start < last for first, last in taken),
            )
        )
    return words


def key_of(name: str) -> str:
    """Return what a name is found by: its plain words without the spaces, as "hydepark"."""
    return "".join(word.text for word in words_of(name))


def _folded(text: str) -> str:
    """Return the text in lower case without accents, every character in its old position."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_character, text))


@lru_cache(maxsize=1024)
def _folded_character(character: str) -> str:
    return unicodedata.normalize("NFKD", character.lower())[0]


def _breaks(before: str, gap: str) -> bool:
    """Tell whether the gap after a word ends a phrase; the point of "S." or "Ave." does not."""
    return bool(_BREAK.search(gap)) or ("." in gap and len(before) > _LONGEST_ABBREVIATION)


_WORD = re.compile(r"\d+[^\W\d_]*|[^\W\d_]+(?:['’´`][^\W\d_]+)*|[&/+@#]")
_APOSTROPHES = re.compile("['’´`]")
_BREAK = re.compile(r"[,;:!?()\[\]\"“”\n—–]")
_LONGEST_ABBREVIATION = 4

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo"
    r"|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b\.?"
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_MEASURED = (
    r"(?:miles?|mi|millas?|km|kilomet\w+|minutes?|mins?|minutos?|hours?|hrs?|horas?|days?|dias?"
    r"|weeks?|semanas?|months?|meses|years?|anos?|people|personas|guests?|invitados|events?"
    r"|eventos?|signatures|firmas|percent|blocks?\b(?!\s+of\b)|cuadras?|a\.?m|p\.?m|hs?)"
)
_NO_PLACE = re.compile(
    rf"""
      \(?\b\d{{3}}\)?[-.\s]\d{{3}}[-.\s]\d{{4}}\b | \b\d{{3}}-\d{{4}}\b      # a phone number
    | \b\d{{1,2}}:\d{{2}}(?:\s*[ap]\.?m\b)?                                  # 6:30 pm
    | \b\d{{1,2}}\s*(?:-|to|a)\s*\d{{1,2}}\s*[ap]\.?m\b                      # 6-8 pm
    | \b\d{{1,2}}[/-]\d{{1,2}}(?:[/-]\d{{2,4}})?\b                           # 12/5/2020
    | \b\d{{4}}-\d{{2}}-\d{{2}}\b                                            # 2020-12-05
    | \b{_MONTH}\s+{_DAY}(?:,?\s+\d{{4}}\b)?                                 # Dec 12, 2020
    | \b{_DAY}\s+(?:of\s+|de\s+)?{_MONTH}(?!\s+(?:st|street)\b)              # 12 de diciembre
    | \b{_WEEKDAY},?\s+(?:the\s+|el\s+)?{_DAY}(?!\s+(?:st|street|pl)\b)      # saturday the 12th
    | \b\d+(?:[.,]\d+)?\s*-?\s*{_MEASURED}\b                                 # 2 miles
    | \$\s*\d[\d,.]*
    | \b(?:keep|keeps|kept|keeping|be|been|being|stay|put|left)\b[\w\s]{{0,20}}?
      \b(?:in|out\ of)\ the\ loop\b
    """,
    re.VERBOSE,
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


PLACE_WORDS = _set(
    "near nearby in at around inside within outside between across past toward towards closest "
    "nearest close beside live lives vivo vive vivimos soy somos "
    "cerca en por alrededor junto entre cercano cercanos barrio vecindario zona"
)
"""Words that point to a place even if it is called like a person."""

LOOSE_PLACE_WORDS = _set("on by from to for of via de del desde hasta hacia a al para")
"""Words that stand before places, and before people and things as well."""

CORNER_WORDS = _set("corner intersection esquina")
"""Words that say that two streets follow: "corner of", "esquina de"."""

AREA_WORDS = _set(
    "neighborhood neighbourhood neighborhoods area areas community barrio vecindario comunidad "
    "zona colonia district zip zipcode"
)
"""Words that stand beside the name of a part of the city."""

ZIP_WORDS = _set("zip zipcode code postal cp area codigo")
"""Words that say that a number of five digits is a ZIP code."""

ARTICLES = _set("the la el los las un una our my mi nuestro nuestra lo")
CHAINS = _set("and or y o e u / +")
"""Words between two places of one kind: "Pilsen or Bronzeville"."""

CITY_WORDS = _set("chicago il illinois usa")
"""What stands behind a place to say that it is in this city."""

TIME_WORDS = _set(
    "today tonight tomorrow this next week weekend month morning afternoon evening night noon "
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays soon now later "
    "hoy manana noche tarde este esta proximo proxima fin semana mes lunes martes miercoles "
    "jueves viernes sabado domingo pronto ahora que viene"
)
STATES = _set(
    "wisconsin indiana michigan iowa missouri ohio texas california florida georgia tennessee "
    "minnesota kentucky arizona colorado"
)
STATE_LETTERS = _set("wi in mi ia mo oh tx ca fl ga tn mn ky az co ny nj dc")
"""As written in capitals behind a comma: "Austin, TX"."""

FILLERS = (
    PLACE_WORDS
    | LOOSE_PLACE_WORDS
    | AREA_WORDS
    | ZIP_WORDS
    | ARTICLES
    | CITY_WORDS
    | TIME_WORDS
    | CHAINS
    | _set(
        "please hi hello hey um maybe just its it is im i we are was me us s there some any "
        "anything something what whats about going happening show find search look list see "
        "events event book books club clubs circle circles peace healing art show shows movie "
        "movies virtual map house home office place corner side city town here right over "
        "street st number address which one within mile miles "
        "por favor hola quiza es esta estamos hay algo ver buscar busco muestra muestrame quiero "
        "eventos evento club clubes lectura libros circulo circulos paz mapa casa lugar esquina "
        "ciudad aqui calle direccion numero"
    )
)
"""Words that say nothing of their own beside a place; without them a text is the place alone."""

FOLLOWERS = (
    PLACE_WORDS
    | AREA_WORDS
    | CHAINS
    | CITY_WORDS
    | TIME_WORDS
    | _set(
        "please with for from after before during and or but to with if we i is are has have "
        "por favor con para de desde despues antes durante pero si hay y o"
    )
)
"""Words that may follow a place in a sentence: after "in clearing the air" comes none of them."""
