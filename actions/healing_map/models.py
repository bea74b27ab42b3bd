"""The tables of the Healing Map: events and messages of healing, as the database holds them.

And beside them what the assistant has to tell people, what it did not understand, and what it has
handled already.

An entry has two places. `latitude` and `longitude` are what somebody gave. `shown_latitude` and
`shown_longitude` are what everybody may know (public.py decides, store.py sets them): search
looks only at these, so that not even a distance gives away a place that a host keeps private.
`shown_cell` is the cell of grid.py that the shown point lies in.

What nobody may see is encrypted in `private`: the contact, the submitter's chat, and the exact
place wherever it is not shown; the plain columns of such a place are empty.

A text that is not given is empty, never NULL; what an entry is where nothing is said, drafts.py
says. A change of the tables needs a step in migration_steps/versions/.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.types import TypeDecorator

from actions.clock import CHICAGO
from actions.healing_map.encryption import FINGERPRINT_LENGTH, cipher
from actions.texts import LANGUAGES

KINDS = ("dialogue", "collaboration", "learning", "connections")
"""The kinds of event, in the order in which they are shown."""

FORMATS = ("in_person", "virtual", "hybrid")
ADDRESS_VISIBILITIES = ("public", "area_only")
HOST_TYPES = ORGANIZATION, INDIVIDUAL = ("organization", "individual")
ACCESSIBILITIES = ("accessible", "not_accessible", "unknown")
STATUSES = ("pending", "approved", "rejected", "withdrawn")
AUDIENCES = ("staff", "submitter")
NOT_UNDERSTOOD = ("offer", "out_of_scope")
"""What becomes of a text that is not understood: a choice of meanings is offered, or none is."""

CODE_LENGTH = 6
TITLE_LENGTH = 120
DESCRIPTION_LENGTH = 2000
ADDRESS_LENGTH = 200
AREA_LENGTH = 40
HOST_NAME_LENGTH = 100
CONTACT_LENGTH = 200
JOIN_URL_LENGTH = 500
MESSAGE_LENGTH = 1000
AUTHOR_NAME_LENGTH = 60
SUBMISSION_LENGTH = 36
HOLDER_LENGTH = 36


class ChicagoTime(TypeDecorator):
    """A moment: stored in UTC, read with the offset of America/Chicago.

    Both databases keep it as a time without a zone, so that the same comparisons hold in both.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn a moment into UTC.

        Raises:
            ValueError: it has no offset, so nobody knows which moment it is.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"A moment without an offset cannot be stored: {value}")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give Chicago's time of a stored moment."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc).astimezone(CHICAGO)


class Encrypted(TypeDecorator):
    """Names and values, encrypted as one text; none of them is an empty text.

    A value that was read is never changed in place, because that would not be noticed.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Any) -> str:
        """Encrypt."""
        return cipher().encrypt(json.dumps(value, ensure_ascii=False)) if value else ""

    def process_result_value(self, value: str | None, dialect: Any) -> dict[str, Any]:
        """Decrypt.

        Raises:
            WrongKey: it was encrypted with another secret.
        """
        return json.loads(cipher().decrypt(value)) if value else {}


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _length(column: str, least: int, most: int) -> CheckConstraint:
    """Limit a text's characters; SQLite does not by itself."""
    return CheckConstraint(f"length({column}) BETWEEN {least} AND {most}", name=f"{column}_length")


def _point(prefix: str = "") -> tuple[CheckConstraint, ...]:
    """Keep a point on the globe, and whole: both coordinates or none."""
    latitude, longitude = f"{prefix}latitude", f"{prefix}longitude"
    return (
        CheckConstraint(f"{latitude} BETWEEN -90 AND 90", name=f"{latitude}_on_globe"),
        CheckConstraint(f"{longitude} BETWEEN -180 AND 180", name=f"{longitude}_on_globe"),
        CheckConstraint(
            f"({latitude} IS NULL) = ({longitude} IS NULL)", name=f"{prefix}point_whole"
        ),
    )


Base: Any = declarative_base()


class Event(Base):
    """An event on the map, in any status.

    Attributes:
        code: what people see instead of the id; unguessable.
        area: the community area that it is in or stands for; empty when it is outside of the
            city or, for a virtual event, not said.
        address: with latitude and longitude the exact place if it is shown, otherwise empty.
        private: encrypted; any of "contact", how the staff reaches the host, "chat", the
            submitter as their channel knows them, and for an event whose exact place is not shown
            "address", "latitude" and "longitude".
        owner: the fingerprint of who submitted it; empty for what the staff imported.
        submission: names the form that sent or last changed it, which may send it twice; NULL for
            what came another way.
        revision: 1, and one more for every change by its owner.
        review_note: why it was rejected, as the submitter is told it.
    """

    __tablename__ = "events"

    id = Column(Integer, primary_key=True)
    code = Column(String(CODE_LENGTH), nullable=False)
    kind = Column(String(20), nullable=False)
    title = Column(String(TITLE_LENGTH), nullable=False)
    description = Column(Text, nullable=False)
    starts_at = Column(ChicagoTime, nullable=False)
    ends_at = Column(ChicagoTime, nullable=False)
    format = Column(String(20), nullable=False)
    address = Column(Text, nullable=False)
    address_visibility = Column(String(20), nullable=False)
    latitude = Column(Float)
    longitude = Column(Float)
    area = Column(String(AREA_LENGTH), nullable=False)
    host_name = Column(String(HOST_NAME_LENGTH), nullable=False)
    host_type = Column(String(20), nullable=False)
    join_url = Column(String(JOIN_URL_LENGTH), nullable=False)
    accessibility = Column(String(20), nullable=False)
    language = Column(String(2), nullable=False)
    status = Column(String(20), nullable=False)
    submitted_at = Column(ChicagoTime, nullable=False)
    updated_at = Column(ChicagoTime, nullable=False)
    shown_latitude = Column(Float)
    shown_longitude = Column(Float)
    shown_cell = Column(Integer)
    owner = Column(String(FINGERPRINT_LENGTH), nullable=False, default="")
    submission = Column(String(SUBMISSION_LENGTH))
    revision = Column(Integer, nullable=False, default=1)
    review_note = Column(Text, nullable=False, default="")
    private = Column(Encrypted, nullable=False)

    __table_args__ = (
        UniqueConstraint("code", name="uq_events_code"),
        UniqueConstraint("submission", name="uq_events_submission"),
        _one_of("kind", KINDS),
        _one_of("format", FORMATS),
        _one_of("address_visibility", ADDRESS_VISIBILITIES),
        _one_of("host_type", HOST_TYPES),
        _one_of("accessibility", ACCESSIBILITIES),
        _one_of("language", LANGUAGES),
        _one_of("status", STATUSES),
        _length("code", CODE_LENGTH, CODE_LENGTH),
        _length("title", 1, TITLE_LENGTH),
        _length("description", 0, DESCRIPTION_LENGTH),
        _length("area", 0, AREA_LENGTH),
        _length("host_name", 1, HOST_NAME_LENGTH),
        _length("join_url", 0, JOIN_URL_LENGTH),
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("format = 'virtual' OR shown_latitude IS NOT NULL", name="has_place"),
        *_point(),
        *_point("shown_"),
        # What a search compares, then the rest that it reads, so that it need not read the rows.
        Index(
            "ix_events_near",
            *("status", "kind", "shown_cell", "ends_at"),
            *("starts_at", "format", "shown_latitude", "shown_longitude", "id"),
        ),
        Index("ix_events_area", "status", "kind", "area", "ends_at", "starts_at", "format"),
        Index("ix_events_soon", "status", "kind", "ends_at", "starts_at", "format"),
        Index("ix_events_owner", "owner", "submitted_at"),
    )


class Message(Base):
    """A message of healing for the city, in any status.

    Attributes:
        code: what people see instead of the id; unguessable.
        author_name: empty for an anonymous message.
        private: encrypted; any of "chat", as of an event, and "latitude" and "longitude", as only
            the area of a message is shown.
        owner: as of an event; so are submission, revision and review_note.
    """

    __tablename__ = "messages"

    id = Column(Integer, primary_key=True)
    code = Column(String(CODE_LENGTH), nullable=False)
    text = Column(Text, nullable=False)
    author_name = Column(String(AUTHOR_NAME_LENGTH), nullable=False)
    area = Column(String(AREA_LENGTH), nullable=False)
    latitude = Column(Float)
    longitude = Column(Float)
    language = Column(String(2), nullable=False)
    status = Column(String(20), nullable=False)
    submitted_at = Column(ChicagoTime, nullable=False)
    updated_at = Column(ChicagoTime, nullable=False)
    shown_latitude = Column(Float)
    shown_longitude = Column(Float)
    shown_cell = Column(Integer)
    owner = Column(String(FINGERPRINT_LENGTH), nullable=False, default="")
    submission = Column(String(SUBMISSION_LENGTH))
    revision = Column(Integer, nullable=False, default=1)
    review_note = Column(Text, nullable=False, default="")
    private = Column(Encrypted, nullable=False)

    __table_args__ = (
        UniqueConstraint("code", name="uq_messages_code"),
        UniqueConstraint("submission", name="uq_messages_submission"),
        _one_of("language", LANGUAGES),
        _one_of("status", STATUSES),
        _length("code", CODE_LENGTH, CODE_LENGTH),
        _length("text", 1, MESSAGE_LENGTH),
        _length("author_name", 0, AUTHOR_NAME_LENGTH),
        _length("area", 0, AREA_LENGTH),
        *_point(),
        *_point("shown_"),
        Index(
            "ix_messages_near",
            *("status", "shown_cell", "submitted_at", "shown_latitude", "shown_longitude"),
        ),
        Index("ix_messages_area", "status", "area", "submitted_at"),
        Index("ix_messages_new", "status", "submitted_at"),
        Index("ix_messages_owner", "owner", "submitted_at"),
    )


Entry = Event | Message
"""What people put on the map."""

ENTRIES: tuple[Any, ...] = (Event, Message)
"""The tables of entries."""


class Notice(Base):
    """What is still to be told to somebody: the staff or a submitter.

    Attributes:
        audience: one of AUDIENCES.
        entry_table: "event" or "message", which the code is one of.
        revision: of the entry when the notice was written.
        outcome: for a submitter "approved" or "rejected"; empty for the staff.
        due_at: when to try, or to try again.
        tries: how often it could not be sent.
    """

    __tablename__ = "notices"

    id = Column(Integer, primary_key=True)
    audience = Column(String(20), nullable=False)
    entry_table = Column(String(10), nullable=False)
    code = Column(String(CODE_LENGTH), nullable=False)
    revision = Column(Integer, nullable=False)
    outcome = Column(String(20), nullable=False, default="")
    created_at = Column(ChicagoTime, nullable=False)
    due_at = Column(ChicagoTime, nullable=False)
    tries = Column(Integer, nullable=False, default=0)

    __table_args__ = (_one_of("audience", AUDIENCES), Index("ix_notices_due", "due_at"))


class Unanswered(Base):
    """A question that was not understood, without who asked it.

    Attributes:
        id: the fingerprint of its text, so that the same question counts up.
        language: that it was asked in.
        decision: one of NOT_UNDERSTOOD, as it was the last time.
        times: how often it was asked.
        first_day: in Chicago, as is last_day; nothing more exact is kept.
        private: encrypted; "text", masked, and "offers", the intents that were offered.
    """

    __tablename__ = "unanswered"

    id = Column(String(FINGERPRINT_LENGTH), primary_key=True)
    language = Column(String(2), nullable=False)
    decision = Column(String(20), nullable=False)
    times = Column(Integer, nullable=False)
    first_day = Column(Date, nullable=False)
    last_day = Column(Date, nullable=False)
    private = Column(Encrypted, nullable=False)

    __table_args__ = (_one_of("language", LANGUAGES), _one_of("decision", NOT_UNDERSTOOD))


class HandledUpdate(Base):
    """Something that a channel delivered and may deliver again; its effects are stored.

    Attributes:
        id: the fingerprint of all that was delivered. The channel's own number would not do: a
            local Bot API server, or another bot, may count from the beginning again.
    """

    __tablename__ = "handled_updates"

    id = Column(String(FINGERPRINT_LENGTH), primary_key=True)
    handled_at = Column(ChicagoTime, nullable=False)

    __table_args__ = (Index("ix_handled_updates_old", "handled_at"),)


class UnsentAnswer(Base):
    """An answer that is stored and not sent yet, or not all of it.

    Attributes:
        id: higher than those of the answers that were stored earlier and are still there.
        conversation: the fingerprint of whose answer it is; they are sent in the order of ids.
        private: encrypted; where the answer goes and what it says.
        sent: how many of its messages were sent already.
        holder: names who is sending it, anew each time that somebody takes it; empty for nobody.
        due_at: when a process may take it, also out of the hands of its holder.
    """

    __tablename__ = "outbox"

    id = Column(Integer, primary_key=True)
    conversation = Column(String(FINGERPRINT_LENGTH), nullable=False)
    private = Column(Encrypted, nullable=False)
    sent = Column(Integer, nullable=False, default=0)
    holder = Column(String(HOLDER_LENGTH), nullable=False, default="")
    due_at = Column(ChicagoTime, nullable=False)
    created_at = Column(ChicagoTime, nullable=False)

    __table_args__ = (Index("ix_outbox_conversation", "conversation", "id"),)


class EncryptionCheck(Base):
    """One row: a text encrypted with the secret that opens this database."""

    __tablename__ = "encryption_check"

    id = Column(Integer, primary_key=True)
    value = Column(Text, nullable=False)


class Geocode(Base):
    """What a network geocoder found for a text.

    Attributes:
        id: the fingerprint of the text, which may be somebody's address.
        private: encrypted; "name", "latitude" and "longitude", or nothing where none was found.
    """

    __tablename__ = "geocodes"

    id = Column(String(FINGERPRINT_LENGTH), primary_key=True)
    private = Column(Encrypted, nullable=False)
    found_at = Column(ChicagoTime, nullable=False)


def sessions(engine: Engine) -> sessionmaker:
    """Return a maker of sessions; what they loaded stays readable after they closed."""
    return sessionmaker(engine, expire_on_commit=False, future=True)
