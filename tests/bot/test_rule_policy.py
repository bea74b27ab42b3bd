"""The rule policy made quick: in real conversations it predicts what Rasa's own does."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Iterator

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import rule_policy
from bot.assistant import Assistant
from tests.conversation import Conversation, Talk


@pytest.fixture
def quick(assistant: Assistant) -> RulePolicy:
    """The assistant's policy."""
    nodes = assistant._agent.processor.graph_runner._nodes.values()
    [policy] = [it._component for it in nodes if isinstance(it._component, RulePolicy)]
    return policy


@pytest.fixture
def plain(quick: RulePolicy) -> RulePolicy:
    """The same policy as Rasa loaded it."""
    plain = copy.copy(quick)
    for name in ("_prediction_states", "_get_possible_keys"):
        vars(plain).pop(name)
    return plain


def moments(assistant: Assistant, conversation: Conversation) -> Iterator[DialogueStateTracker]:
    """Yield a conversation as it was before each action, and at its end."""
    tracker = asyncio.run(assistant._conversations.retrieve(conversation.id))
    assert tracker is not None
    slots = assistant._agent.domain.slots
    events = list(tracker.events)
    for number, event in enumerate(events):
        if isinstance(event, ActionExecuted) and number:
            yield DialogueStateTracker.from_events(conversation.id, events[:number], slots)
    yield tracker


def a_talk_of_questions(talk: Talk) -> Conversation:
    conversation = talk()
    for text in ("hello", "What is racial healing?", "asdfghjkl", "thanks", "events in Pilsen"):
        conversation.types(text)
    return conversation


def a_talk_with_forms(talk: Talk) -> Conversation:
    conversation = talk()
    conversation.types("I want to host an event")
    conversation.taps("🟠 Learning")
    conversation.types("What is TRHT?")
    conversation.types("Book club")
    return conversation


@pytest.mark.parametrize("talked", [a_talk_of_questions, a_talk_with_forms])
def test_it_predicts_what_rasas_own_predicts(
    assistant: Assistant,
    quick: RulePolicy,
    plain: RulePolicy,
    talk: Talk,
    talked: Callable[[Talk], Conversation],
) -> None:
    domain = assistant._agent.domain
    seen = 0
    for tracker in moments(assistant, talked(talk)):
        ours = quick.predict_action_probabilities(tracker, domain)
        theirs = plain.predict_action_probabilities(tracker, domain)
        assert ours.probabilities == theirs.probabilities
        assert ours.events == theirs.events
        seen += 1
    assert seen >= 4


def test_a_situation_that_no_rule_knows_is_left_to_the_fallback_as_before(
    assistant: Assistant, quick: RulePolicy, plain: RulePolicy
) -> None:
    domain = assistant._agent.domain
    events = [ActionExecuted("action_listen"), UserUttered("x", {"name": "nobody_says_this"})]
    tracker = DialogueStateTracker.from_events("test:strange", events, domain.slots)

    ours = quick.predict_action_probabilities(tracker, domain)

    assert ours.probabilities == plain.predict_action_probabilities(tracker, domain).probabilities
    assert domain.action_names_or_texts[ours.max_confidence_index] == "action_out_of_scope"


def test_no_more_situations_are_remembered_than_memory_allows(
    assistant: Assistant, plain: RulePolicy, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_policy, "_MOST_SITUATIONS", 2)
    quick = copy.copy(plain)
    rule_policy.quicken(quick)
    domain = assistant._agent.domain

    for tracker in moments(assistant, a_talk_of_questions(talk)):
        ours = quick.predict_action_probabilities(tracker, domain)
        assert (
            ours.probabilities == plain.predict_action_probabilities(tracker, domain).probabilities
        )
