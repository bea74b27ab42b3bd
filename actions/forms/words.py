"""The words by which forms understand short answers and corrections: data/forms/words.yml."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import Any

from actions.healing_map.query import plain_letters
from actions.texts import DATA, read_yaml

# The lengths are limited because what is looked for in long texts must not take longer and longer.
_ADDRESSES = {
    "link": re.compile(
        r"(?:https?://|www\.)\S+|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}/\S+", re.IGNORECASE
    ),
    "contact": re.compile(r"[^\s@<>,;:]{1,64}@[^\s@<>,;]+\.[a-z]{2,}", re.IGNORECASE),
}

_NUMBER_LEAD = re.compile(r"(?:the |la |el )?(?:number|no\.|#|option|choice|numero|opcion) ?(?=\d)")
_PLEASE = re.compile(r",? (?:please|pls|plz|por favor|porfa(?:vor)?)$")
_LONG_WORD = re.compile(r"[a-z]{5,}")
_MOST_LETTERS_TO_MEND = 80
_ALIKE = 0.83
"""How alike two words are, from 0 to 1, of which one is the other with a typing error."""


def addresses_in(text: str) -> dict[str, str]:
    """Return the web address and the e-mail address in a text, by the field that they answer."""
    found = {field: pattern.search(text) for field, pattern in _ADDRESSES.items()}
    return {field: match[0].rstrip(".,;)") for field, match in found.items() if match}


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_yaml(DATA / "forms" / "words.yml")
    return words


@cache
def field_names() -> dict[str, str]:
    """Return by field the pattern of what people call it."""
    return dict(_words()["field_names"])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b({_words()[name]})\b")


@cache
def _choice_patterns(field: str) -> dict[str, re.Pattern[str]]:
    choices = _words()["choices"].get(field, {})
    return {choice: re.compile(rf"\b({words})\b") for choice, words in choices.items()}


def has_words(name: str, text: str) -> bool:
    """Tell whether one of the named words stands in a text."""
    return bool(_pattern(name).search(plain_letters(text)))


def is_words(name: str, text: str) -> bool:
    """Tell whether a text is one of the named words and nothing else."""
    return bool(_pattern(name).fullmatch(plain_letters(text).strip(" .,;!?¡¿")))


def number_in(text: str) -> int | None:
    """Return which of several choices a text names by its place: 1 for "1.", "the first one"."""
    plain = _PLEASE.sub("", plain_letters(text).strip(" .,;!?)#"))
    plain = _NUMBER_LEAD.sub("", plain)
    if plain.isdecimal() and len(plain) <= 2:
        return int(plain)
    ordinals = enumerate(_words()["ordinals"], start=1)
    return next((number for number, words in ordinals if re.fullmatch(words, plain)), None)


def choice_in(field: str, text: str) -> str | None:
    """Return the choice that a text names: of several, the one that is named first in the file."""
    plain = plain_letters(text)
    for words in dict.fromkeys((plain, mended(plain))):
        for choice, pattern in _choice_patterns(field).items():
            if pattern.search(words):
                return choice
    return None


def mended(plain: str) -> str:
    """Return a short text in plain letters, the mistyped words of choices as they are written."""
    if len(plain) > _MOST_LETTERS_TO_MEND:
        return plain
    return _LONG_WORD.sub(lambda match: _as_written(match[0]), plain)


def _as_written(word: str) -> str:
    found = get_close_matches(word, _words()["often_mistyped"], n=1, cutoff=_ALIKE)
    return found[0] if found else word
