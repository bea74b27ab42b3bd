"""Where the assistant departs from Rasa 3.6.21, each departure small and with its reason.

Rasa is run inside of this process, with the actions beside it and no HTTP between them.
tests/bot/test_rasa_in_process.py fails when Rasa changes under one of these.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.graph import ExecutionContext, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions.healing_map.unanswered import NotUnderstood
from bot.context import in_context, is_answer, situation_of
from bot.language import language_to_follow
from bot.remembered import RememberedParses
from bot.rule_policy import quicken
from bot.unanswered import not_understood_in
from nlu.outcome import ANSWER, CRISIS

_KEPT_RANKS = 5
_READERS = ThreadPoolExecutor(2, "reader")
"""Where typed text is understood: more threads than cores would only get in each other's way."""


class InProcessActions(EndpointConfig):
    """Runs the actions of a package here instead of calling an action server.

    Why: a call over HTTP costs 10 to 20 ms and a second process; this costs 0.1 ms.
    """

    def __init__(self, package: str) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action that a request's JSON body names; errors look as the server's would."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as error:
            body = {"action_name": error.action_name, "error": error.message}
            raise ClientResponseError(400, "rejected", json.dumps(body)) from error
        except ActionNotFoundException as error:
            raise ClientResponseError(404, "not found", str(error)) from error


def skip_schema_check_of_actions() -> None:
    """Do not check what an action returns against a JSON schema.

    Why: Rasa checks the schema itself at every call, about 25 ms, 88% of a form's turn; the
    executor has checked the events already.
    """
    RemoteAction._validate_action_result = lambda self, result: True


_class_of_event = cache(Event.resolve_by_type)


def remember_types_of_events() -> None:
    """Find the class of an event by its name once, and remember it.

    Why: Rasa goes through all classes of events for every event of a conversation that it reads,
    a seventh of a turn's time. The classes are those that are imported, which do not change.
    """
    Event.resolve_by_type = staticmethod(_class_of_event)


class StraightRunner(GraphRunner):
    """Runs the nodes of a loaded model one after the other.

    Why: Rasa builds and orders a graph of tasks anew for each text and each prediction, and has it
    run by a scheduler for many machines; here the order is found once, and then followed.
    """

    def __init__(self, loaded: DaskGraphRunner) -> None:
        """Take over the nodes that Rasa loaded."""
        self._nodes = loaded._instantiated_nodes
        for node in self._nodes.values():
            if isinstance(node._component, RulePolicy):
                quicken(node._component)
        self._schema = loaded._graph_schema
        self._orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StraightRunner:
        """Load the nodes (see the parent class)."""
        return cls(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Return the outputs of the targets by their names (see the parent class)."""
        wanted = tuple(targets or self._schema.target_names)
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(wanted):
            outputs[name] = self._nodes[name](*(outputs[need] for need in needs))
        return dict(outputs[target] for target in wanted)

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """Return the nodes that lead to the targets, each after those that it needs."""
        if targets not in self._orders:
            nodes = self._schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: list(node.needs.values()) for name, node in nodes.items()}
            # What no node gives is an input.
            order = [name for name in TopologicalSorter(needs).static_order() if name in needs]
            self._orders[targets] = [(name, needs[name]) for name in order]
        return self._orders[targets]


class CollectedMessages(OutputChannel):
    """Keeps what the assistant says until the turn is stored.

    Why: Rasa sends inside of the turn, before it is saved; a crash between would tell people of
    something that never happened.
    """

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "collected"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the message whole: text, buttons and custom values together."""
        self.messages.append(message)


@dataclass(frozen=True)
class HandledTurn:
    """What came of a turn.

    Attributes:
        intent: {"name", "confidence"} of what was understood.
        decision: what became of a typed text (see nlu/outcome.py); what says itself what it means
            is answered.
        tracker: the conversation after it, not stored yet.
        not_understood: what was typed, if it was not understood and may be kept.
    """

    intent: dict[str, Any]
    decision: str
    tracker: DialogueStateTracker
    not_understood: NotUnderstood | None


class TurnProcessor(MessageProcessor):
    """Handles one turn, and says what it understood.

    Why: a turn is stored together with the answer to it (see bot/assistant.py). And typed text is
    understood in a worker thread (the encoders release the interpreter's lock), so that it does
    not hold up other conversations.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Load the model (see the parent class)."""
        super().__init__(*args, **kwargs)
        self._remembered = RememberedParses(self._parse)

    async def handle_turn(self, message: UserMessage, tracker: DialogueStateTracker) -> HandledTurn:
        """Do what `handle_message` does with a conversation that was read, up to the storing."""
        await self._update_tracker_session(tracker, message.output_channel, message.metadata)
        await self._handle_message_with_tracker(message, tracker)
        intent = {key: tracker.latest_message.intent[key] for key in ("name", "confidence")}
        decision = tracker.latest_message.parse_data.get("decision", ANSWER)
        not_understood = not_understood_in(tracker)
        tracker = await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
        return HandledTurn(intent, decision, tracker, not_understood)

    def understand(self, typed: str) -> dict[str, Any]:
        """Return what the pipeline finds in a text.

        Without a slash at its beginning, by which Rasa takes a text for a payload such as
        `/intent{"slot": 1}`: typed text is only ever text.
        """
        return self._remembered.parse(typed)

    def _parse(self, typed: str) -> dict[str, Any]:
        message = UserMessage(typed.lstrip().lstrip("/ "))
        nobody = DialogueStateTracker.from_events("", [])  # the pipeline does not look at it
        return {"intent_ranking": [], **self._parse_message_with_graph(message, nobody)}

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Understand typed text, and whether the conversation follows its language."""
        tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        parse = await asyncio.get_running_loop().run_in_executor(
            _READERS, copy_context().run, self.understand, message.text or ""
        )
        parse["entities"] = []
        parse = in_context(parse, situation_of(tracker), frozenset(self.domain.intents))
        parse["intent_ranking"] = parse["intent_ranking"][:_KEPT_RANKS]
        current = tracker.get_slot("language")
        if is_answer(parse) and current:
            return parse
        language = language_to_follow(
            current,
            bool(tracker.get_slot("language_chosen")),
            parse["written_language"],
            is_crisis=parse["decision"] == CRISIS,
        )
        if language:
            parse["entities"].append({"entity": "language", "value": language})
        return parse


class InProcessAgent(Agent):
    """Rasa's agent with the processor above and a store that says when it fails.

    Why: Rasa offers no way to name another processor; and it wraps every store, so that a
    database that is gone looks like an empty conversation, which is then saved to memory only.
    """

    processor: TurnProcessor

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore | None:
        """Return the store as it is."""
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a trained model.

        Raises:
            Exception: whatever Rasa raises for a file that is missing or no model.
        """
        self.processor = TurnProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.processor.graph_runner = StraightRunner(self.processor.graph_runner)
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain


def load_agent(model: Path, tracker_store: TrackerStore) -> InProcessAgent:
    """Return an agent that runs everything in this process.

    Args:
        model: the file.
        tracker_store: where the conversations are.

    Raises:
        Exception: whatever Rasa raises for a file that is missing or no model.
    """
    skip_schema_check_of_actions()
    remember_types_of_events()
    agent = InProcessAgent(tracker_store=tracker_store, action_endpoint=InProcessActions("actions"))
    agent.load_model(model)
    return agent
