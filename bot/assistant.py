"""The assistant: takes a turn, gives back replies, and never leaves anyone without an answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from rasa.core.channels.channel import UserMessage
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from actions.clock import real_now
from actions.conversation import language_of
from actions.healing_map import geocoder
from actions.healing_map.database import is_out_of_reach
from actions.healing_map.drafts import UNSTORABLE
from actions.texts import text
from bot import metrics
from bot.conversations import ConversationStore, MovedOn
from bot.language import language_of_hint, language_to_begin
from bot.locks import ConversationLocks
from bot.rasa_in_process import CollectedMessages, HandledTurn, InProcessAgent, load_agent
from bot.replies import Reply, replies_from
from bot.transactions import Transactions, patiently
from bot.turns import Turn, Typed, meaning_of
from bot.unanswered import UnansweredQuestions

log = logging.getLogger(__name__)

# Rasa's own intents, which would restart the conversation or lead nowhere.
_NOT_ON_BUTTONS = frozenset({"restart", "back", "session_start", "nlu_fallback"})

Kept_co = TypeVar("Kept_co", covariant=True)


@dataclass(frozen=True)
class Answer:
    """What came of a turn.

    Attributes:
        replies: what to say, in order; never empty.
        intent: {"name", "confidence"} of what was understood, or None after a failure.
        form: the form that is open, or None.
        asking: the field that the form asks about, or None.
        language: "en" or "es".
    """

    replies: tuple[Reply, ...]
    intent: dict[str, Any] | None
    form: str | None
    asking: str | None
    language: str


@dataclass(frozen=True)
class Said:
    """What the assistant says in a turn.

    Attributes:
        messages: as Rasa's actions described them; pictures are not drawn yet. Never empty.
        language: "en" or "es".
    """

    messages: Sequence[dict[str, Any]]
    language: str


class TakenBefore(Exception):
    """A turn has taken effect already."""


class Record(Protocol[Kept_co]):
    """What a channel stores together with a turn, so that it takes effect once."""

    def is_taken(self, connection: Connection) -> bool:
        """Tell whether the turn has taken effect already."""

    def store(self, connection: Connection, said: Said) -> Kept_co:
        """Store, in the turn's transaction, that it took effect, and what is to be said.

        Raises:
            TakenBefore: it has taken effect meanwhile; nothing of the turn is stored.
        """


class Assistant:
    """Holds the model and the conversations; safe for many turns at once on one event loop."""

    def __init__(
        self,
        model: Path,
        conversations: ConversationStore,
        unanswered: UnansweredQuestions,
        locks: ConversationLocks | None = None,
    ) -> None:
        """Load the model and warm it up.

        Args:
            model: the file.
            conversations: where they are.
            unanswered: takes what was not understood.
            locks: keep the turns of a conversation apart; by default those of this process.

        Raises:
            Exception: whatever Rasa raises for a file that is missing or no model.
        """
        self._conversations = conversations
        self._unanswered = unanswered
        self._agent: InProcessAgent = load_agent(model, conversations)
        self._locks = locks or ConversationLocks()
        self._intents = frozenset(self._agent.domain.intents) - _NOT_ON_BUTTONS
        self.understand("warm up")

    @property
    def transactions(self) -> Transactions:
        """Where the conversations are stored, and what a channel stores with them."""
        return self._conversations.transactions

    def understand(self, typed: str) -> dict[str, Any]:
        """Return what the model finds in a text, without a conversation; takes 10 to 50 ms."""
        return self._agent.processor.understand(typed)

    async def handle(self, turn: Turn) -> Answer:
        """Handle a turn, store what came of it, and return the answer.

        Turns of one conversation wait in line. While the database is out of reach it is waited
        for, but not long: then the answer is an apology, and nothing of the turn is stored.
        """
        try:
            taken = await self._take(turn, _Unrecorded(), _give_up)
            return await _answer(taken)
        except Exception as error:
            log.error("turn failed: update=%s", turn.update_id, exc_info=error)
            return await _answer(_Taken(_apology(turn), None, None))

    async def take(
        self, turn: Turn, record: Record[Kept_co], on_delay: Callable[[Exception], None]
    ) -> Kept_co | None:
        """Handle a turn once, and store what came of it together with what the record stores.

        However long the database is out of reach, it is waited for. A failure of another kind is
        apologized for, and the turn counts as taken: it would fail again.

        Args:
            turn: whose turns of one conversation wait in line.
            record: knows whether the turn has taken effect before.
            on_delay: is called, with the error, when people have waited long for the database.

        Returns:
            what the record returned for what is to be said; None where it was said before.
        """
        try:
            return (await self._take(turn, record, on_delay)).kept
        except TakenBefore:
            log.info("turn taken before: update=%s", turn.update_id)
            return None

    async def _take(
        self, turn: Turn, record: Record[Kept_co], on_delay: Callable[[Exception], None]
    ) -> _Taken[Kept_co]:
        started = time.monotonic()
        with metrics.TURN_SECONDS.time():
            taken = await patiently(lambda: self._try(turn, record), on_delay)
        handled = taken.handled
        metrics.TURNS.labels(handled.decision if handled else "failure").inc()
        if handled and handled.not_understood:
            self._unanswered.keep(handled.not_understood)
        log.info(
            "turn: update=%s intent=%s replies=%d ms=%.1f",
            turn.update_id,
            handled.intent["name"] if handled else None,
            len(taken.said.messages),
            1000 * (time.monotonic() - started),
        )
        return taken

    async def _try(self, turn: Turn, record: Record[Kept_co]) -> _Taken[Kept_co]:
        """Handle a turn, anew whenever another process was quicker with the conversation.

        Raises:
            TakenBefore: it has taken effect before.
            SQLAlchemyError: the database is out of reach; nothing of the turn is stored.
        """
        while True:
            try:
                async with self._locks.lock(turn.conversation):
                    return await self._try_alone(turn, record)
            except MovedOn:
                log.info("conversation went on elsewhere: update=%s", turn.update_id)
            except TakenBefore:
                raise
            except Exception as error:
                if isinstance(error, SQLAlchemyError) and is_out_of_reach(error):
                    raise
                log.error("turn failed: update=%s", turn.update_id, exc_info=error)
                said = _apology(turn)
                return _Taken(said, await self.transactions.run(record.store, said), None)

    async def _try_alone(self, turn: Turn, record: Record[Kept_co]) -> _Taken[Kept_co]:
        def check(connection: Connection) -> None:
            if record.is_taken(connection):
                raise TakenBefore

        tracker = await self._conversations.begin(turn.conversation, check)
        channel = CollectedMessages()
        handled = await self._agent.processor.handle_turn(self._message(turn, channel), tracker)
        language = language_of(handled.tracker)
        said = Said(channel.messages, language) if channel.messages else _failure(language)
        kept = await self._conversations.commit(
            handled.tracker, lambda connection: record.store(connection, said)
        )
        return _Taken(said, kept, handled)

    async def language_of(self, turn: Turn) -> str:
        """Return the language that a turn's conversation is in, without taking the turn.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be used.
        """
        tracker = await self._conversations.retrieve(turn.conversation)
        language = tracker.get_slot("language") if tracker else None
        return language or language_to_begin(turn.language_hint)

    async def delete_old(self) -> None:
        """Delete, after 30 days, the conversations that nobody went on with, the questions that
        nobody asked again, and what the geocoder found.
        """
        conversations = await self._conversations.delete_old()
        questions = await self._unanswered.delete_old()
        places = await self.transactions.run(geocoder.delete_old, real_now())
        log.info(
            "deleted old: conversations=%d questions=%d places=%d", conversations, questions, places
        )

    def close(self) -> None:
        """Wait for what is being stored, and let the database go."""
        self._unanswered.close()
        self._conversations.close()

    def _message(self, turn: Turn, channel: CollectedMessages) -> UserMessage:
        hint = language_of_hint(turn.language_hint)
        metadata = {"language_hint": hint} if hint else {}
        common = {
            "output_channel": channel,
            "sender_id": turn.conversation,
            "message_id": turn.update_id,
            "metadata": metadata,
        }
        if isinstance(turn.content, Typed):
            return UserMessage(UNSTORABLE.sub(" ", turn.content.text), **common)
        meaning = meaning_of(turn.content, self._intents)
        return UserMessage(f"/{meaning.intent}", parse_data=meaning.as_parse(), **common)


@dataclass(frozen=True)
class _Taken(Generic[Kept_co]):
    """What came of a turn.

    Attributes:
        said: what is to be said.
        kept: what the channel's record returned.
        handled: what Rasa made of it; None after a failure.
    """

    said: Said
    kept: Kept_co
    handled: HandledTurn | None


class _Unrecorded:
    """The record of a channel that delivers each turn once."""

    def is_taken(self, connection: Connection) -> bool:
        return False

    def store(self, connection: Connection, said: Said) -> None:
        return None


def _give_up(error: Exception) -> None:
    raise error


async def _answer(taken: _Taken[None]) -> Answer:
    replies = tuple(await replies_from(taken.said.messages))
    language = taken.said.language
    if taken.handled is None:
        return Answer(replies, None, None, None, language)
    tracker = taken.handled.tracker
    asking = tracker.get_slot("requested_slot") if tracker.active_loop_name else None
    return Answer(replies, taken.handled.intent, tracker.active_loop_name, asking, language)


def _apology(turn: Turn) -> Said:
    return _failure(language_to_begin(turn.language_hint))


def _failure(language: str) -> Said:
    return Said([{"text": text("failure", language)}], language)
