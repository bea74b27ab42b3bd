"""Hands over what was not understood to be kept, once the turn is answered."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from actions.clock import CHICAGO, real_now
from actions.healing_map.models import NOT_UNDERSTOOD, sessions
from actions.healing_map.unanswered import NotUnderstood, delete_old, keep
from actions.texts import LANGUAGES

log = logging.getLogger(__name__)


def not_understood_in(tracker: DialogueStateTracker) -> NotUnderstood | None:
    """Return the text of the turn that begins, if it was not understood and may be kept.

    While a form is open nothing may: even what sounds like a question may be an answer, and
    answers hold names, contacts and addresses.
    """
    parse = tracker.latest_message.parse_data if tracker.latest_message else {}
    if parse.get("decision") not in NOT_UNDERSTOOD or tracker.active_loop_name:
        return None
    language = parse["written_language"]["language"] or tracker.get_slot("language")
    return NotUnderstood(
        parse["text"], language or LANGUAGES[0], parse["decision"], tuple(parse["offers"])
    )


class UnansweredQuestions:
    """Keeps questions in a thread of its own: no turn waits for it, or fails because of it."""

    def __init__(self, engine: Engine, is_on: bool) -> None:
        """Set where they are kept; when it is off nothing new is, and what is old still goes."""
        self._engine = engine
        self._is_on = is_on
        self._thread = ThreadPoolExecutor(1, "unanswered")

    def keep(self, said: NotUnderstood) -> None:
        """Have a text kept, as soon as the thread comes to it."""
        if self._is_on:
            with suppress(RuntimeError):  # closed already; the person still gets the answer
                self._thread.submit(self._keep, said, _today())

    def _keep(self, said: NotUnderstood, today: date) -> None:
        try:
            with sessions(self._engine).begin() as session:
                keep(session, said, today)
        except Exception as error:
            log.error("unanswered question not kept: reason=%s", type(error).__name__)

    async def delete_old(self) -> int:
        """Delete what was not asked again for 30 days, and return how many texts that was.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be used.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._delete_old)

    def _delete_old(self) -> int:
        with sessions(self._engine).begin() as session:
            return delete_old(session, _today())

    def close(self) -> None:
        """Wait for what is being kept."""
        self._thread.shutdown()


def _today() -> date:
    return real_now().astimezone(CHICAGO).date()
