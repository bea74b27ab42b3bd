"""What the process counts, for Prometheus. No label names a person, a chat or a text."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.healing_map.models import ENTRIES, Notice, UnsentAnswer

_REGISTRY = CollectorRegistry()
ProcessCollector(registry=_REGISTRY)

TURNS = Counter(
    "turns",
    "Turns by what came of them: answer, offer, out_of_scope, crisis or failure.",
    ["outcome"],
    registry=_REGISTRY,
)
TURN_SECONDS = Histogram(
    "turn_seconds",
    "From the arrival of a turn until what came of it is stored.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_REGISTRY,
)
UPDATES_WAITING = Gauge(
    "updates_waiting", "Updates that arrived and are not handled yet.", registry=_REGISTRY
)
UPDATES_UNREAD = Counter(
    "updates_unread", "Updates left unread because one person sent too much.", registry=_REGISTRY
)
LAST_CONTACT = Gauge(
    "last_contact_timestamp_seconds",
    "When Telegram last answered a poll, or posted an update.",
    registry=_REGISTRY,
)
ERRORS = Counter("errors", "Lines of level ERROR in the log.", ["logger"], registry=_REGISTRY)
OUTBOX_SIZE = Gauge("outbox_size", "Answers that were not sent yet.", registry=_REGISTRY)
REVIEW_WAITING = Gauge("review_waiting", "Submissions that wait for review.", registry=_REGISTRY)
NOTICES_WAITING = Gauge("notices_waiting", "Notices that were not sent yet.", registry=_REGISTRY)


@contextmanager
def errors_counted() -> Iterator[None]:
    """Count the errors in the log while the block runs."""
    counter = _ErrorCounter(logging.ERROR)
    logging.root.addHandler(counter)
    try:
        yield
    finally:
        logging.root.removeHandler(counter)


class _ErrorCounter(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        ERRORS.labels(record.name).inc()


def read_stored(session: Session) -> None:
    """Take the figures of what is stored from the database."""
    pending = [
        session.execute(
            select(func.count()).select_from(table).where(table.status == "pending")
        ).scalar_one()
        for table in ENTRIES
    ]
    REVIEW_WAITING.set(sum(pending))
    for gauge, table in ((NOTICES_WAITING, Notice), (OUTBOX_SIZE, UnsentAnswer)):
        gauge.set(session.execute(select(func.count()).select_from(table)).scalar_one())


def forget_stored() -> None:
    """Have no figures of what is stored rather than old ones."""
    for gauge in (REVIEW_WAITING, NOTICES_WAITING, OUTBOX_SIZE):
        gauge.set(math.nan)


def exposition() -> bytes:
    """Return all figures in Prometheus' text format."""
    return generate_latest(_REGISTRY)
