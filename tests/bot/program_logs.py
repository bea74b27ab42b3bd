"""The program's own logging inside of a test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.logs import configure_logs


@contextmanager
def program_logs(level: str = "INFO") -> Iterator[None]:
    """Log to standard error as the program does, and put everything back afterwards."""
    root = logging.getLogger()
    loggers = [it for it in root.manager.loggerDict.values() if isinstance(it, logging.Logger)]
    levels = {it: it.level for it in [root, *loggers]}
    handlers, processors = root.handlers[:], structlog.get_config()
    root.handlers[:] = []
    try:
        configure_logs(level)
        yield
    finally:
        root.handlers[:] = handlers
        for logger, its_level in levels.items():
            logger.setLevel(its_level)
        structlog.configure(**processors)
