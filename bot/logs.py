"""What the process logs, and what never gets into a log: texts, places, contacts, the token."""

from __future__ import annotations

import logging
import os
import re
import sys
from types import TracebackType
from typing import Any

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_CHATTY = ("rasa", "rasa_sdk", "telegram", "aiohttp", "sqlalchemy", "asyncio", "tensorflow")


def prepare_libraries() -> None:
    """Set what libraries read when they are loaded; to be called before importing Rasa.

    No telemetry, no notices, and one OpenMP thread: an encoder with two waits for both cores at
    every step, so that a text costs 260 ms of processor time beside other work instead of 41.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # Libraries' deprecation warnings are not for the people who run the assistant.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


class _DiscreetFormatter(logging.Formatter):
    """Names an error's type and place only, because its text can quote a person's message."""

    def formatException(self, exc_info: Any) -> str:
        """Return the error's type with the file and line that it comes from."""
        kind, _, traceback = exc_info
        return f"{kind.__name__} at {place_of(traceback)}"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without any bot token."""
        return _TOKEN.sub("TOKEN", super().format(record)).replace("\n", " | ")


def place_of(traceback: TracebackType | None) -> str:
    """Return the file and line in which an error was raised."""
    if traceback is None:
        return "unknown place"
    while traceback.tb_next:
        traceback = traceback.tb_next
    return f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"


def configure_logs(level: str) -> None:
    """Send log lines to standard error, one line an event; libraries only when they warn."""
    from rasa.utils.log_utils import configure_structlog

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_DiscreetFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Rasa prints every message and slot to standard output unless structlog is told otherwise.
    configure_structlog(logging.WARNING)
