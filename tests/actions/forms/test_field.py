"""Fields of any form: choices, lines and longer texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.forms.answers import Asked, Fit, Misfit
from actions.forms.field import Field, always, is_refusal, read_choice, read_line, read_text
from tests.actions.forms.filling import NOW, read

CHOICES = ("in_person", "virtual", "hybrid")
FORMAT = Field("format", read_choice("format", CHOICES), choices=CHOICES)
TITLE = Field("title", read_line("title", 10), is_open=True)
STORY = Field("description", read_text("description", 10), is_open=True)


@pytest.mark.parametrize(("typed", "choice"), [("1", 0), ("2.", 1), (" 3) ", 2), ("03", 2)])
def test_a_choice_can_be_named_by_its_number(typed: str, choice: int) -> None:
    assert read(FORMAT, typed) == Fit({"format": CHOICES[choice]})


@pytest.mark.parametrize(
    "typed", ["0", "4", "-1", "1.5", "0010", "00100", "1" * 5000, "", "no idea at all"]
)
def test_another_number_is_no_choice(typed: str) -> None:
    assert read(FORMAT, typed) == Misfit("choice_misfit")


def test_a_choice_can_be_named_in_words() -> None:
    assert read(FORMAT, "it will be ONLINE") == Fit({"format": "virtual"})
    assert read(FORMAT, "En línea") == Fit({"format": "virtual"})


def test_a_line_has_no_breaks_and_no_spaces_around_it() -> None:
    assert read(TITLE, "  Open\n\tair \u2028 ") == Fit({"title": "Open air"})


def test_a_longer_text_keeps_its_lines() -> None:
    assert read(STORY, " One \r\n\n two  \n") == Fit({"description": "One\n\ntwo"})


@pytest.mark.parametrize("typed", ["<b>x</b>", "=1+1", "{x}", "%s", "a&amp;b"])
def test_markup_and_formulas_are_only_text(typed: str) -> None:
    assert read(TITLE, typed) == Fit({"title": typed})


def test_a_text_may_have_exactly_so_many_characters() -> None:
    assert read(TITLE, "x" * 10) == Fit({"title": "x" * 10})
    assert read(TITLE, "x" * 11) == Misfit("title_misfit", {"length": "11", "most": "10"})
    assert read(STORY, "x" * 3000) == Misfit(
        "description_misfit", {"length": "3,000", "most": "10"}
    )


@pytest.mark.parametrize("typed", ["", " ", "\n", "!!!", "...", "🙂", "-"])
def test_a_text_without_letters_and_digits_says_nothing(typed: str) -> None:
    assert read(TITLE, typed) == Misfit("title_empty")
    assert read(STORY, typed) == Misfit("description_empty")


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("none", "inform"),
        ("No thanks.", "inform"),
        ("n/a", "inform"),
        ("Ninguno", "inform"),
        ("no tengo", "inform"),
        ("rather not", "deny"),
        ("next please", "skip"),
    ],
)
def test_an_optional_answer_can_be_refused(typed: str, intent: str) -> None:
    assert is_refusal(Asked(typed, intent, "en", NOW, {}))


@pytest.mark.parametrize("typed", ["Nothing Stays Hidden", "none@example.org", "", "nada que ver"])
def test_an_answer_that_begins_like_a_refusal_is_none(typed: str) -> None:
    assert not is_refusal(Asked(typed, "inform", "en", NOW, {}))


def test_a_field_is_asked_always_and_skipped_never_unless_it_says_so() -> None:
    assert TITLE.applies({})
    assert not TITLE.may_skip({})
    assert always({})


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(typed: str) -> None:
    assert isinstance(read(FORMAT, typed), Fit | Misfit)
    for field, name in ((TITLE, "title"), (STORY, "description")):
        finding = read(field, typed)
        if isinstance(finding, Fit):
            assert 0 < len(finding.answers[name]) <= 10
