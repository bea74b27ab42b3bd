"""Whose conversation it is."""

from __future__ import annotations

import pytest

from actions.people import is_group, person_of


@pytest.mark.parametrize("conversation", ["telegram:55", "terminal:me", "me", "", "telegram:"])
def test_a_private_conversation_is_its_person(conversation: str) -> None:
    assert not is_group(conversation)
    assert person_of(conversation) == conversation


@pytest.mark.parametrize("conversation", ["telegram:-100200:55", "telegram:-7:55"])
def test_a_person_in_a_group_is_the_one_of_their_private_chat(conversation: str) -> None:
    assert is_group(conversation)
    assert person_of(conversation) == "telegram:55" == person_of("telegram:55")
