"""What the operator of the channel would see as errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

_OF_THE_CHANNEL = ("bot", "asyncio")


@pytest.fixture
def errors(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Return and forget the errors that were logged; one that a test does not expect fails it."""

    def take() -> list[str]:
        found = _errors(caplog.records)
        caplog.clear()
        return found

    yield take
    assert _errors(caplog.get_records("call")) == []


def _errors(records: list[logging.LogRecord]) -> list[str]:
    return [
        f"{record.getMessage()}: {_kind(record)}"
        for record in records
        if record.levelno >= logging.ERROR and record.name.split(".")[0] in _OF_THE_CHANNEL
    ]


def _kind(record: logging.LogRecord) -> str:
    kind = record.exc_info[0] if record.exc_info else None
    return kind.__name__ if kind else "not told"
