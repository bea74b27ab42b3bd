"""The program's own logging inside of a test."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.logs import configure_logs


@contextmanager
def program_logs(level: str = "INFO") -> Iterator[None]:
    """Log to standard error as the program does, and put everything back afterwards."""
    root = logging.getLogger()
    # By their names: one that nothing was logged to yet is no logger, until its level is set.
    loggers = [logging.getLogger(name) for name in list(root.manager.loggerDict)]
    levels = {it: it.level for it in [root, *loggers]}
    handlers, processors = root.handlers[:], structlog.get_config()
    hooks = sys.excepthook, threading.excepthook
    root.handlers[:] = []
    try:
        configure_logs(level)
        yield
    finally:
        root.handlers[:] = handlers
        sys.excepthook, threading.excepthook = hooks
        for logger, its_level in levels.items():
            logger.setLevel(its_level)
        structlog.configure(**processors)
