"""What counts as understood while a form asks."""

from __future__ import annotations

import pytest

from tests.understanding import form_time
from tests.understanding.form_time import FormReading, form_shares, situation_of, taken_for_table
from tests.understanding.held_back import FormUtterance, read_form_time


def reading(
    means: str,
    intent: str,
    decision: str = "answer",
    *,
    asking: str = "title",
    about: str = "",
    changed: str = "",
    has_value: bool = False,
) -> FormReading:
    utterance = FormUtterance("en", asking, "...", means, about)
    return FormReading(utterance, decision, intent, changed, has_value)


@pytest.mark.parametrize(
    ("it", "taken_for"),
    [
        (reading("answer", "inform"), "answer"),
        (reading("skip", "skip"), "step"),
        (reading("change", "change", changed="when"), "step"),
        (reading("correction", "change", changed="when", has_value=True), "correction"),
        (reading("question:faq_trht", "faq_trht"), "question"),
        (reading("task:privacy", "privacy"), "task"),
        (reading("help", "help"), "task"),
        (reading("crisis", "crisis", "crisis"), "crisis"),
        (reading("explain", "nlu_fallback", "offer"), "offer"),
        (reading("explain", "out_of_scope", "out_of_scope"), "outside"),
    ],
)
def test_a_reading_counts_as_what_the_text_was_taken_for(it: FormReading, taken_for: str) -> None:
    assert it.taken_for == taken_for


@pytest.mark.parametrize(
    "it",
    [
        reading("answer", "inform"),
        reading("skip", "skip"),
        reading("change", "change"),
        reading("question:faq_trht", "faq_trht"),
        reading("help", "help"),
        reading("correction", "change", about="when", changed="when", has_value=True),
        reading("correction", "inform", asking="when_check", about="when"),
        reading("affirm", "affirm", asking="confirm"),
        reading("affirm", "submit", asking="confirm"),
        reading("deny", "inform", asking="consent"),
        reading("crisis", "crisis", "crisis"),
    ],
)
def test_it_is_understood(it: FormReading) -> None:
    assert it.is_right


@pytest.mark.parametrize(
    "it",
    [
        reading("answer", "faq_trht"),
        reading("skip", "cancel"),
        reading("question:faq_trht", "faq_dates"),
        reading("question:faq_trht", "nlu_fallback", "offer"),
        reading("correction", "change", about="when", changed="place", has_value=True),
        reading("correction", "change", about="when", changed="when"),
        reading("correction", "inform", asking="place", about="when"),
        reading("affirm", "inform", asking="confirm"),
        reading("deny", "submit", asking="confirm"),
        reading("crisis", "inform"),
    ],
)
def test_it_is_not_understood(it: FormReading) -> None:
    assert not it.is_right


def test_the_measures_count_each_kind_of_text() -> None:
    readings = [
        *(reading("answer", "inform"), reading("answer", "cancel")),
        *(reading("question:faq_trht", "faq_trht"), reading("help", "inform")),
        *(reading("task:privacy", "privacy"), reading("question:faq_dates", "faq_trht")),
        *(reading("skip", "skip"), reading("skip", "skip"), reading("skip", "inform")),
        reading("correction", "inform", asking="place", about="when"),
        reading("crisis", "crisis", "crisis"),
    ]

    assert form_shares(readings) == {
        form_time.ANSWERS_LOST: 1 / 2,
        form_time.INTERRUPTIONS: 2 / 4,
        form_time.STEPS_RIGHT: 2 / 3,
        form_time.CORRECTIONS_RIGHT: 0,
        form_time.CRISES_MET: 1,
    }
    assert taken_for_table(readings)["question"] == {"question": 2}
    assert taken_for_table(readings)["task"] == {"task": 1, "answer": 1}


def test_the_form_has_answers_to_all_it_asked_before_and_to_nothing_else() -> None:
    for utterance in read_form_time():
        situation = situation_of(utterance)
        assert situation.open_form is not None
        form, draft = situation.open_form
        assert draft.asked == utterance.asking
        names = [field.name for field in form.fields]
        assert list(draft.answers) == names[: len(draft.answers)]
        assert draft.field_asked not in draft.answers
