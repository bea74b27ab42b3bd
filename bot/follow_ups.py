"""Follow-ups: short texts that go on with the last answer, as "and when?" or "in Pilsen?".

Alone they mean little, and the model takes them for anything. Their words are closed sets
(data/follow_ups), and what they mean depends on what was answered last. The result is an intent
that there is anyway, with a choice as a button carries it; no rule and no training knows of them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cache
from typing import Any

from actions.clock import now
from actions.healing_map.query import Query, read_query
from actions.knowledge import Question, questions
from actions.language import PASSING
from actions.meaning import Meaning
from actions.nearby_search import NearbySearch
from actions.texts import DATA, LANGUAGES, read_yaml
from nlu.normalizer import fold, normalize

FOUND = "find_nearby"
"""The intent of a search on the map, and of what goes on with one."""

_BROWSED = "browse_faq"
_MOST_WORDS = 8
_LONG_LETTERS = re.compile(r"([a-z])\1{2,}")
_GOES_ON = frozenset({"more", "else"})
_SHOWN_IN_DETAIL = frozenset(
    {"more", "when", "how_long", "who", "who_made", "where", "how", "online", "for_whom"}
)
"""What an event that is shown whole tells."""
_OF_A_LIST = {"more": "more", "else": "more", "who_else": "more", "when": "days", "where": "map"}
"""The choice that answers what is asked of a list; messages of healing have no map and no days."""
_MENUS = frozenset({"kinds", "days"})
_NO_SEARCH = frozenset(
    {
        *("greet", "goodbye", "thanks", "feedback_positive", "feedback_negative", "help"),
        *("submit_event", "submit_message", "my_submissions", "submit", "cancel"),
    }
)
"""What may have a place, a date or "message" in it and is no search, when the model is sure."""
SURE_OF_ANOTHER_MEANING = 0.8
"""From this confidence on, a text that could go on with a search means something else instead."""


def read_follow_up(
    parse: dict[str, Any],
    turns: Sequence[Meaning],
    search: NearbySearch | None,
    language: str,
) -> Meaning | None:
    """Return what a typed text means as a follow-up, or None if it is none.

    Args:
        parse: what the pipeline found.
        turns: what the turns before meant, the latest first.
        search: what was looked for on the map last.
        language: the conversation's.
    """
    words = _LONG_LETTERS.sub(r"\1", fold(normalize(parse["text"])))
    before = next((turn for turn in turns if turn.intent not in PASSING), None)
    if before is None or len(words.split()) > _MOST_WORDS:
        return None
    answered = _answered(before)
    if answered:
        return _after_answer(words, parse, answered, turns)
    if before.intent == _BROWSED and before.values.get("choice"):
        return Meaning(_BROWSED) if _named("asks", words) in _GOES_ON else None
    if before.intent == FOUND and search:
        return _after_search(words, parse, before, search, language)
    return None


# After an answer


def _answered(turn: Meaning) -> str | None:
    """Return the question of the FAQ that a turn was answered with: asked, or linked to."""
    linked = turn.values.get("choice") if turn.intent == "greet" else None
    return next((it for it in (turn.intent, linked) if it in _faq()), None)


def _after_answer(
    words: str, parse: dict[str, Any], answered: str, turns: Sequence[Meaning]
) -> Meaning | None:
    """Return the question that goes on with an answer, or its topic if there is none."""
    asked = _named("asks", words)
    if asked is None:
        return None
    if asked in _GOES_ON:
        known = {_answered(turn) for turn in turns}
        following = (it for it in _faq()[answered].next if it in _faq())
        intent = next((it for it in following if it not in known), None)
    else:
        intent = answer_to(asked, answered)
    if intent:
        return Meaning(intent)
    topic = {"choice": _faq()[answered].topic}
    return None if _is_surely(parse, _faq()) else Meaning(_BROWSED, topic)


def answer_to(asked: str, answered: str) -> str | None:
    """Return the question that answers what is asked after an answer, such as "when".

    None where the City's text has no answer to it.
    """
    table = _words("answers")
    asked_of_all = table["topics"][_faq()[answered].topic].get(asked)
    intent: str | None = table["answers"].get(answered, {}).get(asked, asked_of_all)
    return intent


# After a search


def _after_search(
    words: str, parse: dict[str, Any], before: Meaning, search: NearbySearch, language: str
) -> Meaning | None:
    """Return what a text means after events or places to choose from were shown."""
    last, _, code = (before.values.get("choice") or "").partition(":")
    asked = _named("asks", words)
    choice = None
    if search.asks_place:
        choice = _chosen_place(words, search)
    elif last == "show" and (asked in _SHOWN_IN_DETAIL or _named("details", words)):
        choice = f"show:{code}"
    elif last not in _MENUS:
        choice = _chosen_event(words, search) or _asked_of_list(asked, search)
    choice = choice or _named("finds", words)
    if choice is None and _changes_search(words, parse, language):
        choice = "on"
    return Meaning(FOUND, {"choice": choice}) if choice else None


def _chosen_place(words: str, search: NearbySearch) -> str | None:
    position = _position(words, len(search.candidates))
    return None if position is None else f"at:{position}"


def _chosen_event(words: str, search: NearbySearch) -> str | None:
    position = _position(words, len(_shown(search)), search.offset)
    return None if position is None else f"show:{search.shown[position]}"


def _asked_of_list(asked: str | None, search: NearbySearch) -> str | None:
    if asked in _SHOWN_IN_DETAIL - {"online"} and len(_shown(search)) == 1:
        return f"show:{search.shown[0]}"
    choice = _OF_A_LIST.get(asked or "")
    return None if search.wants_messages and choice != "more" else choice


def _shown(search: NearbySearch) -> tuple[str, ...]:
    """Return the events of the list; beside messages of healing it is an older one."""
    return () if search.wants_messages else search.shown


def _position(words: str, count: int, offset: int = 0) -> int | None:
    """Return which of several is named, from 0 on: "the second one", "number 7", "the last".

    A figure is the number that stands beside it, any other word counts those that are shown.
    """
    for language in LANGUAGES:
        match = _chosen(language).fullmatch(words)
        if match is None:
            continue
        name = next(name for name, said in match.groupdict().items() if said)
        if name == "figure":
            position = int(match["figure"]) - offset - 1
        else:
            position = count - 1 if name == "last" else int(name.removeprefix("n"))
        return position if 0 <= position < count else None
    return None


def _changes_search(words: str, parse: dict[str, Any], language: str) -> bool:
    """Tell whether a text says what to look for instead, or beside, and nothing more."""
    if _is_surely(parse, _NO_SEARCH):
        return False
    query = read_query(parse["text"], now(), language)
    if query.unclear_time or query.unknown_place or len(query.formats) > 1:
        return False
    if re.search(r"\w", _any_of("fillers").sub("", fold(query.rest))):
        return False
    says_more = _says_more_than_a_place(query)
    if not (query.place.matches or query.place.outside or query.whole_city):
        return says_more
    begins_anew = says_more or bool(_any_of("begins").search(words))
    return not begins_anew or bool(_any_of("joins").match(words))


def _says_more_than_a_place(query: Query) -> bool:
    said = (query.kinds, query.formats, query.span, query.within_miles, query.wants_messages)
    return any(said)


# The evidence


def _is_surely(parse: dict[str, Any], intents: Container[str]) -> bool:
    intent = parse["intent"]
    return intent["name"] in intents and intent["confidence"] >= SURE_OF_ANOTHER_MEANING


def _faq() -> dict[str, Question]:
    return questions(LANGUAGES[0])


def _named(group: str, words: str) -> str | None:
    """Return what the whole text asks for, of one group of words, in any language."""
    patterns = (item for language in LANGUAGES for item in _patterns(group, language).items())
    return next((name for name, pattern in patterns if pattern.fullmatch(words)), None)


@cache
def _patterns(group: str, language: str) -> dict[str, re.Pattern[str]]:
    before, behind = _of_all("before"), _of_all("behind")
    it = f"(?:{_words(language)['it']})"
    return {
        name: re.compile(rf"(?:(?:{before}) )*?(?:{words.replace('IT', it)})(?: (?:{behind}))*")
        for name, words in _words(language)[group].items()
    }


@cache
def _chosen(language: str) -> re.Pattern[str]:
    words = _words(language)
    counted = "|".join(f"(?P<n{i}>{it})" for i, it in enumerate(words["numbers"]))
    return re.compile(
        rf"(?:(?:{_of_all('before')}) )*?(?:(?:{words['chooses']}) )*?"
        rf"(?:(?P<figure>\d{{1,4}})|(?P<last>{words['last']})|{counted})"
        rf"(?: (?:{words['one']}))?(?: (?:{_of_all('behind')}))*"
    )


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_of_all(name)})\b")


@cache
def _of_all(name: str) -> str:
    """Return one pattern of the named words of all languages: people mix them."""
    return "|".join(_words(language)[name] for language in LANGUAGES)


@cache
def _words(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(DATA / "follow_ups" / f"{name}.yml")
    return loaded
