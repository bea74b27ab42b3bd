"""The assistant: takes a turn, gives back replies, and never leaves anyone without an answer."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage

from actions.texts import LANGUAGES, text
from bot.conversations import ConversationStore
from bot.language import language_of_hint
from bot.rasa_in_process import CollectedMessages, HandledTurn, InProcessAgent, load_agent
from bot.replies import Reply, reply_from
from bot.turns import Turn, Typed, meaning_of
from bot.unanswered import UnansweredQuestions

log = logging.getLogger(__name__)

# Rasa's own intents, which would restart the conversation or lead nowhere.
_NOT_ON_BUTTONS = frozenset({"restart", "back", "session_start", "nlu_fallback"})
# What is no text, and neither a database nor the map takes (see healing_map/drafts.py).
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


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


class Assistant:
    """Holds the model and the conversations; safe for many turns at once on one event loop."""

    def __init__(
        self, model: Path, conversations: ConversationStore, unanswered: UnansweredQuestions
    ) -> None:
        """Load the model and warm it up.

        Raises:
            Exception: whatever Rasa raises for a file that is missing or no model.
        """
        self._conversations = conversations
        self._unanswered = unanswered
        self._agent: InProcessAgent = load_agent(model, conversations)
        self._intents = frozenset(self._agent.domain.intents) - _NOT_ON_BUTTONS
        self.understand("warm up")

    def understand(self, typed: str) -> dict[str, Any]:
        """Return what the model finds in a text, without a conversation; takes 10 to 50 ms."""
        return self._agent.processor.understand(typed)

    async def handle(self, turn: Turn) -> Answer:
        """Handle a turn and store what came of it. Turns of one conversation wait in line."""
        started = time.monotonic()
        channel = CollectedMessages()
        try:
            async with self._agent.lock_store.lock(turn.conversation):
                handled = await self._agent.processor.handle_turn(self._message(turn, channel))
            # In a thread, because pictures are drawn here.
            answer = await asyncio.to_thread(_answer, handled, channel)
            if handled.not_understood:
                self._unanswered.keep(handled.not_understood)
        except Exception as error:
            log.error("turn failed: update=%s", turn.update_id, exc_info=error)
            answer = _failure(turn.language_hint)
        log.info(
            "turn: update=%s intent=%s replies=%d ms=%.1f",
            turn.update_id,
            (answer.intent or {}).get("name"),
            len(answer.replies),
            1000 * (time.monotonic() - started),
        )
        return answer

    async def delete_old(self) -> None:
        """Delete the conversations that nobody went on with and the questions that nobody asked
        again for 30 days.
        """
        conversations = await self._conversations.delete_old()
        questions = await self._unanswered.delete_old()
        log.info("deleted old: conversations=%d questions=%d", conversations, questions)

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
            return UserMessage(_UNSTORABLE.sub(" ", turn.content.text), **common)
        meaning = meaning_of(turn.content, self._intents)
        parse_data = {
            "intent": {"name": meaning.intent, "confidence": 1.0},
            "entities": [{"entity": name, "value": value} for name, value in meaning.entities],
        }
        return UserMessage(f"/{meaning.intent}", parse_data=parse_data, **common)


def _answer(handled: HandledTurn, channel: CollectedMessages) -> Answer:
    tracker = handled.tracker
    replies = tuple(reply_from(message) for message in channel.messages)
    language = tracker.get_slot("language") or LANGUAGES[0]
    if not replies:
        return _failure(language)
    asking = tracker.get_slot("requested_slot") if tracker.active_loop_name else None
    return Answer(replies, handled.intent, tracker.active_loop_name, asking, language)


def _failure(language_hint: str | None) -> Answer:
    language = language_of_hint(language_hint) or LANGUAGES[0]
    return Answer((Reply(text("failure", language)),), None, None, None, language)
