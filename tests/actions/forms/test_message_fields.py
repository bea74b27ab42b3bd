"""What answers the questions of the message form, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.answers import Fit, Misfit
from actions.forms.message import MESSAGE_FORM
from actions.forms.message_fields import MESSAGE_FIELDS, consent
from actions.healing_map.models import AUTHOR_NAME_LENGTH, MESSAGE_LENGTH
from tests.actions.forms.filling import field_of, read

TEXT, AUTHOR, AREA, CONSENT = (
    field_of(MESSAGE_FORM, name) for name in ("text", "author", "area", "consent")
)


def test_the_fields_are_those_that_other_programs_know_in_the_order_of_the_questions() -> None:
    assert MESSAGE_FIELDS == (TEXT, AUTHOR, AREA, CONSENT)


def test_a_message_keeps_its_lines_and_may_have_1000_characters() -> None:
    assert read(TEXT, "We heal.\nTogether.") == Fit({"text": "We heal.\nTogether."})
    assert isinstance(read(TEXT, "x" * MESSAGE_LENGTH), Fit)
    too_long = {"length": "1,001", "most": "1,000"}
    assert read(TEXT, "x" * (MESSAGE_LENGTH + 1)) == Misfit("text_misfit", too_long)


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("Anonymous", "inform"),
        ("anon", "inform"),
        ("sin mi nombre", "inform"),
        ("anónimo", "inform"),
        ("none", "inform"),
        ("no", "deny"),
        ("skip", "skip"),
    ],
)
def test_a_message_can_stay_anonymous(typed: str, intent: str) -> None:
    assert read(AUTHOR, typed, intent) == Fit({"author": ""})


@pytest.mark.parametrize("typed", ["Ana", "A neighbor from Pilsen", "¿Quién?"])
def test_any_name_can_stand_under_a_message(typed: str) -> None:
    assert read(AUTHOR, typed) == Fit({"author": typed})


def test_a_name_that_is_none_or_too_long_is_said_so() -> None:
    assert read(AUTHOR, "🙂") == Misfit("author_empty")
    finding = read(AUTHOR, "x" * (AUTHOR_NAME_LENGTH + 1))
    assert isinstance(finding, Misfit)
    assert finding.problem == "author_misfit"


def test_a_message_needs_no_area() -> None:
    assert read(AREA, "no gracias") == Fit({"area": ""})
    assert read(AREA, "I would rather not", "deny") == Fit({"area": ""})
    assert read(AREA, "Pilsen") == Fit({"area": "Lower West Side"})


@pytest.mark.parametrize("intent", ["affirm", "submit"])
def test_yes_is_the_consent(intent: str) -> None:
    assert read(CONSENT, "sure, go ahead", intent) == Fit({"consent": "yes"}) == consent("yes")


def test_without_consent_there_is_no_answer_yet() -> None:
    assert read(CONSENT, "rather not", "deny") == Misfit("consent_refused") == consent("no")


@pytest.mark.parametrize("typed", ["maybe", "1", "public", ""])
def test_what_is_no_clear_yes_is_no_consent(typed: str) -> None:
    assert read(CONSENT, typed) == Misfit("consent_misfit")
    assert isinstance(consent(typed), Misfit)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["inform", "affirm", "deny", "skip", "submit"]))
def test_no_text_breaks_a_reader(typed: str, intent: str) -> None:
    for field in MESSAGE_FIELDS:
        assert isinstance(read(field, typed, intent), Fit | Misfit)
