"""The side questions of the event form: a past date, several places, what a host is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.answers import AskAnew, Asked, Finding, Fit, Misfit, SideQuestion
from actions.forms.draft import CHECK
from actions.forms.event import EVENT_FORM
from actions.forms.side_questions import SIDE_QUESTIONS
from actions.texts import LANGUAGES, text
from tests.actions.forms.filling import ELLIS, NOW, PILSEN

PAST = {"start": "2020-12-01T15:00:00-06:00", "end": "2020-12-01T17:00:00-06:00"}
HUMBOLDT_PARK: dict[str, Any] = {**PILSEN, "name": "Humboldt Park", "area": "Humboldt Park"}
SIDES: dict[str, dict[str, Any]] = {
    "when_check": {"when": PAST},
    "place_check": {"places": [HUMBOLDT_PARK, PILSEN]},
    "host_check": {"name": "Austin Weavers"},
}
SHARED: dict[str, Any] = {**ELLIS, "name": "Oakland", "address": ""}


def reading(asked: str, typed: str, intent: str = "inform", **side: Any) -> Finding:
    reader = SIDE_QUESTIONS[asked]
    return reader.read(Asked(typed, intent, "en", NOW, {}, side or SIDES[asked]))


def chosen(asked: str, value: str, **side: Any) -> Finding | None:
    return SIDE_QUESTIONS[asked].choose(side or SIDES[asked], value)


def choices(asked: str, language: str, **side: Any) -> list[tuple[str, str]]:
    return SIDE_QUESTIONS[asked].choices(side or SIDES[asked], language)


def test_every_side_question_is_about_a_field() -> None:
    assert {name.removesuffix(CHECK) for name in SIDE_QUESTIONS} <= {
        field.name for field in EVENT_FORM.fields
    }


@pytest.mark.parametrize("asked", SIDES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_side_question_has_words_and_buttons_that_work(asked: str, language: str) -> None:
    assert "{" not in SIDE_QUESTIONS[asked].question(SIDES[asked], language, NOW)
    for title, value in choices(asked, language):
        assert title
        assert isinstance(chosen(asked, value), Fit | AskAnew)


@pytest.mark.parametrize("asked", SIDES)
@pytest.mark.parametrize(
    "value", ["", "9", "-1", "²", "0001", "99999999999", "public", "learning", "yes!"]
)
def test_a_forged_choice_is_none(asked: str, value: str) -> None:
    assert chosen(asked, value) is None


def test_a_past_date_is_taken_with_a_yes() -> None:
    assert chosen("when_check", "yes") == Fit({"when": PAST})
    assert reading("when_check", "yes it was", "affirm") == Fit({"when": PAST})


def test_a_past_date_that_was_not_meant_is_asked_anew() -> None:
    assert chosen("when_check", "no") == AskAnew()
    assert reading("when_check", "no", "deny") == AskAnew()


def test_a_no_can_bring_the_right_date_along() -> None:
    finding = reading("when_check", "no, December 12 from 3 to 5", "deny")
    assert isinstance(finding, Fit)
    assert finding.answers["when"]["start"] == "2020-12-12T15:00:00-06:00"
    assert reading("when_check", "no, Saturday", "deny") == SideQuestion(
        {"day": "2020-12-12"}, has_name=False
    )


def test_what_says_nothing_of_a_past_date_is_no_answer() -> None:
    finding = reading("when_check", "hm")
    assert isinstance(finding, Misfit)
    assert finding.problem == "when_misfit"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("1", HUMBOLDT_PARK),
        ("2.", PILSEN),
        ("Pilsen", PILSEN),
        ("PILSEN", PILSEN),
        ("Lower West Side", PILSEN),
        ("humboldt", HUMBOLDT_PARK),
    ],
)
def test_one_of_several_places_is_named(typed: str, place: dict[str, Any]) -> None:
    assert reading("place_check", typed) == Fit({"place": place})


def test_another_place_than_those_found_is_taken_as_well() -> None:
    finding = reading("place_check", "4100 S Ellis Ave")
    assert isinstance(finding, Fit)
    assert finding.answers["place"]["address"] == "4100 S Ellis Ave"


@pytest.mark.parametrize(("typed", "intent"), [("0", "inform"), ("3", "inform"), ("yes", "affirm")])
def test_what_names_none_of_several_places_is_asked_again(typed: str, intent: str) -> None:
    finding = reading("place_check", typed, intent)
    assert finding == Misfit("choice_misfit", side=SIDES["place_check"])


def test_none_of_the_places_asks_for_another() -> None:
    assert chosen("place_check", "none") == AskAnew()
    assert reading("place_check", "no", "deny") == AskAnew()


def test_a_shared_place_is_taken_with_a_yes_and_left_with_a_no() -> None:
    shared = {"places": [SHARED]}
    assert [value for _, value in choices("place_check", "en", **shared)] == ["yes", "no"]
    assert chosen("place_check", "yes", **shared) == Fit({"place": SHARED})
    assert reading("place_check", "yes", "affirm", **shared) == Fit({"place": SHARED})
    assert chosen("place_check", "no", **shared) == AskAnew()
    assert "Oakland" in SIDE_QUESTIONS["place_check"].question(shared, "en", NOW)


@pytest.mark.parametrize(
    ("typed", "host_type"),
    [
        ("An organization", "organization"),
        ("somos un grupo", "organization"),
        ("One person", "individual"),
        ("solo yo", "individual"),
    ],
)
def test_what_a_host_is_can_be_typed(typed: str, host_type: str) -> None:
    host = {"name": "Austin Weavers", "type": host_type}
    assert reading("host_check", typed) == Fit({"host": host})
    assert chosen("host_check", host_type) == Fit({"host": host})


@pytest.mark.parametrize(("typed", "intent"), [("yes", "affirm"), ("no", "deny"), ("x", "inform")])
def test_what_does_not_say_what_a_host_is_keeps_the_name(typed: str, intent: str) -> None:
    finding = reading("host_check", typed, intent)
    assert finding == Misfit("choice_misfit", side=SIDES["host_check"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_names_what_it_is_about(language: str) -> None:
    def question(asked: str) -> str:
        return SIDE_QUESTIONS[asked].question(SIDES[asked], language, NOW)

    assert "Austin Weavers" in question("host_check")
    assert ("December 1" if language == "en" else "1 de diciembre") in question("when_check")
    titles = [title for title, _ in choices("place_check", language)]
    assert titles == [
        "Humboldt Park",
        "Pilsen (Lower West Side)",
        text("event_place_none", language),
    ]


@settings(deadline=None)
@given(
    st.sampled_from(sorted(SIDES)),
    st.text(max_size=40) | st.text("0123456789. noyes", max_size=40),
    st.sampled_from(["inform", "affirm", "deny"]),
)
def test_no_text_breaks_a_side_question(asked: str, typed: str, intent: str) -> None:
    assert isinstance(reading(asked, typed, intent), Fit | Misfit | SideQuestion | AskAnew)
    assert isinstance(chosen(asked, typed), Fit | AskAnew | None)
