"""What somebody submits, before it is stored: an event or a message, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import urlsplit

from actions.healing_map.areas import AREAS, area_of
from actions.healing_map.models import (
    ACCESSIBILITIES,
    ADDRESS_LENGTH,
    ADDRESS_VISIBILITIES,
    AUTHOR_NAME_LENGTH,
    CONTACT_LENGTH,
    DESCRIPTION_LENGTH,
    FORMATS,
    HOST_NAME_LENGTH,
    HOST_TYPES,
    JOIN_URL_LENGTH,
    KINDS,
    MESSAGE_LENGTH,
    TITLE_LENGTH,
)
from actions.texts import LANGUAGES

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""No event of the map lies outside of these; a date that does is a slip of the pen."""

UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What is no text: no database takes it, and no file shows it."""

_AREA_NAMES = frozenset(area.name for area in AREAS)
_LINE_BREAK = re.compile("[\t\n\u2028\u2029]")
_TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*")


class InvalidDraft(ValueError):
    """A draft cannot be stored.

    Attributes:
        problems: what is wrong, each as a clause that begins with the field's name.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What a host says of an event; the fields are those of models.Event.

    An event in person or hybrid needs a point. A virtual one may have the point of its host, or
    only an area that it stands for, or neither. Where `area` is empty it follows from the point.
    """

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    format: str
    host_name: str
    host_type: str
    language: str
    address_visibility: str
    description: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    area: str = ""
    contact: str = ""
    join_url: str = ""
    accessibility: str = "unknown"

    def problems(self) -> list[str]:
        """Return all that is wrong with it; nothing for a draft that can be stored."""
        return [
            *_choice("kind", self.kind, KINDS),
            *_line("title", self.title, TITLE_LENGTH, required=True),
            *_text("description", self.description, DESCRIPTION_LENGTH),
            *_times(self.starts_at, self.ends_at),
            *_choice("format", self.format, FORMATS),
            *_line("address", self.address, ADDRESS_LENGTH),
            *_choice("address_visibility", self.address_visibility, ADDRESS_VISIBILITIES),
            *_point(self.latitude, self.longitude),
            *self._missing_place(),
            *_area(self.area),
            *_line("host_name", self.host_name, HOST_NAME_LENGTH, required=True),
            *_choice("host_type", self.host_type, HOST_TYPES),
            *_line("contact", self.contact, CONTACT_LENGTH),
            *_line("join_url", self.join_url, JOIN_URL_LENGTH),
            *_web_address("join_url", self.join_url),
            *_choice("accessibility", self.accessibility, ACCESSIBILITIES),
            *_choice("language", self.language, LANGUAGES),
        ]

    def _missing_place(self) -> Iterator[str]:
        if self.format in ("in_person", "hybrid") and self.latitude is self.longitude is None:
            yield f"latitude and longitude are missing, which an event {self.format} needs"


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message of healing as it was written; the fields are those of models.Message."""

    text: str
    language: str
    author_name: str = ""
    area: str = ""
    latitude: float | None = None
    longitude: float | None = None

    def problems(self) -> list[str]:
        """Return all that is wrong with it; nothing for a draft that can be stored."""
        return [
            *_text("text", self.text, MESSAGE_LENGTH, required=True),
            *_line("author_name", self.author_name, AUTHOR_NAME_LENGTH),
            *_area(self.area),
            *_point(self.latitude, self.longitude),
            *_choice("language", self.language, LANGUAGES),
        ]


EntryDraft = EventDraft | MessageDraft


def without_direction_marks(text: str) -> str:
    """Return a text without the marks that turn the writing around, also that of others beside it.

    They are not refused, because phones put them around numbers that are copied.
    """
    return text if text.isascii() else _TURNS_TEXT.sub("", text)


def _choice(field: str, value: str, values: tuple[str, ...]) -> Iterator[str]:
    if value not in values:
        said = f"is {value!r}" if value else "is missing"
        yield f"{field} {said}; it should be one of {', '.join(values)}"


def _text(field: str, value: str, most: int, *, required: bool = False) -> Iterator[str]:
    if required and _INVISIBLE.fullmatch(value):
        yield f"{field} is missing"
    if len(value) > most:
        yield f"{field} has {len(value):,} characters, more than {most:,}"
    if UNSTORABLE.search(value):
        yield f"{field} has characters that cannot be shown"


def _line(field: str, value: str, most: int, *, required: bool = False) -> Iterator[str]:
    yield from _text(field, value, most, required=required)
    if _LINE_BREAK.search(value):
        yield f"{field} has a tab or a line break"


def moment_problems(field: str, moment: datetime) -> Iterator[str]:
    """Say what is wrong with a moment: it has no offset, or lies in no year of the map's."""
    if moment.utcoffset() is None:
        yield f"{field} has no offset"
    elif not FIRST_YEAR <= moment.year <= LAST_YEAR:
        yield f"{field} is in the year {moment.year}, not in {FIRST_YEAR} to {LAST_YEAR}"


def _times(start: datetime, end: datetime) -> Iterator[str]:
    unusable = [*moment_problems("starts_at", start), *moment_problems("ends_at", end)]
    yield from unusable
    # Moments of one zone compare by the clock on the wall, which goes back once a year.
    if not unusable and end.astimezone(timezone.utc) <= start.astimezone(timezone.utc):
        yield "ends_at is not after starts_at"


def _point(latitude: float | None, longitude: float | None) -> Iterator[str]:
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        yield f"{'latitude' if latitude is None else 'longitude'} is missing"
    elif not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        yield f"latitude {latitude} and longitude {longitude} are not on the globe"
    elif area_of(latitude, longitude) is None:
        turned = area_of(longitude, latitude) is not None
        yield f"latitude {latitude} and longitude {longitude} are not in Chicago" + (
            "; they seem to be exchanged" if turned else ""
        )


def _area(area: str) -> Iterator[str]:
    if area and area not in _AREA_NAMES:
        yield f"area {area!r} is none of Chicago's {len(_AREA_NAMES)} community areas"


def is_web_address(value: str) -> bool:
    """Tell whether a text is an address that a browser can open."""
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        return False


def _web_address(field: str, value: str) -> Iterator[str]:
    if value and not is_web_address(value):
        yield f"{field} is no web address that begins with https://"
