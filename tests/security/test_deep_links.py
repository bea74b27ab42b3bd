"""Links into the chat: t.me/<bot>?start=<anything>, which others may spread."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from actions.knowledge import questions
from actions.texts import text
from bot.turns import Command
from tests.conversation import Talk
from tests.security.hostile import CODES, MARKUP, stored_in

WELCOME = text("welcome", "en")
INTENTS = ("delete", "privacy", "submit", "submit_event", "my_submissions", "cancel", "stop")
PAYLOADS = ('/privacy{"choice":"deleted"}', "deleted", "show:H7K2QM", "es", "review:approve:x:1")


@pytest.mark.parametrize("payload", [*INTENTS, *PAYLOADS, *MARKUP, *CODES])
def test_a_link_only_ever_welcomes(talk: Talk, healing_map: Engine, payload: str) -> None:
    before = stored_in(healing_map)
    answer = talk().does(Command("start", payload))
    assert [reply.full_text for reply in answer.replies] == [WELCOME]
    assert (answer.form, answer.language) == (None, "en")
    assert stored_in(healing_map) == before


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text())
def test_any_link_is_answered_with_the_welcome(talk: Talk, payload: str) -> None:
    replies = talk().does(Command("start", payload)).replies
    assert replies[0].full_text == WELCOME
    assert len(replies) == 1 or payload in questions("en")


def test_a_link_does_not_end_what_somebody_has_begun(talk: Talk) -> None:
    host = talk()
    host.types("I want to host an event")
    host.types("learning")
    host.does(Command("start", "cancel"))
    answer = host.types("yes")
    assert (answer.form, answer.asking) == ("event_form", "title")
