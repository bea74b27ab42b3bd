"""What the process logs, and what never gets into a log: texts, places, contacts, the token.

A line is made of key=value pairs; a value with anything but plain characters in it stands as a JSON
string. Our own calls say `log.info("what happened: key=%s other=%d", ...)`, which becomes
`event="what happened" key=... other=...`. All lines of one update carry its number.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

import structlog

from bot.without_tensorflow import leave_out_tensorflow

_OURS = ("bot", "actions", "nlu")
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_WITH_PAIRS = re.compile(r"(?P<event>[^=]+): (?P<pairs>\w+=%[\d.]*[a-z](?: \w+=%[\d.]*[a-z])*)")
_PLAIN = re.compile(r"[!#-<>-~]+")
"""Printable ASCII without the space, the quotation mark and the equals sign."""

_TEMPLATE = "template"
"""A record's attribute: words that stand in a library, though no values are put into them."""

_update: ContextVar[str] = ContextVar("update", default="")


def prepare_libraries(trains: bool = False) -> None:
    """Set what libraries read when they are loaded; to be called before importing Rasa.

    Only a process that trains gets TensorFlow (see without_tensorflow.py).

    No telemetry, no notices, and one OpenMP thread: an encoder with two waits for both cores at
    every step, so that a text costs 260 ms of processor time beside other work instead of 41.
    """
    if not trains:
        leave_out_tensorflow()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # Libraries' deprecation warnings are not for the people who run the assistant.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


@contextmanager
def about_update(update_id: int) -> Iterator[None]:
    """Name the update in every line that is logged inside, also in tasks and asyncio's threads."""
    token = _update.set(str(update_id))
    try:
        yield
    finally:
        _update.reset(token)


class _DiscreetFormatter(logging.Formatter):
    """Writes of an error its type and place only, because its text can quote a person's message.

    For the same reason it writes of a library's line only the words that stand in the library.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without any bot token, whatever is in it."""
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        fields = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            **({"update": _update.get()} if _update.get() else {}),
            **(_own_event(record) if record.name.split(".")[0] in _OURS else _event_of(record)),
            **_error_of(record),
        }
        line = " ".join(f"{name}={_value(value)}" for name, value in fields.items())
        return _TOKEN.sub("TOKEN", line)


def _own_event(record: logging.LogRecord) -> dict[str, str]:
    match = _WITH_PAIRS.fullmatch(str(record.msg))
    if match is None or not isinstance(record.args, tuple):
        return {"event": record.getMessage()}
    # Each value is put into its own field: inside of the message it could pose as another one.
    pairs = [pair.split("=") for pair in match["pairs"].split(" ")]
    values = record.args[-len(pairs) :]
    event = match["event"] % record.args[: -len(pairs)]
    return {"event": event} | {
        name: form % (value,) for (name, form), value in zip(pairs, values, strict=True)
    }


def _event_of(record: logging.LogRecord) -> dict[str, str]:
    """Return a library's words, without the values that were put into them.

    A message without values may have had them put into it already: then only its place is told.
    """
    template = str(record.msg) if record.args else getattr(record, _TEMPLATE, "")
    place = {"at": f"{record.pathname}:{record.lineno}"}
    return {"event": template} if template else place


def _error_of(record: logging.LogRecord) -> dict[str, str]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, _, traceback = record.exc_info
    return {"error": kind.__name__, "at": place_of(traceback)}


def _value(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value)


def place_of(traceback: TracebackType | None) -> str:
    """Return the file and line in which an error was raised."""
    if traceback is None:
        return "unknown place"
    while traceback.tb_next:
        traceback = traceback.tb_next
    return f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"


def configure_logs(level: str) -> None:
    """Send log lines to standard error, one line an event; libraries only when they warn."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_DiscreetFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.root.setLevel(max(logging.root.level, logging.WARNING))
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    # Rasa prints every message and slot to standard output unless structlog is told otherwise.
    structlog.configure(
        processors=[_only_the_event],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )
    # Python itself would print the texts of errors that nothing catches.
    sys.excepthook = lambda *error: _log_uncaught(*error)
    threading.excepthook = lambda it: _log_uncaught(it.exc_type, it.exc_value, it.exc_traceback)


def _only_the_event(logger: Any, method: str, event: Any) -> tuple[tuple[str], dict[str, Any]]:
    """Pass on which event of Rasa's it was: the values beside it are what people wrote."""
    passed_on = {"extra": {_TEMPLATE: event["event"]}, "exc_info": event.get("exc_info")}
    return (event["event"],), passed_on


def _log_uncaught(
    kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None
) -> None:
    error = error or kind()
    logging.getLogger(__name__).critical("ended unexpectedly", exc_info=(kind, error, traceback))
