"""The draft of a submission: kept from turn to turn, and put aside for another one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.forms.draft import Draft
from tests.actions.forms.filling import NOW

texts = st.text(max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
drafts = st.builds(
    Draft,
    id=texts,
    answers=st.dictionaries(texts, plain, max_size=4),
    asked=texts,
    misfits=st.integers(0, 9),
    side=st.dictionaries(texts, plain, max_size=3),
    held=texts,
    suggestion=texts,
    editing=texts,
    touched_at=texts,
)


@given(drafts, st.lists(drafts, max_size=3))
def test_a_draft_comes_back_from_its_slot_as_it_was(draft: Draft, waiting: list[Draft]) -> None:
    draft = draft.in_front_of(waiting)
    stored = json.loads(json.dumps(draft.to_slot()))
    assert Draft.from_slot(stored) == draft


@pytest.mark.parametrize("slot", [None, {}])
def test_an_empty_slot_holds_no_draft(slot: dict[str, str] | None) -> None:
    assert Draft.from_slot(slot) is None


def test_every_draft_has_an_id_of_its_own() -> None:
    assert len({Draft().id for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("asked", "field"), [("when", "when"), ("when_check", "when"), ("confirm", "confirm"), ("", "")]
)
def test_a_side_question_is_about_its_field(asked: str, field: str) -> None:
    assert Draft(asked=asked).field_asked == field


def test_answers_and_held_words_would_be_a_loss_and_nothing_else() -> None:
    assert Draft(answers={"kind": "learning"}).is_begun
    assert Draft(held="A peace circle").is_begun
    assert not Draft(asked="kind", suggestion="Book club", misfits=2).is_begun


def test_another_question_begins_anew() -> None:
    draft = Draft(asked="title", misfits=2, held="Why?", side={"words": "x"})
    assert draft.asking("when") == Draft(draft.id, asked="when")
    assert draft.asking("when", {"day": "2020-12-12"}).side == {"day": "2020-12-12"}


def test_the_same_question_again_remembers_what_did_not_fit() -> None:
    draft = Draft(asked="title", misfits=2, held="Why?", side={"words": "x"})
    again = draft.asking("title")
    assert (again.misfits, again.held, again.side) == (2, "Why?", {})


def test_after_six_hours_a_draft_was_left() -> None:
    draft = Draft(touched_at=NOW.isoformat())
    assert not draft.was_left(NOW + timedelta(hours=5, minutes=59))
    assert draft.was_left(NOW + timedelta(hours=6))
    assert not Draft().was_left(NOW)


def test_drafts_that_make_room_stand_in_line_the_latest_first() -> None:
    first = Draft(answers={"title": "First"})
    second = Draft(answers={"title": "Second"}).in_front_of(first.line())
    third = Draft(answers={"title": "Third"}).in_front_of(second.line())
    assert [it.answers["title"] for it in third.line()] == ["Third", "Second", "First"]


def test_an_empty_draft_does_not_wait_and_only_a_few_do() -> None:
    waiting = [Draft(answers={"title": str(number)}) for number in range(5)]
    draft = Draft().in_front_of([Draft(asked="kind"), *waiting])
    assert [it.answers.get("title") for it in draft.line()] == [None, "0", "1", "2"]
