"""What a typed text means in the middle of something: the conversation's state as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.clock import now
from actions.conversation import language_of
from actions.forms.draft import Draft
from actions.forms.evidence import INFORM
from actions.forms.form import Form
from actions.forms.reading import read_in_form
from actions.forms.registry import FORMS
from actions.healing_map.query import read_query
from actions.healing_map.store import code_in
from actions.meaning import Meaning
from actions.nearby_search import NearbySearch
from actions.texts import LANGUAGES, text
from bot.follow_ups import FOUND, SURE_OF_ANOTHER_MEANING, read_follow_up
from bot.turns import Tap, meaning_of
from nlu.outcome import ANSWER, CRISIS, OFFER, OUT_OF_SCOPE

_MOST_DIGITS = 4
_MOST_WORDS_OF_A_PLACE = 5


@dataclass(frozen=True)
class Situation:
    """Where a conversation stands when somebody types.

    Attributes:
        buttons: what the buttons under the last answer say, by title in small letters.
        open_form: the form that asks something, with what was answered so far, or None.
        search: what was looked for on the map last, or None.
        language: the conversation's.
        turns: what the last few turns meant, the latest first.
    """

    buttons: dict[str, str] = field(default_factory=dict)
    open_form: tuple[Form, Draft] | None = None
    search: NearbySearch | None = None
    language: str = LANGUAGES[0]
    turns: tuple[Meaning, ...] = ()


def situation_of(tracker: DialogueStateTracker) -> Situation:
    """Return where a conversation stands."""
    search = tracker.get_slot("search")
    return Situation(
        buttons=_last_buttons(tracker),
        open_form=_open_form(tracker),
        search=NearbySearch.from_slot(search) if search else None,
        language=language_of(tracker),
        turns=tuple(_turns(tracker)),
    )


def _open_form(tracker: DialogueStateTracker) -> tuple[Form, Draft] | None:
    form = FORMS.get(tracker.active_loop_name or "")
    draft = Draft.from_slot(tracker.get_slot(form.slot)) if form else None
    return (form, draft) if form and draft else None


def _turns(tracker: DialogueStateTracker) -> Iterator[Meaning]:
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            values = {it["entity"]: it["value"] for it in event.entities}
            yield Meaning(event.intent_name or "", values)


def _last_buttons(tracker: DialogueStateTracker) -> dict[str, str]:
    buttons: dict[str, str] = {}
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            for it in event.data.get("buttons") or []:
                buttons.setdefault(it["title"].casefold(), it["payload"])
    return buttons


def in_context(
    parse: dict[str, Any], situation: Situation, intents: frozenset[str]
) -> dict[str, Any]:
    """Return what was understood, corrected by what was asked or shown just before.

    Args:
        parse: what the pipeline found.
        situation: where the conversation stands.
        intents: those that a button may carry.
    """
    if parse["decision"] == CRISIS and not situation.open_form:
        return parse
    payload = situation.buttons.get(parse["text"].strip().casefold())
    if payload:
        return _as_meaning(parse, meaning_of(Tap(payload), intents))
    if situation.open_form:
        meaning = read_in_form(parse, *situation.open_form, situation.language, now())
        return _as_meaning(parse, meaning) if meaning else parse
    if parse["decision"] != ANSWER and _names_submission(parse["text"]):
        return _as_meaning(parse, Meaning("my_submissions"))
    follow_up = read_follow_up(parse, situation.turns, situation.search, situation.language)
    if follow_up:
        return _as_meaning(parse, follow_up)
    return _in_search(parse, situation.search) if situation.search else parse


def _names_submission(typed: str) -> bool:
    """Tell whether a text holds a code as people get it for what they sent."""
    code = code_in(typed)
    return bool(code) and not code.isdecimal()


def is_answer(parse: dict[str, Any]) -> bool:
    """Tell whether a text is the answer to a form's question, in whatever language it is."""
    intent: str = parse["intent"]["name"]
    return intent == INFORM


def _in_search(parse: dict[str, Any], search: NearbySearch) -> dict[str, Any]:
    typed = parse["text"].strip()
    is_number = typed.isdecimal() and len(typed) <= _MOST_DIGITS
    if is_number and search.offset < int(typed) <= search.offset + len(search.shown):
        code = search.shown[int(typed) - search.offset - 1]
        return _as_meaning(parse, Meaning(FOUND, {"choice": f"show:{code}"}))
    if search.asks_place and _answers_where(typed, parse):
        return _as_meaning(parse, Meaning(FOUND))
    return parse


def _answers_where(typed: str, parse: dict[str, Any]) -> bool:
    """Tell whether a text answers the question for a place, be it one that nobody knows."""
    if typed.casefold() in _labels():
        return True
    is_understood = parse["decision"] == ANSWER
    if is_understood and parse["intent"]["confidence"] >= SURE_OF_ANOTHER_MEANING:
        return False
    language = parse["written_language"]["language"] or LANGUAGES[0]
    query = read_query(typed, now(), language)
    if query.place.matches or query.place.outside or query.whole_city:
        return True
    is_short = len(typed.split()) <= _MOST_WORDS_OF_A_PLACE and "?" not in typed
    has_number = any(character.isdigit() for character in typed)
    return is_short and (
        parse["decision"] == OUT_OF_SCOPE or (parse["decision"] == OFFER and has_number)
    )


@cache
def _labels() -> frozenset[str]:
    """Return the titles of the button that shares a place: in a channel without it they type it."""
    return frozenset(text("share_location", it).casefold() for it in LANGUAGES)


def _as_meaning(parse: dict[str, Any], meaning: Meaning) -> dict[str, Any]:
    meant = meaning.as_parse()
    entities = [*parse["entities"], *meant["entities"]]
    return {**parse, **meant, "entities": entities, "decision": ANSWER, "offers": []}
