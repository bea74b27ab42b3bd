"""What a typed text means in the middle of something: the conversation's state as evidence."""

from __future__ import annotations

from functools import cache
from typing import Any

from actions.clock import now
from actions.healing_map.query import read_query
from actions.nearby_search import NearbySearch
from actions.texts import LANGUAGES, text

_FOUND = {"name": "find_nearby", "confidence": 1.0}
_SURE_OF_ANOTHER_MEANING = 0.8
_MOST_DIGITS = 4
_MOST_WORDS_OF_A_PLACE = 5


def in_context(parse: dict[str, Any], search_slot: dict[str, Any] | None) -> dict[str, Any]:
    """Return what was understood, corrected by what was asked or shown just before.

    Args:
        parse: what the pipeline found.
        search_slot: the conversation's search on the map.
    """
    if parse["decision"] == "crisis" or not search_slot:
        return parse
    search = NearbySearch.from_slot(search_slot)
    typed = parse["text"].strip()
    is_number = typed.isdecimal() and len(typed) <= _MOST_DIGITS
    if is_number and search.offset < int(typed) <= search.offset + len(search.shown):
        code = search.shown[int(typed) - search.offset - 1]
        return _as_search(parse, [{"entity": "choice", "value": f"show:{code}"}])
    if search.asks_place and _answers_where(typed, parse):
        return _as_search(parse, [])
    return parse


def _answers_where(typed: str, parse: dict[str, Any]) -> bool:
    """Tell whether a text answers the question for a place, be it one that nobody knows."""
    if typed.casefold() in _labels():
        return True
    is_understood = parse["decision"] == "answer"
    if is_understood and parse["intent"]["confidence"] >= _SURE_OF_ANOTHER_MEANING:
        return False
    language = parse["written_language"]["language"] or LANGUAGES[0]
    query = read_query(typed, now(), language)
    if query.place.matches or query.place.outside or query.whole_city:
        return True
    is_short = len(typed.split()) <= _MOST_WORDS_OF_A_PLACE and "?" not in typed
    has_number = any(character.isdigit() for character in typed)
    return is_short and (
        parse["decision"] == "out_of_scope" or (parse["decision"] == "offer" and has_number)
    )


@cache
def _labels() -> frozenset[str]:
    """Return the titles of the buttons under that question: on Telegram a tap types them."""
    names = ("share_location", "whole_city_button")
    return frozenset(text(name, it).casefold() for name in names for it in LANGUAGES)


def _as_search(parse: dict[str, Any], entities: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **parse,
        "intent": _FOUND,
        "decision": "answer",
        "offers": [],
        "entities": [*parse["entities"], *entities],
    }
