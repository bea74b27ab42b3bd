"""A form: what it asks next, where it goes back to, and which answers a change makes void."""

from __future__ import annotations

from typing import Any

import pytest

from actions.forms.draft import CONFIRM
from actions.forms.event import EVENT_FORM
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from tests.actions.forms.filling import ELLIS, EVENT, MESSAGE, PILSEN

VIRTUAL = {
    **{name: it for name, it in EVENT.items() if name not in ("accessibility", "visibility")},
    "format": "virtual",
    "place": {},
    "link": "https://zoom.us/j/1",
}


def without(answers: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: answer for name, answer in answers.items() if name not in names}


@pytest.mark.parametrize(("form", "answers"), [(EVENT_FORM, EVENT), (MESSAGE_FORM, MESSAGE)])
def test_the_questions_follow_each_other_up_to_the_summary(
    form: Form, answers: dict[str, Any]
) -> None:
    given: dict[str, Any] = {}
    asked = []
    while (name := form.next_field(given)) != CONFIRM:
        asked.append(name)
        given[name] = answers[name]
    assert asked == [field.name for field in form.fields if field.name in answers]


def test_a_virtual_event_is_asked_for_its_link_and_not_for_wheelchairs() -> None:
    names = [field.name for field in EVENT_FORM.asked_fields(VIRTUAL)]
    assert "link" in names
    assert "accessibility" not in names
    assert "visibility" not in names


def test_what_is_answered_already_is_not_asked() -> None:
    assert EVENT_FORM.next_field({"kind": "learning", "when": EVENT["when"]}) == "title"
    assert EVENT_FORM.next_field(EVENT) == CONFIRM


def test_a_skipped_answer_is_not_asked_again() -> None:
    assert MESSAGE_FORM.next_field({"text": "We heal.", "author": "", "area": ""}) == "consent"


@pytest.mark.parametrize(
    ("name", "before"),
    [("kind", None), ("title", "kind"), ("format", "when"), (CONFIRM, "visibility")],
)
def test_back_leads_to_the_answer_before(name: str, before: str | None) -> None:
    assert EVENT_FORM.field_before(name, EVENT) == before


def test_back_passes_over_what_was_not_answered() -> None:
    given = without(EVENT, "title", "when")
    assert EVENT_FORM.field_before("format", given) == "kind"
    assert EVENT_FORM.field_before("title", {}) is None


def test_a_field_is_found_by_its_name() -> None:
    assert EVENT_FORM.field("title") in EVENT_FORM.fields
    assert EVENT_FORM.field("text") is None
    assert EVENT_FORM.field(CONFIRM) is None


def test_another_place_has_to_be_asked_how_exactly_it_is_shown() -> None:
    moved = EVENT_FORM.settled(EVENT, {"place": {**ELLIS, "address": "9525 S Halsted St"}})
    assert EVENT_FORM.next_field(moved) == "visibility"


def test_the_same_place_again_voids_nothing() -> None:
    assert EVENT_FORM.settled(EVENT, {"place": ELLIS}) == EVENT


def test_of_an_area_nothing_is_asked_about_exactness() -> None:
    moved = EVENT_FORM.settled(EVENT, {"place": PILSEN})
    assert moved == without({**EVENT, "place": PILSEN}, "visibility")


def test_what_does_not_apply_to_a_virtual_event_is_dropped() -> None:
    settled = EVENT_FORM.settled(EVENT, {"format": "virtual"})
    assert settled == without({**EVENT, "format": "virtual"}, "accessibility")
    assert EVENT_FORM.next_field(settled) == "link"


def test_a_skipped_place_is_asked_once_people_meet_in_person() -> None:
    settled = EVENT_FORM.settled(VIRTUAL, {"format": "in_person"})
    assert "place" not in settled
    assert "link" not in settled
    assert EVENT_FORM.next_field(settled) == "place"


def test_skipped_answers_stay_as_long_as_they_may_be_skipped() -> None:
    given = {**VIRTUAL, "contact": "", "link": ""}
    assert EVENT_FORM.settled(given, {"title": "Circle"}) == {**given, "title": "Circle"}


def test_answers_that_were_there_before_are_not_changed_in_place() -> None:
    before = dict(EVENT)
    EVENT_FORM.settled(before, {"format": "virtual"})
    assert before == EVENT
