"""Waits while Telegram or the network fails, and says so once at the beginning and at the end."""

from __future__ import annotations

import asyncio
import logging
import time

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.sender import halt_seconds

log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 10.0
_CONFLICT_PAUSE_SECONDS = 5.0


class Retries:
    """What is tried again until it works."""

    def __init__(self, what: str) -> None:
        """Name it as the log does: "fetching updates"."""
        self._what = what
        self._failures = 0
        self._since = 0.0

    async def wait(self, error: TelegramError) -> None:
        """Wait before the next try, longer from failure to failure.

        Raises:
            InvalidToken: that was the error; no waiting helps.
        """
        if isinstance(error, InvalidToken):
            raise error
        if not self._failures:
            self._since = time.monotonic()
            log.warning("%s fails, trying on: reason=%s", self._what, type(error).__name__)
        self._failures += 1
        await asyncio.sleep(self._pause(error))

    def note_success(self) -> None:
        """Say that it works again, if it failed before."""
        if self._failures:
            seconds = time.monotonic() - self._since
            log.warning(
                "%s works again: failures=%d seconds=%.0f", self._what, self._failures, seconds
            )
        self._failures = 0

    def _pause(self, error: TelegramError) -> float:
        if isinstance(error, RetryAfter):
            return halt_seconds(error)
        if isinstance(error, Conflict):
            return _CONFLICT_PAUSE_SECONDS
        pause = _FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures - 1, 10)
        return min(pause, _LONGEST_PAUSE_SECONDS)
