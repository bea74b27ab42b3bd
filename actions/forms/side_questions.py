"""The side questions of the event form: a past date, really? which of these places? what host?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from actions.forms.answers import AskAnew, Asked, Finding, Fit, Misfit
from actions.forms.draft import Answers
from actions.forms.moments import read_when, when_in_words
from actions.forms.spots import place_in_words, read_place
from actions.forms.words import choice_in, number_in
from actions.healing_map.models import HOST_TYPES
from actions.healing_map.query import plain_letters
from actions.texts import text

Side = dict[str, Any]
_DIRECTIONS = {
    **{"north": "n", "south": "s", "east": "e", "west": "w"},
    **{"norte": "n", "sur": "s", "este": "e", "oeste": "w"},
}
_FILLERS = {"the", "one", "el", "la", "de", "del"}
_YES, _NO, _NONE = "yes", "no", "none"


@dataclass(frozen=True)
class SideReader:
    """How a side question is put and answered; `side` is what it is about (see Draft.side).

    Each function is given what any of the side questions needs for it, and need not use it all.

    Attributes:
        question: says it: side, language, moment.
        choices: its buttons, as pairs of a title and a value: side, language.
        choose: returns what a tapped value says: side, value; None for a value that is none.
        read: finds an answer in a text.
    """

    question: Callable[[Side, str, datetime], str]
    choices: Callable[[Side, str], list[tuple[str, str]]]
    choose: Callable[[Side, str], Finding | None]
    read: Callable[[Asked], Finding]


def _ask_past(side: Side, language: str, now: datetime) -> str:
    when = when_in_words(side["when"], language, now)
    return text("event_when_check", language, when=when)


def _yes_and_no(side: Side, language: str) -> list[tuple[str, str]]:
    return [(text("yes_button", language), _YES), (text("no_button", language), _NO)]


def _choose_past(side: Side, value: str) -> Finding | None:
    if value == _YES:
        return Fit({"when": side["when"]})
    return AskAnew() if value == _NO else None


def _read_past(asked: Asked) -> Finding:
    if asked.intent == "affirm":
        return Fit({"when": asked.side["when"]})
    finding = read_when(replace(asked, side={}))
    is_new = not isinstance(finding, Misfit)
    return AskAnew() if asked.intent == "deny" and not is_new else finding


def _ask_which_place(side: Side, language: str, now: datetime) -> str:
    places = side["places"]
    if len(places) == 1:
        return text("event_place_check_pin", language, area=places[0]["area"])
    return text("event_place_check", language)


def _places(side: Side, language: str) -> list[tuple[str, str]]:
    places = side["places"]
    if len(places) == 1:
        return _yes_and_no(side, language)
    named = [(place_in_words(place), str(number)) for number, place in enumerate(places)]
    return [*named, (text("event_place_none", language), _NONE)]


def _choose_place(side: Side, value: str) -> Finding | None:
    places = side["places"]
    if value in (_NO, _NONE):
        return AskAnew()
    number = "0" if value == _YES and len(places) == 1 else value
    if number.isdecimal() and len(number) <= 2 and int(number) < len(places):
        return Fit({"place": places[int(number)]})
    return None


def _read_which_place(asked: Asked) -> Finding:
    side = dict(asked.side)
    value = {"affirm": _YES, "deny": _NO}.get(asked.intent)
    number = number_in(asked.text)
    if number is not None:
        value = str(number - 1)
    if value:
        return _choose_place(side, value) or Misfit("choice_misfit", side=side)
    named = [it for it in side["places"] if _is_named(it, asked.text)]
    return Fit({"place": named[0]}) if len(named) == 1 else read_place(replace(asked, side={}))


def _is_named(place: Answers, typed: str) -> bool:
    """Tell whether a text is a part of a place's name: "west", "the south one"."""
    said = _words_of(typed) - _FILLERS
    return bool(said) and said <= _words_of(f"{place['name']} {place['area']}")


def _words_of(name: str) -> set[str]:
    return {_DIRECTIONS.get(word, word) for word in re.findall(r"\w+", plain_letters(name))}


def _ask_host_type(side: Side, language: str, now: datetime) -> str:
    return text("event_host_check", language, name=side["name"])


def _host_types(side: Side, language: str) -> list[tuple[str, str]]:
    return [(text(f"event_host_{host_type}", language), host_type) for host_type in HOST_TYPES]


def _choose_host_type(side: Side, value: str) -> Finding | None:
    known = value in HOST_TYPES
    return Fit({"host": {"name": side["name"], "type": value}}) if known else None


def _read_host_type(asked: Asked) -> Finding:
    side = dict(asked.side)
    chosen = choice_in("host", asked.text)
    found = _choose_host_type(side, chosen) if chosen else None
    return found or Misfit("choice_misfit", side=side)


SIDE_QUESTIONS = {
    "when_check": SideReader(_ask_past, _yes_and_no, _choose_past, _read_past),
    "place_check": SideReader(_ask_which_place, _places, _choose_place, _read_which_place),
    "host_check": SideReader(_ask_host_type, _host_types, _choose_host_type, _read_host_type),
}
"""By the name that other programs know them by ("asking")."""
