"""The event form: how an event is read out of one sentence, said back, and made an entry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.event_words import kind_in_words
from actions.forms.answers import Asked, Fit, SideQuestion
from actions.forms.draft import CHECK, Answers
from actions.forms.event_fields import EVENT_FIELDS
from actions.forms.form import FirstSentence, Form
from actions.forms.moments import read_when, when_in_words
from actions.forms.spots import EXACT_KINDS, place_answer, place_in_words
from actions.forms.words import addresses_in
from actions.healing_map.drafts import EventDraft
from actions.healing_map.models import TITLE_LENGTH
from actions.healing_map.query import Query, read_query
from actions.texts import text

_THING = (
    r"(?:an?|our|the|my|this|another|some|una?s?|unos?|el|la|nuestr[oa]|mi|otr[oa])\s+"
    r"(?P<activity>[^,.;:!?\n]{4,60}?)"
    r"(?=\s+(?:we|that|which|who|i|at|in|on|near|for|from|this|next|tomorrow|today|tonight|with"
    r"|every|last|by|via|over|about|que|en|el|la|los|las|este|esta|para|con|a las|manana|mañana|hoy"
    r"|cerca|por|desde|sobre)\b"
    r"|\s*[,.;:!?\n]|\s*$)"
)
_OPENING = re.compile(rf"\s*{_THING}", re.IGNORECASE)
_ACTIVITY = re.compile(
    r"\b(?:host|hosting|hosted|organi[sz]e|organi[sz]ing|organi[sz]ed|hold|holding|held|have|having"
    r"|had|plan|planning|run|running|lead|leading|register|registering|start|starting|put on"
    r"|putting on|do|doing|did|throw|throwing|offer|offering|submit|add|adding|post"
    r"|organizar|organizamos|organizando|organizo|organice|organizamos|hacer|hacemos|haciendo"
    r"|hago|hice|hicimos|tener|tenemos|tuvimos|registrar|celebrar|celebramos|planear|planeamos"
    rf"|realizar|ofrecer|dar|damos|agregar|invitar a)\s+(?:up )?{_THING}",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[\"“«](?P<activity>[^\"”»]{4,})[\"”»]")
_SAYS_NOTHING = re.compile(
    r"((healing|virtual|online|new|new healing|community) )?(event|activity)( please| pls| plz)?"
    r"|evento( por favor| porfa)?|evento( de sanaci[oó]n| virtual| en l[ií]nea| nuevo)?|actividad",
    re.IGNORECASE,
)


def read_first_sentence(typed: str, language: str, now: datetime) -> FirstSentence:
    """Return what a sentence such as "a book club at the Woodson library on Dec 12" says."""
    query = read_query(typed, now, language)
    said = Asked(typed, "", language, now, {})
    answers: dict[str, Any] = {}
    if len(query.kinds) == 1:
        answers["kind"] = query.kinds[0]
    if len(query.formats) == 1:
        answers["format"] = query.formats[0]
    side: dict[str, Any] = {}
    asked = ""
    if query.span:
        finding = read_when(said)
        if isinstance(finding, Fit):
            answers.update(finding.answers)
        elif isinstance(finding, SideQuestion):
            side, asked = finding.side, "when" + (CHECK if finding.has_name else "")
    answers.update(_place_in(query, answers))
    answers.update(_addresses_in(said))
    return FirstSentence(answers, side, asked, _suggestion(typed))


def _place_in(query: Query, answers: Answers) -> dict[str, Any]:
    """Return the place if only one can be meant; people meet at an address unless it is said."""
    if len(query.place.matches) != 1:
        return {}
    place = query.place.matches[0]
    found: dict[str, Any] = {"place": place_answer(place)}
    if place.kind in EXACT_KINDS and "format" not in answers:
        found["format"] = "in_person"
    return found


def _addresses_in(said: Asked) -> dict[str, Any]:
    """Return the link and the contact in a sentence."""
    readers = {field.name: field.read for field in EVENT_FIELDS}
    answers: dict[str, Any] = {}
    for name, address in addresses_in(said.text).items():
        finding = readers[name](replace(said, text=address))
        answers.update(finding.answers if isinstance(finding, Fit) else {})
    return answers


def _suggestion(typed: str) -> str:
    """Return a title made of what the sentence calls the event, and its landmark."""
    match = _NAMED.search(typed) or _ACTIVITY.search(typed) or _OPENING.match(typed)
    if not match or _SAYS_NOTHING.fullmatch(match["activity"].strip()):
        return ""
    activity = " ".join(match["activity"].split())
    return (activity[0].upper() + activity[1:])[:TITLE_LENGTH]


def in_words(field: str, answers: Answers, language: str, now: datetime) -> str:
    """Return the answer to a field as it is read back."""
    answer = answers.get(field)
    if not answer:
        return text("not_given", language)
    if field == "kind":
        return kind_in_words(answer, language)
    if field == "when":
        return when_in_words(answer, language, now)
    if field == "place" and answer["exact"] and not answer["address"]:
        return text("event_place_pinned", language, area=answer["area"])
    if field == "place":
        return place_in_words(answer)
    if field == "host":
        return text(f"host_{answer['type']}_words", language, name=answer["name"])
    if field in ("format", "accessibility", "visibility"):
        return text(f"event_{field}_{answer}", language)
    return str(answer)


def summary(answers: Answers, language: str, now: datetime) -> str:
    """Return all answers, to look at before they are sent."""
    said = {field.name: in_words(field.name, answers, language, now) for field in EVENT_FIELDS}
    lines = [text("event_summary", language, **said)]
    for name in ("link", "accessibility", "visibility"):
        if name in answers:
            lines.append(text(f"event_summary_{name}", language, **said))
    if "visibility" not in answers and answers["place"]:
        area_only = text("event_visibility_area_only", language)
        lines.append(text("event_summary_visibility", language, visibility=area_only))
    return "\n".join(lines)


def entry_of(answers: Answers, language: str) -> EventDraft:
    """Return the event that the answers describe."""
    place, host = answers["place"] or {}, answers["host"]
    start, end = (datetime.fromisoformat(answers["when"][name]) for name in ("start", "end"))
    return EventDraft(
        kind=answers["kind"],
        title=answers["title"],
        starts_at=start,
        ends_at=end,
        format=answers["format"],
        host_name=host["name"],
        host_type=host["type"],
        language=language,
        address_visibility=answers.get("visibility", "area_only"),
        description=answers["description"],
        address=place.get("address", ""),
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        area=place.get("area", ""),
        contact=answers["contact"],
        join_url=answers.get("link", ""),
        accessibility=answers.get("accessibility") or "unknown",
    )


def answers_of(event: EventDraft) -> dict[str, Any]:
    """Return the answers that an event was made of, to change some of them."""
    place: dict[str, Any] = {}
    if event.latitude is not None or event.area:
        place = {
            "name": event.area or event.address,
            "address": event.address,
            "latitude": event.latitude,
            "longitude": event.longitude,
            "area": event.area,
            "exact": bool(event.address) or event.address_visibility == "public",
        }
    answers = {
        "kind": event.kind,
        "title": event.title,
        "when": {"start": event.starts_at.isoformat(), "end": event.ends_at.isoformat()},
        "format": event.format,
        "place": place,
        "description": event.description,
        "host": {"name": event.host_name, "type": event.host_type},
        "contact": event.contact,
        "link": event.join_url,
        "accessibility": event.accessibility,
        "visibility": event.address_visibility,
    }
    asked = {field.name for field in EVENT_FORM.asked_fields(answers)}
    return {name: answer for name, answer in answers.items() if name in asked}


EVENT_FORM = Form(
    name="event_form",
    thing="event",
    slot="event_draft",
    start_intent="submit_event",
    fields=EVENT_FIELDS,
    read_first_sentence=read_first_sentence,
    in_words=in_words,
    summary=summary,
    entry_of=entry_of,
    answers_of=answers_of,
)
