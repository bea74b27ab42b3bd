"""The Duckling library in this process (pyduckling-native-phihos), the only module that knows it.

It is Haskell behind Rust, and a caller must keep these rules, each of them measured with 0.4.0:

- A NUL byte raises a PanicException, which is no Exception; letters outside of ASCII come back
  garbled. Only printable ASCII goes in.
- The cost of a text full of date words explodes: six words take 5 ms at worst, eight 20 ms, and
  of forty random texts of 150 characters one took 10 s. So at most MAX_WORDS go in.
- A folder without time zones is no error, a folder that does not exist ends the process. No zones
  are loaded at all: the wall clock goes in and comes out as if it were UTC, and the caller knows
  which zone it belongs to. So neither the system's zones nor daylight saving play a part.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import duckling

MAX_WORDS = 6
"""The most words that may be read at once."""

_LOCALES = {
    "en": ("EN_US", "third monday of next month"),
    "es": ("ES_XX", "primer lunes de enero"),
}
"""The locale of each language, and words to warm it up with."""


@dataclass(frozen=True)
class Reading:
    """A time that Duckling reads in a text.

    Attributes:
        start: when it begins, by the wall clock.
        end: when it ends, by the wall clock; None where it is one unit of the grain.
        grain: "minute", "hour", "day", "week", "month", "year" and so on.
    """

    start: datetime
    end: datetime | None
    grain: str


def read(words: str, now: datetime, language: str) -> Reading | None:
    """Return the time that all of a few words speak of; None where it takes only some of them.

    Args:
        words: printable ASCII, at most MAX_WORDS words.
        now: the present moment by the wall clock, without a zone.
        language: "en" or "es".

    Raises:
        ValueError: the words are more, or hold other characters.
    """
    if len(words.split()) > MAX_WORDS or not (words.isascii() and words.isprintable()):
        raise ValueError(f"not for Duckling: {words!r}")
    seconds = int(now.replace(tzinfo=timezone.utc).timestamp())
    reference = duckling.parse_ref_time(_ZONES, "UTC", seconds)
    context = duckling.Context(reference, _LANGUAGES[language])
    for found in duckling.parse(words, context, _DIMENSIONS):
        value = found["value"]
        is_open = value["type"] == "interval" and not {"from", "to"} <= value.keys()
        if (found["start"], found["end"]) == (0, len(words)) and not is_open:
            return _reading(value)
    return None


def _reading(value: dict[str, Any]) -> Reading:
    start = value if value["type"] == "value" else value["from"]
    return Reading(
        start=_wall(start["value"]),
        end=_wall(value["to"]["value"]) if value["type"] == "interval" else None,
        grain=start["grain"],
    )


def _wall(iso: str) -> datetime:
    return datetime.fromisoformat(iso).replace(tzinfo=None)


def _load() -> tuple[Any, dict[str, Any], Any]:
    """Return the time zones (none), the locales and the dimension, the library being warm.

    The first words in a language compile its rules, which takes 30 to 100 ms.
    """
    with tempfile.TemporaryDirectory() as nothing:
        zones = duckling.load_time_zones(nothing)
    dimensions = duckling.parse_dimensions(["time"])
    reference = duckling.parse_ref_time(zones, "UTC", 0)
    locales = {}
    for language, (name, words) in _LOCALES.items():
        default = duckling.default_locale_lang(duckling.parse_lang(language))
        locales[language] = duckling.parse_locale(name, default)
        duckling.parse(words, duckling.Context(reference, locales[language]), dimensions)
    return zones, locales, dimensions


_ZONES, _LANGUAGES, _DIMENSIONS = _load()
