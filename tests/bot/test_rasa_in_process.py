"""Each departure from Rasa 3.6.21: that it does what it says, and that Rasa is as it was."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import pytest
import rasa
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk import Action
from rasa_sdk.endpoint import create_app
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as Rejection
from sanic import Sanic

from bot.assistant import Answer, Assistant
from bot.rasa_in_process import (
    CollectedMessages,
    InProcessActions,
    InProcessAgent,
    StraightRunner,
    TurnProcessor,
    skip_schema_check_of_actions,
)
from bot.remembered import RememberedParses
from bot.turns import Command, Turn, Typed
from tests.bot.program_logs import program_logs
from tests.conversation import Talk, text_of


def test_rasa_is_the_version_that_the_departures_were_written_for() -> None:
    assert rasa.__version__ == version("rasa") == "3.6.21"


SIGNATURES: list[tuple[Callable[..., Any], str]] = [
    (
        MessageProcessor.__init__,
        "self model_path tracker_store lock_store generator action_endpoint "
        "max_number_of_predictions on_circuit_break http_interpreter",
    ),
    (MessageProcessor._update_tracker_session, "self tracker output_channel metadata"),
    (MessageProcessor._handle_message_with_tracker, "self message tracker"),
    (MessageProcessor.run_action_extract_slots, "self output_channel tracker"),
    (MessageProcessor._run_prediction_loop, "self output_channel tracker"),
    (MessageProcessor.parse_message, "self message tracker only_output_properties"),
    (MessageProcessor._parse_message_with_graph, "self message tracker only_output_properties"),
    (Agent.load_model, "self model_path fingerprint"),
    (Agent._set_fingerprint, "self fingerprint"),
    (EndpointConfig.request, "self method subpath content_type compress kwargs"),
    (RemoteAction._validate_action_result, "self result"),
    (OutputChannel.send_response, "self recipient_id message"),
    (TrackerStore.save, "self tracker"),
    (TrackerStore.retrieve, "self sender_id"),
    (DialogueStateTracker.from_dict, "sender_id events_as_dict slots max_event_history"),
    (ActionExecutor.register_package, "self package"),
    (ActionExecutor.run, "self action_call"),
]


@pytest.mark.parametrize(
    ("method", "parameters"), SIGNATURES, ids=[method.__qualname__ for method, _ in SIGNATURES]
)
def test_what_is_called_or_overridden_takes_what_it_took(
    method: Callable[..., Any], parameters: str
) -> None:
    assert list(inspect.signature(method).parameters) == parameters.split()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (TurnProcessor.parse_message, MessageProcessor.parse_message),
        (InProcessAgent.load_model, Agent.load_model),
        (CollectedMessages.send_response, OutputChannel.send_response),
        (CollectedMessages.name, OutputChannel.name),
    ],
)
def test_what_overrides_a_method_can_be_called_in_the_same_way(
    ours: Callable[..., Any], theirs: Callable[..., Any]
) -> None:
    own, original = (inspect.signature(it).parameters.values() for it in (ours, theirs))
    assert [(p.name, p.kind) for p in own] == [(p.name, p.kind) for p in original]
    assert inspect.iscoroutinefunction(ours) == inspect.iscoroutinefunction(theirs)


def test_rasa_handles_a_message_in_the_steps_that_a_turn_repeats() -> None:
    source = "".join(
        inspect.getsource(part)
        for part in (
            MessageProcessor.fetch_tracker_and_update_session,
            MessageProcessor.log_message,
            MessageProcessor.handle_message,
        )
    )
    steps = [
        "self.get_tracker(sender_id)",  # which the assistant does
        "self._update_tracker_session(tracker, output_channel, metadata)",
        "self.fetch_tracker_and_update_session(",
        "self._handle_message_with_tracker(message, tracker)",
        "self.log_message(message, should_save_tracker=False)",
        "self.run_action_extract_slots(message.output_channel, tracker)",
        "self._run_prediction_loop(message.output_channel, tracker)",
        "self.save_tracker(tracker)",  # which the assistant does
    ]
    places = [source.rindex(step) for step in steps]
    assert places == sorted(places)


# Actions in this process beside the same actions behind Rasa's action server.


class AnsweringAction(Action):
    def name(self) -> str:
        return "action_test_answer"

    def run(self, dispatcher: Any, tracker: Any, domain: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(
            text=f"You said {tracker.latest_message['text']}",
            buttons=[{"title": "Go", "payload": "/go"}],
            json_message={"heading": "Heading"},
        )
        return [SlotSet("language", "es")]


class RejectingAction(Action):
    def name(self) -> str:
        return "action_test_rejection"

    def run(self, dispatcher: Any, tracker: Any, domain: dict[str, Any]) -> list[dict[str, Any]]:
        raise Rejection(self.name(), "not now")


def call_of(action: str) -> dict[str, Any]:
    tracker = {
        "sender_id": "test",
        "slots": {"language": "en"},
        "latest_message": {"text": "hello", "intent": {"name": "faq_dates"}, "entities": []},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {"next_action": action, "tracker": tracker, "domain": {}, "version": rasa.__version__}


async def outcome(endpoint: EndpointConfig, action: str) -> tuple[Any, ...]:
    """Return what a call of an action comes to: its result, or the error as Rasa sees it."""
    call = call_of(action)
    try:
        return ("result", await endpoint.request(json=call, method="post", compress=False))
    except ClientResponseError as error:
        named = json.loads(error.text) if error.status == 400 else None
        return ("refused", error.status, named)


@asynccontextmanager
async def action_server() -> AsyncIterator[EndpointConfig]:
    """Run Rasa's own action server on the loopback interface."""
    Sanic._app_registry.pop("rasa_sdk", None)
    app = create_app("actions")
    server = await app.create_server(host="127.0.0.1", port=0, return_asyncio_server=True)
    await server.startup()
    port = server.server.sockets[0].getsockname()[1]
    try:
        yield EndpointConfig(f"http://127.0.0.1:{port}/webhook")
    finally:
        server.close()
        await server.wait_closed()


def test_actions_in_this_process_answer_as_the_action_server_would() -> None:
    actions = {
        "action_test_answer": "result",
        "action_faq": "result",
        "action_test_rejection": "refused",
        "action_that_does_not_exist": "refused",
    }

    async def both() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        async with action_server() as server:  # Sanic starts one server a process
            here = InProcessActions("actions")
            return (
                [await outcome(here, action) for action in actions],
                [await outcome(server, action) for action in actions],
            )

    in_process, over_http = asyncio.run(both())
    assert in_process == over_http
    assert [kind for kind, *_ in in_process] == list(actions.values())


def run_as_rasa_does(action: str) -> list[Any]:
    domain = Domain.from_dict({"actions": [action]})
    tracker = DialogueStateTracker.from_events("test", [])
    remote = RemoteAction(action, InProcessActions("actions"))
    nlg = TemplatedNaturalLanguageGenerator({})
    return asyncio.run(remote.run(CollectingOutputChannel(), nlg, tracker, domain))


def test_rasa_gets_an_actions_events_and_messages_from_this_process() -> None:
    said, slot = run_as_rasa_does("action_test_answer")
    assert said.text == "You said None"
    assert said.data["buttons"] == [{"title": "Go", "payload": "/go"}]
    assert (slot.key, slot.value) == ("language", "es")


def test_rasa_takes_a_rejection_from_this_process_for_a_rejection() -> None:
    with pytest.raises(ActionExecutionRejection) as rejected:
        run_as_rasa_does("action_test_rejection")
    assert rejected.value.action_name == "action_test_rejection"
    assert rejected.value.message == "not now"


def test_rasa_takes_an_unknown_action_in_this_process_for_a_failure() -> None:
    with pytest.raises(RasaException, match="action_that_does_not_exist"):
        run_as_rasa_does("action_that_does_not_exist")


def test_rasa_checks_the_schema_of_actions_under_the_name_that_is_skipped() -> None:
    assert "self._validate_action_result(response)" in inspect.getsource(RemoteAction.run)


def test_the_schema_of_actions_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(self: RemoteAction, result: dict[str, Any]) -> bool:
        raise AssertionError("checked")

    monkeypatch.setattr(RemoteAction, "_validate_action_result", check)
    skip_schema_check_of_actions()
    assert run_as_rasa_does("action_test_answer")


# What the assistant says, and what it keeps to itself


def test_a_message_is_kept_whole_until_the_turn_is_stored() -> None:
    channel = CollectedMessages()
    message = {"text": "Hello", "buttons": [{"title": "Go"}], "custom": {"heading": "Hi"}}
    asyncio.run(channel.send_response("test", message))
    assert channel.messages == [message]


def test_nothing_that_people_write_or_read_gets_to_the_output_or_the_log(
    talk: Talk, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def everything_happens() -> None:
        resident = talk()
        resident.types("My name is Zebulon. What is racial healing?")
        resident.types("Zebulon wants a Zebulon pizza")
        resident.types("Zebulon: me quiero matar")
        resident.sends("/start Zebulon")
        resident.sends("/zebulon")
        resident.shares(41.123456, -87.654321)
        resident.sends("/delete")

    with program_logs("DEBUG"):
        everything_happens()
    output = capfd.readouterr()
    with caplog.at_level(logging.INFO):
        everything_happens()

    assert output.out == ""
    assert "intent=crisis" in output.err
    assert "intent=crisis" in caplog.text
    for private in ("zebulon", "41.123", "87.654", "according to truth", "988"):
        assert private not in output.err.casefold()
        assert private not in caplog.text.casefold()


def test_a_text_that_takes_long_to_understand_holds_nobody_else_up(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    understand = TurnProcessor._parse

    def understand_slowly(*args: Any) -> dict[str, Any]:
        assert go_on.wait(timeout=30)
        return understand(assistant._agent.processor, *args)

    async def scenario() -> tuple[Answer, Answer]:
        slow = asyncio.create_task(assistant.handle(Turn("test:slow", Typed("What is TRHT?"))))
        quick = await asyncio.wait_for(assistant.handle(Turn("test:quick", Command("help"))), 20)
        go_on.set()
        return quick, await slow

    monkeypatch.setattr(
        assistant._agent.processor, "_remembered", RememberedParses(understand_slowly)
    )
    quick, slow = asyncio.run(scenario())
    assert quick.intent == {"name": "help", "confidence": 1.0}
    assert text_of(slow).startswith("What is TRHT?")


# The loaded model's nodes, one after the other.


def test_the_nodes_give_what_they_give_when_rasa_runs_them(assistant: Assistant) -> None:
    processor = assistant._agent.processor
    ours = processor.graph_runner
    assert isinstance(ours, StraightRunner)
    theirs = DaskGraphRunner.__new__(DaskGraphRunner)
    theirs._instantiated_nodes, theirs._graph_schema = ours._nodes, ours._schema
    theirs._execution_context = ExecutionContext(ours._schema)
    target = processor.model_metadata.nlu_target

    def found_by(runner: GraphRunner, text: str) -> dict[str, Any]:
        inputs = {
            PLACEHOLDER_MESSAGE: [UserMessage(text)],
            PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("", []),
        }
        [message] = runner.run(inputs, [target])[target]
        return message.as_dict(only_output_properties=True)

    for text in ("What is racial healing?", "hola", "asdf"):
        assert found_by(ours, text) == found_by(theirs, text)


def test_a_class_of_events_is_found_by_its_name_as_before() -> None:
    original = inspect.unwrap(Event.resolve_by_type)
    assert original is not Event.resolve_by_type
    for name in {kind.type_name for kind in all_subclasses(Event)}:
        assert Event.resolve_by_type(name) is original(name)
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("unheard of", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="unheard of"):
        Event.resolve_by_type("unheard of")
