"""How the review speaks: an entry with all that the staff has to see, and what submitters hear.

The staff read one language, so that a chat of many people stays readable; a submitter hears of the
decision in the language of what they sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from actions.conversation import payload
from actions.event_words import details_of, entry_name, message_line
from actions.healing_map.dates import Span, in_words
from actions.healing_map.drafts import EventDraft
from actions.healing_map.models import Entry, Event, Message
from actions.healing_map.public import public_message, public_view, shows_place
from actions.healing_map.review import (
    REASON_LENGTH,
    AlreadyDecided,
    ChangedSince,
    ReviewError,
    UnusableReason,
)
from actions.healing_map.screening import Mark
from actions.healing_map.store import CODE_ALPHABET, draft_of, entry_table
from actions.texts import LANGUAGES, text
from bot.replies import Button, Reply

STAFF_LANGUAGE = LANGUAGES[0]
"""What cards say is there in the other languages as well, as every text is: for staff who read
another one, only this changes."""

_FIELD_NAMES = {
    "title": "event_title_name",
    "description": "event_description_name",
    "host_name": "event_host_name",
    "join_url": "event_link_name",
    "text": "message_text_name",
    "author_name": "message_author_name",
}
_HEADINGS = tuple(
    f"review_{what}_{table}" for what in ("new", "changed") for table in ("event", "message")
)


@dataclass(frozen=True)
class _Field:
    """A line about an entry: the name of the text that names it, and whether it is private."""

    name: str
    value: str
    is_private: bool = False


def heading_of(entry: Entry) -> str:
    """Return the line that stands above an entry, such as "New event · KX7M2Q"."""
    what = "new" if entry.revision == 1 else "changed"
    return text(f"review_{what}_{entry_table(entry)}", STAFF_LANGUAGE, code=entry.code)


def has_heading(words: str) -> bool:
    """Tell whether a text begins with the line that stands above an entry, or with its code."""
    first_line = words.partition("\n")[0]
    code = f"[{CODE_ALPHABET}]+"
    headings = [code, *(text(name, STAFF_LANGUAGE, code=code) for name in _HEADINGS)]
    return any(re.fullmatch(heading, first_line) for heading in headings)


def marks_in_words(marks: Iterable[Mark]) -> str:
    """Return what to look at closely, such as "phone number in “Description”"."""
    return ", ".join(
        text(f"review_mark_{mark.kind}", STAFF_LANGUAGE, field=_place_of(mark)) for mark in marks
    )


def _place_of(mark: Mark) -> str:
    name = _FIELD_NAMES.get(mark.where)
    return text(name, STAFF_LANGUAGE) if name else mark.where


def all_of(entry: Entry, marks: tuple[Mark, ...], now: datetime) -> str:
    """Return every field of an entry, the private ones named as such, the marks on top."""
    fields = _event_fields(entry, now) if isinstance(entry, Event) else _message_fields(entry)
    lines = [f"{_name_of(field)}: {field.value}" for field in fields if field.value]
    if marks:
        lines.insert(0, text("review_look", STAFF_LANGUAGE, marks=marks_in_words(marks)))
    return "\n".join(lines)


def _name_of(field: _Field) -> str:
    name = text(field.name, STAFF_LANGUAGE)
    return text("review_private", STAFF_LANGUAGE, name=name) if field.is_private else name


def _event_fields(event: Event, now: datetime) -> Iterator[_Field]:
    draft = draft_of(event)
    when = in_words(Span(draft.starts_at, draft.ends_at, False), STAFF_LANGUAGE, now)
    yield _Field("event_title_name", draft.title)
    yield _Field("event_kind_name", text(f"kind_{draft.kind}", STAFF_LANGUAGE))
    yield _Field("event_when_name", when)
    yield _Field("event_format_name", text(f"format_{draft.format}", STAFF_LANGUAGE))
    yield _Field("event_place_name", _exact_place(draft), not shows_place(draft))
    yield _Field("message_area_name", event.area)
    shown = text(f"event_visibility_{draft.address_visibility}", STAFF_LANGUAGE)
    yield _Field("event_visibility_name", shown)
    yield _Field("event_description_name", draft.description)
    host = text(f"host_{draft.host_type}_words", STAFF_LANGUAGE, name=draft.host_name)
    yield _Field("event_host_name", host)
    yield _Field("event_contact_name", draft.contact, True)
    yield _Field("event_link_name", draft.join_url)
    accessible = text(f"accessible_{draft.accessibility}", STAFF_LANGUAGE)
    yield _Field("event_accessibility_name", accessible)
    yield _Field("review_language_name", text("language_name", draft.language))


def _exact_place(draft: EventDraft) -> str:
    if draft.address or draft.latitude is None:
        return draft.address
    return f"{draft.latitude:.5f}, {draft.longitude:.5f}"


def _message_fields(message: Message) -> Iterator[_Field]:
    anonymous = text("anonymous", STAFF_LANGUAGE)
    yield _Field("message_text_name", message.text)
    yield _Field("message_author_name", message.author_name or anonymous)
    yield _Field("message_area_name", message.area)
    yield _Field("review_language_name", text("language_name", message.language))


def moment_in_words(moment: datetime, language: str) -> str:
    """Return a moment as a person would say it."""
    return in_words(Span(moment, None, False), language, moment)


def objection_in_words(error: ReviewError, language: str) -> str:
    """Return in one sentence why a decision was not taken."""
    if isinstance(error, UnusableReason):
        return text("review_reason_misfit", language, most=str(REASON_LENGTH))
    if isinstance(error, AlreadyDecided):
        return text(f"review_already_{error.status}", language)
    return text(
        "review_changed_since" if isinstance(error, ChangedSince) else "review_gone", language
    )


def decision_told(entry: Entry, now: datetime) -> Reply:
    """Return what the submitter of an approved or rejected entry is told."""
    language, table = entry.language, entry_table(entry)
    heading = text(f"decision_{entry.status}_{table}", language)
    if entry.status == "approved":
        words = text("decision_public", language, public=_public_words(entry, now), code=entry.code)
        name, choice = ("see", f"show:{entry.code}") if table == "event" else ("messages",) * 2
        buttons = [
            _button(name, "find_nearby", choice, language),
            _button("mine", "my_submissions", f"show:{entry.code}", language),
        ]
    else:
        said = {"title": entry_name(entry), "code": entry.code, "reason": entry.review_note}
        words = text("decision_reason", language, **said)
        buttons = [_button("change", "my_submissions", f"change:{entry.code}", language)]
    return Reply(words, heading, (tuple(buttons),))


def _button(name: str, intent: str, choice: str, language: str) -> Button:
    return Button(text(f"decision_{name}_button", language), payload(intent, choice))


def _public_words(entry: Entry, now: datetime) -> str:
    if isinstance(entry, Message):
        return message_line(public_message(entry), entry.language)
    return f"{entry.title}\n{details_of(public_view(entry), entry.language, now)}"
